"""Words about checks of a strategy, in Korean."""

from __future__ import annotations

RESEARCH = {
    "look_none": "미래 참조 없음: 캔들 {count}개마다 마지막 {startup}개만으로도 전체 기록과 같은"
    " 판단을 합니다.",
    "look_ahead": "미래 참조: {at} {pair}의 {name} 값이 이후 캔들이 있으면 {value}, 없으면"
    " {other}입니다. 실거래에서는 {other}입니다.",
    "look_startup": "시작 캔들 부족, 또는 반올림이 가르는 동률: {at} {pair}의 {name} 값이 과거"
    " 전체로는 {value}, 마지막 {startup}개로는 {other}입니다. recursive-analysis를 보세요.",
    "look_short": "{pair}의 캔들이 {startup}개보다 적어 비교하지 못했습니다.",
    "look_true": "참",
    "look_false": "거짓",
    "settle_title": "시작 캔들에 따라 달라지는 판단",
    "settle_enough": "{pair}: 시작 캔들 {settled}개부터 안정됩니다. startup_candle_count"
    " {startup}(으)로 충분합니다.",
    "settle_few": "{pair}: 시작 캔들 {settled}개부터 안정됩니다. startup_candle_count"
    " {startup}은(는) 부족합니다.",
    "settle_never": "{pair}: 시작 캔들 {most}개로도 안정되지 않습니다.",
    "settle_short": "{pair}의 캔들이 너무 적어 비교하지 못했습니다.",
    "col_startup": "시작 캔들",
    "col_compared": "비교",
    "col_differing": "다름",
}
