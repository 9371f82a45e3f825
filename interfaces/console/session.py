"""The desk of a state directory: questions are read from it, changes go to its bot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from app.control import client
from app.error_messages import EXPECTED, as_user_error
from app.state_directory import require
from core.plain import plain_lines
from core.strategy import Strategy
from i18n import say
from i18n.errors import UserError
from i18n.styles import OutputStyle, rendered
from interfaces.views import Ledger, View, answer, past, plain, render
from messages.control import Changes, OperatorReply, Questions, ShowHealth, ShowVitals
from messages.previews import ChangePreview
from messages.runtime_stats import HealthIssue
from persistence.identity import exists
from persistence.reader import Reader

AILS_SECONDS = 3.0  # for the bot's answer


def json_text(value: Any) -> str:
    """Plain values as one JSON text; bytes of a file's name that are no text as their figures."""
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_spelled(msgspec.to_builtins(value)))
    return msgspec.json.format(encoded, indent=2).decode()


def _spelled(value: Any) -> Any:
    match value:
        case str():
            return plain_lines(value)
        case list():
            return [_spelled(one) for one in value]
        case dict():
            return {_spelled(name): _spelled(one) for name, one in value.items()}
    return value


class StateSession:
    """One asker's desk; it keeps its place in the journal between two questions."""

    def __init__(
        self,
        state: Path,
        language: str,
        *,
        json: bool = False,
        strategy: Strategy | None = None,
        look: OutputStyle | None = None,
    ) -> None:
        self.state, self.language = state, language
        self._look = look or OutputStyle(language)
        self._json, self._strategy = json, strategy
        self._ledger, self._birth = Ledger(), ""
        self.width = 0  # characters of a line; 0 = the terminal's

    def ledger(self) -> Ledger:
        """What the journal adds up to now."""
        with Reader.open(require(self.state)) as reader:
            self._recognise(reader)
            self._ledger.catch_up(reader)
        return self._ledger

    def look(self, question: Questions) -> str:
        """The answer as text."""
        ails = self._ails() if isinstance(question, ShowHealth) else ()
        try:
            with Reader.open(require(self.state)) as reader:
                self._recognise(reader)
                view: View = answer(
                    question, reader, self._ledger, strategy=self._strategy, ails=ails
                )
        except EXPECTED as error:
            raise as_user_error(error) from None
        return (
            json_text(plain(view))
            if self._json
            else rendered(render(view, self.language), self.width, self._look)
        )

    def _ails(self) -> tuple[HealthIssue, ...]:
        """What ails the bot, as it says itself; nothing where none answers soon."""
        try:
            vitals = client.ask(self.state, ShowVitals(), AILS_SECONDS).vitals
        except UserError:
            return ()
        return vitals.ails if vitals else ()

    def look_back(self, moment: float) -> str:
        """The status as of a moment (epoch seconds) as text."""
        try:
            with Reader.open(require(self.state)) as reader:
                view = past.status_at(reader, moment, self.language)
        except EXPECTED as error:
            raise as_user_error(error) from None
        if self._json:
            return json_text(plain(view))
        title = say("as_of_title", self.language, at=str(view.at.timestamp()))
        return f"{title}\n{rendered(render(view, self.language), look=self._look)}"

    def ask(self, change: Changes) -> OperatorReply:
        """Have the bot make a change."""
        return client.ask(self.state, change)

    def preview(self, change: Changes) -> ChangePreview | None:
        """What would become of a change, as the bot says; None where it does not say so."""
        return client.preview(self.state, change)

    def framed(self, text: str) -> str:
        """The text as it fits on the reader's terminal."""
        return self._look.framed(text)

    def reply(self, reply: OperatorReply) -> str:
        """A reply as text."""
        if self._json:
            return json_text({"done": reply.done, "key": reply.key, "facts": reply.facts})
        return say(reply.key, self.language, **reply.facts)

    def say(self, key: str, **facts: str) -> str:
        """A text of the catalogue."""
        return say(key, self.language, **facts)

    def complain(self, error: UserError) -> str:
        """What was wrong with the input."""
        return error.block(self.language)

    def held(self) -> tuple[str, ...]:
        """The pairs of open trades, the oldest first; none when that cannot be read."""
        try:
            trades = self.ledger().trades.open.values()
        except EXPECTED:
            return ()
        return tuple(trade.pair for trade in sorted(trades, key=lambda one: one.opened_at))

    def live(self) -> bool:
        """Whether real money is at stake; so it is where a ledger cannot be read."""
        if not exists(self.state):
            return False
        try:
            with Reader.open(self.state) as reader:
                return reader.birth.mode == "live"
        except EXPECTED:
            return True

    def pairs(self) -> tuple[str, ...]:
        """Pairs for completion."""
        return tuple(sorted(self._ledger.pairs))

    def _recognise(self, reader: Reader) -> None:
        """Begin anew when another state was put in this one's place."""
        if reader.birth.id != self._birth:
            self._ledger, self._birth = Ledger(), reader.birth.id
