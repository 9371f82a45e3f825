"""Owns how a bot signs that was started without keys it can use: with those that come later.

Open trades are watched meanwhile. The keys are looked for again every few seconds, for who gives
them does so while the bot runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from adapters.upbit.secrets import Keys, NoKeys
from adapters.upbit.tokens import Signer, Unsigned

LOOK_SECONDS = 5.0


class LateKeySigner(Signer):
    """Signs as soon as there are keys. ``look``: what there is; called by several threads."""

    def __init__(
        self, look: Callable[[], Keys | NoKeys], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._look, self._now = look, now
        self._found: Signer | None = None
        self._next = 0.0

    def token(self, hashed: str = "") -> str:
        """As a Signer's; raises Unsigned while there are no keys."""
        if self._found is None and self._now() >= self._next:
            self._next = self._now() + LOOK_SECONDS
            keys = self._look()
            self._found = Signer(keys) if isinstance(keys, Keys) else None
        if self._found is None:
            raise Unsigned
        return self._found.token(hashed)
