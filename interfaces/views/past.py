"""``status --as-of``: what was open at a moment of the past, from the journal up to there."""

from __future__ import annotations

import math
from datetime import datetime

from i18n import say
from i18n.errors import UserError
from i18n.formatting import kst
from interfaces.views import status
from messages.plain_values import KST
from persistence.reader import Reader
from projections.ledger import Ledger, clock

OLD_SECONDS = 3600.0  # the archive has holes: an older price is not that moment's
FORMS = "2026-01-31 09:00 (KST), 2026-01-31, 2026-01-31T00:00:00Z"


def moment_of(text: str, language: str) -> float:
    """Epoch seconds of a moment as people or files write it; without a zone it is Korea's.

    Raises UserError.
    """
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=KST)).timestamp()
    except (ValueError, OverflowError):
        what = say("as_of_unread", language, text=text[:40])
        raise UserError(what, "--as-of", FORMS, say("as_of_forms", language)) from None


def status_at(reader: Reader, moment: float, language: str) -> status.StatusView:
    """Open trades as of then; of a moment to come, as of the newest that is known.

    Raises UserError for one before the journal begins, or that was trimmed away.
    """
    base, first, last = reader.base(), next(reader.events(), None), reader.last()
    begins = base.at if base.number else first.at if first else reader.birth.born_at
    if moment < begins:
        key = "as_of_trimmed" if base.number else "as_of_unborn"
        facts = {"since": str(begins)}
        what, todo = say(key, language, **facts), say("as_of_later", language)
        raise UserError(what, "--as-of", f">= {kst(begins)} (KST)", todo)
    ledger = Ledger()
    ledger.catch_up(reader, until=moment)
    past = last is not None and moment <= last.at
    at = moment if past else min(moment, clock(reader, ledger))
    return status.look(ledger, reader, at, OLD_SECONDS if past else math.inf)
