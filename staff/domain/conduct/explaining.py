"""Why a violation stands, in words that nobody has to argue about: the moment of truth, then how the amount came."""

from typing import Final

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.consequences import PenaltySpec
from config.wiring import DETECTORS
from staff.choices import Unit
from staff.domain.conduct.figure_words import figure_told
from staff.domain.conduct.money import plain
from staff.domain.conduct.naming import violation_words
from staff.domain.conduct.rules import rule_of
from staff.domain.conduct.tiers import CALENDAR_MONTH, NO_EFFECT
from staff.domain.wording import day_words
from staff.models import Violation

EXEMPT: Final = {
    "outage": gettext_lazy("The program stood still at that time, so nobody answers for it."),
    "leave": gettext_lazy("The person was on approved leave, so nobody answers for it."),
    "customer": gettext_lazy("The customer asked for the delay, so nobody answers for it."),
    "hours": gettext_lazy("There was no hour left to call in, so nobody answers for it."),
    "mended": gettext_lazy("It was mended before anybody confirmed it."),
    "figure": gettext_lazy("The figures changed before anybody confirmed it."),
}


def explanation(violation: Violation) -> str:
    """Return why it stands, in the language of the reader: both moments, the figure, or what was seen by hand."""
    parts = [_cause(violation), str(EXEMPT.get(violation.exempt, "")), reckoning(violation)]
    return " ".join(part for part in parts if part)


def reckoning(violation: Violation) -> str:
    """Return how the amount came: the tier with its period, or whose violation one answers for; empty if fixed."""
    if violation.primary is not None:
        return _("Answers for %(person)s, #%(id)s.") % {
            "person": violation.primary.employee,
            "id": violation.primary_id,
        }
    spec = rule_of(violation).spec
    if not isinstance(spec, PenaltySpec) or violation.tier is None:
        return ""
    within = _("in the month")
    if spec.tier_period != CALENDAR_MONTH:
        within = _("in %s days") % spec.tier_period.removesuffix("d")
    if violation.tier == NO_EFFECT:
        return _("It counts, and acts at number %(count)s %(within)s.") % {"count": spec.from_count, "within": within}
    if not spec.tiers:
        return ""
    ladder = " / ".join(plain(int(one * 100)) for one in spec.tiers)
    return _("Number %(tier)s %(within)s: %(ladder)s %(unit)s.") % {
        "tier": violation.tier,
        "within": within,
        "ladder": ladder,
        "unit": Unit(violation.unit).label,
    }


def _cause(violation: Violation) -> str:
    detector = DETECTORS.get(violation.violation)
    if words := violation.facts.get("text"):
        return str(words)  # what was seen by who proposed it, for joint liability as well
    if detector is not None and violation.facts:
        return str(import_string(detector.explain)(violation.facts))
    if "metric" in violation.facts:
        return figure_told(violation.facts)
    named = violation_words(violation.violation) if violation.violation else rule_of(violation).spec.title
    told = {"what": named or violation.rule, "day": day_words(violation.occurred_on)}
    return _("%(what)s, %(day)s.") % told
