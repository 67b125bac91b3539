"""The history of a customer in words: what happened, who was called, what was said, in one line of time.

Whoever may see a customer sees the whole history, whoever made it; numbers stay masked (DECISIONS 1, 31).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from staff.domain.wording import bound_words, day_words, figure_words, local, moment_words, money_words
from visits.choices import CASES, Channel, Outcome, RecordKind, TaskStatus
from visits.domain.contact.masking import mask, mask_in_text
from visits.domain.explaining.columns import columns_told
from visits.domain.explaining.following import follow_ups_told
from visits.domain.explaining.versions import corrected_words, is_corrected
from visits.domain.matching.goods import differs, words_of
from visits.domain.proof.attaching import count_files
from visits.models import ContactNumber, Customer, CustomerSegment, Ownership, RecordTask, ServiceEvent, VisitTask
from visits.models import VisitRecord as Record

LONGEST: Final = 200  # entries of each kind that one page tells; a page says so where there are more
OUTCOMES: Final = dict(Outcome.choices)
CHANNELS: Final = dict(Channel.choices)
STATES: Final = dict(TaskStatus.choices)
WAITING: Final = (TaskStatus.OPEN, TaskStatus.PLANNED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the time line. `kind`: event, record, task, follow; `tone` says how it went: good, bad or plain."""

    at: datetime
    kind: str
    title: str
    who: str = ""
    facts: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    tone: str = "plain"
    event: int | None = None
    task: int | None = None
    follow_up: int | None = None
    voided: bool = False
    record: int | None = None
    author: int | None = None
    files: int = 0

    @property
    def when(self) -> str:
        """Return the moment in words; of a visit that nobody made, the last day on which it was in time."""
        return day_words(local(self.at).date()) if self.kind == "task" else moment_words(self.at)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the customer as the screen shows it, with the time in which it was theirs."""

    masked: str
    primary: bool
    since: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """Everything about one customer that a page shows."""

    segments: list[str] = field(default_factory=list)
    guidance: list[str] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    vehicles: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[Entry] = field(default_factory=list)
    cut: bool = False


def of_customer(customer: Customer, *, now: datetime) -> Told:
    """Return who the customer is and all that happened, latest first, by a fixed number of queries."""
    memberships = CustomerSegment.objects.filter(customer=customer).select_related("segment").order_by("segment_id")
    segments = [membership.segment for membership in memberships]
    tasks = _tasks(VisitTask.objects.filter(customer=customer))
    return Told(
        segments=[str(segment) for segment in segments],
        guidance=[segment.guidance for segment in segments if segment.guidance],
        numbers=_numbers(customer),
        vehicles=vehicles_of(customer),
        tasks=[_open_task(task, now) for task in reversed(tasks) if task["status"] in WAITING],
        timeline=timeline(customer, tasks=tasks),
        cut=len(tasks) >= LONGEST,
    )


def facts_of(event: ServiceEvent) -> list[tuple[str, str]]:
    """Return what the source system says of an event, named and in words; numbers in free text are masked."""
    facts = [
        (_("Happened"), moment_words(event.happened_at)),
        (_("Customer"), event.customer.name),
        (_("Vehicle"), " ".join(_present(str(event.vehicle or ""), event.vehicle.model if event.vehicle else ""))),
        (_("Advisor"), event.advisor.name if event.advisor else ""),
        (_("Branch"), str(event.branch or "")),
        (_("Department"), str(event.department or "")),
        (_("Amount"), money_words(event.amount)),
        (_("CSS score"), figure_words(event.css)),
        (_("Rating"), event.rating),
        (_("Product"), event.product),
        (_("Due"), moment_words(event.due_at)),
        (_("Remark"), mask_in_text(event.remark)),
        *columns_told(event),
        (_("Source"), event.source if event.source != CASES else ""),
        (_("Taken in"), moment_words(event.taken_in_at)),
    ]
    return [(name, text) for name, text in facts if text]


def timeline(customer: Customer, *, tasks: Iterable[dict[str, Any]] = (), limit: int = LONGEST) -> list[Entry]:
    """Return events, contacts, follow-ups and closed tasks of the customer, latest first; at most `limit` of each."""
    closed = [task for task in tasks if task["status"] not in WAITING]
    entries = [
        *events_told(ServiceEvent.objects.filter(customer=customer), limit=limit),
        *records_told(Record.objects.filter(customer=customer), limit=limit),
        *(Entry(**facts) for facts in follow_ups_told(customer, limit=limit)),
        *(_closed_task(task) for task in closed if not task["completed_at"]),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def events_told(events: QuerySet[ServiceEvent], *, limit: int = LONGEST) -> list[Entry]:
    """Return events as lines of time."""
    rows = events.select_related("kind", "vehicle", "advisor").order_by("-happened_at", "-id")[:limit]
    return [
        Entry(
            at=event.happened_at,
            kind="event",
            title=f"{event.kind} {event.order_no}",
            who=event.advisor.name if event.advisor else "",
            facts=_present(
                str(event.vehicle or ""),
                event.product,
                money_words(event.amount),
                f"CSS {figure_words(event.css)}" if event.css is not None else "",
                event.rating,
            ),
            said=_said((_("Remark"), mask_in_text(event.remark))),
            event=event.pk,
        )
        for event in rows
    ]


def records_told(records: QuerySet[Record], *, limit: int = LONGEST) -> list[Entry]:
    """Return contacts as lines of time; a voided one stays, and says so."""
    rows = list(
        records.select_related("advisor", "superseded_by", "corrected_by").order_by("-started_at", "-id")[:limit]
    )
    steps: defaultdict[int, list[str]] = defaultdict(list)
    links = RecordTask.objects.filter(record__in=[row.pk for row in rows]).select_related("task__step__rule")
    for link in links:
        steps[link.record_id].append(step_words(link.task.step))
    files, shown = count_files(rows), [row for row in rows if row.kind != RecordKind.VOID and not is_corrected(row)]
    return [_contact(row, steps[row.pk], files.get(row.pk, 0)) for row in shown]


def step_words(step: Any) -> str:
    """Return what a step is called: its own title, else its rule's."""
    return str(step.title or step.rule.title or step.rule.code)


