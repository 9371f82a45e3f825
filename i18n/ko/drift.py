"""Words about live beside paper, in Korean."""

from __future__ import annotations

DRIFT = {
    "drift_title": "실거래와 모의 비교",
    "drift_live": "실거래 실현 손익",
    "drift_paper": "모의 실현 손익",
    "drift_gap": "차이",
    "drift_each": "차이 내역",
    "drift_open": "보유 중",
    "drift_kind_same": "같음",
    "drift_kind_price": "가격 다름",
    "drift_kind_exit": "매도 다름",
    "drift_kind_only_live": "실거래만",
    "drift_kind_only_paper": "모의만",
    "drift_fills": "시장 호가에 체결됨(매수 {off}). 모의는 다음 시가에 slippage_rate를 더합니다",
    "drift_size": "금액이 다름: 한도 또는 당시 현금",
    "drift_by_hand": "{reason}",
    "drift_still_open": "아직 한쪽에서만 매도됨",
    "drift_within_candle": "실거래는 매 체결가를 따르고, 모의는 캔들의 고가와 저가만 알 뿐 순서를"
    " 모릅니다",
    "drift_adopted": "사용자가 편입함",
    "drift_forced": "사용자가 강제 매수함",
    "drift_before": "이 기간 이전에 매수함. 모의는 보유 없이 시작합니다",
    "drift_paper_refused": "모의는 매수하지 않음: {reason}",
    "drift_no_signal": "이 캔들에는 신호가 없음: 당시 전략, 매개변수 또는 캔들이 달랐습니다",
    "drift_live_ended": "실거래 매수가 이루어지지 않음: {reason} {text}",
    "drift_not_there": "봇이 이 캔들의 마감을 보지 못함: 꺼져 있었거나 시세가 오지 않았습니다",
    "drift_live_refused": "실거래는 매수하지 않음: {reason}",
    "drift_live_refused_forced": "실거래는 매수하지 않음: {reason}. 사용자가 {at}에 강제 매수한"
    " {pair} 거래가 있었습니다",
    "drift_live_refused_adopted": "실거래는 매수하지 않음: {reason}. 사용자가 {at}에 편입한"
    " {pair} 거래가 있었습니다",
    "drift_live_refused_own": "실거래는 매수하지 않음: {reason}. {at}에 연 {pair}"
    " 거래가 있었습니다",
    "drift_paper_refused_forced": "모의는 매수하지 않음: {reason}. {at}에 강제 매수한 {pair}"
    " 거래가 있었습니다",
    "drift_paper_refused_adopted": "모의는 매수하지 않음: {reason}. {at}에 편입한 {pair}"
    " 거래가 있었습니다",
    "drift_paper_refused_own": "모의는 매수하지 않음: {reason}. {at}에 연 {pair} 거래가 있었습니다",
    "drift_stopped": "모의가 판 때에 봇이 멈춰 있었습니다(stop, kill)",
    "drift_no_live_signal_or_down": "실거래에 신호 기록이 없습니다. 봇이 꺼져 있었거나 전략, 매개"
    " 변수 또는 캔들이 달랐습니다",
    "drift_no_live_signal": "실거래 신호가 없음: 당시 전략, 매개변수 또는 캔들이 달랐습니다",
    "drift_unexplained": "장부에 이유가 없음",
    "drift_nothing": "아직 아무 일도 없었습니다",
    "drift_recording": "재생은 재생했던 과거 시세와 비교합니다",
    "drift_short": "모든 마켓의 캔들이 전략에 필요한 {count}개보다 적습니다",
    "drift_strategy": "전략 {name}을(를) 더는 알 수 없습니다",
    "col_count": "거래 수",
    "col_gap": "차이",
    "col_live": "실거래",
    "col_paper": "모의",
    "col_why": "이유",
}
