"""What visits, promises and follow-ups broke, told by their rows alone: who had what at its bound, who called when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from reports.domain.auditing.asked import fields_of_task
from reports.domain.auditing.company import Company, Place, day_of
from reports.domain.auditing.ground import Ground, Releases
from reports.domain.auditing.hours import why_exempt
from reports.domain.auditing.regulation import tables
from staff.models import Activity
from visits.models import FollowUpItem, Promise, RecordTask, VisitRecord, VisitTask

MOMENT: Final = timedelta(microseconds=1)
GRACE: Final = timedelta(minutes=15)  # how long after its moment an agreed call is kept
NOT_OWED: Final = ("cancelled", "expired", "not_sampled", "planned")
CALLED: Final = ("done", "unreachable", "refused")
GIVEN: Final = ("assigned", "moved", "pooled", "reassigned", "taken")


class Known:
    """What the computing of grounds asks for again and again."""

    def __init__(self, until: datetime) -> None:
        self.company, self.releases, self.until = Company.read(), Releases(), until

    def hours(self, release: int) -> dict[str, Any]:
        """Return when a release lets one call."""
        found: dict[str, Any] = tables(self.releases.content(release)).get("calling_hours", {})
        return found


def last_moment(bound: datetime, *, inclusive: bool) -> datetime:
    """Return the last moment that is in time."""
    return bound if inclusive else bound - MOMENT


def overdue(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the visits that nobody had made, or given up, at their bound."""
    tasks = list(VisitTask.objects.filter(pk__in=pks).select_related("step__rule"))
    calls, lines = calls_about(pks), handing_over(pks)
    asked = Promise.objects.filter(task__in=pks).values_list("task", "made_at", "promised_at", "state", "settled_at")
    promises = by_first(asked)
    for task in tasks:
        last = last_moment(task.closes_at, inclusive=task.closes_inclusive)
        if task.status in NOT_OWED or task.created_at > task.closes_at or _was_made(task, calls[task.pk], last):
            continue
        who, on = holder(task, lines[task.pk], last), day_of(last)
        if who is None or known.company.is_gone(who, on):
            continue
        later = any(
            made <= task.closes_at and agreed > last and not (state == "withdrawn" and (settled or last) <= last)
            for _task, made, agreed, state, settled in promises[task.pk]
        )
        why = why_exempt(who, task.opens_at, last, known.hours(task.release_id), known.company)
        place = known.company.place(who, on)
        yield Ground(
            kind="visit_overdue", subject=f"task:{task.pk}", employee=who, on=on, since=last + MOMENT, last=last,
            release=task.release_id, sections=sections_of([task]), exempt="customer" if later else why,
            department=place.department or task.department_id,
            told=partial(fields_of_task, task, on),
        )  # fmt: skip


def _was_made(task: VisitTask, calls: Sequence[datetime], last: datetime) -> bool:
    if task.status not in CALLED:
        return False
    return calls[-1] <= last if calls else bool(task.completed_in_time)


def calls_about(pks: Sequence[int]) -> Mapping[int, list[datetime]]:
    """Return the moments that count of the calls about each task, those left out that were taken back."""
    voids = VisitRecord.objects.filter(kind="void", supersedes__links__task__in=pks)
    voided = set(voids.values_list("supersedes", flat=True))
    columns = ("task", "record", "record__reported_by_system", "record__started_at", "record__logged_at")
    links = RecordTask.objects.filter(task__in=pks, attempt__gt=0, record__kind="contact").order_by("attempt", "pk")
    found: dict[int, list[datetime]] = defaultdict(list)
    for task, record, by_system, started, logged in links.values_list(*columns):
        if record not in voided:
            found[task].append(started if by_system else logged)
    return found


def handing_over(pks: Sequence[int]) -> Mapping[int, list[tuple[Any, ...]]]:
    """Return the lines that say who got each task when, in their order."""
    lines = Activity.objects.filter(subject_type="visittask", subject_id__in=pks, verb__in=GIVEN).order_by("pk")
    return by_first(lines.values_list("subject_id", "at", "data"))


def holder(task: VisitTask, lines: Iterable[tuple[Any, ...]], moment: datetime) -> int | None:
    """Return who had a task at a moment: nobody where it lay in a pool."""
    had: int | None = task.assignee_id
    is_before = False
    for _task, at, data in lines:
        if at <= moment:
            had, is_before = data.get("to"), True
        else:
            return had if is_before else data.get("from")
    return had


