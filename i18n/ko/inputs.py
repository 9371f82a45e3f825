"""What is said of bad input, in Korean, by the English sentence that says it."""

from __future__ import annotations

INPUTS = {
    # ranges
    "whole number": "정수",
    "number": "숫자",
    "text": "문자열",
    "[text, ...]": "[문자열, ...]",
    "[text, ...], text": "[문자열, ...], 문자열",
    "whole number, {bounds}": "정수, {bounds}",
    "number, {bounds}": "숫자, {bounds}",
    "{kind} | null": "{kind} | null",
    # the command line
    "No such option '{name}'": "'{name}' 옵션이 없습니다",
    "No such command '{name}'": "'{name}' 명령이 없습니다",
    "Missing argument '{name}'": "{name} 인자가 빠졌습니다",
    "Missing option '{name}'": "'{name}' 옵션이 빠졌습니다",
    "Option '{name}' requires an argument": "'{name}' 옵션에는 값이 필요합니다",
    "Option '{name}' requires {count} arguments": "'{name}' 옵션에는 값이 {count}개 필요합니다",
    "Option '{name}' does not take a value": "'{name}' 옵션은 값을 받지 않습니다",
    "Got unexpected extra argument ({name})": "쓰이지 않는 인자입니다: {name}",
    "Got unexpected extra arguments ({names})": "쓰이지 않는 인자들입니다: {names}",
    "Invalid value for '{name}': {problem}": "{name} 값이 맞지 않습니다: {problem}",
    '{name} cannot be "{value}"': '{name}에는 "{value}"을(를) 쓸 수 없습니다',
    "see {path} --help": "{path} --help를 보세요",
    "correct it; allowed: {kind}": "고쳐 주세요. 허용 범위: {kind}",
    "see --help": "--help를 보세요",
    "unexpected: {words}": "쓰이지 않는 인자입니다: {words}",
    "options; files follow --recording": "옵션. 파일은 --recording 뒤에 적습니다",
    '"{speed}" is no speed': '"{speed}": 속도가 아닙니다',
    "a number above 0, or max": "0보다 큰 수 또는 max",
    "give candle seconds per real second: 600 makes ten minutes a second": "실제 1초에 흐를 캔들"
    " 시간(초)을 적으세요. 600이면 1초에 10분입니다",
    "it cannot be written there": "그곳에는 저장할 수 없습니다",
    "a file in a folder that exists": "이미 있는 폴더 안의 파일",
    "make the folder, or give another name": "폴더를 만들거나 다른 이름을 적으세요",
    "the file exists already": "파일이 이미 있습니다",
    "there is no such folder": "그런 폴더가 없습니다",
    "a new file in a folder that exists": "이미 있는 폴더 안의 새 파일",
    "give another name": "다른 이름을 적으세요",
    "command line": "명령줄",
    "{word}: the encoding of this locale, {encoding}, cannot write it": "{word}: 이 로캘의 인코딩"
    "({encoding})에 없는 글자입니다",
    "text of that encoding": "그 인코딩에 있는 글자",
    "set a UTF-8 locale and give it again: LC_ALL=C.UTF-8": "UTF-8 로캘에서 다시 적으세요:"
    " LC_ALL=C.UTF-8",
    "--to {to} is no day that can be an end": "--to {to}: 끝이 될 수 있는 날짜가 아닙니다",
    "a UTC day like 20250910, today ({day}) at the latest": "20250910 같은 UTC 날짜. 늦어도"
    " 오늘({day})",
    "give the day after the last one that is wanted": "원하는 마지막 날의 다음 날을 적으세요",
    "both --recording and --walk": "--recording과 --walk가 함께 있습니다",
    "one of them": "둘 중 하나",
    "a value is malformed": "값의 꼴이 맞지 않습니다",
    "{pairs}: not of minutes": "{pairs}: 1분 캔들이 아닙니다",
    "candles of 1m": "1분 캔들",
    "speed {speed}": "속도 {speed}",
    "correct it; see run.py sandbox --help": "고치세요. run.py sandbox --help를 보세요",
    # markets that trade live
    "Upbit lists no {pair}": "업비트에 {pair} 마켓이 없습니다",
    "Upbit does not list {pair}": "업비트에 {pair} 마켓이 없습니다",
    "a KRW market that is listed": "상장된 원화 마켓",
    "markets that Upbit lists, such as KRW-BTC": "KRW-BTC처럼 업비트에 있는 마켓",
    "leave it out": "빼세요",
    "correct pair_whitelist": "pair_whitelist를 고치세요",
    "no market passes the filters": "조건에 맞는 마켓이 없습니다",
    "min_turnover_krw, min_days_listed and pair_blacklist decide": "min_turnover_krw,"
    " min_days_listed, pair_blacklist로 정해집니다",
    "lower min_turnover_krw, or name the pairs in pair_whitelist": "min_turnover_krw를 낮추거나"
    " pair_whitelist에 마켓을 적으세요",
    "https://api.upbit.com, or this very machine": "https://api.upbit.com 또는 이 컴퓨터",
    "correct exchange.rest_url": "exchange.rest_url을 고치세요",
    "an address begins with {scheme}:// and names a host": "주소는 {scheme}://로 시작하고"
    " 호스트가 있어야 합니다",
    "an address is a host and nothing else": "주소에는 호스트만 적습니다",
    "an address has no path, not even /v1": "주소에 경로를 적지 않습니다. /v1도 안 됩니다",
    "only this machine may be reached without TLS: use {scheme}://": "TLS 없이는 이 컴퓨터에만"
    " 연결할 수 있습니다. {scheme}://를 쓰세요",
    "a proxy is http://host:port or https://host:port": "프록시는 http://host:port 또는"
    " https://host:port 형식입니다",
    "a proxy has no path": "프록시 주소에는 경로가 없습니다",
    "a port is a number from 1 to 65535": "포트는 1부터 65535까지의 수입니다",
    "an address names a host: {name}, or a number like {number}": "주소에는 호스트가 있어야 합니다:"
    " {name}, 또는 {number} 같은 숫자",
    "an address has no blanks": "주소에 공백을 넣지 않습니다",
    "an address is scheme://host or scheme://host:port": "주소는 scheme://host 또는"
    " scheme://host:port 형식입니다",
    "the state directory belongs to another user": "상태 디렉터리가 다른 사용자의 것입니다",
    "others may write in the state directory": "다른 사용자가 상태 디렉터리에 쓸 수 있습니다",
    "a directory of yours that only you may write in": "본인만 쓸 수 있는 본인의 디렉터리",
    "run as that user, or make it yours: chown -R $(id -un) '{path}'": "그 사용자로 실행하거나"
    " 소유자를 바꾸세요: chown -R $(id -un) '{path}'",
    "close it: chmod 700 '{path}'": "다른 사용자를 막으세요: chmod 700 '{path}'",
    # the console
    "limit entries that rest for {rest} s are never filled on candles of {candle} s: the next"
    " candle is known when they have ended": "{candle}초 캔들에서 {rest}초 동안 두는 지정가"
    " 매수는 결코 체결되지 않습니다. 다음 캔들은 주문이 끝난 뒤에야 알려집니다",
    "on a recording more than {seconds} s": "기록을 재생할 때 {seconds}초 초과",
    "raise unfilledtimeout.entry, or use order_types.entry: market": "unfilledtimeout.entry를"
    " 늘리거나 order_types.entry: market을 쓰세요",
    "shutdown leaves real money without a stop, and there is no terminal to ask at": "shutdown은"
    " 실제 돈의 거래를 손절 없이 남기며, 물어볼 터미널이 없습니다",
    "shutdown leaves {pairs} without a stop, and there is no terminal to ask at": "shutdown은"
    " {pairs} 거래를 손절 없이 남기며, 물어볼 터미널이 없습니다",
    "{name} moves real money, and there is no terminal to ask at": "{name}은(는) 실제 돈을 움직이며"
    " 여기에는 물어볼 터미널이 없습니다",
    "--yes, which answers the question beforehand": "미리 예라고 답하는 --yes",
    "give console --yes, use console -c COMMAND, or type it at a terminal": (
        "console --yes를 주거나 console -c COMMAND를 쓰거나 터미널에서 입력하세요"
    ),
    'unknown command "{word}"': '알 수 없는 명령입니다: "{word}"',
    "{verb} takes other arguments": "{verb}의 인자가 맞지 않습니다",
    "the line is too long": "줄이 너무 깁니다",
    "{most} bytes at most": "최대 {most}바이트",
    "the line is not text": "텍스트가 아닌 줄입니다",
    "UTF-8 text": "UTF-8 텍스트",
    "the line cannot be read: {error}": "줄을 읽을 수 없습니다: {error}",
    "words, in quotes or not": "단어들. 따옴표로 묶어도 됩니다",
    '"{text}" is no pair': '"{text}": 마켓 이름이 아닙니다',
    "KRW-BTC, BTC/KRW, btc, 비트코인 or bitcoin": "KRW-BTC, BTC/KRW, btc, 비트코인, bitcoin",
    "KRW-BTC, BTC/KRW, btc, 비트코인 or bitcoin, or a pattern: DOGE/.*": "KRW-BTC, BTC/KRW, btc,"
    " 비트코인, bitcoin, 또는 패턴: DOGE/.*",
    'did you mean "{near}"?': '"{near}"을(를) 쓰려던 것인가요?',
    'did you mean "{near}"? help lists all commands': '"{near}"을(를) 쓰려던 것인가요? help를'
    " 입력하면 모든 명령이 나옵니다",
    'did you mean "{near}"? {path} --help lists all': '"{near}"을(를) 쓰려던 것인가요? 전체 목록은'
    " {path} --help로 볼 수 있습니다",
    "it is a command of a running bot: run.py console -c {verb}": "실행 중인 봇에 내리는"
    " 명령입니다: run.py console -c {verb}",
    "did you mean {near}?": "{near}을(를) 쓰려던 것인가요?",
    "without a market list only common coins are known by name; write the code: {code}": "마켓"
    " 목록이 없으면 널리 쓰이는 코인만 이름으로 압니다. 코드로 적으세요: {code}",
    "leave it out, or name one of these": "빼거나 이 가운데 하나를 적으세요",
    "no candle of {pair}": "{pair}의 캔들이 없습니다",
    "this bot has never heard of {pair}": "이 봇이 들어 본 적 없는 마켓입니다: {pair}",
    "open /pair/{pair}": "/pair/{pair}을(를) 여세요",
    '{forms}, or "all"': '{forms}, "all"',
    '"{text}" is no amount': '"{text}": 금액이 아닙니다',
    "KRW above 0, at most {most}": "0보다 크고 {most} 이하인 KRW 금액",
    '"{text}" is no count': '"{text}": 개수가 아닙니다',
    '"{text}" is no {kind}': '"{text}": {kind}이 아닙니다',
    "answer": "답",
    "a whole number from 1 to {most}": "1부터 {most}까지의 정수",
    "type help, or help COMMAND": "help, 또는 help 뒤에 명령 이름을 입력하세요",
    "no bot is running": "실행 중인 봇이 없습니다",
    "the state directory of a bot that runs": "실행 중인 봇의 상태 디렉터리",
    "start one with run.py, or name its --state-dir": "run.py로 봇을 시작하거나 그 봇의"
    " --state-dir를 적으세요",
    "the bot did not answer: {reason}": "봇이 응답하지 않았습니다: {reason}",
    "it belongs to another user": "다른 사용자의 것입니다",
    "it hung up": "연결을 끊었습니다",
    "a bot of ours that answers": "응답하는 우리의 봇",
    "see its log; end it and start it again if it hangs": "로그를 보고, 멈춰 있으면 종료한 뒤 다시"
    " 시작하세요",
    "the folder for the control socket is open to others": "제어 소켓의 폴더가 다른 사용자에게"
    " 열려 있습니다",
    "a directory of our own with mode 0700": "우리 소유이며 권한이 0700인 디렉터리",
    "remove it, or give a state directory with a path under 80 bytes": "지우거나 경로가"
    " 80바이트보다 짧은 상태 디렉터리를 쓰세요",
    # recordings
    "no recording was named; give at least one file": "과거 시세 파일이 없습니다."
    " 하나 이상 적으세요",
    "no recording of {pairs}": "{pairs}의 과거 시세가 없습니다",
    "no known market is called {pairs}": "{pairs}: 알려진 마켓 가운데 그런 이름이 없습니다",
    "correct it in pair_blacklist, or take it out": "pair_blacklist에서 고치거나 빼세요",
    "did you mean {near}? Otherwise correct it in pair_blacklist, or take it out": (
        "{near}을(를) 쓰려던 것인가요? 아니면 pair_blacklist에서 고치거나 빼세요"
    ),
    "pairs of this recording: {pairs}": "이 과거 시세의 마켓: {pairs}",
    "take the pair out of {key}, or add its file to --recording": "그 마켓을"
    " {key}에서 빼거나 그 과거 시세 파일을 --recording에 더하세요",
    "did you mean {near}? Otherwise take the pair out of {key}, or add its file to --recording": (
        "{near}을(를) 쓰려던 것인가요? 아니면 그 마켓을 {key}에서 빼거나 그 과거 시세 파일을"
        " --recording에 더하세요"
    ),
    "{pair} was recorded in candles of {seconds} s": "{pair}는 {seconds}초 캔들로 기록되었습니다",
    "the recording's own; timeframe is {timeframe}": "과거 시세의 단위."
    " timeframe은 {timeframe}입니다",
    "set timeframe to the recording's unit, or use another recording": "timeframe을"
    " 과거 시세의 단위로 바꾸거나 다른 과거 시세를 쓰세요",
    "correct it, or name another": "고치거나 다른 것을 적으세요",
    "correct the file, or name another": "파일을 고치거나 다른 파일을 적으세요",
    "{columns} as CSV; or candles of Upbit, pyupbit or freqtrade; plain, or packed by gzip, xz or"
    " zip": "{columns} 열이 있는 CSV, 또는 업비트, pyupbit, freqtrade의 캔들. 그대로, 또는 gzip,"
    " xz, zip으로 묶은 것",
    "timerange {range}: the recording has no candle in it; {span}": "timerange {range}: 그 안에는"
    " 기록된 캔들이 없습니다. {span}",
    "its candles begin {first} to {last}": "캔들은 {first}부터 {last}까지 있습니다",
    "it holds none at all": "캔들이 하나도 없습니다",
    "timerange {text}: must look like {forms}, the end after the start (UTC, the end excluded)": (
        "timerange {text}: {forms} 꼴이어야 하고 끝이 시작보다 뒤여야 합니다(UTC, 끝은 제외)"
    ),
    "{path}: holds no candle": "{path}: 캔들이 없습니다",
    "{path}: is no archive of recordings; `recordings` makes one": "{path}:"
    " 과거 시세 보관소가 아닙니다. `recordings`로 만드세요",
    "{path}: is damaged: {problem}; remove it and add its recordings again": "{path}: 손상됨:"
    " {problem}. 지우고 과거 시세를 다시 더하세요",
    "{file} is missing": "{file}이(가) 없습니다",
    "{file} is shorter than {count} bytes": "{file}이(가) {count}바이트보다 짧습니다",
    "{path} counts nothing that is a tape": "{path}에 과거 시세라 할 것이 없습니다",
    "{path}: another process adds to it; wait for it": "{path}: 다른 프로세스가 더하고 있습니다."
    " 기다리세요",
    "{path}: has another candle of {pair} at {when}; add it to an archive of its own, or leave"
    " that day out": "{path}: {when} {pair}의 다른 캔들이 있습니다. 다른 보관소에 더하거나 그 날을"
    " 빼세요",
    "{path}: the column {name} is not what was written": "{path}: {name} 열이 쓰인 것과 다릅니다",
    "columns whose checksums are those of tape.json": "검사합이 tape.json과 같은 열",
    "remove {path}, and add its recordings again": "{path}을(를) 지우고 과거 시세를 다시 더하세요",
    "{path}: unpacks to more than a recording can hold": "{path}: 압축을 풀면 과거 시세"
    " 파일로 볼 수 없을 만큼 커집니다",
    "{path}: unpacks to more than {bound} bytes, {times} times its size: this is no recording": (
        "{path}: 압축을 풀면 파일 크기의 {times}배인 {bound}바이트를 넘어 과거 시세 파일이 아닙니다"
    ),
    "{path}: is truncated ({error}); fetch or make it again": "{path}: 파일이 잘렸습니다({error})."
    " 다시 받거나 만드세요",
    "{path}: is not an intact {packing} file ({error}); fetch or make it again": "{path}: 온전한"
    " {packing} 파일이 아닙니다({error}). 다시 받거나 만드세요",
    "{path}: cannot be read: {error}": "{path}: 읽을 수 없습니다: {error}",
    "No such file or directory": "그런 파일이나 디렉터리가 없습니다",
    "Permission denied": "권한이 없습니다",
    "File name too long": "파일 이름이 너무 깁니다",
    "give a shorter name": "더 짧은 이름을 적으세요",
    "Is a directory": "파일이 아니라 디렉터리입니다",
    "Not a directory": "디렉터리가 아닙니다",
    "File exists": "이미 있는 파일입니다",
    "Read-only file system": "읽기 전용 파일 시스템입니다",
    "Operation not permitted": "허용되지 않는 작업입니다",
    "Input/output error": "입출력 오류가 났습니다",
    "Too many open files": "열린 파일이 너무 많습니다",
    "Too many levels of symbolic links": "심볼릭 링크가 너무 여러 번 이어집니다",
    "Invalid argument": "쓸 수 없는 값입니다",
    "{path}: is not UTF-8 CSV: {error}": "{path}: UTF-8 CSV가 아닙니다: {error}",
    "{path}: another process is fetching it": "{path}: 다른 프로세스가 받고 있습니다",
    "{path}, line 1: has no column {names}; it has {shown}; a recording has {allowed}": (
        "{path}, 1번째 줄: {names} 열이 없고 {shown}이(가) 있습니다. 열은 {allowed}입니다"
    ),
    "{path}, line 1: has no columns {names}; it has {shown}; a recording has {allowed}": (
        "{path}, 1번째 줄: {names} 열이 없고 {shown}이(가) 있습니다. 열은 {allowed}입니다"
    ),
    "{path}, line 1: is no table of candles; it has {shown}; a recording has {allowed}": (
        "{path}, 1번째 줄: 캔들 표가 아닙니다. {shown}이(가) 있습니다. 열은 {allowed}입니다"
    ),
    "{path}, line 1: is a row of figures ({shown}) where the names of columns belong; put them"
    " before it: {allowed}": "{path}, 1번째 줄: 열 이름 없이 값({shown})으로 시작합니다. 맨 앞 줄에"
    " 열 이름을 적으세요: {allowed}",
    "{path}, line {line}: has {count} fields, not {wanted}": "{path}, {line}번째 줄: 칸이"
    " {wanted}개가 아니라 {count}개입니다",
    "{path}, unit: {unit} beside {other} in {origin}; a replay takes one candle length": (
        "{path}, unit: {unit}인데 {origin}은(는) {other}입니다. 재생에는 한 가지 캔들 길이만 씁니다"
    ),
    "{path}: duplicate time {when} of {pair}: {origin} covers it too; name files whose spans do"
    " not overlap": "{path}: {pair}의 시각 {when}이(가) {origin}에도 있습니다. 기간이 겹치지 않는"
    " 파일을 적으세요",
    "{path}: unordered times {when} of {pair}: {origin} covers it too; name files whose spans do"
    " not overlap": "{path}: {pair}의 시각 {when}이(가) {origin}의 기간 안에 있습니다. 기간이"
    " 겹치지 않는 파일을 적으세요",
    "{path}, line {line}, {column}: {problem}": "{path}, {line}번째 줄, {column}: {problem}",
    "{value} among candles of {unit}; a replay takes one length": "{unit} 캔들 사이에 {value}이(가)"
    " 있습니다. 재생에는 한 가지 길이만 씁니다",
    "{unit} is not one of {units}": "{unit}은(는) 다음 중 하나가 아닙니다: {units}",
    "{text} does not begin a {unit} candle": "{text}에는 {unit} 캔들이 시작하지 않습니다",
    "{text} is no UTC time like 2025-09-01T00:00:00Z": "{text}은(는) 2025-09-01T00:00:00Z 꼴의 UTC"
    " 시각이 아닙니다",
    "times must look like 2025-09-01T00:00:00Z": "시각은 2025-09-01T00:00:00Z 꼴이어야 합니다",
    "{text}: a second candle of {pair}; times must rise": "{text}: {pair}의 캔들이 두 번"
    " 있습니다. 시각은 계속 늘어나야 합니다",
    "{text}: goes back in time for {pair}; times must rise": "{text}: {pair}의 시각이 거꾸로"
    " 갑니다. 시각은 계속 늘어나야 합니다",
    "prices need more than {most} digits": "가격의 자릿수가 {most}자리를 넘습니다",
    "{text} needs more than {most} digits in all": "{text}의 자릿수가 {most}자리를 넘습니다",
    "{text} is not a finite number of 0 or more": "{text}은(는) 0 이상의 유한한 수가 아닙니다",
    "{text} is out of any market's range": "{text}은(는) 어느 시장에도 없는 값입니다",
    "{pair} is no KRW market like KRW-BTC": "{pair}은(는) KRW-BTC 같은 원화 마켓이 아닙니다",
    "a price must be above 0 ({prices})": "가격은 0보다 커야 합니다({prices})",
    "high is below low ({prices})": "high가 low보다 낮습니다({prices})",
    "high is below open or close ({prices})": "high가 open이나 close보다 낮습니다({prices})",
    "low is above open or close ({prices})": "low가 open이나 close보다 높습니다({prices})",
    # strategies
    "strategy: {problem}": "전략: {problem}",
    "correct the strategy, or name another": "전략을 고치거나 다른 전략을 적으세요",
    "the strategy can change at a start only": "전략은 시작할 때만 바꿀 수 있습니다",
    "shut the bot down and start it again": "봇을 종료하고 다시 시작하세요",
    '{name} is neither a name nor "file.py:Name" ({names})': '{name}은(는) 이름({names})도 "file.py'
    ':Name"도 아닙니다',
    'there is no built-in {name}; there is {names}, or name your own as "file.py:Name"': (
        "{name}이라는 내장 전략이 없습니다. 있는 것은 {names}이며, 직접 만든 것은"
        ' "file.py:Name"으로 적습니다'
    ),
    "cannot read {path}: {error}; the path starts at the folder of the configuration file": (
        "{path}을(를) 읽을 수 없습니다: {error}. 경로는 설정 파일의 폴더에서 시작합니다"
    ),
    "{path}: raised while it was imported: {error}": "{path}: 읽어들이는 중 오류가 났습니다:"
    " {error}",
    "{path}: has no {name}; it has {names}": "{path}: {name}이(가) 없습니다. 있는 것: {names}",
    "{path}: cannot be made: {error}": "{path}: 만들 수 없습니다: {error}",
    "{path}: has no Params that is a msgspec.Struct; {needs}": "{path}: msgspec.Struct인 Params가"
    " 없습니다. {needs}",
    "{path}: has no signals; {needs}": "{path}: signals가 없습니다. {needs}",
    "a strategy has Params, a msgspec.Struct, and signals(candles, params) -> Signals": (
        "전략에는 msgspec.Struct인 Params와 signals(candles, params) -> Signals가 있어야 합니다"
    ),
    "{path}: Params.{name} has no default; give it one": "{path}: Params.{name}에 기본값이"
    " 없습니다. 기본값을 주세요",
    "{path}: {name} is a {kind}, not a numpy array of bool": "{path}: {name}은(는) bool의 numpy"
    " 배열이 아니라 {kind}입니다",
    "{path}: {name} has dtype {dtype}, not bool": "{path}: {name}의 dtype이 bool이 아니라"
    " {dtype}입니다",
    "{path}: {name} has shape {shape}, not ({count},): one element a candle": "{path}: {name}의"
    " shape가 ({count},)이 아니라 {shape}입니다. 캔들마다 원소가 하나여야 합니다",
    "{path}: signals returned {kind}, not core.strategy.Signals": "{path}: signals가"
    " core.strategy.Signals가 아니라 {kind}을(를) 돌려주었습니다",
    "{path}: signals raised {error}": "{path}: signals에서 오류가 났습니다: {error}",
    "{path}: conditions must be a dict of name to array": "{path}: conditions는 이름에서 배열로"
    " 가는 dict여야 합니다",
    "{path}: a condition's name must be text": "{path}: 조건의 이름은 문자열이어야 합니다",
    # what only the actors play
    "'{value}' is not one of {names}": "'{value}'은(는) {names} 가운데 하나가 아닙니다",
    "the kernel needs numba, which is not installed": "커널에는 numba가 필요한데 설치되어 있지"
    " 않습니다",
    "take the engine that plays everything: --engine actors": "모든 것을 다루는 엔진을 쓰세요:"
    " --engine actors",
    "money at stake has caps of its own": "실거래에는 따로 한도가 있습니다",
    "paper money: true": "모의 자금: true",
    "limit entries": "지정가 매수",
    "the protection {method}": "보호 규칙 {method}",
    "the key {key} of a protection": "보호 규칙의 {key} 키",
    "rows without it": "그 키가 없는 규칙",
    "market entries": "시장가 매수",
    "fills in parts": "부분 체결",
    "whole fills: 1": "전량 체결: 1",
    "no least order": "최소 주문 금액이 없습니다",
    "one above 0": "0보다 큰 금액",
    "more than the wallet": "지갑보다 많습니다",
    "up to dry_run_wallet": "dry_run_wallet까지",
    "{value} has too many decimals": "{value}: 소수 자리가 너무 많습니다",
    "up to {most} decimals": "소수 {most}자리까지",
    "prices of {places} decimals": "소수 {places}자리 가격",
    "a price of {price} won": "{price}원인 가격",
    "a price of 0": "0인 가격",
    "prices above 0, up to 11,529 million won, up to 8 decimals": "0보다 크고 115억 2,900만원까지,"
    " 소수 8자리까지인 가격",
    "an order of too much won or coin": "금액이나 수량이 너무 큰 주문",
    "up to 1,000 million won an order": "주문마다 10억원까지",
    "a price so high that the stake buys nothing": "매수 금액으로 아무것도 살 수 없는 가격",
    "prices below the stake": "매수 금액보다 낮은 가격",
    "more orders at one moment than the venue takes in time": "한순간에 거래소가 제때 받지 못할"
    " 만큼 많은 주문",
    "orders within the venue's limits": "거래소 한도 안의 주문",
}
