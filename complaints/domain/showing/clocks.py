"""The clocks of a case as a page shows them: until when, how much is left, whether it runs, when the next rung is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from complaints.domain.announcing import subject_of
from complaints.models import Case
from staff.choices import MeasureState
from staff.domain.policies import spec_of
from staff.domain.wording import length_words
from visits.domain.detecting.bounds import bound_text, is_past
from visits.domain.obliging.counting import spec_of_obligation
from visits.domain.obliging.fulfilling import of_subject
from visits.domain.obliging.naming import deed_words
from visits.domain.obliging.owing import clock_of
from visits.models import Obligation


@dataclass(frozen=True)
class ClockTold:
    """One clock in words. `left`: seconds of its own time that are left, below nought when it is late; `runs`: now."""

    one: Obligation
    title: str
    words: str
    due: str
    left: int | None
    left_said: str
    runs: bool
    late: bool
    near: bool
    is_open: bool


def clocks_of(case: Case, *, now: datetime) -> list[ClockTold]:
    """Return the clocks of the case, open ones first, what is due first."""
    found = Obligation.objects.filter(of_subject(subject_of(case))).exclude(state=MeasureState.DROPPED)
    rows = found.select_related("release", "employee", "done_by").order_by(F("due_at").asc(nulls_last=True), "pk")
    return sorted((told(one, now=now) for one in rows), key=lambda clock: not clock.is_open)


def told(one: Obligation, *, now: datetime) -> ClockTold:
    """Return one clock in words, as of a moment."""
    spec = spec_of_obligation(one)
    is_open = one.state == MeasureState.OPEN
    moment = (one.paused_at or now) if is_open else (one.done_at or now)
    late = bool(one.due_at and is_past(moment, one.due_at, inclusive=one.inclusive))
    left, runs = _left(one, spec, moment) if one.due_at and is_open else (None, False)
    near = is_open and not late and one.due_at is not None and _is_near(one, spec, now)
    return ClockTold(
        one=one, title=str((spec.title if spec else "") or ""), words=deed_words(one.deed),
        due=bound_text(one.due_at, inclusive=one.inclusive) if one.due_at else "", left=left,
        left_said=left_words(left) if left is not None else "",
        runs=runs and one.paused_at is None, late=late, near=near, is_open=is_open,
    )  # fmt: skip


def left_words(seconds: int) -> str:
    """Return how much time is left, or by how much it is late."""
    time = length_words(timedelta(seconds=abs(seconds)))
    return _("%(time)s late") % {"time": time} if seconds < 0 else _("%(time)s left") % {"time": time}


def _left(one: Obligation, spec: Any, moment: datetime) -> tuple[int, bool]:
    """Return the seconds of the clock's own time until the bound, and whether that time passes at this moment."""
    if one.due_at is None or spec is None:
        return 0, False
    clock = clock_of(spec_of(one.release), spec)
    instant = bool(spec.within and spec.within.is_instant)
    if not instant or one.due_at <= moment:
        return int((one.due_at - moment).total_seconds()), True
    left = clock.between(moment, one.due_at)
    return int(left.total_seconds()), clock.between(moment, moment + timedelta(minutes=1)) > timedelta()


def _is_near(one: Obligation, spec: Any, now: datetime) -> bool:
    """Say whether little of a clock's time is left: what the regulation warns before, else a fifth of it."""
    if one.due_at is None:
        return False
    if spec is not None and spec.warn_before:
        return clock_of(spec_of(one.release), spec).earlier(one.due_at, spec.warn_before) <= now
    return one.due_at - now <= (one.due_at - one.anchor_at) / 5


def nearest(clocks: Iterable[ClockTold]) -> ClockTold | None:
    """Return the open clock that is due first."""
    return next((clock for clock in clocks if clock.is_open and clock.one.due_at), None)
