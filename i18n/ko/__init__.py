"""Every text in Korean, by key."""

from __future__ import annotations

from i18n.ko.audit import AUDIT
from i18n.ko.checks import CHECKS
from i18n.ko.console import CONSOLE
from i18n.ko.dashboard import DASHBOARD
from i18n.ko.doors import DOORS
from i18n.ko.drift import DRIFT
from i18n.ko.messengers import MESSENGERS
from i18n.ko.notices import NOTICES
from i18n.ko.proof import PROOF
from i18n.ko.questions import QUESTIONS
from i18n.ko.reasons import REASONS
from i18n.ko.replies import REPLIES
from i18n.ko.report import REPORT
from i18n.ko.research import RESEARCH
from i18n.ko.settings import SETTINGS
from i18n.ko.tables import TABLES
from i18n.ko.upbit import UPBIT
from i18n.ko.upkeep import UPKEEP

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
