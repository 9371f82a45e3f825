"""A stepped runtime in whose mailboxes the letters of different senders pass each other, by seed.

What one sender has sent stays in its order: an owner may rely on that, and on nothing else.
"""

from __future__ import annotations

from random import Random
from typing import Any

from pykka._envelope import Envelope as Post

from actors.runtime.deterministic import DeterministicMailbox, DeterministicRuntime, MailboxPaused
from actors.runtime.system import BaseActor


class PermutingMailbox(DeterministicMailbox):
    """Gives out the oldest letter of a sender, whichever sender that is."""

    def __init__(self, name: str, random: Random) -> None:
        super().__init__(name)
        self.random = random
        self.passed = 0  # letters that came out before one that had come in earlier

    def get(self) -> Post[Any]:
        if not self.open or not self.posts:
            raise MailboxPaused
        self.open = False
        heads: dict[str, int] = {}
        for index, post in enumerate(self.posts):
            heads.setdefault(getattr(post.message, "source", ""), index)
        index = self.random.choice(list(heads.values()))
        self.passed += index > 0
        post = self.posts[index]
        del self.posts[index]
        return post


class PermutingRuntime(DeterministicRuntime):
    """Its boxes are permuting ones; whose turn it is, is drawn as ever."""

    def __init__(self, start: float, seed: int) -> None:
        super().__init__(start, seed)
        self.random = Random(f"permuting {seed}")
        self.boxes: list[PermutingMailbox] = []

    def mailbox(self, actor: type[BaseActor]) -> PermutingMailbox:
        self.boxes.append(PermutingMailbox(actor.name, self.random))
        return self.boxes[-1]

    @property
    def passed(self) -> int:
        """How often a letter has passed another one so far."""
        return sum(box.passed for box in self.boxes)
