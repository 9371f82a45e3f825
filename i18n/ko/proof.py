"""Words about the proofs that a user can repeat: simulated worlds."""

from __future__ import annotations

PROOF: dict[str, str] = {
    "soak_title": "시뮬레이션: 시드 {first}부터 {last}까지, 각 {hours}시간",
    "soak_seeds": "시드",
    "soak_live": "그중 실제 돈이 걸린 것",
    "soak_years": "시뮬레이션한 햇수",
    "soak_orders": "거래소에 들어간 주문",
    "soak_trades": "거래(부분 포함)",
    "soak_crashes": "견뎌 낸 중단",
    "soak_faults": "장애",
    "soak_violations": "위반",
    "soak_digest": "모든 저널의 다이제스트",
    "soak_failed": "시드 {seed}: {what}",
    "soak_again": "  같은 것을 다시: {command}",
    "soak_bad_seeds": "시드가 아닙니다: {text}",
    "soak_seeds_allowed": "A..B, 0 이상, A가 B보다 작게: 0..500",
}
