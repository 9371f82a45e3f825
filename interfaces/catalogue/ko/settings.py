"""What is said about a configuration that cannot be used, in Korean."""

from __future__ import annotations

SETTINGS = {
    "config_file": "설정 파일을 읽을 수 없습니다: {reason}",
    "config_size": "설정 파일이 {most}바이트보다 큽니다",
    "config_json": "설정 파일이 올바른 JSON이 아닙니다: {reason}",
    "config_object": "설정 파일이 JSON 객체가 아닙니다",
    "config_duplicate": '"{name}" 키가 두 번 있습니다',
    "config_number": "{name}: 숫자가 아닙니다",
    "config_unknown": '알 수 없는 키입니다: "{name}"',
    "config_type": "{value}: 형식이 맞지 않습니다",
    "config_range": "{value}: 허용 범위를 벗어났습니다",
    "config_pair": "{value}: 마켓 이름이 아닙니다",
    "config_twice": "마켓이 두 번 있습니다: {value}",
    "config_missing": "키가 빠졌습니다",
    "config_contradiction": "값 {value}이(가) {other}의 값 {limit}과(와) 모순됩니다",
    "config_freqtrade": '"{name}": freqtrade의 키이며 여기서는 다르게 읽습니다',
    "config_strategy": "전략을 사용할 수 없습니다: {text}",
    "config_rewrite": "파일을 고치거나 새로 만드세요: run.py new-config",
    "config_near": '"{name}"을(를) 쓰려던 것인가요? 아니면 키를 지우세요',
    "config_remove": "키를 지우세요. 모든 키는 run.py show-config로 볼 수 있습니다",
    "config_set": "허용 범위 안의 값으로 바꾸세요",
    "config_levels": "{lower} 값을 낮추거나 {upper} 값을 높이세요",
    "config_name_strategy": '내장 전략의 이름이나 파일과 이름을 적으세요: "file.py:Name"',
    "freqtrade_moved": "지우고 다음을 사용하세요: {target}",
    "freqtrade_fixed": "지우세요. 여기서는 방식이 하나뿐입니다",
    "freqtrade_absent": "지우세요. 여기에는 그런 기능이 없습니다",
    "freqtrade_secret": "지우세요. 비밀 값은 설정 파일에 두지 않습니다",
    "freqtrade_trailing_stop": "지우세요. 고점 추적은 항상 켜져 있습니다."
    " trailing_stop_positive와 trailing_stop_positive_offset을 설정하세요",
    "freqtrade_minimal_roi": "시간별 표 대신 전량 매도할 수익률 하나를 적으세요: {example}",
    "freqtrade_unlimited": "1회 매수 금액(KRW)을 적으세요. 현금이 부족하면 그만큼 적게 삽니다",
    "freqtrade_endless": "1 이상의 거래 수를 적으세요",
    "freqtrade_wallet": "KRW 금액만 적으세요: {example}",
    "freqtrade_exit": "매도는 시장가 주문입니다: market",
}
