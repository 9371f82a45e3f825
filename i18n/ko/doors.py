"""What the command line and the process say, in Korean."""

from __future__ import annotations

DOORS = {
    "too_many_clients": "동시에 연결된 콘솔이 너무 많습니다: {reason}",
    "banner_made_up": "Jangbu 모의 투자: 가상 시장(시드 {seed}, {days}일)에서 거래합니다.",
    "banner_recording": "Jangbu 모의 투자: 과거 시세 {files}을(를) 재생하며 거래합니다.",
    "banner_prices": "Jangbu 모의 투자: {host}의 실시간 시세로 거래합니다.",
    "banner_live": "Jangbu 실거래: {host}에서 계정의 실제 자금으로 거래합니다.",
    "ended_live": "봇이 종료되었습니다. 다시 실행할 때까지 보유 중인 거래의 손절매가 작동하지"
    " 않습니다.",
    "banner_days": "  기간    {begin} ~ {end} (KST)",
    "banner_pairs": "  종목    {names}",
    "banner_speed": "  속도    실제 시간의 {speed}배",
    "banner_speed_max": "  속도    최고 속도",
    "banner_wallet": "  자금    {wallet}, 1회 진입 {amount}",
    "banner_state": "  상태    {path}",
    "banner_again": "  지난번에 멈춘 {begin} (KST)부터 이어서 진행합니다",
    "banner_console": "help: 명령 목록, exit: 콘솔 나가기, shutdown: 봇 종료",
    "warning": "주의: {text}",
    "state_exposed_mode": "다른 사용자가 상태 디렉터리 {path}에 쓸 수 있어 자금이 움직일 수"
    " 있습니다. 닫으세요: chmod 700 '{path}'",
    "state_exposed_owner": "상태 디렉터리 {path}이(가) 다른 사용자의 것이라 그 사용자가 자금을"
    " 움직일 수 있습니다. 소유자를 바꾸거나 그 사용자로 실행하세요",
    "finished": "과거 시세가 끝났습니다.",
    "finished_fresh": "과거 시세가 끝나 더 거래할 것이 없습니다. --fresh로 시작하면 이 상태를 옮겨"
    " 두고 처음부터 다시 시작합니다.",
    "starts_again": "봇을 다시 시작합니다: {reason}",
    "no_room_left": "원장에 남은 공간이 없습니다. {path}의 디스크 공간을 확보하세요."
    " 이미 결정된 내용은 사라지지 않습니다.",
    "fresh_moved": "이전 상태를 {path}(으)로 옮겼습니다.",
    "console_left": "콘솔에서 나왔고 봇은 계속 실행됩니다. Ctrl-C로 종료하고, run.py console로"
    " 다시 들어올 수 있습니다.",
    "ctrl_c": "Ctrl-C는 줄을 지웁니다. {seconds}초 안에 한 번 더 누르면 봇을 종료할지 묻습니다."
    " exit로 콘솔을 나갑니다.",
    "restarting": "봇이 코드 {code}(으)로 끝나 다시 시작합니다({most}회 중 {count}회).",
    "heartbeat_failed": "하트비트 주소에 연결할 수 없습니다({reason}). 거래는 계속됩니다.",
    "stays_down": "봇이 {seconds}초 안에 {count}번 멈춰 더는 다시 시작하지 않습니다(마지막 코드"
    " {code}). 마지막 출력:",
    "ended_badly": "봇이 코드 {code}(으)로 끝났고 다시 시작하지 않습니다. 마지막 출력:",
    "sigbus": "상태 파일이 잘렸거나 디스크에 문제가 있습니다. run.py verify로 확인하세요.",
    "verify_sound": "이상 없음: 저널 {count}건이 저장된 상태와 일치합니다.",
    "verify_damaged": "손상됨, {count}건:",
    "written": "저장했습니다: {path}",
    "config_ignored": "설정을 사용할 수 없어 기본값으로 봅니다:",
    "sandbox_ready": "샌드박스: {url}, 액세스 키 {key}, 장부 {path}. 돈은 가짜입니다. Ctrl-C로"
    " 끝냅니다.",
    "health_well": "정상",
    "health_sick": "이상 있음",
    "health_process": "프로세스",
    "health_runs": "{pid}, 가동 {lasting}",
    "health_doubted": "의심한 실시간 시세",
    "health_down": "실행 중인 봇이 없습니다. run.py로 시작하세요",
    "ail_raises": "전략",
    "ail_raises_text": "캔들마다 오류가 나서 매수하지 않습니다: {text}",
    "ail_startup": "시작 캔들",
    "ail_startup_text": "{pair} 캔들 {need}개 중 {have}개만 있음. 모두 모일 때까지 매수하지"
    " 않습니다",
    "ail_startup_more": "시작 캔들",
    "ail_startup_more_text": "{pair} 캔들 {need}개 중 {have}개만 있음, 부족한 마켓 {count}개"
    " 더 있음. 모두 모일 때까지 매수하지 않습니다",
    "ail_no_candles": "캔들",
    "ail_no_candles_text": "체결은 이어지는데 {lasting} 동안 캔들이 없어 진입할 수 없습니다. 로그를"
    " 보고 다시 시작하세요",
    "health_left_out": "읽지 못한 항목",
    "last_words": "봇이 멈췄고 스스로 다시 시작하지 않습니다. 마지막 말: {text}",
    "last_words_todo": "지금은 손절가를 감시하지 않습니다. 위 문제를 고치고 다시 시작하거나(run.py"
    " doctor로 더 확인), 업비트에서 직접 매도하세요.",
    "last_words_trade": "{pair}: {volume}, 매수가 {price}, 손절가 {stop}",
    "last_words_orders": "끝나지 않은 주문 {count}건이 있습니다. 업비트에서 확인하세요.",
    "last_words_unread": "원장을 읽을 수 없어 무엇이 열려 있는지 모릅니다. 업비트에서 확인하세요.",
    "health_hung": "응답하지 않는 구성 요소: {names}. 종료(run.py console -c shutdown) 후 다시"
    " 시작하세요",
}
