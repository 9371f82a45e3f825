"""What leaves for the venue, pinned to the byte: an order that was sent must be found again."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from itertools import product

from adapters.upbit.socket.subscriptions import Topic, request_text
from adapters.upbit.tokens import body_text
from core.orders.payload import identifier, is_of, is_ours, order_body
from messages.orders import Order

BIRTHS = ("0123456789abcdef0123456789abcdef", "b1rth", "A-b_c d.e/f~g!h", "한글birth1234567890", "")
INTENTS = ("KRW-BTC@1767571200", "KRW-BTC@60/x1", "KRW-1INCH!9f2c", "KRW-A@0/x12", "", "é\0x")
FIGURES = ("1", "0.00000001", "1E+3", "100000.00", "5000", "123456789.12345678", "1E-8")
KINDS = (("bid", "price"), ("bid", "limit"), ("bid", "best"), ("ask", "market"), ("ask", "limit"))
FORCES = ("", "ioc", "fok", "post_only")


def orders() -> list[Order]:
    """Every kind, time in force and figure that an order may have, and some more."""
    found = []
    for (side, kind), force, price, volume in product(KINDS, FORCES, FIGURES, FIGURES):
        given = {
            "price": None if kind == "market" else Decimal(price),
            "volume": None
            if (side, kind) in (("bid", "price"), ("bid", "best"))
            else Decimal(volume),
        }
        found.append(Order("i", "t", "KRW-BTC", side, kind, time_in_force=force, **given))  # type: ignore[arg-type]
    return found


def test_the_names_of_orders_are_these() -> None:
    named = [identifier(birth, id) for birth, id in product(BIRTHS, INTENTS)]
    assert named[:3] == [
        "0123456789ab-oxhgw5rk53g5weaj5aj6w4e3d4",
        "0123456789ab-ypbe5uf3335dyyx42jivhpdf3i",
        "0123456789ab-r73owvizb2rexcx4buo5l4rydi",
    ]
    assert (
        sha256("\n".join(named).encode()).hexdigest()
        == "25f46d3c06e8c7197a9c263085991c4b7f09257570eb78b8aeb9322b9d35b50b"
    )


def test_a_name_tells_whose_it_is() -> None:
    name = identifier(BIRTHS[0], INTENTS[0])
    assert is_of(BIRTHS[0], name)
    assert is_ours(name)
    assert not is_ours(identifier("b1rth", INTENTS[0])), "its prefix is shorter than ours ever are"


def test_the_bodies_of_orders_are_these() -> None:
    bodies = [order_body(order, identifier(BIRTHS[0], order.pair)) for order in orders()]
    assert (
        bodies[0] == '{"market":"KRW-BTC","side":"bid","price":"1","ord_type":"price",'
        '"identifier":"0123456789ab-bqn6yb7t3jshoqwpvwvsqtvbh4"}'
    )
    assert (
        sha256("\n".join(bodies).encode()).hexdigest()
        == "2be6530c00b8522cc88e05e7961eb0d4f62d8eeb69adc1b8c279272d657d841b"
    )


def test_what_is_hashed_of_them_is_this() -> None:
    bodies = [order_body(order, identifier(BIRTHS[0], order.pair)) for order in orders()]
    texts = "\n".join(body_text(body.encode()) for body in bodies)
    assert (
        sha256(texts.encode()).hexdigest()
        == "ffb57cc69e0c181ecd96613563ce5dffda43638efeaaf8f8fef550301485ea6f"
    )


def test_what_a_socket_is_asked_for_is_this() -> None:
    topics = (Topic("ticker", ("KRW-BTC", "krw-eth")), Topic("trade", ("KRW-BTC",), fresh=True))
    assert (
        request_text(topics, simple=True, ticket="t")
        == '[{"ticket":"t"},{"type":"ticker","codes":["KRW-BTC","KRW-ETH"]},'
        '{"type":"trade","codes":["KRW-BTC"],"is_only_realtime":true},{"format":"SIMPLE"}]'
    )
    assert (
        request_text((Topic("myOrder"), Topic("myAsset", ("KRW-BTC",))), ticket="t")
        == '[{"ticket":"t"},{"type":"myOrder"},{"type":"myAsset"},{"format":"DEFAULT"}]'
    )
