"""Words about checks of a strategy, in Korean."""

from __future__ import annotations

RESEARCH = {
    "plot_title": "{pair}: 캔들, 신호, 거래",
    "plot_count": "캔들 {total}개 중 {shown}개",
    "plot_how": "작은 표시: 전략이 사거나 팔려는 곳."
    " 큰 표시: 실제로 사고판 곳. 스크롤로 확대합니다.",
    "plot_entries": "매수 신호",
    "plot_exits": "매도 신호",
    "archive_added": "{pair}: 캔들 {count}개 추가, {known}개는 이미 있음",
    "archive_held": "보관소에 있는 캔들(KST)",
    "archive_gaps": "캔들이 없는 구간(KST)",
    "col_timeframe": "봉",
    "col_candles": "캔들",
    "col_first": "처음",
    "col_last": "마지막",
    "col_missing": "없음",
    "col_longest": "최장 연속",
    "look_none": "미래 참조 없음: 캔들 {count}개마다 마지막 {startup}개만으로도 전체 기록과 같은"
    " 판단을 합니다.",
    "look_ahead": "미래 참조: {at} {pair}의 {name} 값이 이후 캔들이 있으면 {value}, 없으면"
    " {other}입니다. 실거래에서는 {other}입니다.",
    "price_jump": "{pair}: {at}에 가격이 {last_price}에서 {price}로, 세 배를 넘거나 1/3에 못 미치게"
    " 바뀝니다. 액면 변경이나 잘못된 데이터이며, 여기서 생긴 손익은 실제가 아닙니다",
    "price_jumps": "{pair}: {at}에 가격이 {last_price}에서 {price}로 바뀌고 이런 곳이 {count}번 더"
    " 있습니다. 세 배를 넘거나 1/3에 못 미칩니다. 액면 변경이나 잘못된 데이터이며, 여기서 생긴"
    " 손익은 실제가 아닙니다",
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
    "settle_never": "{pair}: 시작 캔들 {most}개로도 안정되지 않습니다. --max-candles {more}(으)로"
    " 더 볼 수 있습니다.",
    "settle_backtest": "startup_candle_count {startup}(으)로는 안정되지 않습니다. 살펴본 캔들"
    " {compared}개 중 {differing}개에서, 캔들 {startup}개만 보는 봇은 지난 캔들 전부를 보는 이"
    " 백테스트와 다르게 판단합니다. 필요한 개수는 recursive-analysis로 확인하세요.",
    "settle_short": "{pair}의 캔들이 너무 적어 비교하지 못했습니다.",
    "col_startup": "시작 캔들",
    "col_compared": "비교",
    "col_differing": "다름",
    "sweep_title": "탐색",
    "sweep_trials": "시도한 조합",
    "sweep_all": "가능한 조합 전부",
    "sweep_repeats": "{count}번은 같은 조합을 다시 실행",
    "sweep_failed": "그중 실행 못 함",
    "sweep_failed_why": "{count}개: 값들이 서로 맞지 않거나 전략이 오류를 냈습니다. 마지막"
    " 사유: {error}",
    "sweep_objective": "선택 기준",
    "sweep_tried": "학습하지 않은 구간의 같은 값",
    "sweep_trained_folds": "각 구간 학습 값의 평균",
    "sweep_tried_folds": "각 구간 시험 값의 평균",
    "sweep_sure": "운이 아닐 확률(deflated Sharpe)",
    "sweep_best": "가장 나은 값(설정 키)",
    "sweep_windows": "구간별 성과",
    "sweep_heat": "두 값과, 그 조합들 중 가장 나은 것의 학습 구간 점수",
    "sweep_across": "가로",
    "sweep_up": "세로",
    "sweep_heat_how": "흰색은 0입니다. 홀로 짙은 칸은 운이고, 짙은 영역은 그 이상일 수"
    " 있습니다. 회색: 시도하지 않음.",
    "sweep_curve": "가장 나은 조합: 매도로 번 돈",
    "sweep_curve_how": "칠해진 부분: 학습하지 않은 날.",
    "sweep_sets": "시도한 조합",
    "sweep_folds": "전진 분석: 앞선 날들로 고르고 다음 날들로 시험",
    "sweep_train": "학습",
    "sweep_validation": "검증",
    "sweep_train_last": "마지막 구간 학습",
    "sweep_validation_last": "마지막 구간 시험",
    "col_part": "구간",
    "col_window": "기간(KST)",
    "col_drawdown": "낙폭",
    "col_sharpe": "샤프",
    "col_sortino": "소르티노",
    "col_calmar": "칼마",
    "col_train": "학습 손익",
    "col_tried": "시험 손익",
    "col_worth": "학습 점수",
    "col_worth_tried": "시험 점수",
    "col_values": "값",
    "sweep_interrupted": "중단했습니다. 끝난 것은 모두 {path}에 있으며 같은 명령으로 이어집니다.",
    "sweep_nothing": "실행할 수 있는 조합이 없습니다. 사유: {error}",
    "sweep_lost": "과최적화: 학습 구간에서는 벌었지만({profit}) 학습하지 않은 구간에서는"
    " 벌지 못했습니다.",
    "sweep_fell": "과최적화: 학습하지 않은 구간에서는 값이 절반도 되지 않습니다.",
    "sweep_loses": "손실: 가장 나은 조합도 학습 구간에서 돈을 잃었습니다.",
    "sweep_unseen": "확인 안 됨: 전체 기간으로 학습했습니다. --validation이나 --walk-forward를 쓰면"
    " 다른 날에도 통하는지 알 수 있습니다.",
    "sweep_luck": "운일 가능성이 큽니다. {count}개 조합 중 최고는 우연만으로도"
    " 이만큼 좋아 보입니다.",
    "sweep_few": "날이 적습니다. 30일보다 짧은 구간이 있어 비율 지표를 믿기 어렵습니다.",
    "sweep_holds": "과최적화라고 볼 근거는 여기에 없습니다. 앞으로의 날들은 다를 수 있습니다.",
}
