"""What has happened that deeds may be owed after: events, contacts, violations, with what each says of people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from staff.choices import ConductKind, ViolationState
from staff.domain.calendar import local_date
from staff.models import Violation
from visits.choices import BOOKS, CASES, RecordKind
from visits.domain.assigning.choosing import written_on
from visits.domain.detecting.bounds import house
from visits.domain.detecting.dissatisfied import tasks_of
from visits.domain.detecting.naming import told_of_record
from visits.domain.matching.facts import facts_of
from visits.models import ServiceEvent, VisitRecord, VisitTask

VISIT_RECORDED, VIOLATION_FOUND, KPI_MISSED = "visit_recorded", "violation_found", "kpi_missed"
AT_ONCE: Final = 500  # contacts that are read at a time
BY_THE_PROGRAM: Final = frozenset({VISIT_RECORDED, VIOLATION_FOUND, KPI_MISSED})


@dataclass(frozen=True)
class Occasion:
    """One happening. `release` rules it alone; without one the release of each policy that rules its day.

    `late` is since when it is known, where a bound that was over by then is owed by nobody: what was taken in late.
    `without`: deeds that are not owed after this happening, whatever the regulation says of its kind.
    """

    kind: str
    subject: str
    at: datetime
    on: date
    facts: Mapping[str, Any]
    release: int | None = None
    late: datetime | None = None
    event: ServiceEvent | None = None
    record: VisitRecord | None = None
    violation: Violation | None = None
    customer: int | None = None
    advisor: int | None = None
    owner: int | None = None
    area: str = ""
    url: str = ""
    branch: int | None = None
    department: int | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


def events_since(since: datetime, until: datetime, kinds: Iterable[str]) -> Iterator[Occasion]:
    """Yield the events of these kinds that were taken in in (`since`, `until`]; those of history start nothing.

    What cases and own books announce is left out: they note themselves what is owed after it, with or without customer.
    """
    wanted = sorted(set(kinds) - BY_THE_PROGRAM)
    if not wanted:
        return
    found = ServiceEvent.objects.filter(kind__code__in=wanted, taken_in_at__gt=since, taken_in_at__lte=until)
    standing = found.filter(history=False).exclude(source__in=(CASES, BOOKS))
    events = list(standing.select_related("kind", "customer", "made_by").order_by("pk"))
    facts = facts_of(events, on=local_date(until, house())) if events else {}
    given = dict(
        VisitTask.objects.filter(event__in=[event.pk for event in events], assignee__isnull=False)
        .order_by("-pk")
        .values_list("event", "assignee__username")
    )
    for event in events:
        said = written_on(event.attributes)
        if event.pk in given:
            said["assignee"] = given[event.pk]
        if event.made_by:
            said["recorder"] = event.made_by.username
        yield Occasion(
            kind=event.kind.code, subject=f"event:{event.pk}", at=event.happened_at, on=event.happened_on,
            facts=facts.get(event.pk, {}), late=event.taken_in_at, event=event, customer=event.customer_id,
            advisor=event.advisor_id, owner=event.customer.owner_id, area=event.customer.area, branch=event.branch_id,
            department=event.department_id, written=said,
        )  # fmt: skip


def records_since(since: datetime, until: datetime) -> Iterator[Occasion]:
    """Yield the contacts that were saved in (`since`, `until`] for a task and not taken back, as of the visit's end."""
    found = VisitRecord.objects.filter(kind=RecordKind.CONTACT, logged_at__gt=since, logged_at__lte=until)
    standing = found.exclude(superseded_by__kind=RecordKind.VOID).select_related("customer", "advisor").order_by("pk")
    last = 0
    while records := list(standing.filter(pk__gt=last)[:AT_ONCE]):
        yield from _recorded(records)
        last = records[-1].pk


def _recorded(records: Sequence[VisitRecord]) -> Iterator[Occasion]:
    """Yield these contacts as happenings; the same number of queries for one and for many of a day."""
    tasks = tasks_of(records)
    days = {record.pk: local_date(record.ended_at or record.started_at, house()) for record in records}
    events: dict[date, list[ServiceEvent]] = {}
    for pk, found in tasks.items():
        events.setdefault(days[pk], []).append(found[0].event)
    facts = {on: facts_of(of_day, on=on) for on, of_day in events.items()}
    for record in records:
        if record.pk not in tasks:
            continue
        first, on, name = tasks[record.pk][0], days[record.pk], record.advisor.username
        yield Occasion(
            kind=VISIT_RECORDED, subject=f"record:{record.pk}", at=record.ended_at or record.started_at, on=on,
            facts={**facts[on].get(first.event_id, {}), **told_of_record(record, tasks[record.pk])},
            release=first.release_id, event=first.event, record=record, customer=record.customer_id,
            advisor=first.event.advisor_id, owner=record.customer.owner_id, area=record.customer.area,
            branch=first.branch_id, department=first.department_id,
            written={"assignee": name, "recorder": name, "handler": name},
        )  # fmt: skip


def violations_since(since: datetime, until: datetime) -> Iterator[Occasion]:
    """Yield the violations that were proposed in (`since`, `until`] and are held against somebody."""
    found = Violation.objects.filter(proposed_at__gt=since, proposed_at__lte=until, kind=ConductKind.PENALTY)
    standing = found.exclude(state__in=(ViolationState.WAIVED, ViolationState.REVERSED)).select_related("employee")
    for one in standing.order_by("pk"):
        yield Occasion(
            kind=VIOLATION_FOUND, subject=f"violation:{one.pk}", at=one.proposed_at, on=one.occurred_on,
            facts={"violation": one.violation, "penalty": one.rule, "clause": one.clause}, release=one.release_id,
            violation=one, advisor=one.employee_id, branch=one.branch_id, department=one.department_id,
            written={"assignee": one.employee.username, "handler": one.employee.username},
        )  # fmt: skip
