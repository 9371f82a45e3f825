"""What the notifier says, in Korean."""

from __future__ import annotations

NOTICES = {
    "entry_signal": "{pair}: 매수 신호, 가격 {price}, 매수 예정 금액 {krw} ({tag})",
    "entry_unpriced": "{pair}: 시장가 매수 진행, 매수 예정 금액 {krw} ({tag})",
    "entry_vetoed": "{pair}: 신호({conditions})가 있었지만 매수하지 않았습니다. 사유: {reason}",
    "entry_unfunded": "{pair}: 매수하지 못했습니다. 사유: {reason}, 필요 {needed}, 가용 {free}",
    "entry_refused": "{pair}: 매수 주문이 거부되었습니다. 사유: {reason} {text}",
    "exit_signal": "{pair}: {volume} 매도 진행, 기준 가격 {price}, 사유: {reason}",
    "exit_unpriced": "{pair}: {volume} 시장가 매도 진행, 사유: {reason}",
    "exit_refused": "{pair}: 매도 주문이 거부되었습니다. 사유: {reason} {text}",
    "entry_filled": "{pair}: {volume} 매수 체결, 체결가 {price}, 금액 {krw}, 수수료 {fee}",
    "entry_unfilled": "{pair}: 매수 주문이 체결 없이 종료되었습니다",
    "exit_filled": "{pair}: {volume} 매도 체결, 체결가 {price}, 금액 {krw}, 손익 {profit}({ratio}),"
    " 사유: {reason}",
    "exit_part_filled": "{pair}: {volume} 일부 매도 체결, 체결가 {price}, 금액 {krw},"
    " 손익 {profit}({ratio}), 사유: {reason}",
    "trade_dust": "{pair}: {volume}(매입 금액 {krw})은 최소 주문 금액에 못 미쳐 보관합니다."
    " 거래 종료, 손익 {profit}",
    "order_uncertain": "{pair}: {side} 주문이 접수되었는지 확인되지 않았습니다. 사유: {reason}",
    "order_arrived": "{pair}: {side} 주문이 거래소에 접수된 것을 확인했습니다",
    "order_found": "{pair}: 없는 것으로 보았던 {side} 주문이 거래소에서 발견되었습니다",
    "order_absent": "{pair}: {side} 주문은 거래소에 접수되지 않았습니다",
    "order_disputed": "{pair}: 직접 확인하실 때까지 거래를 멈춥니다. 사유: {reason}",
    "exit_unresolved": "{pair}: {seconds}초째 매도 주문이 접수되었는지 알 수 없습니다."
    " 거래소에서 확인하세요",
    "dispute_settled": "{pair}: 거래소에 보이는 대로 주문을 정리했습니다",
    "account_reconciled": "계좌 대사를 마쳐 매수를 시작할 수 있습니다",
    "coins_missed": "{pair}: 계좌의 수량이 봇의 보유 수량보다 {volume} 적습니다",
    "cash_adjusted": "봇의 현금을 {krw} 조정합니다. 사유: {reason}",
    "trade_released": "{pair}: {volume}을(를) 거래에서 제외하고 그대로 둡니다",
    "account_shut": "계좌를 확인할 수 없어 진입하지 않습니다: {reason}",
    "account_opened": "계좌를 다시 확인할 수 있습니다. 진입을 계속합니다",
    "coin_unread": "{pair}: 계좌의 이 항목을 읽을 수 없어 잔고를 알 수 없습니다. 이 항목은 진입하지"
    " 않고 대조하지 않으며, 청산은 계속합니다",
    "coin_read": "{pair}: 계좌의 이 항목을 다시 읽을 수 있습니다",
    "pair_barred": "{pair}: 진입하지 않습니다: {reason} {detail}",
    "held_barred": "{pair}: {reason} {detail}. 이 코인을 보유 중입니다: 더 진입하지 않고"
    " 청산은 계속합니다. 거래소 공지를 확인하세요",
    "pair_freed": "{pair}: 다시 진입할 수 있습니다. 끝난 사유: {reason}",
    "key_ending": "API 키가 {days}일 뒤({until}) 만료됩니다: 연장되지 않으니 업비트에서 새로"
    " 만드세요",
    "clock_differs": "이 컴퓨터의 시계가 거래소와 {off}초 다릅니다: 맞을 때까지 진입하지 않습니다."
    " NTP로 맞추세요",
    "clock_agrees": "시계가 다시 맞습니다",
    "breaker_opened": "거래소 호출이 연속 {failures}회 실패하여 {until}까지 신규 매수를 보류합니다",
    "breaker_probed": "거래소가 복구되었는지 시험 호출을 보냅니다",
    "breaker_closed": "거래소가 다시 응답합니다",
    "venue_banned": "거래소가 접속을 차단했습니다. {until}까지 아무것도 보내지 않습니다",
    "pace_shrunk": "거래소 호출 한도 초과: {group} 호출을 초당 {per_second}회로 낮춥니다",
    "pair_locked": "{pair}: {until}까지 매수하지 않습니다. 사유: {reason}",
    "mode_changed": "봇 상태: {mode}",
    "config_adopted": "적용된 설정: {strategy}, {timeframe} 캔들, {pairs}, 1회 매수 {stake}",
    "actor_failed": "{name}에 오류가 발생했습니다: {reason}",
    "space_short": "공간 부족: {reason}. 공간이 생길 때까지 매수를 멈추고 매도는 계속합니다."
    " 디스크 여유 {megabytes} MB, 원장 맵 사용률 {used}%",
    "space_regained": "공간이 확보되어 매수를 다시 시작합니다",
    "feed_stale": "{seconds}초째 실시간 시세가 없습니다. 다시 올 때까지 손절을 감시하지 못하고"
    " 매수하지 않습니다",
    "feed_fresh": "실시간 시세가 다시 옵니다. {lasting} 동안 손절을 감시하지 못했습니다",
    "summary": "{since} 이후: 신호 {signals}건, 매수 {entries}건, 매도 {exits}건, 손익 {profit},"
    " 거부 {refusals}건",
    "summary_quiet": "{since} 이후: 신호 없음. 매수 {entries}건, 매도 {exits}건, 손익 {profit},"
    " 거부 {refusals}건",
}
