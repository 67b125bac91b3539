"""Clocks that follow the level of a case: what only the old level asked for is owed no longer."""

from datetime import datetime

from complaints.domain.announcing import REGISTERED, subject_of
from complaints.domain.facts import facts_of_case
from complaints.models import Case
from staff.choices import MeasureState
from staff.domain.conditions import holds
from visits.domain.obliging.counting import spec_of_obligation
from visits.domain.obliging.fulfilling import of_subject
from visits.domain.obliging.watching import close
from visits.models import Obligation


def drop_unwanted(case: Case, *, now: datetime) -> int:
    """Drop the open clocks of the registration whose conditions the case meets no longer; return how many.

    One that is late already stays: raising or lowering a level forgives nothing.
    """
    facts, dropped = facts_of_case(case), 0
    for one in Obligation.objects.open().filter(of_subject(subject_of(case))).select_related("release"):
        spec = spec_of_obligation(one)
        if spec is None or REGISTERED not in spec.on or holds(spec.when, spec.match, facts):
            continue
        if one.due_at is None or one.due_at > now:
            dropped += close(one, MeasureState.DROPPED, at=now, by=None, now=now)
    return dropped
