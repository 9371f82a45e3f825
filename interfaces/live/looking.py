"""A look at Upbit and at the keys before a bot begins there."""

from __future__ import annotations

from actors.machinery.clocks import Clock
from adapters.upbit.secrets import Keys, NoKeys
from interfaces.catalogue import say
from interfaces.checks.finding import troubles
from interfaces.checks.round import check_venue
from interfaces.errors import UserError
from messages.config import Config


def look(config: Config, keys: Keys | None, clock: Clock, words: str) -> list[str]:
    """What is worth a warning, as lines. Raises UserError where the bot must not begin."""
    found = check_venue(config, keys or NoKeys("missing"), clock)
    for finding in troubles(found):
        about = say(f"about_{finding.about}", words)
        raise UserError(finding.text(words), about, "", finding.todo(words))
    warnings = [finding for finding in found if finding.level == "warning"]
    return [f"{finding.text(words)} {finding.todo(words)}" for finding in warnings]
