"""Owns deposits, withdrawals, pockets and the travel rule, as far as a sandbox has any.

Nothing leaves a sandbox: its keys have no such scope, so that all of it is ``out_of_scope``; a
key that was given one sees the deposits made from outside, and empty lists. Paths:
docs/reference/upbit.md 3.12.
"""

from __future__ import annotations

from decimal import Decimal

from sandbox.account_ledger import LedgerDraft
from sandbox.context import Answer, Endpoint, SandboxContext
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams
from sandbox.schemas import account_shape, figure, korean

MAIN = {"uuid": "00000000-0000-4000-8000-000000000000", "name": "main", "type": "main"}


def nothing(context: SandboxContext, ask: RequestParams) -> Answer:
    """There are none."""
    return Answer([])


def refuse(context: SandboxContext, ask: RequestParams) -> Answer:
    """A sandbox moves no money, whatever the key may."""
    raise Rejected("open_api_withdraw_locked", "샌드박스에서는 지원하지 않습니다.")


def deposits(context: SandboxContext, ask: RequestParams) -> Answer:
    """What came in from outside, newest first; pages by number, or from the cursor ``to``."""
    wanted, to = ask.one("currency"), ask.one("to")
    page, limit = ask.count("page", 1, 10**6), ask.count("limit", 100, 100)
    found = [d for d in reversed(context.exchange.books.deposits) if wanted in ("", d.currency)]
    if to:
        names = [d.uuid for d in found]
        found = found[names.index(to) + 1 :] if to in names else []
    found = found[(page - 1) * limit : page * limit]
    return Answer(
        [
            {
                "type": "deposit",
                "uuid": d.uuid,
                "currency": d.currency,
                "net_type": d.currency,
                "txid": d.uuid,
                "state": "ACCEPTED",
                "created_at": korean(d.at),
                "done_at": korean(d.at),
                "amount": figure(d.amount),
                "fee": "0",
                "transaction_type": "default",
            }
            for d in found
        ]
    )


def deposit(context: SandboxContext, ask: RequestParams) -> Answer:
    """One of them, by uuid or txid; the newest when neither is given."""
    name = ask.one("uuid") or ask.one("txid")
    found = [d for d in deposits(context, ask).body if name in ("", d["uuid"])]
    if not found:
        raise Rejected("deposit_not_found", "입금 내역을 찾지 못했습니다.", 404)
    return Answer(found[0])


def missing_withdrawal(context: SandboxContext, ask: RequestParams) -> Answer:
    """There never was one."""
    raise Rejected("withdraw_not_found", "출금 내역을 찾지 못했습니다.")


def missing_address(context: SandboxContext, ask: RequestParams) -> Answer:
    """There is no address to pay to."""
    raise Rejected("coin_address_not_found")


def withdraw_chance(context: SandboxContext, ask: RequestParams) -> Answer:
    """What could be withdrawn: nothing."""
    name = ask.one("currency", "KRW")
    level = {"security_level": 4, "fee_level": 0, "wallet_locked": False, "locked": False}
    checks = ("email", "identity_auth", "bank_account", "two_factor_auth")
    limit = {"currency": name, "fiat_currency": "KRW", "remaining_daily_fiat": "0"}
    return Answer(
        {
            "member_level": level | {f"{check}_verified": True for check in checks},
            "currency": {
                "code": name,
                "withdraw_fee": "0",
                "is_coin": name != "KRW",
                "wallet_state": "working",
                "wallet_support": ["deposit", "withdraw"],
            },
            "account": account_shape(LedgerDraft(context.exchange.books).account(name)),
            "withdraw_limit": limit | {"minimum": "0", "fixed": 8, "can_withdraw": False},
        }
    )


def deposit_chance(context: SandboxContext, ask: RequestParams) -> Answer:
    """Coin comes in through the admin endpoint only."""
    return Answer(
        {
            "currency": ask.one("currency"),
            "net_type": ask.one("net_type") or ask.one("currency"),
            "is_deposit_possible": False,
            "deposit_impossible_reason": "sandbox",
            "minimum_deposit_amount": figure(Decimal(0)),
            "minimum_deposit_confirmations": 1,
            "decimal_precision": 8,
        }
    )


def pockets(context: SandboxContext, ask: RequestParams) -> Answer:
    """The main pocket only."""
    return Answer([MAIN])


def pocket_keys(context: SandboxContext, ask: RequestParams) -> Answer:
    """Keys belong to the main pocket."""
    keys = [{"access_key": key.access} for key in context.tokens.keys.values()]
    return Answer([{"pocket_uuid": MAIN["uuid"], "api_keys": keys}])


def pocket_assets(context: SandboxContext, ask: RequestParams) -> Answer:
    """The balances of the main pocket."""
    if ask.one("pocket_uuid", MAIN["uuid"]) != MAIN["uuid"]:
        raise Rejected("pocket_not_found")
    return Answer([account_shape(a) for a in context.exchange.books.listed()])


ENDPOINTS = (
    Endpoint("GET", "/v1/withdraws", "withdraw_view", nothing),
    Endpoint("GET", "/v1/withdraw", "withdraw_view", missing_withdrawal),
    Endpoint("GET", "/v1/withdraws/chance", "withdraw_view", withdraw_chance),
    Endpoint("GET", "/v1/withdraws/coin_addresses", "withdraw_view", nothing),
    Endpoint("POST", "/v1/withdraws/coin", "withdraw", refuse),
    Endpoint("DELETE", "/v1/withdraws/coin", "withdraw", missing_withdrawal),
    Endpoint("POST", "/v1/withdraws/krw", "withdraw", refuse),
    Endpoint("GET", "/v1/deposits", "deposit_view", deposits),
    Endpoint("GET", "/v1/deposit", "deposit_view", deposit),
    Endpoint("GET", "/v1/deposits/chance/coin", "deposit_view", deposit_chance),
    Endpoint("GET", "/v1/deposits/coin_address", "deposit_view", missing_address),
    Endpoint("GET", "/v1/deposits/coin_addresses", "deposit_view", nothing),
    Endpoint("POST", "/v1/deposits/generate_coin_address", "deposit", refuse),
    Endpoint("POST", "/v1/deposits/krw", "deposit", refuse),
    Endpoint("GET", "/v1/travel_rule/vasps", "deposit_view", nothing),
    Endpoint("POST", "/v1/travel_rule/deposit/uuid", "deposit", refuse),
    Endpoint("POST", "/v1/travel_rule/deposit/txid", "deposit", refuse),
    Endpoint("GET", "/v1/pockets", "assets", pockets),
    Endpoint("GET", "/v1/pockets/api_keys", "assets", pocket_keys),
    Endpoint("GET", "/v1/pockets/assets", "assets", pocket_assets),
    Endpoint("GET", "/v1/pockets/transfers", "assets", nothing),
    Endpoint("POST", "/v1/pockets/transfers", "withdraw", refuse),
    Endpoint("GET", "/v1/pockets/universal_transfers", "assets", nothing),
    Endpoint("POST", "/v1/pockets/universal_transfers", "withdraw", refuse),
)
