"""Owns the checks of the keys: there, accepted, allowed exactly what a bot needs, and until when.

Scopes are tried with calls that change nothing. That a key may *not* see withdrawals is tested
too: one that may is refused, for its thief takes the coins (docs/reference/reliability.md 4).
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import DEFAULT, ORDER_TEST
from adapters.upbit.replies import NoData, Refused, Reply
from adapters.upbit.schemas.accounts import ApiKey, Chance, Order
from adapters.upbit.secrets import Keys, NoKeys
from app.preflight.finding import About, Finding, ok, trouble, warning
from app.preflight.reach import ANY
from app.venue.requests import Banned, PacedRequester
from app.venue.why import OF_THE_KEY, Why, is_scope, shut_out, why
from core.market.instrument_status import AHEAD, days_left
from core.market.pairs import codes
from i18n.formatting import percent
from messages.config import Config

ASKED_MAX = 3  # pairs that are asked about where one after the other is not there
UNLISTED = "notfoundmarket"
LEAST = Decimal(5000)  # KRW of an order, where a market does not say


def check_keys(keys: Keys | NoKeys) -> Finding:
    """Whether there are keys to work with. They are never shown."""
    if isinstance(keys, Keys):
        return ok("keys", "keys_found")
    return trouble("keys", f"keys_{keys.problem}", name=keys.name, place=keys.place or "")


class AccountChecks:
    """The checks of one account, in the order in which they make sense."""

    def __init__(
        self, client: Client, reading: PacedRequester, config: Config, keys: Keys, at: float
    ) -> None:
        self._client, self._reading, self._at = client, reading, at
        self._config, self._keys = config, keys
        self._host = config.exchange.rest_url

    def check(self) -> list[Finding]:
        """All of them; one alone where Upbit refuses the key itself, or cannot be asked."""
        try:
            assets = self._assets()
            if assets.key in OF_THE_KEY or assets.about == "reach":
                return [assets]
            return [
                assets,
                *self._order_view(),
                self._orders(),
                self._withdraw(),
                *self._expiry(),
            ]
        except Banned as ban:
            return [_of("reach", shut_out(ban, self._host))]

    def _assets(self) -> Finding:
        reply = self._reading.ask(DEFAULT, self._client.accounts)
        if isinstance(reply.value, NoData | Refused | Failure):
            return self._refused("scope_assets", reply.value)
        return ok("scope_assets", "assets_ok")

    def _order_view(self) -> list[Finding]:
        for pair in _pairs(self._config):
            asked = partial(self._client.chance, pair)
            value = self._reading.ask(DEFAULT, asked).value
            if not isinstance(value, Refused) or value.name != UNLISTED:
                break
        if isinstance(value, NoData | Refused | Failure):
            return [self._refused("scope_order_view", value)]
        return [ok("scope_order_view", "order_view_ok"), _market(value, pair)]

    def _orders(self) -> Finding:
        """An order that is only checked: whatever Upbit says of its figures, the key may order."""
        body = test_body(_pairs(self._config)[0], LEAST)
        reply: Reply[Order] = self._reading.ask(ORDER_TEST, lambda: self._client.test_order(body))
        value = reply.value
        if isinstance(value, Refused) and 400 <= value.status < 500 and not _is_no_answer(value):
            return ok("scope_orders", "orders_ok")
        if isinstance(value, NoData | Refused | Failure):
            return self._refused("scope_orders", value)
        return ok("scope_orders", "orders_ok")

    def _withdraw(self) -> Finding:
        """Must be refused: success is a trouble, and what is neither is not known."""
        reply = self._reading.ask(DEFAULT, self._client.withdraws)
        if isinstance(reply.answer, Answer) and reply.answer.status in (200, 201):
            return trouble("scope_withdraw", "scope_wide")
        value = reply.value
        if isinstance(value, NoData | Refused | Failure) and is_scope(value):
            return ok("scope_withdraw", "withdraw_ok")
        text = why(value, self._host).key if isinstance(value, NoData | Failure) else ""
        name = value.name if isinstance(value, Refused) else text
        return warning("scope_withdraw", "withdraw_untested", name=name)

    def _expiry(self) -> list[Finding]:
        value = self._reading.ask(DEFAULT, self._client.api_keys).value
        if isinstance(value, NoData | Refused | Failure):
            return [warning("expiry", "expiry_unknown")]
        return [expiry(value, self._keys, self._at)]

    def _refused(self, about: About, value: NoData | Refused | Failure) -> Finding:
        if is_scope(value):
            return trouble(about, f"{about}_missing")
        reason = why(value, self._host)
        return _of("keys" if reason.key in OF_THE_KEY else "reach", reason)


def expiry(listed: tuple[ApiKey, ...], keys: Keys, at: float) -> Finding:
    """How long our key is still good for, at this moment (epoch seconds)."""
    own = keys.access.reveal()
    ends = [key.expire_at.timestamp() for key in listed if key.access_key.reveal() == own]
    if not ends:
        return warning("expiry", "expiry_unknown")
    days = days_left(ends[0], at)
    facts = {"until": str(ends[0]), "days": str(days)}
    if ends[0] <= at:
        return trouble("keys", "key_expired", **facts)
    if days <= AHEAD[0]:
        return warning("expiry", "expiry_soon", **facts)
    return ok("expiry", "expiry_ok", **facts)


def test_body(pair: str, krw: Decimal) -> str:
    """A market buy, to be checked only: its figures fit every market, and it has no identifier."""
    members = {"market": pair, "side": "bid", "price": format(krw, "f"), "ord_type": "price"}
    return json.dumps(members, separators=(",", ":"))


def _market(chance: Chance, pair: str) -> Finding:
    if chance.market.state != "active":
        return trouble("market", "market_halted", pair=pair, state=chance.market.state)
    rate = percent(max(chance.bid_fee, chance.ask_fee))
    return ok("market", "market_active", pair=pair, rate=rate)


def _pairs(config: Config) -> tuple[str, ...]:
    """Pairs to ask about until one is there: those listed by name first, and not all of them."""
    names = config.pair_whitelist
    return (*(() if isinstance(names, str) else codes(names)[:ASKED_MAX]), ANY)


def _is_no_answer(refused: Refused) -> bool:
    """Refusals that say nothing of what the key may do."""
    return is_scope(refused) or refused.status in (401, 403, 418, 429) or not refused.name


def _of(about: About, reason: Why) -> Finding:
    return Finding(about, "trouble", reason.key, reason.facts)
