"""What ``--help`` says, in Korean, by the English that stands beside the code."""

from __future__ import annotations

HELPS = {
    "Usage:": "사용법:",
    "Options": "옵션",
    "Commands": "명령",
    "Show this message and exit.": "이 도움말을 보여줍니다.",
    "Jangbu: an actor-model, crash-safe trading bot for Upbit. Without a verb it trades.": (
        "장부: 언제 꺼져도 안전한 액터 모델 업비트 자동매매 봇. 명령이 없으면 거래합니다."
    ),
    # what several share
    "Configuration; config.json when there is one, else the defaults.": (
        "설정 파일. config.json이 있으면 그것, 없으면 기본값."
    ),
    "State directory; state/paper when not given.": "상태 폴더. 없으면 state/paper.",
    "JSON, times in UTC.": "JSON, 시각은 UTC.",
    "Recordings to replay, or archives; the built-in made-up market when not given.": (
        "재생할 과거 시세나 보관소. 없으면 내장된 가상 시장."
    ),
    # trade
    "Trade: on paper (the built-in market, recordings, live prices), or live. The default verb.": (
        "거래: 모의(내장 시장, 과거 시세, 실시간 시세) 또는 실거래. 기본 명령."
    ),
    "Candle time over real time: a number, or max.": "실제보다 몇 배 빠르게: 숫자 또는 max.",
    "No console; ends with a summary.": "콘솔 없이. 끝나면 요약을 보여줍니다.",
    "Move the old state aside and begin again.": "이전 상태를 옆으로 옮기고 새로 시작합니다.",
    "Agree to the first live start of an account.": "계좌의 첫 실거래 시작에 동의합니다.",
    # asking
    "Attach to a running bot. Exit code 0 done, 1 refused, 2 bad input.": (
        "실행 중인 봇에 연결. 종료 코드 0 완료, 1 거절, 2 잘못된 입력."
    ),
    "One command, then leave.": "명령 하나만 실행하고 나갑니다.",
    "Open trades, with their profit now and their stop.": "보유 중인 거래, 지금 수익과 손절가.",
    "At a moment of the past: KST, or ISO.": "과거의 한 시점: KST 또는 ISO.",
    "The last entries of the journal; with --json one object a line.": (
        "장부의 마지막 기록. --json이면 한 줄에 하나."
    ),
    "So many entries.": "보여줄 기록 수.",
    "Go on as entries come; Ctrl-C ends it.": "새 기록을 계속 보여줍니다. Ctrl-C로 끝냅니다.",
    "Why a pair was, or was not, bought or sold.": "왜 사고팔았는지, 왜 하지 않았는지.",
    "Every trade, closed and open.": "모든 거래, 끝난 것과 열린 것.",
    "Every order that was ever intended.": "지금까지 낸 모든 주문.",
    "Every key with its value, and from where it came.": "모든 설정값과 그 출처.",
    (
        "A configuration: at a terminal made by a few questions, else every key at its default. It "
        "is written to OUT; without one it is config.json at a terminal, and printed elsewhere."
    ): (
        "설정 만들기: 터미널에서는 몇 가지를 물어보고, 아니면 모든 값이 기본값입니다. OUT에 쓰며, "
        "없으면 터미널에서는 config.json, 그 밖에는 화면에 출력합니다."
    ),
    "Ask nothing: every key at its default.": "묻지 않고 모든 값을 기본값으로.",
    "Of one workflow alone, as the log names it.": "로그에 적힌 한 흐름의 기록만.",
    "Fold the whole journal and demand that it equals the states. Exit code 1 when damaged.": (
        "장부 전체를 다시 계산해 상태와 같은지 확인. 손상되었으면 종료 코드 1."
    ),
    # recordings and the past
    "What a strategy would have earned on a recording.": "과거 시세에서 전략이 벌었을 돈.",
    "20250901-20250910, UTC days, the end excluded.": "20250901-20250910, UTC 날짜, 끝날 제외.",
    'A built-in name, or "file.py:Name".': '내장 이름 또는 "file.py:Name".',
    "JSON file.": "JSON 파일.",
    "Write the built-in made-up market to OUT, as gzip CSV.": (
        "내장된 가상 시장을 OUT에 gzip CSV로 씁니다."
    ),
    "Play on a dask cluster.": "dask 클러스터에서 실행합니다.",
    "Draw a pair: candles, the strategy's indicators and signals, and the trades of a backtest.": (
        "한 마켓을 그립니다: 캔들, 전략의 지표와 신호, 백테스트의 거래."
    ),
    "The newest candles.": "가장 새 캔들 수.",
    "The HTML file; plot-PAIR.html.": "HTML 파일. 없으면 plot-PAIR.html.",
    "Put FILEs into an archive that opens at once; tell what it holds, and what is missing.": (
        "FILE들을 바로 열리는 보관소에 더하고, 무엇이 있고 무엇이 없는지 보입니다."
    ),
    "List each stretch without candles.": "캔들이 없는 구간을 모두 보입니다.",
    "Read all of it, and compare checksums.": "모두 읽어 검사합과 비교합니다.",
    "Decide a recorded period again with today's code. Exit code 1 when something differs.": (
        "기록된 기간을 지금 코드로 다시 결정. 다른 점이 있으면 종료 코드 1."
    ),
    "Fetch candle history of Upbit into recordings; run again, it goes on where it stopped.": (
        "업비트 과거 캔들을 과거 시세 데이터로 받습니다. 다시 실행하면 멈춘 곳에서 이어집니다."
    ),
    'Names and patterns too: doge, 비트코인, DOGE/.*; "KRW-*": every KRW market.': "이름과"
    ' 패턴도 됩니다: doge, 비트코인, DOGE/.*. "KRW-*"는 모든 원화 마켓.',
    "So many UTC days.": "UTC 날짜 수.",
    "UTC day, excluded: 20250910. Today when not given.": (
        "UTC 날짜, 제외: 20250910. 없으면 오늘."
    ),
    "HTML file with charts.": "차트가 있는 HTML 파일.",
    (
        "What was earned: a page of charts, sales for taxes, or live beside paper. With a state "
        "directory (--state-dir, or the usual one) of what the bot did; with --recording alone of "
        "a backtest."
    ): (
        "무엇을 벌었는지: 차트 한 장, 세금용 매도 내역, 실거래와 모의의 비교. 상태 "
        "폴더(--state-dir 또는 기본 폴더)면 봇이 한 일, --recording만 주면 백테스트."
    ),
    "The HTML file; report.html.": "HTML 파일. 기본은 report.html.",
    "The sales of a year in Korea, with what they had cost.": "한국 기준 한 해의 매도와 취득가.",
    "How cost is counted.": "취득가 계산 방법.",
    "The same hours on paper, and every difference.": "같은 시간을 모의로 다시 돌려 모든 차이.",
    # the venue
    "Upbit's API on this machine: paper money, real HTTP and sockets.": (
        "이 컴퓨터의 업비트 API: 가짜 돈, 진짜 HTTP와 소켓."
    ),
    "Seed of the built-in market.": "내장 시장의 시드.",
    "Times real time.": "실제의 몇 배 속도.",
    "Of a new state directory.": "새 상태 폴더의 잔고.",
    "JSON list of faults.": "장애를 적은 JSON 목록.",
    "A Telegram of our own beside it.": "옆에 우리만의 텔레그램도 띄웁니다.",
    "All that a start needs. Exit code 1 on trouble, 2 for a bad configuration.": (
        "시작에 필요한 모든 것을 점검. 문제가 있으면 종료 코드 1, 설정이 잘못되었으면 2."
    ),
    "See what Upbit really does with a repeated identifier. Exit code 1 if an order is left.": (
        "같은 identifier를 두 번 보내면 업비트가 어떻게 하는지 확인. 주문이 남으면 종료 코드 1."
    ),
    "Agree without being asked.": "묻지 않고 동의합니다.",
    # upkeep
    "Whether the bot runs and needs nobody. Exit code 0 when it is well, 1 when not.": (
        "봇이 돌고 있고 손볼 일이 없는지. 괜찮으면 종료 코드 0, 아니면 1."
    ),
    "Look at the process, its candles and its strategy, not at venue and orders.": "거래소와 주문은"
    " 보지 않고 프로세스, 캔들, 전략만.",
    (
        "A script for your shell: it makes the command jangbu, and completes it. In ~/.bashrc: "
        'eval "$(python run.py completion bash)"; in ~/.zshrc the same with zsh; in config.fish: '
        "python run.py completion fish | source"
    ): (
        "셸 스크립트: jangbu 명령을 만들고 자동 완성합니다. ~/.bashrc에는 "
        'eval "$(python run.py completion bash)", ~/.zshrc에는 zsh로, config.fish에는 '
        "python run.py completion fish | source"
    ),
    "Copy a state directory into FILE, verified; the bot may go on meanwhile.": (
        "상태 폴더를 FILE로 복사하고 확인합니다. 봇은 계속 거래해도 됩니다."
    ),
    "Put a backup back; what is there now is moved aside, and entries are paused.": (
        "백업을 되돌립니다. 지금 것은 옆으로 옮기고 매수는 멈춰 둡니다."
    ),
    "Make a damaged live ledger anew from the exchange; what is there is moved aside.": (
        "손상된 실거래 장부를 거래소에서 새로 만듭니다. 지금 것은 옆으로 옮깁니다."
    ),
    "Journal every coin of the account with its price, and show the snapshots there are.": (
        "계좌의 모든 코인을 시세와 함께 기록하고, 기록된 잔고를 보여 줍니다."
    ),
    "Only show what there is.": "기록된 것만 보여 줍니다.",
    "From its balances and open orders.": "잔고와 미체결 주문에서.",
    "Simulate whole bots, on paper and with money at stake. Exit code 1 at a violation.": (
        "봇 전체를 모의와 실거래로 시뮬레이션. 위반이 있으면 종료 코드 1."
    ),
    "Without B.": "B 제외.",
    "Simulated hours of each seed.": "시드마다 시뮬레이션할 시간.",
    "Also how often everything was seen.": "각 상황을 몇 번 겪었는지도 보여줍니다.",
    # dashboard
    "Pages for a browser on this machine; metrics under /metrics.": (
        "이 컴퓨터의 브라우저로 보는 대시보드. 지표는 /metrics."
    ),
    "Pause, start, sell, cancel, kill from there.": "거기서 중지, 시작, 매도, 취소, 긴급 정지.",
    # research
    "Whether a strategy looks into the future. Exit code 1 when it does.": (
        "전략이 미래를 참조하는지 확인. 참조하면 종료 코드 1."
    ),
    "How many start-up candles a strategy needs. Exit code 1 when there are too few.": (
        "전략에 필요한 시작 캔들 수. 부족하면 종료 코드 1."
    ),
    "The actors that trade, or the kernel: the same trades, compiled.": (
        "거래하는 액터들(actors), 또는 같은 거래를 내는 컴파일된 커널(kernel)."
    ),
    "Sets.": "시도할 조합 수.",
    "Folds.": "전진 분석 구간 수.",
    "One of your own.": "직접 정하는 탐색 범위.",
    "signals,stoploss,roi ...": "signals,stoploss,roi 등",
    "Share of the history, at its end, that is not trained on.": "학습하지 않는 끝 구간의 비율.",
    "Where results are kept; the same file goes on.": "결과를 두는 파일. 같은 파일이면 이어집니다.",
    "Search for parameters, and see whether what was found holds elsewhere.": "매개변수를 찾고, "
    "찾은 것이 다른 구간에서도 통하는지 봅니다.",
    "Start-up candles that are tried at most.": "시도할 시작 캔들 수의 상한.",
    "Answer every question with yes.": "모든 질문에 예라고 답합니다.",
}
