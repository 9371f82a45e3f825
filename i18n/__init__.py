"""English and Korean: texts, figures, tables and errors as people read them.

It decides nothing, and reads no file.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.plain import plain_lines
from i18n.en import TEXTS as ENGLISH
from i18n.endings import ending_words
from i18n.facts import shown
from i18n.gaps import closed, open_end
from i18n.ko import TEXTS as KOREAN
from i18n.ko.meanings import MEANINGS
from messages.config import Config

__all__ = [
    "LANGUAGES",
    "configured_language",
    "ending_words",
    "language_of",
    "meaning",
    "say",
    "word",
]

LANGUAGES: dict[str, Mapping[str, str]] = {"en": ENGLISH, "ko": KOREAN}
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts, as in POSIX


def say(key: str, language: str, /, **facts: str) -> str:
    """The text of a key with its facts, each shown as its name asks; never fails.

    An unknown key says itself and its facts: a notice of a newer version is not lost.
    """
    text = LANGUAGES.get(language, ENGLISH).get(key)
    if text is None:
        return " ".join([key, *(f"{name}={fact}" for name, fact in facts.items())])
    cleaned = {name: plain_lines(fact) for name, fact in facts.items()}
    look = Facts({name: open_end(shown(name, fact, language)) for name, fact in cleaned.items()})
    return closed(text.format_map(look)).rstrip()  # a fact may be nothing


def word(group: str, name: str, language: str) -> str:
    """The word for a name in a group (reason, side, mode ...); the name itself if there is none."""
    return LANGUAGES.get(language, ENGLISH).get(f"{group}_{name}", name)


def meaning(path: str, english: str, language: str) -> str:
    """What a key of the configuration means; the English comes from the key itself."""
    return MEANINGS.get(path, english) if language == "ko" else english


class Facts(dict[str, str]):
    """Facts by name; one that is missing is a dash."""

    def __missing__(self, name: str) -> str:
        return "-"


def configured_language(config: Config, environ: Mapping[str, str]) -> str:
    """The reader's language: en or ko."""
    return language_of(config.language, environ)


def language_of(wish: str = "auto", environ: Mapping[str, str] | None = None) -> str:
    """The same from a wish, for when no configuration could be read."""
    if wish in LANGUAGES:
        return wish
    around = environ or {}
    if (named := around.get("JANGBU__LANGUAGE", "")) in LANGUAGES:
        return named
    locale = next((around[name] for name in VARIABLES if around.get(name)), "")
    return "ko" if locale.lower().startswith("ko") else "en"
