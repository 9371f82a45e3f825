"""Every text in English, by key."""

from __future__ import annotations

from i18n.en.audit import AUDIT
from i18n.en.checks import CHECKS
from i18n.en.console import CONSOLE
from i18n.en.dashboard import DASHBOARD
from i18n.en.doors import DOORS
from i18n.en.drift import DRIFT
from i18n.en.messengers import MESSENGERS
from i18n.en.notices import NOTICES
from i18n.en.proof import PROOF
from i18n.en.questions import QUESTIONS
from i18n.en.reasons import REASONS
from i18n.en.replies import REPLIES
from i18n.en.report import REPORT
from i18n.en.research import RESEARCH
from i18n.en.settings import SETTINGS
from i18n.en.tables import TABLES
from i18n.en.upbit import UPBIT
from i18n.en.upkeep import UPKEEP

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
