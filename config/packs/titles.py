"""What the sections of a pack are called on pages and in messages."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SECTION_TITLES = {
    "policy": _("policy"),
    "clause": _("clause"),
    "role": _("role"),
    "event_kind": _("event kind"),
    "segment": _("segment"),
    "qualification": _("qualification"),
    "calling_hours": _("calling hours"),
    "visit_rule": _("visit rule"),
    "quota": _("quota of visits"),
    "questionnaire": _("questionnaire"),
    "form": _("form"),
    "return_appointment": _("return appointment"),
    "complaints": _("complaints"),
    "complaint_level": _("level of complaints"),
    "category": _("category of complaints"),
    "obligation": _("obligation"),
    "roster": _("duty roster"),
    "allowance": _("allowance"),
    "report": _("report"),
    "scorecard": _("scorecard"),
    "kpi": _("key figure"),
    "penalty": _("penalty"),
    "reward": _("reward"),
    "ledger": _("ledger"),
}


def section_title(section: str) -> str:
    """Return what a section is called in the language of the reader."""
    return gettext(SECTION_TITLES[section])