def promised(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the agreed calls that nobody made within a quarter of an hour of their moment."""
    found = list(Promise.objects.filter(pk__in=pks).select_related("task__step__rule"))
    lines = handing_over([promise.task_id for promise in found])
    for promise in found:
        task, bound = promise.task, promise.promised_at + GRACE
        if promise.state == "kept" or (promise.state == "withdrawn" and (promise.settled_at or bound) <= bound):
            continue
        who = holder(task, lines[task.pk], promise.promised_at)
        if who is None:
            continue
        on = day_of(promise.promised_at)
        place = known.company.place(who, on)
        yield Ground(
            kind="promise_broken", subject=f"promise:{promise.pk}", employee=who, on=on, since=bound + MOMENT,
            last=bound, release=task.release_id, sections=sections_of([task]),
            exempt=why_exempt(who, promise.promised_at, bound, known.hours(task.release_id), known.company),
            department=place.department or task.department_id,
            told=partial(fields_of_task, task, on),
        )  # fmt: skip


def unanswered(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the promised answers that had not been given at their bound."""
    for item in _items(pks, "question"):
        if item.due_at and item.state != "withdrawn" and (item.closed_at is None or item.closed_at >= item.due_at):
            yield _of_item(item, "promise_broken", "reply", day_of(item.due_at), known)


def not_returned(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the promised days that ended without the car."""
    for item in _items(pks, "return_appointment"):
        promised_day = item.due_on and (item.limit_on is None or item.due_on <= item.limit_on)
        if item.due_at and promised_day and item.state in ("booked", "missed"):
            day = day_of(item.due_at - MOMENT)
            yield _of_item(item, "return_appointment_missed", "appointment", day, known)


def _items(pks: Sequence[int], kind: str) -> list[FollowUpItem]:
    return list(FollowUpItem.objects.filter(pk__in=pks, kind=kind).select_related("record"))


def _of_item(item: FollowUpItem, kind: str, subject: str, on: Any, known: Known) -> Ground:
    bound: datetime = item.due_at or item.opened_at
    who = answering(item, bound)
    tasks = tasks_of(first_version(item.record)) if item.record else []
    place = known.company.place(who, on) if who else Place()
    return Ground(
        kind=kind, subject=f"{subject}:{item.pk}", employee=who, on=on, since=bound, last=bound - MOMENT,
        release=tasks[0].release_id if tasks else None, sections=sections_of(tasks),
        exempt="leave" if known.company.is_away(who, on) else "", department=place.department or item.department_id,
    )  # fmt: skip


def answering(item: FollowUpItem, bound: datetime) -> int:
    """Return who answered for a follow-up at its bound, by the lines that say to whom it was handed when."""
    verbs = Activity.objects.filter(verb="follow_up_transferred", subject_type="followupitem", subject_id=item.pk)
    lines = list(verbs.order_by("pk").values_list("at", "data"))
    if not lines or lines[-1][0] < bound:
        return int(item.owner_id)
    before = [data for at, data in lines if at < bound]
    after = [data for at, data in lines if at >= bound]
    told = before[-1].get("to") if before else None
    return int(told or after[0].get("from") or (item.record.advisor_id if item.record else 0) or item.owner_id)


def sections_of(tasks: Iterable[VisitTask]) -> tuple[str, ...]:
    """Return the rules and steps of tasks as a penalty names them."""
    return tuple(f"visit_rule:{task.step.rule.code}/{task.step.code}" for task in tasks)


def tasks_of(record: VisitRecord) -> list[VisitTask]:
    """Return the tasks about which a contact was made, in their order."""
    links = RecordTask.objects.filter(record=record, attempt__gt=0).order_by("pk")
    return [link.task for link in links.select_related("task__step__rule")]


def first_version(record: VisitRecord) -> VisitRecord:
    """Return a contact as it was first saved."""
    while record.supersedes_id:
        record = VisitRecord.objects.get(pk=record.supersedes_id)
    return record


def by_first(rows: Iterable[tuple[Any, ...]]) -> Mapping[Any, list[tuple[Any, ...]]]:
    """Return rows in groups by their first value."""
    found: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found
