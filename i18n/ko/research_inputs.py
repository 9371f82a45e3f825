"""What is said of a sweep or a picture that cannot be, in Korean, by what is said in English."""

from __future__ import annotations

RESEARCH_INPUTS = {
    "{path}: indicators raised {error}": "{path}: indicators에서 오류가 났습니다: {error}",
    "{path}: indicators: {name} is not an array as long as the candles": (
        "{path}: indicators: {name}이(가) 캔들과 길이가 같은 배열이 아닙니다"
    ),
    "no market has {count} start-up candles; the longest has {longest}": (
        "시작 캔들 {count}개를 가진 마켓이 없습니다. 가장 긴 것이 {longest}개입니다"
    ),
    "name a longer recording, or set a smaller startup_candle_count": (
        "더 긴 과거 시세를 적거나 startup_candle_count를 줄이세요"
    ),
    "{count} candles and more": "캔들 {count}개 이상",
    "the history is too short to be parted": "나누기에는 과거 시세가 너무 짧습니다",
    "more candles": "더 많은 캔들",
    "no scheduler answers: {error}": "응답하는 스케줄러가 없습니다: {error}",
    "--dask needs distributed, which is not installed": "--dask에 필요한 distributed가 없습니다",
    "no worker has come": "작업자가 오지 않았습니다",
    "no worker is left; the same command goes on when one is there": (
        "남은 작업자가 없습니다. 작업자가 있으면 같은 명령이 이어 갑니다"
    ),
    "a worker has not this code: {error}": "작업자에게 이 코드가 없습니다: {error}",
    "worker {address} has code {theirs}, this is {ours}": (
        "작업자 {address}의 코드는 {theirs}, 여기는 {ours}입니다"
    ),
    "local, or tcp://host:port of a scheduler that has workers": (
        "local 또는 작업자가 있는 스케줄러의 tcp://host:port"
    ),
    "workers that run this very code with the same libraries": (
        "같은 코드와 같은 라이브러리를 쓰는 작업자"
    ),
    "another sweep writes to it": "다른 탐색이 쓰고 있습니다",
    "a file of its own": "따로 쓸 파일",
    "it is no record of a sweep": "탐색 기록이 아닙니다",
    "it is a record of another {name}: {theirs}, not {ours}": (
        "다른 {name}의 기록입니다: {ours}이(가) 아니라 {theirs}"
    ),
    "line {place} is no result": "{place}번째 줄은 결과가 아닙니다",
    "a record of the same strategy, configuration, candles and spaces, or a new file": (
        "같은 전략, 설정, 캔들, 공간의 기록이나 새 파일"
    ),
    "it learns of all folds at once, and so of days that a fold must not know": (
        "모든 구간을 한꺼번에 배우므로, 어느 구간이 몰라야 할 날까지 알게 됩니다"
    ),
    "with --walk-forward: random, grid": "--walk-forward와 함께: random, grid",
    "it fails: {error}": "실패합니다: {error}",
    "signals for all of its space": "공간 전체에서 나오는 신호",
    "signals for every candle": "모든 캔들의 신호",
    "it looks ahead: {name} of {pair} at {time}": "미래를 봅니다: {time} {pair}의 {name}",
    "what was known then; see lookahead-analysis": "그때 알던 것만. lookahead-analysis를 보세요",
    "{group} is no space": "{group}이라는 공간은 없습니다",
    "there is nothing to search": "탐색할 것이 없습니다",
    "{less} is not below {more}": "{less}이(가) {more}보다 작지 않습니다",
    "{name} is no parameter": "{name}이라는 값은 없습니다",
    "it is not read": "읽을 수 없습니다",
    "it has no values": "값이 없습니다",
    "its values are whole numbers": "정수여야 합니다",
    "whole numbers": "정수",
    "values within the parameter's own range": "그 값의 범위 안",
}
