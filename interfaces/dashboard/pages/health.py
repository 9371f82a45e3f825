"""The page of how the bot is: its parts, the venue, the limiter and the breaker, what is locked."""

from __future__ import annotations

from app.runtime_stats import described
from i18n import say, word
from i18n.formatting import DASH, duration, kst
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.entries import nothing
from interfaces.dashboard.pages.page_request import PageContent, PagePart, PageRequest
from interfaces.dashboard.pages.pieces import facts, offset, pair_link, table
from interfaces.dashboard.picture import Picture
from interfaces.views.health import MEGABYTE, breach
from interfaces.views.lines import doubted
from messages.runtime_stats import BUCKETS, HistogramCounts


def health(picture: Picture, asked: PageRequest) -> PageContent:
    """Whether every part is well."""
    language = asked.language
    parts = (
        PagePart("health", say("title_health", language), _state(picture, language)),
        PagePart("limits", say("dash_limits", language), _limits(picture, language)),
        PagePart("locks", say("title_locks", language), _locks(picture, language)),
        PagePart("actors", say("dash_actors", language), _actors(picture, language)),
    )
    return PageContent(say("title_health", language), parts)


def _state(picture: Picture, language: str) -> Html:
    view, vitals = picture.health, picture.vitals
    broken = [el("span", breach(b, language), class_="down") for b in view.broken]
    running = say(f"dash_bot_{picture.watch.bot}", language)
    ails = [
        (kind, el("span", text, class_="down")) for kind, text in described(view.ails, language)
    ]
    rows: list[tuple[str, object]] = [
        ("dash_bot", running),
        ("health_mode", word("mode", view.mode, language)),
        ("health_birth", f"{view.venue} {view.birth}"),
        ("health_entries", f"{view.entries:,}"),
        ("dash_unsettled", f"{view.unsettled:,}"),
        ("health_last", kst(view.last_at) if view.last_at else DASH),
        ("health_archive", kst(view.newest_candle) if view.newest_candle else DASH),
        ("health_audit", broken or say("audit_agrees", language)),
        ("health_unknown", str(view.orders_in_doubt)),
        ("health_map", f"{view.ledger_bytes / MEGABYTE:,.1f} MB"),
        ("health_disk", f"{view.disk_free_bytes / MEGABYTE:,.0f} MB"),
    ]
    if vitals:
        rows += [
            ("dash_uptime", duration(vitals.uptime, language)),
            ("dash_memory", f"{vitals.memory / MEGABYTE:,.0f} MB"),
        ]
    return facts([*ails, *((say(key, language), how) for key, how in rows)])


def _limits(picture: Picture, language: str) -> Html:
    """The breaker from the journal; the limiter as the bot tells it."""
    view, counts, vitals = picture.health, picture.chronicle.counts, picture.vitals
    until = str(view.breaker_until.timestamp()) if view.breaker_until else ""
    troubles = counts.troubles
    rows: list[tuple[str, str]] = [
        ("health_breaker", say(f"breaker_state_{view.breaker}", language, until=until)),
        ("dash_opened", f"{troubles['breaker_opened',]:,}"),
        ("dash_throttled", f"{sum(counts.throttled.values()):,} / {troubles['banned',]:,}"),
        ("dash_feed", _feed(picture, language)),
    ]
    if vitals:
        rows.append(("dash_waiting", f"{vitals.waiting:,}"))
        rows.append(("dash_doubted", doubted(vitals.refused) or "0"))
    shown = facts((say(key, language), how) for key, how in rows)
    if not vitals or not vitals.waits:
        return shown
    names = ("dash_group", "dash_calls", "dash_usual", "dash_slowest")
    waits = [(group, *_span(span, language)) for group, span in sorted(vitals.waits.items())]
    return el("div", shown, table(names, waits, language, "dash_no_entries"))


def _feed(picture: Picture, language: str) -> str:
    if picture.vitals and picture.vitals.heard:
        lag = offset(picture.vitals.at - picture.vitals.heard, language)
        return say("dash_feed_heard", language, lag=lag)
    fresh = picture.chronicle.fresh
    return say("dash_feed_stale" if fresh is False else "dash_feed_fine", language)


def _locks(picture: Picture, language: str) -> Html:
    rows = [
        (
            pair_link(lock.pair, language),
            kst(lock.since, seconds=False) if lock.since.timestamp() else DASH,
            kst(lock.until, seconds=False),
            word("reason", lock.reason, language),
        )
        for lock in picture.locks.locks
    ]
    return table(("pair", "since", "until", "reason"), rows, language, "none_locks")


def _actors(picture: Picture, language: str) -> Html:
    """Letters and commits by actor, as the running process counts them."""
    vitals = picture.vitals
    if vitals is None:
        return nothing("dash_only_running", language)
    names = ("dash_source", "dash_letters", "dash_handled", "dash_calls", "dash_usual")
    rows = []
    for name, waiting in vitals.mailboxes.items():
        commits, usual, _ = _span(vitals.commits.get(name, HistogramCounts()), language)
        handled = f"{vitals.handled.get(name, 0):,}"
        rows.append((name, f"{waiting:,}", handled, commits, usual))
    return table((*names[:3], "dash_commits", names[4]), rows, language, "dash_no_entries")


def _span(span: HistogramCounts, language: str) -> tuple[str, str, str]:
    """How many, under which span nine in ten stayed, and under which all did."""
    whole = sum(span.counts)
    if not whole:
        return "0", DASH, DASH
    return f"{whole:,}", _under(span, 0.9 * whole, language), _under(span, whole, language)


def _under(span: HistogramCounts, share: float, language: str) -> str:
    seen = 0
    for edge, count in zip(BUCKETS, span.counts, strict=False):
        seen += count
        if seen >= share:
            return f"< {edge * 1000:g} ms" if edge < 1 else f"< {edge:g} s"
    return f"> {offset(BUCKETS[-1], language)}"
