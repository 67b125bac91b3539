"""What violations, measures and periods are called, and how amounts are written: money and points in hundredths."""

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.choices import ConductKind, Unit
from staff.domain.wording import figure_words, money_words

VIOLATION_WORDS: Final[dict[str, Any]] = {
    "report_late": gettext_lazy("report handed in late"),
    "report_missing": gettext_lazy("report not handed in"),
    "rectification_missing": gettext_lazy("problem without a rectification"),
    "return_appointment_missed": gettext_lazy("return appointment missed"),
    "record_incomplete": gettext_lazy("record incomplete"),
    "phrase_not_mentioned": gettext_lazy("required phrase not said"),
    "recommended_repair_missing": gettext_lazy("recommended repair not noted"),
    "visit_unverifiable": gettext_lazy("visit without proof"),
    "customer_dissatisfied": gettext_lazy("customer dissatisfied"),
    "visit_overdue": gettext_lazy("visit overdue"),
    "obligation_missed": gettext_lazy("duty missed"),
    "promise_broken": gettext_lazy("promise broken"),
    "complaint_against_employee": gettext_lazy("complaint about a person"),
    "finding": gettext_lazy("finding of an inspection"),
    "entry": gettext_lazy("entry in a register"),
    "quota_unmet": gettext_lazy("quota not met"),
    "sample_unmet": gettext_lazy("inspection not done"),
    "duty_absent": gettext_lazy("absent from duty"),
    "false_report": gettext_lazy("false report"),
    "privacy_breach": gettext_lazy("breach of privacy"),
    "misconduct": gettext_lazy("misconduct"),
}
MEASURE_WORDS: Final[dict[str, Any]] = {
    "announcement": gettext_lazy("announcement"),
    "criticism": gettext_lazy("criticism in a circular"),
    "retraining": gettext_lazy("retraining"),
    "coaching": gettext_lazy("coaching"),
    "interview": gettext_lazy("interview"),
    "warning": gettext_lazy("warning"),
    "demerit": gettext_lazy("demerit"),
    "bonus_cut": gettext_lazy("cut of the bonus"),
    "transfer": gettext_lazy("transfer"),
    "dismissal_proposal": gettext_lazy("proposal of dismissal"),
    "legal_referral": gettext_lazy("referral to the law"),
    "personnel_note": gettext_lazy("note in the personnel file"),
    "certificate": gettext_lazy("certificate"),
    "trophy": gettext_lazy("trophy"),
    "photo": gettext_lazy("photo on the board"),
    "promotion": gettext_lazy("promotion"),
}
EXEMPT_WORDS: Final[dict[str, Any]] = {
    "outage": gettext_lazy("the program stood still"),
    "leave": gettext_lazy("on approved leave"),
    "customer": gettext_lazy("the customer asked for the delay"),
    "hours": gettext_lazy("outside calling hours"),
    "mended": gettext_lazy("mended before anybody confirmed it"),
    "figure": gettext_lazy("the figures changed before anybody confirmed it"),
}
SIGNS: Final = {ConductKind.PENALTY.value: -1, ConductKind.REWARD.value: 1, ConductKind.AWARD.value: 1}


def violation_words(code: str) -> str:
    """Return what a violation of the catalogue is called; one that a figure caused has no name."""
    return str(VIOLATION_WORDS.get(code, code))


def measure_words(code: str) -> str:
    """Return what a consequence without a figure is called."""
    return str(MEASURE_WORDS.get(code, code))


def exempt_words(code: str) -> str:
    """Return why nobody answers for it; nothing where somebody does."""
    return str(EXEMPT_WORDS.get(code, code))


def amount_words(hundredths: int | None, unit: str) -> str:
    """Return ``¥50.00``, ``1.5 points``, a dash without a figure, and nothing while the amount is to be chosen."""
    if unit == Unit.NONE:
        return "—"
    if hundredths is None:
        return ""
    figure = Decimal(abs(hundredths)) / 100
    words = money_words(figure) if unit == Unit.CNY else _("%(figure)s points") % {"figure": figure_words(figure)}
    return f"−{words}" if hundredths < 0 else words


def signed_words(hundredths: int | None, unit: str, kind: str = ConductKind.REWARD) -> str:
    """Return an amount as it changes what the person gets: a penalty with a minus, a reward with a plus."""
    if hundredths is None or unit == Unit.NONE:
        return amount_words(hundredths, unit)
    change = hundredths * SIGNS[kind]
    return f"+{amount_words(change, unit)}" if change > 0 else amount_words(change, unit)
