"""What is said of state directories and disks, in Korean, by the English sentence that says it."""

from __future__ import annotations

FAULTS = {
    # where a state directory is
    "nothing has been traded here yet": "여기서는 아직 거래한 적이 없습니다",
    "a state directory": "상태 디렉터리",
    "start with run.py, or name the right --state-dir": "run.py로 시작하거나 맞는 --state-dir를"
    " 적으세요",
    "this is no state directory: {found}": "상태 디렉터리가 아닙니다: {found}",
    "it is not a directory": "디렉터리가 아닙니다",
    "it holds other files: {names}": "다른 파일이 있습니다: {names}",
    "a state directory, an empty one, or a path where nothing is yet": "상태 디렉터리, 빈 디렉터리,"
    " 또는 아직 아무것도 없는 경로",
    "name another --state-dir": "다른 --state-dir를 적으세요",
    "no free name to move it to": "옮길 빈 이름이 없습니다",
    "{key} is {now}, and this state directory was made for {was}": "{key}은(는) {now}인데 이 상태"
    " 디렉터리는 {was}(으)로 만들어졌습니다",
    "set it back, name another --state-dir, or start with --fresh": "되돌리거나, 다른 --state-dir를"
    " 적거나, --fresh로 시작하세요",
    "the state directory is in use by process {pid}": "프로세스 {pid}이(가) 이 상태 디렉터리를 쓰고"
    " 있습니다",
    "unknown": "알 수 없음",
    "one bot a state directory": "상태 디렉터리마다 봇 하나",
    "end that process (run.py console -c shutdown), or name another --state-dir": "그 프로세스를"
    " 종료하거나(run.py console -c shutdown) 다른 --state-dir를 적으세요",
    "no room is left": "남은 공간이 없습니다",
    "no room is left on the disk": "디스크에 남은 공간이 없습니다",
    "free disk": "디스크 여유 공간",
    "make room": "공간을 확보하세요",
    "a disk that takes what is written": "쓰는 것을 받아 주는 디스크",
    "see to the disk and start again: what was told is kept, the rest is undone": "디스크를"
    " 확인하고 다시 시작하세요. 알린 것은 남아 있고 나머지는 취소되었습니다",
    "see to the file or its disk": "파일이나 디스크를 확인하세요",
    "a whole state directory of this bot": "이 봇의 온전한 상태 디렉터리",
    # what it was made for
    "it already holds a ledger": "이미 원장이 있습니다",
    "it was made for {name} {here}, not {there}": "{name} {here}용으로 만들어졌고 {there}용이"
    " 아닙니다",
    "Choose another one with --state-dir, or start with --fresh.": "--state-dir로 다른 것을"
    " 고르거나 --fresh로 시작하세요.",
    "it has schema {schema}, we know {known}": "스키마가 {schema}인데 이 버전은 {known}을(를)"
    " 압니다",
    "Nothing was changed. `run.py verify` tells more. The ways back: `run.py restore FILE` from a"
    " backup, `run.py rebuild --from-exchange` live, or --fresh; each moves this ledger aside.": (
        "아무것도 바꾸지 않았습니다. `run.py verify`가 더 알려 줍니다. 되돌리는 길: 백업에서"
        " `run.py restore FILE`, 실거래에서 `run.py rebuild --from-exchange`, 또는 --fresh. 모두 이"
        " 원장을 옮겨 둡니다."
    ),
    "Nothing was changed. Start the bot once: it brings this up to date, and keeps the old one.": (
        "아무것도 바꾸지 않았습니다. 봇을 한 번 시작하면 새 형식으로 바뀌고 이전 것도 보관됩니다."
    ),
    "Nothing was changed. Run the version that wrote it, or a newer one.": "아무것도 바꾸지"
    " 않았습니다. 기록한 버전이나 더 새로운 버전을 실행하세요.",
    "its file {file} is not one that a bot of yours made (a link, or something else)": "{file}"
    " 파일은 이 봇이 만든 것이 아닙니다(링크이거나 다른 파일)",
    "Nothing was changed. See what it is, then remove it: rm '{place}'": "아무것도 바꾸지"
    " 않았습니다. 무엇인지 확인하고 지우세요: rm '{place}'",
    "its file {name} is a link that leads outside, to {target}": "{name} 파일은 밖({target})으로"
    " 이어지는 링크입니다",
    "Nothing was changed. See what it is, then remove the link: rm '{place}'": "아무것도 바꾸지"
    " 않았습니다. 무엇인지 확인하고 링크를 지우세요: rm '{place}'",
    "{path}: others could write there; {end}; see whether somebody did": "{path}: 다른 사용자가"
    " 쓸 수 있었습니다. {end}. 누가 썼는지 확인하세요",
    "it is on a network file system ({kind}), where a ledger can be torn": "네트워크 파일"
    " 시스템({kind}) 위에 있어 원장이 깨질 수 있습니다",
    "Choose a state directory on a local disk with --state-dir.": "--state-dir로 로컬 디스크의"
    " 상태 디렉터리를 고르세요.",
    "{path}: it is on a network file system ({kind}), where a ledger can be torn": "{path}:"
    " 네트워크 파일 시스템({kind}) 위에 있어 원장이 깨질 수 있습니다",
    "{path}: it is on an overlay file system ({kind}) and may vanish with its container": "{path}:"
    " 오버레이 파일 시스템({kind}) 위에 있어 컨테이너와 함께 사라질 수 있습니다",
    "{path}: {count} readers had died and were cleared away": "{path}: 죽은 reader {count}개를"
    " 정리했습니다",
    # damage
    "the birth mark is missing": "출생 표시가 없습니다",
    "the birth mark is unreadable ({error})": "출생 표시를 읽을 수 없습니다({error})",
    "the birth mark is of {mark}, the ledger of {birth}": "출생 표시는 {mark}의 것이고 원장은"
    " {birth}의 것입니다",
    "the genesis record is missing": "최초 기록이 없습니다",
    "the file is missing, and the directory was in use before": "쓰던 디렉터리인데 파일이 없습니다",
    "the file is empty, and the directory was in use before": "쓰던 디렉터리인데 파일이 비어"
    " 있습니다",
    "its two meta pages do not belong together": "두 메타 페이지가 서로 맞지 않습니다",
    "its meta pages and LMDB differ about the newest transaction": "메타 페이지와 LMDB가 최신"
    " 트랜잭션을 다르게 말합니다",
    "the file is truncated: it ends within meta page {slot}": "파일이 잘렸습니다: 메타 페이지"
    " {slot} 안에서 끝납니다",
    "the file is truncated: it has {size} bytes of {wanted}, and {found}": "파일이 잘렸습니다:"
    " {wanted}바이트 중 {size}바이트만 있습니다. {found}",
    "meta page {slot} is none: the file is foreign or overwritten": "메타 페이지 {slot}이(가)"
    " 아닙니다: 다른 프로그램의 파일이거나 덮어써졌습니다",
    "it has LMDB's data format {version}, we read {known}": "LMDB 데이터 형식이 {version}인데 이"
    " 버전은 {known}을(를) 읽습니다",
    "meta page {slot} names page {last}, for which its map has no room": "메타 페이지 {slot}이(가)"
    " 맵에 들어갈 수 없는 페이지 {last}을(를) 가리킵니다",
    "its trees are broken: {found}": "트리가 깨졌습니다: {found}",
    "LMDB cannot read it ({error})": "LMDB가 읽지 못합니다({error})",
    "LMDB does not open it ({error})": "LMDB가 열지 못합니다({error})",
    "LMDB cannot copy it ({error})": "LMDB가 복사하지 못합니다({error})",
    "the database {name} is missing in {file} ({error})": "{file}에 데이터베이스 {name}이(가)"
    " 없습니다({error})",
    "the journal ends at {last}, before what is settled ({settled})": "저널이 {last}에서 끝나는데"
    " {settled}까지 처리된 것으로 되어 있습니다",
    "it begins after {number}, before which only {settled} settled": "{number} 다음부터 시작하는데"
    " {settled}까지만 처리되었습니다",
    "the journal is empty, and there is a state of {name}": "저널은 비어 있는데 {name}의 상태가"
    " 있습니다",
    "{name} has taken in {source} {number}, the journal's end is {last}": "{name}이(가) {source}의"
    " {number}을(를) 받았는데 저널의 끝은 {last}입니다",
    "journal entry {number} is missing": "저널 {number}번이 없습니다",
    "journal entry {number} is there already": "저널 {number}번이 이미 있습니다",
    "journal entry {number} fails its checksum": "저널 {number}번의 체크섬이 맞지 않습니다",
    "journal entry {number} does not decode ({error})": "저널 {number}번을 해독할 수"
    " 없습니다({error})",
    "state {name} fails its checksum": "상태 {name}의 체크섬이 맞지 않습니다",
    "state {name} does not decode ({error})": "상태 {name}을(를) 해독할 수 없습니다({error})",
    "a candle of {pair} fails its checksum": "{pair} 캔들의 체크섬이 맞지 않습니다",
    "a candle of {pair} does not decode ({error})": "{pair} 캔들을 해독할 수 없습니다({error})",
    "the row {key} fails its checksum": "줄 {key}의 체크섬이 맞지 않습니다",
    "the row {key} does not decode ({error})": "줄 {key}을(를) 해독할 수 없습니다({error})",
    "{place} fails its checksum": "{place}의 체크섬이 맞지 않습니다",
    "{place} does not decode ({error})": "{place}을(를) 해독할 수 없습니다({error})",
    "the keys of {name} are out of order": "{name}의 키 순서가 어긋났습니다",
    # backups
    "a backup made by run.py backup": "run.py backup으로 만든 백업",
    "Nothing was changed. Name another backup.": "아무것도 바꾸지 않았습니다. 다른 백업을"
    " 적으세요.",
    "there is no such file; {wanted} is wanted": "그런 파일이 없습니다. 필요한 것: {wanted}",
    "it is not {wanted}, or not whole": "{wanted}이(가) 아니거나 온전하지 않습니다",
    "what was written reads back otherwise": "저장한 내용을 다시 읽으니 다릅니다",
    "the backup is of {backup}, this state directory of {here}": "백업은 {backup}의 것이고 이 상태"
    " 디렉터리는 {here}의 것입니다",
    "a state directory of the same mode and account, or an empty one": "방식과 계정이 같은 상태"
    " 디렉터리 또는 빈 디렉터리",
    "try again in a second": "1초 뒤에 다시 하세요",
    # what verify finds
    "entry {number} follows {before}": "{before} 다음에 {number}이(가) 옵니다",
    "it took entry {number} from {claimed}, which is {source}'s": "{source}의 {number}번을"
    " {claimed}의 것으로 받았습니다",
    "its cause {cause} does not lie before it": "원인 {cause}이(가) 앞에 있지 않습니다",
    "{name} is nobody's name": "{name}이라는 이름은 없습니다",
    "its state is not what its events fold to": "상태가 저널을 접은 결과와 다릅니다",
    "it has stated events and has no state": "저널에 기록이 있는데 상태가 없습니다",
    "it has a state, and the journal is empty": "상태가 있는데 저널이 비어 있습니다",
    "nobody has this name": "이런 이름은 없습니다",
    "no such value is kept": "이런 값은 보관하지 않습니다",
    "fails its checksum": "체크섬이 맞지 않습니다",
    "does not decode ({error})": "해독할 수 없습니다({error})",
}
