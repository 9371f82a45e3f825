"""Every text in Korean, by key."""

from __future__ import annotations

from interfaces.catalogue.ko.audit import AUDIT
from interfaces.catalogue.ko.checks import CHECKS
from interfaces.catalogue.ko.console import CONSOLE
from interfaces.catalogue.ko.dashboard import DASHBOARD
from interfaces.catalogue.ko.doors import DOORS
from interfaces.catalogue.ko.drift import DRIFT
from interfaces.catalogue.ko.messengers import MESSENGERS
from interfaces.catalogue.ko.notices import NOTICES
from interfaces.catalogue.ko.proof import PROOF
from interfaces.catalogue.ko.questions import QUESTIONS
from interfaces.catalogue.ko.reasons import REASONS
from interfaces.catalogue.ko.replies import REPLIES
from interfaces.catalogue.ko.report import REPORT
from interfaces.catalogue.ko.research import RESEARCH
from interfaces.catalogue.ko.settings import SETTINGS
from interfaces.catalogue.ko.tables import TABLES
from interfaces.catalogue.ko.upbit import UPBIT
from interfaces.catalogue.ko.upkeep import UPKEEP

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
