"""Equals at the last place of a reward: people decide among them, and no more get it than there are places (L-03)."""

from django.utils.translation import gettext as _

from staff.domain.conduct.refusing import Refused
from staff.models import Violation


def is_tied(violation: Violation) -> bool:
    """Say whether somebody has to choose among equals."""
    return bool(violation.facts.get("tied"))


def check_place(violation: Violation) -> None:
    """Raise `Refused` where every place that was left to the equals is given to others of them."""
    if not is_tied(violation):
        return
    places = violation.facts.get("places", 1)
    others = Violation.objects.standing().filter(
        policy=violation.policy_id, rule=violation.rule, subject=violation.subject,
        employee__in=violation.facts["tied"],
    )  # fmt: skip
    if others.exclude(pk=violation.pk).count() >= places:
        raise Refused(_("All places are given: %s. Waive this one.") % places, "state")
