"""Which live prices count: the rule of one pair, frame by frame."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.market.jumps import jumped
from core.market.price_filter import (
    LEAD_SECONDS,
    NEAR,
    STEP,
    ClockLead,
    FilterResult,
    KnownPrice,
    dated,
    expired,
    judged,
    possible,
    witnessed,
)
from core.market.prices import Quote
from messages.market import Candle

D = Decimal
KNOWN = KnownPrice(D(100), 1000.0)


def frame(price: str | Decimal, moment: float) -> Quote:
    return Quote("KRW-A", *[D(price)] * 4, moment, moment)


def stretch(first: str, high: str, low: str, last: str, since: float, moment: float) -> Quote:
    return Quote("KRW-A", D(first), D(high), D(low), D(last), since, moment)


def lasts(found: FilterResult) -> list[Decimal]:
    return [quote.last for quote in found.counts]


# --- what never counts
def test_a_price_of_zero_never_counts() -> None:
    assert judged(KNOWN, frame("0", 1001)) == FilterResult(KNOWN, why="zero")
    assert judged(KnownPrice(), frame("0", 1001)) == FilterResult(KnownPrice(), why="zero")


def test_what_was_traded_before_the_newest_known_never_counts_however_near_it_is() -> None:
    for price in ("90", "100", "100.1", "150"):
        assert judged(KNOWN, frame(price, 999.9)) == FilterResult(KNOWN, why="old")


def test_the_same_trade_told_again_changes_nothing_and_an_equal_moment_is_not_old() -> None:
    assert judged(KNOWN, frame("100", 1000)).belief is KNOWN
    assert lasts(judged(KNOWN, frame("99", 1000))) == [D(99)]


# --- leaps
def test_a_step_of_a_tenth_counts_and_a_greater_one_waits() -> None:
    for price in ("90", "110"):
        assert lasts(judged(KNOWN, frame(price, 1001))) == [D(price)]
    for price in ("89.99", "110.01", "1"):
        found = judged(KNOWN, frame(price, 1001))
        assert (found.counts, found.belief.price, found.belief.number) == ((), D(100), 1)


def test_after_a_minute_three_tenths_count() -> None:
    assert judged(KNOWN, frame("71", 1060)).counts == ()
    assert lasts(judged(KNOWN, frame("70", 1060.1))) == [D(70)]
    assert judged(KNOWN, frame("69.9", 1060.1)).counts == ()


def test_another_trade_near_it_is_its_witness_and_both_count() -> None:
    waits = judged(KNOWN, frame("80", 1001)).belief
    found = judged(waits, frame("76.1", 1002))
    assert (lasts(found), found.belief.price, found.belief.doubt) == ([D(80), D("76.1")],
        D("76.1"), None)  # fmt: skip


def test_the_same_frame_doubled_is_no_witness() -> None:
    waits = judged(KNOWN, frame("80", 1001)).belief
    assert judged(waits, frame("80", 1001)) == FilterResult(waits)


def test_a_later_trade_near_the_price_before_it_ends_a_leap() -> None:
    waits = judged(KNOWN, frame("80", 1001)).belief
    found = judged(waits, frame("99", 1001.5))
    assert (lasts(found), found.belief.doubt, found.why) == ([D(99)], None, "step")
    assert expired(found.belief, 1) == FilterResult(found.belief), "and its alarm is nothing"


def test_a_trade_from_before_the_leap_does_not_end_it() -> None:
    waits = judged(KNOWN, frame("80", 1002)).belief
    found = judged(waits, frame("99", 1001))
    assert (lasts(found), found.belief.doubt) == ([D(99)], waits.doubt)


def test_what_falls_on_and_on_counts_when_the_first_leap_has_waited() -> None:
    waits = judged(KNOWN, frame("85", 1001)).belief
    deeper = judged(waits, frame("70", 1002)).belief
    assert deeper.number == waits.number, "one wait"
    found = expired(deeper, waits.number)
    assert (lasts(found), found.why) == ([D(70)], "unwitnessed")


def test_an_alarm_of_another_leap_is_nothing() -> None:
    waits = judged(KNOWN, frame("85", 1001)).belief
    assert expired(waits, 0) == FilterResult(waits)


# --- the ticker
def test_the_ticker_near_a_leap_is_its_witness_whatever_its_moment() -> None:
    waits = judged(KNOWN, frame("80", 1001)).belief
    assert lasts(witnessed(waits, D("83"), 0.0, sure=False)) == [D(80)]


def test_the_ticker_denies_a_leap_only_if_it_must_know_of_it() -> None:
    waits = judged(KNOWN, frame("80", 1001)).belief
    assert witnessed(waits, D(100), 1000.0, sure=False) == FilterResult(waits), "it may lag"
    for moment, sure in ((1001.0, False), (1000.0, True)):
        found = witnessed(waits, D(100), moment, sure)
        assert (found.counts, found.belief.doubt, found.why) == ((), None, "step")
    assert witnessed(waits, D(60), 1001.0, sure=True) == FilterResult(waits), "it has leapt too"
    assert witnessed(waits, D(0), 1001.0, sure=True) == FilterResult(waits), "nothing is known"


# --- stretches
def test_a_low_in_the_midst_of_a_stretch_counts_for_nothing_and_its_end_does() -> None:
    found = judged(KNOWN, stretch("99", "100", "50", "98", 1001, 1003))
    assert (found.counts, found.why) == ((frame("98", 1003),), "step")
    found = judged(KNOWN, stretch("99", "100", "0", "98", 1001, 1003))
    assert (found.counts, found.why) == ((frame("98", 1003),), "zero")
    found = judged(KNOWN, stretch("80", "98", "80", "98", 999, 1003))
    assert (found.counts, found.why) == ((frame("98", 1003),), "old")


def test_a_stretch_of_trades_that_leapt_together_is_its_own_witness() -> None:
    crash = stretch("80", "80", "78", "79", 1001, 1001.5)
    assert judged(KNOWN, crash).counts == (crash,)


# --- moments
def test_one_frame_from_the_far_future_makes_none_after_it_old() -> None:
    lead, quote = dated(ClockLead(), frame("100", 9e9), 1001.0)
    belief = judged(KNOWN, quote).belief
    _, after = dated(lead, frame("99", 1002.0), 1002.0)
    assert lasts(judged(belief, after)) == [D(99)]


def test_where_our_clock_is_late_the_venues_moments_hold() -> None:
    behind = 9 * 3600.0
    lead, first = dated(ClockLead(), frame("100", 1000 + behind), 1000.0)
    assert first.moment == 1000.0
    lead, second = dated(lead, frame("99", 1001 + behind), 1001.2)
    assert second.moment == 1001 + behind
    _, third = dated(lead, frame("98", 1002 + behind), 1002.0)
    assert third.moment == 1002 + behind


@given(st.floats(0, 1e6), st.lists(st.tuples(st.floats(0, 100), st.floats(-1e7, 1e7)), max_size=20))
def test_a_moment_never_moves_forward_and_what_is_not_ahead_stays(
    now: float, told: list[tuple[float, float]]
) -> None:
    lead = ClockLead()
    for wait, ahead in told:
        now += wait
        heard = frame("100", now + ahead)
        lead, quote = dated(lead, heard, now)
        assert quote.moment <= heard.moment
        if ahead <= LEAD_SECONDS:
            assert quote == heard


# --- candles
def test_a_candle_that_cannot_be_is_refused() -> None:
    def candle(*prices: str) -> Candle:
        return Candle(960, *map(D, prices), D(1))

    usual = candle("100", "101", "99", "100")
    assert possible(KNOWN, usual, None, 1001)
    for wrong in (
        *(("0", "0", "0", "0"), ("100", "101", "0", "100"), ("100", "99", "98", "98")),
        *(("100", "101", "100.5", "101"), ("100", "101", "80", "80"), ("10", "10", "10", "10")),
    ):
        assert not possible(KNOWN, candle(*wrong), usual, 1001), wrong
    assert not possible(KNOWN, candle("100", "101", "85", "100"), usual, 1001), "a low of its own"
    low = candle("100", "101", "85", "100")
    assert possible(KNOWN, candle("100", "101", "84", "100"), low, 1001), "it was there before"


# --- whatever comes
PRICES = st.integers(0, 300).map(D)
STEPS = st.lists(st.tuples(PRICES, st.floats(-30, 30)), max_size=40)


@given(STEPS)
def test_what_counts_was_told_and_is_near_what_counted_before_it_or_has_a_witness(
    told: list[tuple[Decimal, float]],
) -> None:
    belief, moment, heard = KNOWN, 1000.0, [D(100)]
    for price, wait in told:
        moment += wait
        before, found = belief, judged(belief, frame(price, moment))
        belief = found.belief
        heard.append(price)
        assert all(quote.last > 0 and quote.last in heard for quote in found.counts)
        assert belief.moment >= before.moment
        if found.why == "jump":  # the second price after it, and none of the first
            (second,) = found.counts
            assert before.doubt is not None
            assert jumped(before.price, before.doubt.last)
            assert abs(price - before.doubt.last) <= NEAR * before.doubt.last
        elif len(found.counts) == 1:
            most = D("0.3") if moment - before.moment > 60 else STEP
            assert abs(price - before.price) <= most * before.price
        if len(found.counts) == 2:
            first, second = (quote.last for quote in found.counts)
            assert abs(first - second) <= NEAR * max(first, second)
            assert not jumped(before.price, before.doubt.last if before.doubt else second)
        assert (belief.doubt is None) or belief.doubt.last in heard


@given(STEPS, st.integers(10, 60))
def test_a_real_crash_counts_at_its_second_trade_or_when_it_has_waited(
    told: list[tuple[Decimal, float]], fallen: int
) -> None:
    belief, moment = KNOWN, 1000.0
    for price, wait in told:
        moment += wait
        belief = judged(belief, frame(price, moment)).belief
    moment = max(moment, belief.moment, belief.doubt.moment if belief.doubt else 0.0) + 1
    once = judged(belief, frame(D(fallen), moment))
    again = judged(once.belief, frame(D(fallen), moment + 0.1))
    assert again.belief.price == fallen
    if once.belief.doubt:
        alone = expired(once.belief, once.belief.number)
        deep = jumped(belief.price, D(fallen))
        assert lasts(alone) == ([] if deep else [D(fallen)])
        then = judged(alone.belief, frame(D(fallen), moment + 0.1))
        assert lasts(then) == [D(fallen)], "the next trade, at the latest"
