"""Loading a strategy: a built-in by name, or somebody's own as ``file.py:Name``.

What is loaded is tried on a short made-up history at once, and checked at every call after that:
a strategy that answers in the wrong shape must never be traded on.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from msgspec import Struct, structs

from core.market.candles import Candles, columns, window
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from core.strategy import Panels, Signals, Strategy, panels_of

TRIAL_CANDLES = 500
NAMES = ", ".join(sorted(BUILT_IN))
NEEDS = "a strategy has Params, a msgspec.Struct, and signals(candles, params) -> Signals"


class StrategyError(ValueError):
    """A strategy that cannot be used: says what, where, what is allowed and what to do."""


class LoadedStrategy(Struct, frozen=True):
    """A strategy ready for use, and the sha256 of the source it was made from."""

    strategy: Strategy
    source_hash: str


class CheckedStrategy:
    """A strategy whose every answer is looked at before anybody trades on it."""

    def __init__(self, inner: Any, where: str) -> None:
        self.inner = inner
        self.where = where
        self.Params: type[Struct] = inner.Params

    def signals(self, candles: Candles, params: Any, /) -> Signals:
        """The inner strategy's signals; StrategyError if it raises or answers amiss."""
        try:
            found = self.inner.signals(candles, params)
        except Exception as error:
            raise StrategyError(f"{self.where}: signals raised {_told(error)}") from error
        if not isinstance(found, Signals):
            kind = type(found).__name__
            raise StrategyError(f"{self.where}: signals returned {kind}, not core.strategy.Signals")
        if not isinstance(found.conditions, dict):
            raise StrategyError(f"{self.where}: conditions must be a dict of name to array")
        if not all(isinstance(name, str) for name in found.conditions):
            raise StrategyError(f"{self.where}: a condition's name must be text")
        arrays = {"entry": found.entry, "exit": found.exit}
        arrays |= {f"conditions[{name!r}]": array for name, array in found.conditions.items()}
        for name, array in arrays.items():
            _check_array(self.where, name, array, len(candles.time))
        return found

    def indicators(self, candles: Candles, params: Any, /) -> Panels:
        """The inner strategy's, where it has some; StrategyError if it raises or answers amiss."""
        try:
            found = panels_of(self.inner, params, candles)
            lines = [line for panel in found.values() for line in panel.items()]
        except Exception as error:
            raise StrategyError(f"{self.where}: indicators raised {_told(error)}") from error
        for name, array in lines:
            if not isinstance(array, np.ndarray) or array.shape != candles.time.shape:
                raise StrategyError(
                    f"{self.where}: indicators: {name} is not an array as long as the candles"
                )
        return found


def load(spec: str, base: Path) -> LoadedStrategy:
    """The strategy that a configuration names; a relative path starts at ``base``.

    StrategyError for an unknown name, a missing or broken file, and whatever fails its trial.
    """
    if ":" not in spec and not spec.endswith(".py"):
        return _built_in(spec)
    file, _, name = spec.rpartition(":")
    if not file or not name or not file.endswith(".py"):
        raise StrategyError(f'strategy: {spec!r} is neither a name nor "file.py:Name" ({NAMES})')
    path = (base / file).resolve()
    return _own(path, name, _read(path))


class PortableStrategy(Struct, frozen=True):
    """A strategy on its way to another process: a built-in by name, or the source of one's own."""

    name: str
    path: str = ""
    source: bytes = b""

    def load(self) -> Strategy:
        """The strategy, there. StrategyError as from ``load``."""
        if not self.path:
            return _built_in(self.name).strategy
        return _own(Path(self.path), self.name, self.source).strategy


def portable(strategy: Strategy, spec: str) -> PortableStrategy:
    """What another process makes the same strategy of; ``spec`` is what it was loaded by."""
    if not isinstance(strategy, CheckedStrategy):
        return PortableStrategy(spec)
    path, _, name = strategy.where.rpartition(":")
    return PortableStrategy(name, path, _read(Path(path)))


def _own(path: Path, name: str, source: bytes) -> LoadedStrategy:
    digest = hashlib.sha256(source).hexdigest()
    strategy = CheckedStrategy(_made(_run(path, source, digest), name, path), f"{path}:{name}")
    _try(strategy)
    return LoadedStrategy(strategy, digest)


def _built_in(name: str) -> LoadedStrategy:
    if name not in BUILT_IN:
        raise StrategyError(
            f"strategy: there is no built-in {name!r}; there is {NAMES}, "
            'or name your own as "file.py:Name"'
        )
    strategy = BUILT_IN[name]
    origin = sys.modules[type(strategy).__module__].__file__ or ""
    return LoadedStrategy(strategy, hashlib.sha256(Path(origin).read_bytes()).hexdigest())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StrategyError(
            f"strategy: cannot read {path}: {error.strerror}; the path starts at the folder of "
            "the configuration file"
        ) from error


def _run(path: Path, source: bytes, digest: str) -> ModuleType:
    """Run exactly the bytes that were hashed, as a module of its own."""
    module = ModuleType(f"jangbu_strategy_{digest[:16]}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # msgspec looks up annotations there
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[module.__name__]
        raise StrategyError(f"{path}: raised while it was imported: {_told(error)}") from error
    return module


def _made(module: ModuleType, name: str, path: Path) -> Any:
    found = getattr(module, name, None)
    if found is None:
        raise StrategyError(f"{path}: has no {name!r}; it has {_classes(module)}")
    try:
        strategy = found() if isinstance(found, type) else found
    except Exception as error:
        raise StrategyError(f"{path}:{name}: cannot be made: {_told(error)}") from error
    params = getattr(strategy, "Params", None)
    if not (isinstance(params, type) and issubclass(params, Struct)):
        raise StrategyError(f"{path}:{name}: has no Params that is a msgspec.Struct; {NEEDS}")
    if not callable(getattr(strategy, "signals", None)):
        raise StrategyError(f"{path}:{name}: has no signals; {NEEDS}")
    without = [field.name for field in structs.fields(params) if field.required]
    if without:
        raise StrategyError(f"{path}:{name}: Params.{without[0]} has no default; give it one")
    return strategy


def _try(strategy: CheckedStrategy) -> None:
    series = synthetic_market(seed=1, days=1)[0]
    strategy.signals(window(columns(series), 0, TRIAL_CANDLES), strategy.Params())


def _check_array(where: str, name: Any, array: Any, count: int) -> None:
    if not isinstance(array, np.ndarray):
        kind = type(array).__name__
        raise StrategyError(f"{where}: {name} is a {kind}, not a numpy array of bool")
    if array.dtype != np.bool_:
        raise StrategyError(f"{where}: {name} has dtype {array.dtype}, not bool")
    if array.shape != (count,):
        raise StrategyError(
            f"{where}: {name} has shape {array.shape}, not ({count},): one element a candle"
        )


def _told(error: BaseException) -> str:
    """An error's kind, words and innermost line, on one line."""
    lines = traceback.extract_tb(error.__traceback__)
    place = f" at {lines[-1].filename}:{lines[-1].lineno}" if lines else ""
    if isinstance(error, SyntaxError):
        place = f" at line {error.lineno}"
    return f"{type(error).__name__}: {error}{place}"


def _classes(module: ModuleType) -> str:
    own = [n for n, v in vars(module).items() if getattr(v, "__module__", "") == module.__name__]
    return ", ".join(own) or "nothing"
