"""How an event of the journal reads as a line, in Korean."""

from __future__ import annotations

QUESTIONS = {
    "event_ConfigAdopted": "설정 적용: {strategy}, {timeframe}",
    "event_TradingChanged": "봇 상태: {mode}",
    "event_EntryWanted": "{pair}: 매수 결정, 기준 가격 {price}, 금액 {krw} ({tag})",
    "event_EntryVetoed": "{pair}: 신호({conditions}), 매수하지 않음: {reason}",
    "event_BudgetReserved": "{pair}: {krw} 예약, 수수료 {fee}",
    "event_BudgetRefused": "{pair}: 자금 부족: {reason}, 필요 {needed}, 가용 {free}",
    "event_OrderIntended": "{pair}: {side} 주문 전송",
    "event_OrderFilled": "{pair}: {side} 주문 체결: {volume}, 금액 {krw}, 수수료 {fee}",
    "event_OrderClosed": "{pair}: {side} 주문 종료: {volume}, 금액 {krw}, 수수료 {fee}",
    "event_OrderRefused": "{pair}: {side} 주문 거부: {reason} {text}",
    "event_OrderUncertain": "{pair}: {side} 주문 확인 중: {reason}",
    "event_OrderAbsent": "{pair}: {side} 주문이 접수되지 않음",
    "event_OrderFound": "{pair}: {side} 주문이 뒤늦게 확인됨",
    "event_OrderDisputed": "{pair}: 거래 동결: {reason}",
    "event_CancelIntended": "{pair}: 주문 취소: {reason}",
    "event_TradeOpened": "{pair}: 거래 시작: {volume}, 매수가 {price} ({tag})",
    "event_TradeIncreased": "{pair}: 추가 체결, 총 {volume}, 평균 {price}",
    "event_HighRaised": "{pair}: 고점 갱신 {price}",
    "event_ExitWanted": "{pair}: 매도 결정, 기준 가격 {price}, {volume}: {reason}",
    "event_ExitFailed": "{pair}: 매도 실패: {reason}, 다음 시도 {until}",
    "event_TradeReduced": "{pair}: 일부 매도 {price}: {profit}({ratio}), {reason}",
    "event_TradeClosed": "{pair}: 거래 종료 {price}: {profit}({ratio}), {reason}",
    "event_PairLocked": "{pair}: {until}까지 매수 제한: {reason}",
    "event_BreakerOpened": "거래소 응답 없음, {until}까지 매수 보류",
    "event_BreakerClosed": "거래소 응답 정상화",
    "event_VenueBanned": "거래소가 {until}까지 차단함",
}
