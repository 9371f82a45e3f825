"""What goes over the wire, byte for byte, and the names that orders have there."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.orders.payload import identifier, is_of, order_body
from core.orders.rejections import DEFINITE_NO
from messages.orders import Order

D = Decimal
BUY = Order("i", "t", "KRW-BTC", "bid", "price", price=D("100000"))
SELL = Order("i", "t", "KRW-BTC", "ask", "market", volume=D("0.00123000"))
LIMIT = Order("i", "t", "KRW-XRP", "bid", "limit", D("1E+3"), D("0.00000001"), "ioc")


@pytest.mark.parametrize(
    ("order", "body"),
    [
        (
            BUY,
            '{"market":"KRW-BTC","side":"bid","price":"100000","ord_type":"price","identifier":"x"}',
        ),
        (
            SELL,
            '{"market":"KRW-BTC","side":"ask","volume":"0.00123000","ord_type":"market",'
            '"identifier":"x"}',
        ),
        (
            LIMIT,
            '{"market":"KRW-XRP","side":"bid","volume":"0.00000001","price":"1000",'
            '"ord_type":"limit","time_in_force":"ioc","identifier":"x"}',
        ),
    ],
)
def test_a_body_is_compact_in_a_fixed_order_with_plain_figures(order: Order, body: str) -> None:
    assert order_body(order, "x") == body


@given(st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=8))
def test_a_figure_survives_the_wire_without_an_exponent(figure: Decimal) -> None:
    text = json.loads(order_body(Order("i", "t", "P", "ask", "market", volume=figure), "x"))
    assert re.fullmatch(r"[0-9]+(\.[0-9]+)?", text["volume"])
    assert D(text["volume"]) == figure


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_identifier_is_short_and_plain_for_any_birth_and_intent(birth: str, id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9-]{1,40}", identifier(birth, id))


def test_an_identifier_never_changes() -> None:
    """A release that gave an intent another name would not find it at the venue."""
    assert identifier("b1rth", "KRW-BTC@60") == "b1rth-z2yygjpaifxe4parlxuzfx2eli"


def test_an_order_is_known_as_ours_by_the_birth_in_its_name() -> None:
    assert is_of("b1rth", identifier("b1rth", "KRW-BTC@60"))
    assert not is_of("b1rt", identifier("b1rth", "KRW-BTC@60"))
    assert not is_of("b1rth", identifier("other", "KRW-BTC@60"))
    assert not is_of("b1rth", "")


def test_two_intents_or_two_births_never_share_an_identifier() -> None:
    births = ["", "a", "b", "a" * 12 + "x", "a" * 12 + "y", "a-", "a "]
    names = {identifier(b, i) for b in births for i in ("KRW-BTC@60", "KRW-BTC@120", "")}
    assert len(names) == len(births) * 3


def test_what_may_mean_that_a_copy_arrived_is_no_definite_no() -> None:
    assert not DEFINITE_NO & {"duplicated_identifier", "nonce_used", "order_not_found"}
    assert not DEFINITE_NO & {"internal_server_error", "server_error", ""}
    assert {"insufficient_funds_bid", "under_min_total_ask", "market_offline"} <= DEFINITE_NO
