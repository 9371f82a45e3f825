"""Owns accounts, what may be ordered, keys and wallets: docs/reference/upbit.md 3.1, 3.2, 3.12."""

from __future__ import annotations

from sandbox.account_ledger import LedgerDraft
from sandbox.context import Answer, Endpoint, SandboxContext
from sandbox.records import coin
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams
from sandbox.schemas import account_shape, chance_shape, korean

YEAR = 365 * 86400.0  # s, a key's life


def accounts(context: SandboxContext, ask: RequestParams) -> Answer:
    """KRW, and every coin of which there is any."""
    found = context.exchange.books.listed()
    return Answer([account_shape(a) for a in found if a.currency == "KRW" or a.total])


def chance(context: SandboxContext, ask: RequestParams) -> Answer:
    """The rules of a market and the two accounts that it needs; zeros for a coin never held."""
    pair, exchange = ask.one("market"), context.exchange
    if not pair:
        raise Rejected("invalid_parameter")
    if not exchange.trades(pair):
        raise Rejected("notfoundmarket", f"다음 마켓에 없는 종목입니다: {pair}")
    draft = LedgerDraft(exchange.books)
    shape = chance_shape(pair, draft.account("KRW"), draft.account(coin(pair)), exchange.rules)
    return Answer(shape)


def api_keys(context: SandboxContext, ask: RequestParams) -> Answer:
    """Every key and when it ends."""
    now = context.exchange.now()
    return Answer(
        [
            {"access_key": key.access, "expire_at": korean(now - 1 if key.expired else now + YEAR)}
            for key in context.tokens.keys.values()
        ]
    )


def wallet_status(context: SandboxContext, ask: RequestParams) -> Answer:
    """Every coin's wallet works, but for those that the admin has turned."""
    turned = context.exchange.switches.wallets
    now = korean(context.exchange.now())
    names = sorted({coin(pair) for pair in context.exchange.market.pairs})
    return Answer(
        [
            {
                "currency": name,
                "wallet_state": turned.get(name, "working"),
                "block_state": "normal",
                "block_height": 1,
                "block_updated_at": now,
                "block_elapsed_minutes": 0,
                "net_type": name,
                "network_name": name,
            }
            for name in names
        ]
    )


ENDPOINTS = (
    Endpoint("GET", "/v1/accounts", "assets", accounts),
    Endpoint("GET", "/v1/orders/chance", "order_view", chance),
    Endpoint("GET", "/v1/api_keys", "", api_keys),
    Endpoint("GET", "/v1/status/wallet", "", wallet_status),
)
