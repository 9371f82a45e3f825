"""What the notifier says, in Korean."""

from __future__ import annotations

NOTICES = {
    "entry_signal": "{pair}: 매수 신호, 가격 {price}, 매수 예정 금액 {krw} ({tag})",
    "entry_unpriced": "{pair}: 시장가 매수 진행, 매수 예정 금액 {krw} ({tag})",
    "entry_vetoed": "{pair}: 신호({conditions})가 있었지만 매수하지 않았습니다. 사유: {reason}",
    "ask_above_band": "{pair}: 신호({conditions})가 있었지만 매수하지 않았습니다."
    " 최우선 매도 호가 {ask}는 {price}보다 {above} % 높습니다."
    " max_slippage 허용 범위는 {allowed} %입니다",
    "entry_unfunded": "{pair}: 매수하지 못했습니다. 사유: {reason}, 필요 {needed}, 가용 {free}",
    "entry_refused": "{pair}: 매수 주문이 거부되었습니다. 사유: {reason} {text}",
    "entry_cut": "{pair}: {stake} 대신 {krw}만 매수합니다: {cap}",
    "exit_signal": "{pair}: {volume} 매도 진행, 기준 가격 {price}, 사유: {reason}",
    "exit_unpriced": "{pair}: {volume} 시장가 매도 진행, 사유: {reason}",
    "exit_refused": "{pair}: 매도 주문이 거부되었습니다. 사유: {reason} {text}",
    "exit_locked": "{pair}: 매도하지 못했습니다. 직접 내신 주문({volume}, {price}, {uuid})에 코인이"
    " 묶여 있습니다. 풀리는 대로 매도하니, 바로 팔려면 그 주문을 취소하세요",
    "entry_filled": "{pair}: {volume} 매수 체결, 체결가 {price}, 금액 {krw}, 수수료 {fee}",
    "entry_filled_cut": "{pair}: {volume} 매수 체결, 체결가 {price}, 금액 {krw}, 수수료 {fee}."
    " 원래 금액 {stake}: {cap}",
    "entry_part_filled": "{pair}: {volume} 매수 체결, 체결가 {price}, 금액 {krw}, 수수료 {fee}."
    " {ending}",
    "entry_unfilled": "{pair}: 매수 주문이 체결 없이 종료되었습니다. 사유: {ending}",
    "exit_filled": "{pair}: {volume} 매도 체결, 체결가 {price}, 금액 {krw}, 손익 {profit}({ratio}),"
    " 사유: {reason}",
    "exit_part_filled": "{pair}: {volume} 일부 매도 체결, 체결가 {price}, 금액 {krw},"
    " 손익 {profit}({ratio}), 사유: {reason}",
    "trade_dust": "{pair}: 거래 종료, 손익 {profit}({ratio}). 남은 {volume}(현재 {krw})은 최소 주문"
    " 금액에 못 미쳐 다음 거래까지 보관합니다",
    "order_uncertain": "{pair}: {side} 주문이 접수되었는지 확인되지 않았습니다. 사유: {reason}",
    "order_arrived": "{pair}: {side} 주문이 거래소에 접수된 것을 확인했습니다",
    "order_found": "{pair}: 없는 것으로 보았던 {side} 주문이 거래소에서 발견되었습니다",
    "order_absent": "{pair}: {side} 주문은 거래소에 접수되지 않았습니다",
    "order_disputed": "{pair}: 직접 확인하실 때까지 거래를 멈춥니다. 사유: {reason}",
    "exit_unresolved": "{pair}: {seconds}초째 매도 주문이 접수되었는지 알 수 없습니다."
    " 거래소에서 확인하세요",
    "dispute_settled": "{pair}: 거래소에 보이는 대로 주문을 정리했습니다",
    "account_reconciled": "계좌 확인을 마쳐 매수를 시작할 수 있습니다",
    "coins_missed": "{pair}: 계좌의 수량이 봇의 보유 수량보다 {volume} 적습니다",
    "coins_left": "{pair}: {volume}이(가) 계좌에서 나갔지만 거래소에 매도 기록이 없습니다. 남은"
    " 수량의 손절은 계속됩니다. 어떻게 된 것인지 입력하세요: explain {coin} sold 가격,"
    " explain {coin} moved(출금), explain {coin} lost(손실). 답이 없으면 {until}에 출금으로 봅니다",
    "coins_back": "{pair}: 보이지 않던 코인이 계좌에 다시 있습니다",
    "coins_moved_out": "{pair}: {volume}을(를) 매도 없이 출금한 것으로 보고 매입 금액 {krw}을(를)"
    " 따로 둡니다",
    "coins_returned": "{pair}: 출금했던 것으로 보이는 {volume}이(가) 계좌에 다시 있습니다."
    " 원래 매입 금액 {krw}으로 이어서 거래하려면 adopt {coin}을(를) 입력하세요",
    "coins_lost": "{pair}: {volume}을(를) 잃은 것으로 처리합니다. 손익 {profit}",
    "cash_left": "봇의 주문 없이 계좌에서 {krw}이(가) 나갔습니다(출금 또는 직접 사용). 봇이 쓸 수"
    " 있는 현금을 그만큼 줄입니다",
    "cash_adjusted": "봇의 현금을 {krw} 조정합니다. 사유: {reason}",
    "trade_released": "{pair}: {volume}을(를) 거래에서 제외하고 그대로 둡니다",
    "account_shut": "계좌를 확인할 수 없어 진입하지 않습니다: {reason}",
    "account_opened": "계좌를 다시 확인할 수 있습니다. 진입을 계속합니다",
    "past_unread": "아직 아무것도 사거나 팔지 않습니다: {since} 이후의 주문 목록을 받을 수 없어"
    " ({reason}) 이 장부가 모두 아는지 알 수 없습니다. 계속 다시 요청합니다",
    "exits_go_on_unread": "{since} 이후의 주문 목록을 받을 수 없습니다. 장부가 오래되었다는 징후는"
    " 없으므로 매도는 계속하고, 목록은 계속 다시 요청합니다",
    "rows_unread": "{since} 이후의 주문 목록에서 {count}행은 여러 번 요청해도 읽을 수"
    " 없습니다({rows}). 보유 중인 거래의 매도가 가질 수 있는 이름은 모두 조회했으므로"
    " 매도를 계속합니다. 그중에 이 봇의 주문이 있는지 거래소에서 확인하세요",
    "sale_unread": "{pair}: 주문 {identifier}이(가) 이 거래를 매도했을 수 있으나 결과를 읽을 수"
    " 없습니다. 읽을 수 있을 때까지 {pair}은(는) 매도하지 않으며 손절도 작동하지 않습니다."
    " 나머지는 계속합니다. 거래소에서 확인하세요. release {pair} 명령은 코인을 사용자에게"
    " 돌려줍니다",
    "order_unread": "이 봇의 주문 {identifier}의 결과를 읽을 수 없으며, 보유 중인 거래의 주문은"
    " 아닙니다. 거래소에서 확인하세요. 나머지는 계속합니다",
    "account_found": "새 API 키를 사용합니다({account}). 이 봇의 주문 {identifier}이(가)"
    " 조회되어 같은 계좌로 확인했습니다",
    "account_taken": "새 API 키를 사용합니다({account}). 같은 계좌로 취급합니다",
    "account_denied": "매수도 매도도 하지 않으며 손절도 작동하지 않습니다: 새 API 키({account})로는"
    " 이 봇의 주문이 하나도 조회되지 않아 다른 계좌일 수 있습니다. 보유 중: {pairs}. 원래 계좌의"
    " 키로 되돌려 다시 시작하세요. 같은 계좌의 키가 맞으면 accept_key 를 입력하세요",
    "recovery_begun": "{since} 이후 이 봇이 낸 주문 중 이 장부가 모르는 것: {orders}건. 장부가"
    " 계좌보다 오래되었습니다(복원, 복사 또는 되돌린 디스크). 하나하나 확인해 기록할 때까지"
    " 사거나 팔지 않습니다",
    "sale_found": "{pair}: {since}에 {volume}을(를) {price}에 {krw}어치 이미 팔았으나 이 장부가"
    " 몰랐습니다. 지금 기록했고 다시 팔지 않습니다",
    "purchase_found": "{pair}: 이 봇이 {since}에 {volume}을(를) {price}에 {krw}어치 샀으나 이"
    " 장부는 그 거래를 모릅니다. 코인은 본인 보유분으로 봅니다: adopt {pair} 로 다시 거래로"
    " 만들거나 adopt {pair} {price} 로 그 가격에 넘기십시오",
    "stray_sale_found": "{pair}: 이 봇이 {since}에 {volume}을(를) {price}에 {krw}어치 팔았으나 이"
    " 장부가 모르는 거래입니다. 기록하지 않습니다",
    "recovery_ended": "그동안의 주문을 모두 확인했습니다: {orders}건을 찾았습니다."
    " 매도를 계속합니다",
    "second_birth": "이 계좌에서 봇 두 개가 돌고 있습니다: {identifier} ({pair}, {since})은(는)"
    " 이 봇의 다른 상태 폴더가 낸 주문입니다. 매수를 멈추고 매도는 계속합니다. 하나를 끄고 5분 뒤"
    " start 를 입력하십시오",
    "stops_disabled": "{since}부터 손절이 작동하지 않습니다: {reason}. 키가 다시 허용될 때까지 어떤"
    " 주문도 보낼 수 없습니다. 보유 중: {stops}. 업비트 마이페이지의 Open API 관리에서 이"
    " 컴퓨터의 IP가 등록되어 있는지, 키가 유효한지 확인하세요. 급하면 업비트에서 직접 매도하세요",
    "stops_enabled": "거래소가 키를 다시 받아들여 손절이 작동합니다. {lasting} 동안 작동하지"
    " 않았습니다",
    "snapshot_taken": "{year}년 연초 잔고를 기록했습니다: 자산 {count}개. run.py snapshot 참고",
    "snapshot_late": "놓친 {year}년 연초 잔고를 {lasting} 늦게 기록했습니다: 자산 {count}개."
    " run.py snapshot 참고",
    "snapshot_missed": "{year}년 연초 잔고를 1월 1일 00:00(KST)부터 {lasting}이 지나도록 기록하지"
    " 못했습니다: {reason}. 1분마다 다시 시도합니다",
    "snapshot_lost": "{year}년 연초 잔고를 놓쳤습니다: 1월 1일 이후 며칠 동안 봇이 실행되지"
    " 않았습니다. 그 시점의 수량을 거래소 기록에서 직접 남겨 두세요",
    "snapshot_by_hand": "계좌 잔고를 기록했습니다: 자산 {count}개. run.py snapshot 참고",
    "snapshot_partial": "계좌 잔고를 기록했습니다(자산 {count}개). 그러나 {unread}은(는)"
    " 빠졌습니다: 거래소 응답에서 그 행을 읽을 수 없었습니다(* = 어느 자산인지 알 수 없는 행)."
    " 거래소 기록에서 수량을 직접 적어 두고, run.py snapshot으로 다시 기록하세요",
    "snapshot_failed": "계좌 잔고를 기록하지 못했습니다: {reason}",
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
    "price_refused": "{pair}: 실시간 시세 {price}을(를) 쓰지 않습니다(직전 {last_price}): {reason}"
    " (지난 알림 이후 {count}건)",
    "price_unwitnessed": "{pair}: 직전 {last_price}에서 {price}(으)로 바뀌었습니다. 5초 동안 확인도"
    " 부정도 없어 이 시세를 씁니다(지난 알림 이후 {count}건)",
    "feed_stale": "{seconds}초째 실시간 시세가 없습니다. 다시 올 때까지 손절을 감시하지 못하고"
    " 매수하지 않습니다",
    "feed_fresh": "실시간 시세가 다시 옵니다. {lasting} 동안 손절을 감시하지 못했습니다",
    "summary": "{since} 이후: 신호 {signals}건, 매수 {entries}건, 매도 {exits}건, 손익 {profit},"
    " 거부 {refusals}건",
    "summary_quiet": "{since} 이후: 신호 없음. 매수 {entries}건, 매도 {exits}건, 손익 {profit},"
    " 거부 {refusals}건",
}
