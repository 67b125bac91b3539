"""Promised returns of cars that did not come about (POLICY_PACK `return_appointment_missed`; A-14).

Only a promised day counts: one beyond the limit of the regulation is a plan, for which a recommended repair stands. An
appointment that the customer moved in time is none any more. Who answered for it at the end of the day is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.models import Activity, Violation
from visits.choices import FollowUpKind, FollowUpState
from visits.domain.calling.versioning import first_records
from visits.domain.detecting.bounds import due_between, house, last_moment
from visits.domain.detecting.dissatisfied import tasks_of
from visits.domain.detecting.exempting import LEAVE, Circumstances
from visits.domain.detecting.naming import codes_of, visit_of
from visits.models import FollowUpItem

KIND: Final = "return_appointment_missed"
STANDING: Final = (FollowUpState.BOOKED, FollowUpState.MISSED)


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield the appointments whose promised day ended in (`since`, `until`] without the arrival of the car."""
    del now
    due = due_between("due_at", since, until, inclusive=False)
    found = FollowUpItem.objects.filter(due, kind=FollowUpKind.RETURN_APPOINTMENT, state__in=STANDING)
    items = [item for item in found.select_related("record").order_by("due_at", "pk") if item.is_promise]
    if items:
        yield from _breaches(items)


def owners_at(items: Sequence[FollowUpItem]) -> dict[int, int]:
    """Return who answered for each follow-up at its bound: what was handed over afterwards does not change it."""
    found = {item.pk: item.owner_id for item in items}
    bounds = {item.pk: item.due_at for item in items}
    verbs = Activity.objects.filter(verb="follow_up_transferred", subject_type="followupitem")
    handed: dict[int, list[tuple[datetime, dict]]] = defaultdict(list)
    lines = verbs.filter(subject_id__in=list(found)).order_by("-id")
    for pk, at, data in lines.values_list("subject_id", "at", "data"):
        if pk is not None:
            handed[pk].append((at, data))
    makers = {item.pk: item.record.advisor_id for item in items if item.record}
    for pk, moves in handed.items():
        bound = bounds[pk]
        before = next((data for at, data in moves if bound is None or at < bound), None)
        after = [data for at, data in moves if bound is not None and at >= bound]
        if after:
            told = (before or {}).get("to") or after[-1].get("from") or makers.get(pk)
            found[pk] = told or found[pk]
    return found


def _breaches(items: Sequence[FollowUpItem]) -> Iterator[Breach]:
    known = Circumstances.of(None, None)
    owners = owners_at(items)
    first = first_records(item.record for item in items if item.record)
    records = {item.pk: first[item.record_id] for item in items if item.record_id}
    settled = tasks_of(records.values())
    for item in items:
        if item.due_at is None or item.due_on is None:
            continue
        who, on = owners[item.pk], local_date(last_moment(item.due_at, inclusive=False), house())
        tasks = settled.get(records[item.pk].pk, []) if item.record else []
        away = known.workforce.leave_of(who, on=on) is not None
        post = known.workforce.post(who, on=on)
        yield Breach(
            violation=KIND, subject=f"appointment:{item.pk}", employee=who, on=on, at=item.due_at,
            release=tasks[0].release_id if tasks else None, of=codes_of(tasks), exempt=LEAVE if away else "",
            facts={
                "appointment": item.pk, "due_on": item.due_on.isoformat(), "bound": item.due_at.isoformat(),
                **({"visit": visit_of(records[item.pk].pk, tasks)} if item.record_id else {}),
            },
            evidence=({"kind": "appointment", "id": item.pk},), branch=post.branch or item.branch_id,
            department=post.department or item.department_id,
        )  # fmt: skip


def mended(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose car came in time after all, as an export told that came later."""
    subjects = {violation.pk: int(violation.subject.removeprefix("appointment:")) for violation in violations}
    missed = FollowUpItem.objects.filter(pk__in=set(subjects.values()), state__in=STANDING)
    still = set(missed.values_list("pk", flat=True))
    return frozenset(pk for pk, item in subjects.items() if item not in still)
