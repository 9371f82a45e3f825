"""장부를 돌보는 말: 백업, 되돌리기, 재판정."""

from __future__ import annotations

UPKEEP: dict[str, str] = {
    "backup_written": "백업했습니다: {path}, {at}까지의 기록 {count}건, {size}바이트."
    " 다시 읽어 검증했습니다.",
    "restored": "{path}에 복원했습니다: {at}까지의 기록 {count}건.",
    "moved_aside": "그곳에 있던 것은 {path}로 옮겼습니다.",
    "entries_paused": "매수는 멈춰 있고, 봇이 돌면 매도는 계속됩니다. status와 balance를 확인한 뒤"
    " 콘솔에서 start를 입력하세요.",
    "as_of_title": "{at} (KST) 기준:",
    "as_of_unread": '"{text}"은(는) 시각이 아닙니다',
    "as_of_forms": "날짜 또는 날짜와 시각을 적으세요",
    "as_of_trimmed": "기록이 정리되어 {since} (KST)부터만 남아 있습니다",
    "as_of_unborn": "아직 아무 일도 없던 때입니다. 기록은 {since} (KST)에 시작합니다",
    "as_of_later": "더 나중 시각을 적으세요. 보관 기간은 journal_keep_days가 정합니다",
    "replay_rules": "저널을 만든 규칙: {then}번, 다시 판정한 규칙: {now}번.",
    "replay_done": "기록 {entries}건: 결정 {turns}번과 침묵 {silences}번을 다시 판정했습니다.",
    "replay_verdicts": "전략의 판정 {count}건을 다시 계산했습니다."
    " {unseen}건은 캔들이 남아 있지 않습니다.",
    "replay_no_strategy": "전략을 찾을 수 없어 그 판정은 기록된 대로 두었습니다.",
    "replay_unknown": "{count}번의 결정은 정리된 기록에서 나온 것이라 기록된 대로 두었습니다.",
    "replay_same": "오늘의 코드도 똑같이 결정합니다.",
    "replay_differs": "오늘의 코드는 다르게 결정합니다: 차이 {count}건. 첫 번째:",
    "replay_first": "기록 {number}, {owner}, {when} (KST), 대상:",
    "replay_start": "시작",
    "replay_then": "그때:",
    "replay_now": "오늘:",
    "replay_nothing": "없음",
    "replay_other_recording": "여기서 거래한 과거 시세가 아닙니다",
    "replay_name_it": "거래에 쓴 파일을 적으세요",
    "rebuilt": "거래소가 보여 주는 것으로 {path}에 새로 만들었습니다.",
    "rebuilt_adopt": "이제 그곳의 코인은 봇의 것이 아닙니다. 콘솔의 adopt 종목이"
    " 코인을 거래로 만듭니다. 거래소에 남은 주문은 거래소에서"
    " 직접 취소하세요.",
    "rebuild_how": "rebuild는 원장을 새로 만들며, 무엇으로 만들지 알려 주어야 합니다",
    "rebuild_how_todo": "run.py rebuild --from-exchange. 백업이 있으면 run.py restore FILE",
    "rebuild_paper": "모의 자금은 어느 거래소에도 없습니다",
    "rebuild_paper_todo": "백업에서 run.py restore FILE, 또는 --fresh로 시작하세요",
    "rebuild_sound": "이 원장은 온전하며 거래소보다 더 많이 압니다",
    "rebuild_sound_todo": "그대로 쓰세요. run.py trade --fresh는 새로 시작합니다",
    "rebuild_other": "이 원장은 이 키와 다른 계정의 것입니다",
    "rebuild_other_todo": "그 계정의 키를 쓰거나 다른 --state-dir을 지정하세요",
    "rebuild_unseen": "거래소에서 계정을 보지 못했습니다. 아무것도 바꾸지 않았습니다",
    "rebuild_unseen_todo": "run.py doctor를 본 뒤 다시 해 보세요",
    "snapshot_paper_todo": "실거래 봇의 --config와 --state-dir을 지정하세요",
    "snapshot_unseen": "거래소에서 계좌를 확인하지 못해({reason}) 아무것도 기록하지 않았습니다",
    "snapshot_unseen_todo": "run.py doctor로 확인한 뒤 다시 시도하세요",
    "snapshot_none": "아직 기록한 계좌 잔고가 없습니다.",
    "snapshot_title_year": "{year}-01-01 00:00(KST) 잔고, {at}에 기록({lasting} 뒤)",
    "snapshot_title": "직접 기록한 잔고, {at}",
    "snapshot_total": "이 시세로 평가액 {krw}. 원화 시세가 없는 자산 {count}개",
    "snapshot_unpriced": "시세를 확인하지 못했습니다: {reason}",
    "snapshot_unread": "불완전한 기록입니다. {names}이(가) 빠졌습니다: 거래소 응답의 행을 읽을 수"
    " 없었습니다(* = 알 수 없는 자산). 거래소 기록에서 수량을 적어 두세요",
    "col_price_then": "시세",
    "col_price_at": "시세 시각",
    "col_modified": "수정",
    "modified_yes": "직접 수정",
    "title_account_former": "; {count}건은 복원 전 이 원장의 주문이니 거래소에서 취소하세요",
    "replay_silent": "  그때는 아무것도 기록되지 않았습니다."
    " 바로 그때 프로세스가 죽었어도 똑같은 흔적이 남습니다.",
}
