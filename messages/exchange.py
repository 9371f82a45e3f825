"""The keys of a venue: where it is, how fast it may be asked, and the caps of what goes there."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct


def described(text: str, **bounds: str | int | float) -> Any:
    """A key's meaning, and its range in the words of messages/config.py."""
    return Meta(description=text, extra=dict(bounds))


_d = described


class Exchange(Struct, frozen=True):
    """The venue, and how fast it may be asked."""

    name: Annotated[Literal["upbit"], _d("the venue whose rules hold")] = "upbit"
    rest_url: Annotated[str, _d("where its REST calls go")] = "https://api.upbit.com"
    ws_url: Annotated[str, _d("where its sockets are")] = "wss://api.upbit.com"
    connect_seconds: Annotated[Decimal, _d("longest wait for a connection", above=0, most=60)] = (
        Decimal(3)
    )
    read_seconds: Annotated[
        Decimal, _d("longest wait between two bytes of an answer", above=0, most=60)
    ] = Decimal(5)
    call_seconds: Annotated[Decimal, _d("longest call in all", above=0, most=120)] = Decimal(10)
    order_per_second: Annotated[int, _d("order calls a second", least=1, most=100)] = 12
    default_per_second: Annotated[int, _d("other private calls a second", least=1, most=100)] = 30
    quotation_per_second: Annotated[int, _d("public calls a second", least=1, most=100)] = 10
    order_per_minute: Annotated[
        int | None, _d("order calls a minute; null = no limit, as at Upbit", least=1, most=6000)
    ] = None
    default_per_minute: Annotated[
        int | None, _d("other private calls a minute; null = no limit", least=1, most=6000)
    ] = None
    quotation_per_minute: Annotated[
        int | None, _d("public calls a minute; null = no limit", least=1, most=6000)
    ] = None
    queue_max: Annotated[int, _d("calls that may wait", least=10, most=100000)] = 1000
    account_seconds: Annotated[
        int, _d("how often the account is looked at, live", least=10, most=3600)
    ] = 60
    account_confirm_seconds: Annotated[
        int,
        _d("how long cash or coins must be missing before anything is booked", least=30, most=3600),
    ] = 120
    max_order_krw: Annotated[
        Decimal | None, _d("KRW of an entry when live; null = no cap", above=0, most=10**12)
    ] = Decimal(50000)
    max_daily_krw: Annotated[
        Decimal | None, _d("KRW of a day's entries when live; null = no cap", above=0, most=10**12)
    ] = Decimal(200000)
    max_orders_per_minute: Annotated[
        int | None, _d("entries a minute when live; null = no cap", least=1, most=6000)
    ] = 10
    max_slippage: Annotated[
        Decimal, _d("how much above its candle's close a live entry may buy", least=0, below=1)
    ] = Decimal("0.003")
    resend: Annotated[bool, _d("send again what the venue does not know, live")] = False
    exit_on_delisting: Annotated[
        bool, _d("sell at once what is held of a pair that gets a date of its delisting")
    ] = False
    candle_grace_seconds: Annotated[
        Decimal, _d("wait for a closed candle's last frame", least=0, most=20)
    ] = Decimal("1.5")
    stale_seconds: Annotated[
        int, _d("silence of the live feed that stops entries", least=1, most=3600)
    ] = 10
