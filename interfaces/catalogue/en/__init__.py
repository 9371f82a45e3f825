"""Every text in English, by key."""

from __future__ import annotations

from interfaces.catalogue.en.audit import AUDIT
from interfaces.catalogue.en.checks import CHECKS
from interfaces.catalogue.en.console import CONSOLE
from interfaces.catalogue.en.dashboard import DASHBOARD
from interfaces.catalogue.en.doors import DOORS
from interfaces.catalogue.en.drift import DRIFT
from interfaces.catalogue.en.messengers import MESSENGERS
from interfaces.catalogue.en.notices import NOTICES
from interfaces.catalogue.en.proof import PROOF
from interfaces.catalogue.en.questions import QUESTIONS
from interfaces.catalogue.en.reasons import REASONS
from interfaces.catalogue.en.replies import REPLIES
from interfaces.catalogue.en.report import REPORT
from interfaces.catalogue.en.research import RESEARCH
from interfaces.catalogue.en.settings import SETTINGS
from interfaces.catalogue.en.tables import TABLES
from interfaces.catalogue.en.upbit import UPBIT
from interfaces.catalogue.en.upkeep import UPKEEP

TEXTS: dict[str, str] = {
    **NOTICES,
    **REASONS,
    **REPLIES,
    **QUESTIONS,
    **SETTINGS,
    **TABLES,
    **DASHBOARD,
    **DOORS,
    **CONSOLE,
    **CHECKS,
    **AUDIT,
    **UPBIT,
    **UPKEEP,
    **PROOF,
    **MESSENGERS,
    **REPORT,
    **DRIFT,
    **RESEARCH,
}
