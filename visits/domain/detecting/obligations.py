"""Owed deeds that were not done at their bound (POLICY_PACK `obligation_missed`).

One that was noted only after its bound, because what happened was told late, falls due when it is noted. Who owed it
answers for it; what nobody had is nobody's. A clock that stands still has no bound until it goes on.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q

from staff.choices import MeasureState
from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.domain.policies import spec_of
from staff.models import Activity, Violation
from visits.domain.detecting.bounds import OVERLAP, due_between, house, is_past, last_moment
from visits.domain.detecting.exempting import Circumstances, exemption
from visits.domain.obliging.about import NOTHING, About, about, thing_of
from visits.domain.timing.retrying import CallingHours
from visits.models import Obligation

KIND: Final = "obligation_missed"
HANDED_ON: Final = "obligation_handed_on"  # a line of activity: `of` whom, `to` whom, as employees' ids


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield the deeds whose bound was over in (`since`, `until`], or that were noted then, too late."""
    del now
    back = since - OVERLAP
    due = due_between("due_at", back, until, inclusive=True) & Q(inclusive=True)
    due |= due_between("due_at", back, until, inclusive=False) & Q(inclusive=False)
    due |= Q(made_at__gt=back, made_at__lte=until, due_at__lt=until)
    found = Obligation.objects.filter(due, employee__isnull=False, paused_at=None).select_related("release", "record")
    missed = [one for one in found.order_by("due_at", "pk") if is_missed(one)]
    if not missed:
        return
    known = Circumstances.of(
        min(one.anchor_at for one in missed), max(one.due_at for one in missed if one.due_at is not None)
    )
    owed_by, things = owners_at(missed), about(one.subject for one in missed)
    for one in missed:
        if who := owed_by[one.pk]:
            yield from _breach(one, who, known, things.get(one.subject, NOTHING))


def owners_at(found: Sequence[Obligation]) -> dict[int, int | None]:
    """Return who owed each deed at its bound, if anybody: what was handed on afterwards does not change it."""
    owners = {one.pk: one.employee_id for one in found}
    bounds = {one.pk: (one.due_at, one.inclusive) for one in found}
    moves = Activity.objects.filter(verb=HANDED_ON, subject_type="obligation", subject_id__in=list(owners))
    for pk, at, data in moves.order_by("-id").values_list("subject_id", "at", "data"):
        due_at, inclusive = bounds[pk or 0]
        if due_at is not None and is_past(at, due_at, inclusive=inclusive):
            owners[pk or 0] = data["of"]
    return owners


def is_missed(one: Obligation) -> bool:
    """Say whether a deed was not done at its bound; one that was taken back before it is none."""
    if one.due_at is None or one.paused_at is not None:
        return False
    if one.state == MeasureState.OPEN or one.done_at is None:
        return True
    late = is_past(one.done_at, one.due_at, inclusive=one.inclusive)
    return late and one.state == MeasureState.DONE


def _breach(one: Obligation, who: int, known: Circumstances, of: About) -> Iterator[Breach]:
    bound = one.due_at
    if bound is None:
        return
    last = last_moment(bound, inclusive=one.inclusive)
    on = local_date(last, house())
    hours = CallingHours.of(spec_of(one.release).calling_hours)
    why = exemption(who, one.anchor_at, last, hours=hours, known=known)
    post = known.workforce.post(who, on=on)
    yield Breach(
        violation=KIND, subject=f"obligation:{one.pk}", employee=who, on=on, at=bound, release=one.release_id,
        of=frozenset({one.rule, f"obligation:{one.rule}"}), fields={**of.fields, "deed": one.deed}, exempt=why.why,
        facts={
            "obligation": one.pk, "rule": one.rule, "deed": one.deed, "anchor": one.anchor_at.isoformat(),
            "bound": bound.isoformat(), "inclusive": one.inclusive, **_visit(one, of), **why.facts,
        },
        evidence=tuple(_shown(one, of)), branch=post.branch or one.branch_id,
        department=post.department or one.department_id,
    )  # fmt: skip


def _visit(one: Obligation, of: About) -> dict[str, str]:
    """Return the case whose penalties stack with this one."""
    return {"visit": ":".join(thing_of(one.subject))} if of.words else {}


def _shown(one: Obligation, of: About) -> Iterator[dict[str, int | str]]:
    yield {"kind": "obligation", "id": one.pk}
    if of.words:
        kind, key = thing_of(one.subject)
        yield {"kind": kind, "id": key}


def mended(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose deed was done in time after all, or is owed no more."""
    subjects = {violation.pk: int(violation.subject.removeprefix("obligation:")) for violation in violations}
    still = {one.pk for one in Obligation.objects.filter(pk__in=set(subjects.values())) if is_missed(one)}
    return frozenset(pk for pk, subject in subjects.items() if subject not in still)
