"""Previews of an operator's changes, by the owners of a bot with real money and no outside.

What a preview refuses, the command itself is refused for; what it names is what then goes out; and
nothing is left of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec import structs

from actors.budget import Budget
from actors.entries.strategist import Strategist
from actors.holdings.holdings import Holdings
from actors.market.market_status import MarketStatusOwner
from actors.market.price_triggers import PriceTriggers
from actors.orders.breaker import Breaker
from actors.orders.gateway import Gateway
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import System
from actors.trading_state import TradingStateOwner
from app.composition import Bot
from app.control.frames import decode_change, decode_reply, encode
from app.market_list import MarketList
from core.market.prices import Quote
from messages import control
from messages.account import EndReconciliation
from messages.base import Event
from messages.budget import BudgetRefused
from messages.config import Config
from messages.control import (
    CancelOpenOrder,
    ForceEnter,
    ForceExit,
    Kill,
    OperatorReply,
    Shutdown,
    StartTrading,
    StopTrading,
)
from messages.exchange import Exchange
from messages.market_status import WatchPairs
from messages.orders import CallReport, CancelIntended, OrderIntended, OrderRefused, OrderReport
from messages.previews import ChangePreview, Preview, PreviewedCancel
from messages.trading import ExitWanted
from messages.venue_queries import Terms, TermsReport
from tests.support.toy_actors import store_at

D = Decimal
NOW = 1_774_148_400.0  # noon in Korea
A, B, C = "KRW-BTC", "KRW-ETH", "KRW-XRP"
CAPS = Exchange(max_order_krw=D(50000), max_daily_krw=D(80000))
LIVE = Config(
    dry_run=False,
    available_capital=D(200000),
    pair_whitelist=(A, B, C),
    pair_blacklist=(C,),
    max_open_trades=1,
    exchange=CAPS,
)
OWNERS = (TradingStateOwner, Budget, Holdings, Gateway, Strategist, Breaker, MarketStatusOwner)


class Owners:
    """The owners of a bot; the test is the feed and the venue."""

    def __init__(self, path: Path, config: Config = LIVE) -> None:
        self.store, self.runtime, self.ids = store_at(path), DeterministicRuntime(NOW, 1), 0
        bands = PriceTriggers()
        tools = {"bands": bands, "pairs": (A, B, C), "markets": MarketList((A, B, C))}
        self.system = System(self.runtime, self.store, OWNERS, tools)
        self.config = config
        self.bot = Bot(config, self.system, lambda: self.config, [WatchPairs((A, B, C))])
        self.bot.start()
        self.settle()
        self.hear(EndReconciliation(unread=True))
        self.terms(A, B, C)
        for pair in (A, B, C):
            list(bands.price(Quote(pair, *(D(1000),) * 4, NOW, NOW)))

    def settle(self) -> None:
        self.runtime.run_until(NOW)

    def hear(self, *messages: Any) -> None:
        for message in messages:
            self.system.send(message, source="test")
        self.settle()

    def terms(self, *pairs: str, state: str = "active") -> None:
        said = Terms(D("0.0005"), D(5000), state)
        self.hear(TermsReport(dict.fromkeys(pairs, said)))

    def make(self, change: Any) -> OperatorReply:
        """Have a change made, under an id of its own."""
        self.ids += 1
        reply = self.bot.ask(structs.replace(change, id=f"c{self.ids}"))
        self.settle()
        return reply

    def reload(self, **changes: Any) -> None:
        """From now on with a changed configuration."""
        self.config = structs.replace(self.config, **changes)
        assert self.make(control.ReloadConfig()).done

    def preview(self, change: Any) -> ChangePreview:
        return self.bot.preview(structs.replace(change, id="previewed"))

    def said(self, kind: type) -> list[Any]:
        return [e.body for e in self.store.events() if isinstance(e.body, kind)]

    def buy(self, pair: str = A, *, fill: bool = True, stake: int = 30000) -> None:
        """An entry, and what the venue says of it."""
        assert self.make(ForceEnter(pair, D(stake))).done
        order = self.said(OrderIntended)[-1].order
        volume = order.volume if fill else D(0)
        told = OrderReport(
            order.id,
            "snapshot",
            "submit",
            uuid=f"u {order.id}",
            state="done" if fill else "wait",
            pair=order.pair,
            side="bid",
            ord_type=order.ord_type,
            price=order.price,
            asked_volume=order.volume,
            volume=volume,
            funds=volume * 1000,
            fee=volume * D("0.5"),
            filled_at=NOW - 60 if fill else 0.0,
        )
        self.hear(told)


@pytest.fixture
def owners(tmp_path: Path) -> Iterator[Owners]:
    made = Owners(tmp_path / "state")
    yield made
    assert made.system.failed is None
    made.store.close()


def nothing(_: Owners) -> None: ...


def sold(owners: Owners) -> None:
    owners.buy()
    assert owners.make(ForceExit(A)).done


def bought(owners: Owners) -> None:
    owners.buy()


def halted(owners: Owners) -> None:
    owners.terms(A, state="preview")


CASES: dict[str, tuple[Callable[[Owners], object], Any]] = {
    "no_market_near": (nothing, ForceEnter("KRW-BTT")),
    "blacklisted": (nothing, ForceEnter(C)),
    "stake_too_small": (nothing, ForceEnter(A, D(100))),
    "pair_busy": (bought, ForceEnter(A)),
    "max_open_trades": (bought, ForceEnter(B)),
    "halted": (halted, ForceEnter(A)),
    "stopped": (lambda o: o.make(StopTrading()), ForceEnter(A)),
    "killed": (lambda o: o.make(Kill()), ForceEnter(A)),
    "no_trade": (nothing, ForceExit(A)),
    "exit_under_way": (sold, ForceExit(A)),
    "no_open_order": (nothing, CancelOpenOrder(A)),
}


def reason_of(owners: Owners, before: int) -> str:
    """Why an owner refused what was wanted since then."""
    events = [e.body for e in owners.store.events(before)]
    return next(e.reason for e in events if isinstance(e, BudgetRefused | OrderRefused))


@pytest.mark.parametrize("reason", sorted(CASES))
def test_what_a_preview_refuses_the_command_is_refused_for(owners: Owners, reason: str) -> None:
    given, change = CASES[reason]
    given(owners)
    previewed = owners.preview(change).reply
    assert not previewed.done
    assert reason in (previewed.key, previewed.facts.get("reason"))
    before = owners.store.count()
    made = owners.make(change)
    if made.done:  # an owner behind the one that answers refuses it
        assert reason_of(owners, before) == reason
    else:
        assert made == previewed


@pytest.mark.parametrize("poor", [False, True])
def test_what_an_owner_behind_refuses_is_refused_before_it_is_asked(
    owners: Owners, poor: bool
) -> None:
    cash = {"available_capital": D(80000)} if poor else {}
    caps = structs.replace(CAPS, max_daily_krw=None) if poor else CAPS
    owners.reload(max_open_trades=3, pair_blacklist=(), exchange=caps, **cash)
    owners.buy(A, stake=45000)
    owners.buy(B, stake=30000)
    previewed = owners.preview(ForceEnter(C)).reply
    reason = "insufficient_budget" if poor else "max_daily_krw"
    assert previewed.key == ("entry_unfunded" if poor else "entry_refused")
    assert previewed.facts["reason"] == reason
    before = owners.store.count()
    assert owners.make(ForceEnter(C)).done
    assert reason_of(owners, before) == reason


def test_the_venues_word_on_a_market_stands_in_the_refusal(owners: Owners) -> None:
    halted(owners)
    previewed = owners.preview(ForceEnter(A)).reply
    assert (previewed.key, previewed.facts["detail"]) == ("not_entered_barred", "preview")
    assert owners.make(ForceEnter(A)) == previewed


@pytest.mark.parametrize("stake", [None, 30000])
def test_a_previewed_entry_is_the_order_that_then_goes_out(
    owners: Owners, stake: int | None
) -> None:
    change = ForceEnter(A, None if stake is None else D(stake))
    (row,) = owners.preview(change).orders
    assert owners.make(change).done
    (intended,) = owners.said(OrderIntended)
    order = intended.order
    assert order.price is not None
    assert order.volume is not None
    assert (row.krw, row.limit) == (order.price * order.volume, order.price)
    assert row.price == 1000
    assert (row.cut, row.stake) == (intended.cut_by, intended.wanted)
    assert row.cut == ("" if stake else "max_order_krw")
    assert row.fee == pytest.approx(row.krw * D("0.0005"))


def test_a_previewed_exit_is_the_sale_that_then_goes_out(owners: Owners) -> None:
    owners.buy()
    preview = owners.preview(ForceExit("all"))
    (row,) = preview.orders
    assert owners.preview(ForceExit(A)).orders == (row,)
    assert owners.make(ForceExit("all")).done
    (wanted,) = owners.said(ExitWanted)
    assert (row.pair, row.volume, row.waits) == (A, wanted.volume, "")
    assert row.krw == row.volume * 1000
    assert row.profit == -2 * row.fee, "bought and sold at the same price"


def test_an_exit_from_a_market_that_takes_no_orders_is_said_to_wait(owners: Owners) -> None:
    owners.buy()
    halted(owners)
    (row,) = owners.preview(ForceExit(A)).orders
    assert (row.waits, row.detail) == ("halted", "preview")


def test_what_is_worth_too_little_to_sell_is_said_to_be(owners: Owners) -> None:
    owners.buy()
    bands: PriceTriggers = owners.system.tools["bands"]
    list(bands.price(Quote(A, *(D(100),) * 4, NOW + 1, NOW + 1)))
    (row,) = owners.preview(ForceExit(A)).orders
    assert row.waits == "dust"


def test_entries_that_a_silent_exchange_holds_back_are_said_to_wait(owners: Owners) -> None:
    assert owners.preview(ForceEnter(A)).held_until == 0
    owners.hear(*[CallReport("order", "failed")] * 3)
    assert owners.preview(ForceEnter(A)).held_until == NOW + 300


def test_a_kill_names_the_orders_it_cancels_and_the_trades_without_a_stop(owners: Owners) -> None:
    owners.reload(max_open_trades=3)
    owners.buy(A)
    owners.buy(B, fill=False)
    preview = owners.preview(Kill())
    assert preview.cancels == (PreviewedCancel(B, "bid"),)
    (trade,) = preview.trades
    assert (trade.pair, trade.krw) == (A, trade.volume * 1000)
    assert owners.preview(StopTrading()).trades == preview.trades
    assert owners.bot.preview(Shutdown()).trades == preview.trades
    assert owners.preview(CancelOpenOrder(B)).cancels == preview.cancels
    assert owners.make(Kill()).done
    assert len(owners.said(CancelIntended)) == 1
    assert owners.preview(Kill()).idle
    assert not owners.preview(StartTrading()).idle


def test_previews_leave_nothing_behind(owners: Owners) -> None:
    owners.buy()

    def whole() -> list[Any]:
        states = [owners.system.preview(owner.name) for owner in OWNERS]
        return [owners.store.count(), *[turn.state for turn in states if turn]]

    before = whole()
    for kind in get_args(control.Changes):
        if kind is control.ShowVitals:
            continue
        needed = {"pair": B, "answer": "lost"}
        fields = {name: needed[name] for name in kind.__struct_fields__ if name in needed}
        change = structs.replace(kind(**fields), id="x")
        first, second = (owners.bot.preview(change) for _ in range(2))
        assert first == second
        owners.settle()
        assert whole() == before, kind
    assert owners.preview(ForceEnter(A)).reply == owners.make(ForceEnter(A))


def test_a_decision_that_raises_ends_no_bot_that_is_only_asked(owners: Owners) -> None:
    class Broken(Event):
        """None of the budget's messages."""

    turn = owners.system.preview("budget", Broken())
    assert turn is not None
    assert turn.failed
    owners.settle()
    assert owners.preview(ForceEnter(A)).orders


def test_a_preview_crosses_the_socket_and_so_does_its_answer(owners: Owners) -> None:
    asked = Preview(ForceEnter(A, D(20000), "c"))
    assert decode_change(encode(asked)[4:]) == asked
    answer = owners.bot.preview(asked.change)
    assert answer.orders
    assert decode_reply(encode(answer)[4:]) == answer
