"""What is said to, and in, messengers, in Korean."""

from __future__ import annotations

MESSENGERS = {
    "post_missed": "이 앞의 알림 {count}건을 생략했거나 전달되지 않았을 수 있습니다. run.py"
    " tail에서 볼 수 있습니다.",
    "post_again": "(다시 보냄: 이미 받은 내용일 수 있습니다)",
    "post_no_apprise": "{name}에 메신저가 있지만 apprise가 설치되어 있지 않습니다",
    "post_secret_half": "{place}에 {name}이(가) 없습니다. 텔레그램에는 {token}과 {chat}이 모두"
    " 필요합니다.",
    "post_secret_malformed": "{place}의 {name} 형식이 올바르지 않습니다.",
    "post_secret_quoted": "{place}의 {name} 값에 따옴표가 있습니다. docker --env-file은 따옴표를"
    " 그대로 두니 빼세요.",
    "post_secret_unreadable": "{place}을(를) 읽을 수 없습니다.",
    "post_secret_link": "{place}이(가) 심볼릭 링크입니다.",
    "post_secret_not_ours": "{place}의 소유자가 다른 사용자입니다.",
    "post_secret_open": "다른 사용자가 {place}을(를) 읽을 수 있습니다.",
    "post_secret_todo": "{token}과 {chat}을 모두 주거나(docs/guides/messengers.ko.md)"
    " 둘 다 빼십시오. .env는 본인 소유에 0600이어야 합니다",
    "post_lanes": "  알림    {names}",
    "post_max": "--speed max에서는 메신저로 알리지 않습니다.",
    "health_messengers": "메신저",
    "health_lane": "{name}: 보냄 {sent}, 대기 {waiting}, 생략 {left}",
    "health_lane_failing": "{name} 응답 없음: 보냄 {sent}, 대기 {waiting}, 생략 {left}",
    "event_NoticesGathered": "메신저로 보낼 알림을 모음",
    "event_SummaryPosted": "메신저로 보낼 요약",
    "event_LanesOpened": "메신저: {names}",
    "event_NotifyTaken": "메신저 알림 설정이 바뀜",
    "event_LetterBegun": "{lane}(으)로 메시지를 보냄",
    "event_LetterEnded": "{lane} 메시지: {outcome}",
    "sandbox_telegram": "텔레그램 {url}: JANGBU__TELEGRAM__API_URL={url} TELEGRAM_TOKEN={token}"
    " TELEGRAM_CHAT_ID={chat}. 말하기: curl -d /status {url}/sandbox/say, 읽기:"
    " curl {url}/sandbox/said",
    "tg_unknown_near": "명령이 아닙니다: {text}. {name}을(를) 쓰려던 것인가요? 목록은 /help 에"
    " 있습니다.",
    "tg_unknown": "명령이 아닙니다: {text}. /help 에 목록이 있습니다.",
    "tg_help": "명령:",
    "tg_off": "{name}은(는) 위험에 놓인 돈을 늘릴 수 있어 여기서는 꺼져 있습니다"
    "(telegram.may_increase).",
    "tg_confirm": "{name}: 실행하려면 {seconds}초 안에 예 라고 답하십시오. 다른 답은 취소입니다.",
    "tg_left": "아무것도 하지 않았습니다.",
    "tg_late": "너무 오래된 명령이라 실행하지 않았습니다: {text}. 다시 보내십시오.",
    "tg_trouble": "지금은 답할 수 없습니다: {reason}",
    "tg_refused": "텔레그램이 토큰을 거부합니다. 텔레그램 명령을 받지 않습니다.",
    "tg_shared": "다른 프로그램이 이 봇의 메시지를 가져가고 있어 명령이 오지 않을 수 있습니다.",
    "tg_bot_fell": "🚨 봇이 {code}(으)로 끝나 다시 시작합니다({most}번 중 {count}번째).",
    "tg_bot_down": "🚨 봇이 {count}번 넘어져 다시 시작하지 않습니다. 마지막 코드 {code}. 열린"
    " 거래에 손절이 없습니다.",
}
