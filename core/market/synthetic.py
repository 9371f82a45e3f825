"""The built-in market: made-up candles of five pairs, realistic, and the same for the same seed.

One hidden path of log prices runs through every minute of a pair, in four steps a candle: a common
factor with regimes (calm, rising, falling, stormy) and jumps, plus the pair's own noise; volatility
clusters (two autoregressions) and tails are fat (Student's t). Candles are cut from the path and
laid on Upbit's grid of 2025-07-31; quiet minutes, halts and one maintenance have no row, while the
path goes on beneath them, so a price may jump across a gap.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

import numpy as np
from msgspec import Struct
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from core.market.candles import CandleSeries, Floats, Ints, trimmed
from core.market.tick_size import korean_day, tick_size
from messages.config import TIMEFRAMES

START = 1767571200  # 2026-01-05T00:00:00Z, a Monday
DAYS_MOST = 1000  # five pairs of 1m candles are 350 MB then
STEPS = 4  # of the path within a candle
PLACES = 8
SCALE = 10**PLACES
TAIL = 5  # degrees of freedom of Student's t


class Coin(Struct, frozen=True):
    """What sets a pair apart."""

    pair: str
    price: float  # KRW at the start
    beta: float  # how much of the market's move it takes part in
    noise: float  # its own volatility, log price per square root of a minute
    turnover: float  # KRW in a usual minute
    quiet: float  # share of usual minutes without any trade


class Regime(Struct, frozen=True):
    """A mood of the market."""

    minutes: float  # it lasts so long on average
    drift: float  # log price a minute
    energy: float  # times the usual volatility


COINS = (
    Coin("KRW-BTC", 131_400_000, 1.0, 0.00045, 3e8, 0.0005),
    Coin("KRW-ETH", 4_512_000, 1.25, 0.0007, 1.5e8, 0.001),
    Coin("KRW-XRP", 2_960, 1.2, 0.0009, 2e8, 0.001),
    Coin("KRW-DOGE", 346, 1.4, 0.0011, 4e7, 0.01),
    Coin("KRW-SHIB", 0.00874, 1.3, 0.0012, 4e6, 0.04),
)
REGIMES = (
    Regime(200, 0.0, 0.6),
    Regime(150, 0.00007, 1.0),
    Regime(150, -0.00007, 1.1),
    Regime(45, -0.0001, 2.0),
    Regime(60, 0.00008, 1.6),
)
MARKET_NOISE = 0.0007  # the common factor's volatility, as Coin.noise
JUMPS_A_DAY = 3.0


class Mood(Struct, frozen=True, eq=False):
    """What all pairs share, one row a candle."""

    energy: Floats  # times the usual volatility
    moves: Floats  # (candles, STEPS) log price
    closed: NDArray[np.bool_]  # maintenance


def synthetic_market(seed: int, days: int = 7, timeframe: str = "1m") -> list[CandleSeries]:
    """Tapes of five pairs, most valuable coin first; ValueError for a span that is out of range."""
    if not 1 <= days <= DAYS_MOST:
        raise ValueError(f"days: {days} is outside 1 to {DAYS_MOST}")
    if seed < 0:
        raise ValueError(f"seed: {seed} is below 0")
    seconds = TIMEFRAMES[timeframe]
    count = days * 86400 // seconds
    mood = _mood(_generator(seed, 0), count, seconds)
    return [
        _tape(coin, mood, seconds, _generator(seed, number))
        for number, coin in enumerate(COINS, start=1)
    ]


def _generator(seed: int, stream: int) -> Generator:
    return Generator(PCG64(SeedSequence((seed, stream))))


def _mood(rng: Generator, count: int, seconds: int) -> Mood:
    minutes = seconds / 60
    which, calm = [], 0
    while calm < count:
        regime = int(rng.integers(len(REGIMES)))
        length = 1 + int(rng.exponential(REGIMES[regime].minutes / minutes))
        which += [regime] * length
        calm += length
    regimes = np.array(which[:count])
    drift = np.array([r.drift for r in REGIMES])[regimes] * minutes
    energy = np.array([r.energy for r in REGIMES])[regimes] * _clustering(rng, count, minutes)
    moves = _noise(rng, energy * MARKET_NOISE * minutes**0.5) + drift[:, None] / STEPS
    jumps = rng.random(count) < JUMPS_A_DAY * seconds / 86400
    sizes = rng.normal(0, 0.007, count)
    moves[:, 1] += np.where(jumps, sizes, 0.0)
    return Mood(energy, moves, _maintenance(rng, count, seconds))


def _maintenance(rng: Generator, count: int, seconds: int) -> NDArray[np.bool_]:
    closed = np.zeros(count, dtype=np.bool_)
    length = int(rng.integers(40, 100)) * 60 // seconds
    begin = int(count * rng.uniform(0.45, 0.85))
    closed[begin : begin + length] = True
    return closed


def _clustering(rng: Generator, count: int, minutes: float) -> Floats:
    """A factor around 1: a slow swing of hours and a quick one of minutes."""
    slow = _autoregression(rng, count, 0.998**minutes, 0.30)
    quick = _autoregression(rng, count, 0.93**minutes, 0.35)
    return np.exp(slow + quick - 0.10)


def _autoregression(rng: Generator, count: int, keep: float, spread: float) -> Floats:
    shocks = rng.normal(0, spread * (1 - keep * keep) ** 0.5, count)

    def follow(state: float, shock: float) -> float:
        return keep * state + shock

    return np.fromiter(accumulate(shocks.tolist(), follow), dtype=np.float64, count=count)


def _noise(rng: Generator, spread: Floats) -> Floats:
    """Moves of (candles, STEPS) with fat tails: each candle draws its own scale."""
    scale = np.sqrt((TAIL - 2) / rng.chisquare(TAIL, len(spread)))
    steps = rng.normal(0, 1, (len(spread), STEPS))
    return np.asarray(steps * (spread * scale)[:, None] / STEPS**0.5, dtype=np.float64)


def _tape(coin: Coin, mood: Mood, seconds: int, rng: Generator) -> CandleSeries:
    count, minutes = len(mood.energy), seconds / 60
    energy = mood.energy**0.7 * _clustering(rng, count, minutes)
    moves = coin.beta * mood.moves + _noise(rng, energy * coin.noise * minutes**0.5)
    path = np.log(coin.price) + np.cumsum(moves.ravel()).reshape(count, STEPS)
    opens = np.concatenate(([np.log(coin.price)], path[:-1, -1]))
    opens = opens + rng.normal(0, 0.1 * coin.noise, count)  # the first trade is nobody's close
    reach = np.column_stack((opens, path))
    prices = {"open": opens, "high": reach.max(1), "low": reach.min(1), "close": path[:, -1]}
    volume = _volume(coin, rng, energy, path[:, -1], minutes)
    traded = ~mood.closed & _trading(coin, rng, energy, minutes)
    times = START + np.arange(count, dtype=np.int64) * seconds
    return trimmed(
        CandleSeries(
            coin.pair,
            seconds,
            PLACES,
            PLACES,
            time=times[traded],
            **{name: _on_grid(np.exp(path[traded])) for name, path in prices.items()},
            volume=volume[traded],
        )
    )


def _trading(coin: Coin, rng: Generator, energy: Floats, minutes: float) -> NDArray[np.bool_]:
    """Where the pair trades at all: quiet minutes are likelier in a calm; now and then it halts."""
    count = len(energy)
    quiet = coin.quiet / np.maximum(energy, 0.2) / minutes
    traded = rng.random(count) >= quiet
    for begin in np.flatnonzero(rng.random(count) < coin.quiet * minutes / 1440):
        traded[begin : begin + max(1, int(rng.integers(3, 15) / minutes))] = False
    traded[0] = True
    return traded


def _volume(coin: Coin, rng: Generator, energy: Floats, log_price: Floats, minutes: float) -> Ints:
    """More is traded when prices move; volume in units of 1e-8 coin, at least one."""
    turnover = coin.turnover * minutes * energy * np.exp(rng.normal(0, 0.7, len(energy)))
    units = np.minimum(turnover / np.exp(log_price) * SCALE, 9e18)  # 64 bits
    return np.asarray(np.maximum(units, 1), dtype=np.int64)


def _on_grid(prices: Floats) -> Ints:
    """Prices in units of 1e-8 KRW, each on the grid of its band."""
    lowest = [Decimal(head).scaleb(k) for k in range(-8, 10) for head in (1, 5)]
    ticks = [tick_size(low, korean_day(START)) for low in lowest]
    units = np.array([int(tick * SCALE) for tick in ticks], dtype=np.int64)
    bands = np.searchsorted(np.array([float(low) for low in lowest]), prices, side="right") - 1
    unit = units[np.maximum(bands, 0)]
    steps = np.maximum(np.rint(prices * SCALE / unit), 1).astype(np.int64)
    return np.asarray(steps * unit, dtype=np.int64)
