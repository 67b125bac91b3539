"""Visits that were neither done nor given up at their bound (POLICY_PACK `visit_overdue`; A-06, L-04, L-07).

Given up is what the customer refused, and what nobody answered in all attempts that the rule asks for. What lay in a
pool at the bound is nobody's. A cancelled visit counts nowhere, as in the figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q

from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.models import Violation
from visits.choices import PromiseState, RecordKind, TaskStatus
from visits.domain.assigning.holding import held_at
from visits.domain.calling.terms import terms_of_all
from visits.domain.detecting.bounds import OVERLAP, counted_at, due_between, house, is_past, last_moment
from visits.domain.detecting.exempting import CUSTOMER, Circumstances, Exemption, exemption
from visits.domain.detecting.naming import codes_of, fields_of_tasks
from visits.models import Promise, RecordTask, VisitTask

KIND: Final = "visit_overdue"
NO_WORK: Final = (TaskStatus.CANCELLED, TaskStatus.EXPIRED, TaskStatus.NOT_SAMPLED, TaskStatus.PLANNED)
ENDED_BY_A_CALL: Final = (TaskStatus.DONE, TaskStatus.UNREACHABLE, TaskStatus.REFUSED)
RELATED: Final = ("release", "step__rule", "event")


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield a breach for each visit whose bound was over in (`since`, `until`] and that was not made by then."""
    del now  # what was so at the bound is so whenever one looks
    back = since - OVERLAP
    due = due_between("closes_at", back, until, inclusive=True) & Q(closes_inclusive=True)
    due |= due_between("closes_at", back, until, inclusive=False) & Q(closes_inclusive=False)
    found = VisitTask.objects.filter(due, created_at__lte=F("closes_at")).exclude(status__in=NO_WORK)
    yield from breaches(list(found.select_related(*RELATED).order_by("closes_at", "pk")))


def breaches(tasks: Sequence[VisitTask]) -> Iterator[Breach]:
    """Yield those of these tasks, whose bounds are over, that are breaches of whoever had them at the bound."""
    calls = calls_of(tasks)
    late = [task for task in tasks if is_overdue(task, calls.get(task.pk, ()))]
    if not late:
        return
    lasts = {task.pk: last_moment(task.closes_at, inclusive=task.closes_inclusive) for task in late}
    holders, terms = held_at(lasts), terms_of_all(late)
    days = {task.pk: local_date(lasts[task.pk], house()) for task in late}
    known = Circumstances.of(min(task.opens_at for task in late), max(task.closes_at for task in late))
    fields, asked = fields_of_tasks(late, days), asked_delays(late)
    for task in late:
        who, on = holders[task.pk], days[task.pk]
        person = known.workforce.people.get(who) if who else None
        if who is None or person is None or (person.left_on and person.left_on < on):
            continue  # it lay in a pool, or with somebody who was gone: nobody could have made it
        why = asked.get(task.pk) or exemption(
            who, task.opens_at, lasts[task.pk], hours=terms[task.pk].hours, known=known
        )
        post = known.workforce.post(who, on=on)
        yield Breach(
            violation=KIND, subject=f"task:{task.pk}", employee=who, on=on, at=task.closes_at,
            release=task.release_id, of=codes_of([task]), fields=fields.get(task.pk, {}),
            facts=_facts(task, calls.get(task.pk, ())) | dict(why.facts), exempt=why.why,
            evidence=({"kind": "task", "id": task.pk},), branch=post.branch or task.branch_id,
            department=post.department or task.department_id,
        )  # fmt: skip


def calls_of(tasks: Iterable[VisitTask]) -> dict[int, list[RecordTask]]:
    """Return the calls about each task that were not taken back, in their order."""
    links = RecordTask.objects.filter(task__in=[task.pk for task in tasks], attempt__gt=0)
    standing = links.filter(record__kind=RecordKind.CONTACT).exclude(record__superseded_by__kind=RecordKind.VOID)
    found: dict[int, list[RecordTask]] = defaultdict(list)
    for link in standing.select_related("record").order_by("attempt", "pk"):
        found[link.task_id].append(link)
    return found


def is_overdue(task: VisitTask, calls: Sequence[RecordTask]) -> bool:
    """Say whether a task was neither done nor given up at its bound; `calls` in their order."""
    if task.status in NO_WORK or task.created_at > task.closes_at:
        return False
    if task.status not in ENDED_BY_A_CALL:
        return True
    if not calls:  # ended by another visit
        return not task.completed_in_time
    return is_past(counted_at(calls[-1].record), task.closes_at, inclusive=task.closes_inclusive)


def asked_delays(tasks: Sequence[VisitTask]) -> dict[int, Exemption]:
    """Return the tasks whose customers had asked, before the bound, to be called after it."""
    by_id = {task.pk: task for task in tasks}
    found: dict[int, Exemption] = {}
    agreed = Promise.objects.filter(task__in=list(by_id), made_at__lte=F("task__closes_at"))
    for promise in agreed.order_by("promised_at", "pk"):
        task = by_id[promise.task_id]
        bound, inclusive = task.closes_at, task.closes_inclusive
        gone = promise.state == PromiseState.WITHDRAWN and not is_past(
            promise.settled_at or bound, bound, inclusive=inclusive
        )
        if not gone and is_past(promise.promised_at, bound, inclusive=inclusive):
            facts = {"promise": promise.pk, "promised_at": promise.promised_at.isoformat()}
            found.setdefault(task.pk, Exemption(CUSTOMER, facts))
    return found


def mended(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose visit was in time after all, as a telephone system told later, or is cancelled."""
    subjects = {violation.pk: int(violation.subject.removeprefix("task:")) for violation in violations}
    tasks = VisitTask.objects.in_bulk(set(subjects.values()))
    calls = calls_of(tasks.values())
    gone = {pk for pk, task in tasks.items() if not is_overdue(task, calls.get(pk, ()))}
    return frozenset(pk for pk, task in subjects.items() if task in gone)


def _facts(task: VisitTask, calls: Sequence[RecordTask]) -> dict[str, Any]:
    """Return what the explanation is made of. What happens after the bound, it looks up for itself."""
    before = [
        call for call in calls if not is_past(counted_at(call.record), task.closes_at, inclusive=task.closes_inclusive)
    ]
    return {
        "task": task.pk, "opens_at": task.opens_at.isoformat(), "bound": task.closes_at.isoformat(),
        "inclusive": task.closes_inclusive, "rule": task.step.rule.code, "step": task.step.code,
        "attempts_in_time": len(before), "last_outcome": before[-1].record.outcome if before else "",
    }  # fmt: skip
