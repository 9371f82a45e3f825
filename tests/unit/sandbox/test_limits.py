"""Rate limits: a bucket that refills, refusals that are counted, bans that grow."""

from __future__ import annotations

import pytest

from sandbox.limits import Bans, Limits, group_of


def test_a_burst_of_the_limit_passes_and_the_next_does_not() -> None:
    limits = Limits()
    verdicts = [limits.take("order", 0.0) for _ in range(13)]
    assert [v.status for v in verdicts] == [200] * 12 + [429]
    assert verdicts[0].header == "group=order; min=720; sec=11"
    assert verdicts[11].header == "group=order; min=720; sec=0"
    assert (limits.counts["order"].requests, limits.counts["order"].exceeded) == (13, 1)


@pytest.mark.parametrize(("spacing", "passes"), [(0.095, False), (0.1, True), (0.101, True)])
def test_a_steady_pace_passes_when_it_is_not_above_the_refill(spacing: float, passes: bool) -> None:
    limits = Limits()
    statuses = {limits.take("ticker", i * spacing).status for i in range(400)}
    assert (statuses == {200}) == passes


def test_going_on_after_refusals_is_a_ban_and_the_next_one_is_longer() -> None:
    limits = Limits(bans=Bans(refusals=3, within=10, first=60, times=2))
    now, lengths = 0.0, []
    for _ in range(2):
        while limits.take("order", now).status != 418:
            pass
        lengths.append(limits.take("order", now).seconds)
        assert limits.take("default", now).status == 418  # the same account
        assert limits.take("ticker", now).status == 200  # an address's group
        assert limits.take("order", now + lengths[-1] - 2).status == 418
        now += lengths[-1]
        assert limits.take("order", now).status == 200
    assert lengths == [61, 121]
    assert limits.counts["order"].banned > 0


def test_cancelling_everything_is_allowed_once_in_two_seconds() -> None:
    limits = Limits()
    header = "group=order-cancel-all; min=30; sec=0"
    assert limits.take("order-cancel-all", 0.0).header == header
    assert limits.take("order-cancel-all", 1.9).status == 429
    assert limits.take("order-cancel-all", 4.0).status == 200


@pytest.mark.parametrize(
    ("method", "path", "group"),
    [
        ("POST", "/v1/orders", "order"),
        ("GET", "/v1/orders", "default"),
        ("POST", "/v1/orders/test", "order-test"),
        ("POST", "/v1/orders/cancel_and_new", "order"),
        ("DELETE", "/v1/order", "default"),
        ("DELETE", "/v1/orders/uuids", "default"),
        ("DELETE", "/v1/orders/open", "order-cancel-all"),
        ("GET", "/v1/accounts", "default"),
        ("GET", "/v1/candles/minutes/5", "candles"),
        ("GET", "/v1/trades/ticks", "crix-trades"),
        ("GET", "/v1/ticker/all", "ticker"),
        ("GET", "/v1/market/all", "market"),
        ("GET", "/v1/orderbook/instruments", "orderbook"),
    ],
)
def test_every_endpoint_counts_in_its_group(method: str, path: str, group: str) -> None:
    assert group_of(method, path) == group