def _contact(record: Record, steps: list[str], files: int) -> Entry:
    later = getattr(record, "superseded_by", None)
    call_back = moment_words(record.call_back_at) if record.call_back_at else ""
    return Entry(
        at=record.started_at,
        kind="record",
        title=str(OUTCOMES[record.outcome]),
        who=record.advisor.name,
        facts=_present(
            str(CHANNELS[record.channel]),
            *steps,
            record.satisfaction,
            f"CSS {figure_words(record.css)}" if record.css is not None else "",
            _("call back at %(time)s") % {"time": call_back} if call_back else "",
            corrected_words(record),
            _("entered late, after %(minutes)d min") % {"minutes": record.late_by // 60} if record.late_by else "",
        ),
        said=_said(
            (_("Problem"), record.problem),
            (_("Need"), record.need),
            (_("Suggestion"), record.suggestion),
            (_("Rectification"), record.rectification),
            (_("Notes"), record.summary),
            *((_("Goods"), text) for answer in record.answers.values() for text in words_of(answer)),
        ),
        tone=_tone(record),
        voided=later is not None and later.kind == RecordKind.VOID,
        record=record.pk if steps else None,
        author=record.advisor_id,
        files=files,
    )


def _tone(record: Record) -> str:
    if record.satisfied is False or any(map(differs, record.answers.values())):
        return "bad"
    return "good" if record.outcome == Outcome.REACHED else "plain"


def _tasks(tasks: QuerySet[VisitTask]) -> list[dict[str, Any]]:
    rows = tasks.select_related("step__rule", "assignee").order_by("-closes_at", "-id")[:LONGEST]
    return [
        {
            "id": task.pk,
            "status": task.status,
            "state": str(STATES[task.status]),
            "title": step_words(task.step),
            "assignee": task.assignee.name if task.assignee else "",
            "attempts": task.attempts,
            "opens_at": task.opens_at,
            "closes_at": task.closes_at,
            "inclusive": task.closes_inclusive,
            "completed_at": task.completed_at,
            "reason": _(task.closed_reason) if task.closed_reason else "",
            "event_id": task.event_id,
        }
        for task in rows
    ]


def tasks_told(tasks: QuerySet[VisitTask], *, now: datetime) -> list[dict[str, Any]]:
    """Return tasks as rows in words, first to close first."""
    return [_open_task(task, now) for task in reversed(_tasks(tasks))]


def _open_task(task: dict[str, Any], now: datetime) -> dict[str, Any]:
    past = task["closes_at"] < now or (task["closes_at"] == now and not task["inclusive"])
    return task | {
        "opens": day_words(local(task["opens_at"]).date()),
        "closes": bound_words(task["closes_at"], task["inclusive"]),
        "late": past and task["status"] == TaskStatus.OPEN,
    }


def _closed_task(task: dict[str, Any]) -> Entry:
    """Return a task that no contact ended: cancelled, not drawn, missed, taken in late."""
    return Entry(
        at=task["closes_at"] - timedelta(microseconds=not task["inclusive"]),
        kind="task",
        title=f"{task['title']} · {task['state']}",
        who=task["assignee"],
        facts=_present(task["reason"]),
        task=task["id"],
    )


def _numbers(customer: Customer) -> list[Number]:
    rows = ContactNumber.objects.filter(customer=customer).order_by("valid_until", "-is_primary", "-valid_from", "id")
    return [
        Number(
            masked=mask(row.number),
            primary=row.is_primary and row.valid_until is None,
            since=day_words(local(row.valid_from).date()),
            until=day_words(local(row.valid_until).date()) if row.valid_until else "",
            reason=_(row.closed_reason) if row.closed_reason else "",
        )
        for row in sorted(rows, key=lambda row: row.valid_until is not None)
    ]


def vehicles_of(customer: Customer) -> list[dict[str, Any]]:
    """Return the vehicles of a customer in words, the latest first; one given up says until when."""
    owned = Ownership.objects.filter(customer=customer).select_related("vehicle").order_by("-from_at", "-id")
    return [
        {
            "id": link.vehicle_id,
            "plate": str(link.vehicle),
            "vin": link.vehicle.vin,
            "model": link.vehicle.model,
            "mileage": f"{link.vehicle.mileage:,} km" if link.vehicle.mileage is not None else "",
            "warranty": day_words(link.vehicle.warranty_until),
            "until": day_words(local(link.until_at).date()) if link.until_at else "",
        }
        for link in owned
    ]


def _present(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _said(*lines: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in lines if text)
