"""What the auditor finds, in Korean: each invariant of the money as what is wrong with it."""

from __future__ import annotations

AUDIT = {
    "invariant_broken": "장부가 서로 맞지 않습니다: {invariant} ({where}: 예상 {expected},"
    " 실제 {found}, 저널 {evidence}). 확인하고 start를 입력하실 때까지 매수를 멈추며 매도는"
    " 계속합니다",
    "invariant_intent_twice": "같은 주문이 두 번 만들어짐",
    "invariant_identifier_wrong": "주문 식별자가 그 주문의 것이 아님",
    "invariant_pair_side_twice": "한 마켓의 같은 방향 주문이 동시에 둘",
    "invariant_stage_outside_table": "주문이 있을 수 없는 단계로 바뀜",
    "invariant_fills_fell": "누적 체결이 늘지 않음",
    "invariant_overfilled": "주문보다 많이 체결됨",
    "invariant_closed_otherwise": "종료된 주문의 합계가 마지막 체결과 다름",
    "invariant_wish_missing": "짝이 없는 주문 요청 또는 응답",
    "invariant_wish_exceeded": "요청보다 많이 예약되거나 주문됨",
    "invariant_wish_twice": "같은 주문을 두 번 요청함",
    "invariant_reservation_missing": "예약 없이 만들어진 매수 주문",
    "invariant_reservation_twice": "한 매수에 현금이 두 번 예약됨",
    "invariant_reservation_left": "주문이 끝났는데 예약이 남아 있음",
    "invariant_reservation_freed": "주문이 끝나기 전에 예약이 해제됨",
    "invariant_overcommitted": "가진 현금보다 많이 예약됨",
    "invariant_cash_differs": "현금이 체결 합계와 다름",
    "invariant_holdings_differ": "보유 수량이 체결 합계와 다름",
    "invariant_high_fell": "진입 후 최고가가 내려감",
    "invariant_partial_flag_cleared": "일부 매도를 두 번 하려 함",
    "invariant_venue_differs": "거래소의 주문이 알려진 것과 다름",
    "event_InvariantBroken": "장부 불일치: {invariant} ({where}: 예상 {expected}, 실제 {found},"
    " 저널 {evidence})",
    "event_BooksAudited": "장부 감사 기록을 저장함",
    "event_IntentWitnessed": "장부 감사가 {id} 주문을 확인함",
    "health_recovery": "매도 대기",
    "recovery_reading": "{since} 이후의 주문을 아직 읽지 못함",
    "recovery_account": "새 API 키({account})로 이 봇의 주문을 조회하는 중",
    "recovery_denied": "새 API 키({account})로 이 봇의 주문이 조회되지 않음: 원래 키로"
    " 되돌리거나, 같은 계좌의 키이면 accept_key 입력",
    "recovery_shut": "{since} 이후의 주문 목록을 받을 수 없음: {reason}",
    "recovery_found": "{since} 이후 이 장부가 모르는 주문 {orders}건을 확인하는 중",
    "health_second_birth": "이 계좌의 두 번째 봇",
    "second_birth_is": "{identifier} ({pair}, {since}); 끄고 start 를 입력할 때까지 매수 없음",
    "health_stops": "손절",
    "health_audit": "장부 감사",
    "audit_agrees": "일치",
}
