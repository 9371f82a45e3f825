"""The page of how the bot is: its parts, the venue, the limiter and the breaker, what is locked."""

from __future__ import annotations

from app.runtime_stats import described
from i18n import say, word
from i18n.formatting import DASH, duration, kst
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.asked import Asked, Part, Shown
from interfaces.dashboard.pages.pieces import facts, offset, pair_link, table
from interfaces.dashboard.pages.telling import nothing
from interfaces.dashboard.picture import Picture
from interfaces.views.health import MEGABYTE, breach
from interfaces.views.lines import doubted
from messages.runtime_stats import BUCKETS, Span


def health(picture: Picture, asked: Asked) -> Shown:
    """Whether every part is well."""
    words = asked.language
    parts = (
        Part("health", say("title_health", words), _state(picture, words)),
        Part("limits", say("dash_limits", words), _limits(picture, words)),
        Part("locks", say("title_locks", words), _locks(picture, words)),
        Part("actors", say("dash_actors", words), _actors(picture, words)),
    )
    return Shown(say("title_health", words), parts)


def _state(picture: Picture, words: str) -> Html:
    view, vitals = picture.health, picture.vitals
    broken = [el("span", breach(b, words), class_="down") for b in view.broken]
    running = say(f"dash_bot_{picture.watch.bot}", words)
    ails = [(kind, el("span", text, class_="down")) for kind, text in described(view.ails, words)]
    rows: list[tuple[str, object]] = [
        ("dash_bot", running),
        ("health_mode", word("mode", view.mode, words)),
        ("health_birth", f"{view.venue} {view.birth}"),
        ("health_entries", f"{view.entries:,}"),
        ("dash_unsettled", f"{view.unsettled:,}"),
        ("health_last", kst(view.last_at) if view.last_at else DASH),
        ("health_archive", kst(view.newest_candle) if view.newest_candle else DASH),
        ("health_audit", broken or say("audit_agrees", words)),
        ("health_unknown", str(view.orders_in_doubt)),
        ("health_map", f"{view.ledger_bytes / MEGABYTE:,.1f} MB"),
        ("health_disk", f"{view.disk_free_bytes / MEGABYTE:,.0f} MB"),
    ]
    if vitals:
        rows += [
            ("dash_uptime", duration(vitals.uptime, words)),
            ("dash_memory", f"{vitals.memory / MEGABYTE:,.0f} MB"),
        ]
    return facts([*ails, *((say(key, words), how) for key, how in rows)])


def _limits(picture: Picture, words: str) -> Html:
    """The breaker from the journal; the limiter as the bot tells it."""
    view, counts, vitals = picture.health, picture.chronicle.counts, picture.vitals
    until = str(view.breaker_until.timestamp()) if view.breaker_until else ""
    troubles = counts.troubles
    rows: list[tuple[str, str]] = [
        ("health_breaker", say(f"breaker_state_{view.breaker}", words, until=until)),
        ("dash_opened", f"{troubles['breaker_opened',]:,}"),
        ("dash_throttled", f"{sum(counts.throttled.values()):,} / {troubles['banned',]:,}"),
        ("dash_feed", _feed(picture, words)),
    ]
    if vitals:
        rows.append(("dash_waiting", f"{vitals.waiting:,}"))
        rows.append(("dash_doubted", doubted(vitals.refused) or "0"))
    shown = facts((say(key, words), how) for key, how in rows)
    if not vitals or not vitals.waits:
        return shown
    names = ("dash_group", "dash_calls", "dash_usual", "dash_slowest")
    waits = [(group, *_span(span, words)) for group, span in sorted(vitals.waits.items())]
    return el("div", shown, table(names, waits, words, "dash_no_entries"))


def _feed(picture: Picture, words: str) -> str:
    if picture.vitals and picture.vitals.heard:
        lag = offset(picture.vitals.at - picture.vitals.heard, words)
        return say("dash_feed_heard", words, lag=lag)
    fresh = picture.chronicle.fresh
    return say("dash_feed_stale" if fresh is False else "dash_feed_fine", words)


def _locks(picture: Picture, words: str) -> Html:
    rows = [
        (
            pair_link(lock.pair, words),
            kst(lock.since, seconds=False) if lock.since.timestamp() else DASH,
            kst(lock.until, seconds=False),
            word("reason", lock.reason, words),
        )
        for lock in picture.locks.locks
    ]
    return table(("pair", "since", "until", "reason"), rows, words, "none_locks")


def _actors(picture: Picture, words: str) -> Html:
    """Letters and commits by actor, as the running process counts them."""
    vitals = picture.vitals
    if vitals is None:
        return nothing("dash_only_running", words)
    names = ("dash_source", "dash_letters", "dash_handled", "dash_calls", "dash_usual")
    rows = []
    for name, waiting in vitals.mailboxes.items():
        commits, usual, _ = _span(vitals.commits.get(name, Span()), words)
        handled = f"{vitals.handled.get(name, 0):,}"
        rows.append((name, f"{waiting:,}", handled, commits, usual))
    return table((*names[:3], "dash_commits", names[4]), rows, words, "dash_no_entries")


def _span(span: Span, words: str) -> tuple[str, str, str]:
    """How many, under which span nine in ten stayed, and under which all did."""
    whole = sum(span.counts)
    if not whole:
        return "0", DASH, DASH
    return f"{whole:,}", _under(span, 0.9 * whole, words), _under(span, whole, words)


def _under(span: Span, share: float, words: str) -> str:
    seen = 0
    for edge, count in zip(BUCKETS, span.counts, strict=False):
        seen += count
        if seen >= share:
            return f"< {edge * 1000:g} ms" if edge < 1 else f"< {edge:g} s"
    return f"> {offset(BUCKETS[-1], words)}"
