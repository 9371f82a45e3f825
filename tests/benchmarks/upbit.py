"""What trading at Upbit costs: signing a request, and the signals of a whole market's minute."""

from __future__ import annotations

import hashlib
import time
import uuid
import warnings
from collections.abc import Callable

import jwt
import talib
from msgspec import structs

from actors.market.candle_builder import CandleBuilder
from adapters.upbit.secrets import Keys, Secret
from adapters.upbit.tokens import Signer, query_text
from core.market.candles import Floats, candle_at, columns
from core.money import prepare_thread
from core.strategies import BUILT_IN
from messages.config import Config
from tests.benchmarks.replays import market

SIGNED, PAIRS = 2_000, 288
ACCESS, SECRET = "a" * 40, "s" * 40  # as long as Upbit's
QUERY = [("market", "KRW-BTC"), ("states[]", "wait"), ("states[]", "watch"), ("limit", "100")]
CONFIG = Config()


def cpu(work: Callable[[], object]) -> float:
    """Seconds of this process's CPU that one call takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def signing_ours() -> float:
    """Seconds to sign so many requests."""
    signer = Signer(Keys(Secret(ACCESS), Secret(SECRET)))
    return cpu(lambda: [signer.header(query_text(QUERY)) for _ in range(SIGNED)])


def signing_bare() -> float:
    """Seconds for pyjwt to do the same with a nonce and a hash, as Upbit's page has it."""

    def sign() -> str:
        text = "&".join(f"{name}={value}" for name, value in QUERY)
        claims = {
            "access_key": ACCESS,
            "nonce": str(uuid.uuid4()),
            "query_hash": hashlib.sha512(text.encode()).hexdigest(),
            "query_hash_alg": "SHA512",
        }
        return "Bearer " + jwt.encode(claims, SECRET, "HS512")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a short key
        return cpu(lambda: [sign() for _ in range(SIGNED)])


class Minute:
    """The markets, each with the past that the strategy sees, at the close of a minute."""

    def __init__(self) -> None:
        prepare_thread()
        self.candle_series = market(1, PAIRS)
        self.place = CONFIG.startup_candle_count
        self.minute = max(
            int(series.time[self.place]) for series in self.candle_series
        )  # of all of them
        self.closes: list[Floats] = [
            columns(series).close[1 : self.place + 1].copy() for series in self.candle_series
        ]

    def ours(self) -> float:
        """Seconds from the close to what follows from it: every pair's verdict."""
        closing = CandleBuilder(BUILT_IN[CONFIG.strategy], CONFIG)
        pairs = tuple(series.pair for series in self.candle_series)
        for series in self.candle_series:
            closing.history.add(series.pair, [candle_at(series, i) for i in range(self.place)])
            newest = structs.replace(candle_at(series, self.place), time=self.minute)
            closing.update(series.pair, newest)
        now = self.minute + 60 + closing.grace
        done: list[int] = []
        seconds = cpu(lambda: done.append(len(closing.close(now, pairs, pairs)[1])))
        assert done == [PAIRS], "not every market was judged"
        return seconds

    def bare(self) -> float:
        """Seconds of the three TA-Lib calls alone, for every pair."""

        def work() -> None:
            for close in self.closes:
                talib.RSI(close, timeperiod=14)
                talib.MACD(close)
                talib.BBANDS(close, timeperiod=20)

        return cpu(work)
