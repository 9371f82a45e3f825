"""What the console shows of the bot's notices, and below its prompt, in Korean."""

from __future__ import annotations

CONSOLE = {
    "shown_bought": "매수",
    "shown_sold": "매도",
    "shown_reduced": "분할매도",
    "shown_skipped": "보류",
    "shown_unfilled": "미체결",
    "shown_refused": "거부",
    "shown_locked": "제한",
    "shown_order": "주문",
    "shown_notice": "알림",
    "line_entry_filled": "{price}, 금액 {krw} ({tag})",
    "line_entry_filled_bare": "{price}, 금액 {krw}",
    "line_entry_filled_cut": "{price}, {stake} 대신 {krw} ({tag}): {cap}",
    "line_entry_part_filled": "{price}, 금액 {krw}: {ending}",
    "line_exit_filled": "{profit} ({ratio}), {price}, {reason}",
    "line_exit_part_filled": "{profit} ({ratio}), {price}, {reason}",
    "line_entry_vetoed": "{reason} ({conditions})",
    "line_pair_locked": "{until}까지 매수하지 않음: {reason}",
    "line_day": "{day} 이후: 신호 {signals}건, 매수 {entries}건, 매도 {exits}건, 손익 {profit},"
    " 거부 {refusals}건",
    "bar_paper": "모의",
    "bar_live": "실거래",
    "bar_equity": "평가금액 {krw}",
    "bar_open": "보유 {count}/{most}",
    "bar_none": "보유 없음",
    "bar_orders": "진행 중인 주문 {count}건",
    "bar_stop": "손절까지 {distance}",
    "bar_more": "외 {count}건",
    "bar_replay": "재생 {moment}",
    "bar_feed": "시세 {seconds}초 전",
    "bar_feed_none": "아직 시세 없음",
    "bar_feed_stale": "{seconds}초째 시세 없음",
    "bar_down": "봇이 응답하지 않음",
    "bar_unread": "장부를 읽을 수 없음",
}
