"""Taking a contact back within 30 seconds: a voiding row, and everything that it moved put back (DECISIONS 29)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from staff.domain.activity import log
from staff.domain.jobs import hand_over
from staff.models import Activity, Employee
from visits.choices import WORKABLE, Outcome, RecordKind, TaskStatus
from visits.domain.calling.claiming import unanswered_of
from visits.domain.calling.correcting import NUMBER_CORRECTED
from visits.domain.calling.drafting import keep_apart
from visits.domain.calling.outcomes import LEFT, Standing, retry_at
from visits.domain.calling.retelling import content_of
from visits.domain.calling.terms import preferred_spans, terms_of, window_of, work_calendar
from visits.domain.follow_up.handling import CannotHandle
from visits.domain.follow_up.retelling import content_of_follow_on
from visits.domain.follow_up.taking_back import take_back
from visits.domain.promising import keeping
from visits.domain.proof.attaching import detach
from visits.models import ContactNumber, Customer, RecordTask, Series, ServiceEvent, VisitRecord, VisitTask

UNDO_WITHIN: Final = timedelta(seconds=30)
RECORDED: Final = "contact_recorded"
SERIES: Final = ("anchor_at", "anchor_occurrence", "next_occurrence", "next_opens_at", "ended_at", "ended_reason")
WINDOW: Final = ("opens_at", "closes_at", "closes_inclusive", "status")
ANNOUNCED: Final = "visit-{record}-"  # how visits.domain.planning.following numbers the events of a record
UNDONE: Final = gettext_noop("undone")


class NotUndoable(Exception):
    """The contact cannot be taken back: too late, somebody else's, or worked upon since."""


def undo(record: VisitRecord, *, token: UUID, by: Employee, now: datetime) -> VisitRecord:
    """Take one's own contact back until 30 s after it was saved; return the voiding row. Raises `NotUndoable`.

    What was typed is a draft again, so that nobody types it twice.
    """
    if record.kind != RecordKind.CONTACT or record.advisor_id != by.pk:
        raise NotUndoable(_("Only one's own contact can be taken back."))
    if now - record.logged_at > UNDO_WITHIN:
        raise NotUndoable(_("A contact can be taken back for 30 seconds only."))
    try:
        with transaction.atomic():
            hand_over("visit_taken_back", record=record, now=now)
            void = VisitRecord.objects.create(**_voiding(record), form_token=token, advisor=by, logged_at=now)
            take_back(record, by=by, now=now)
            _put_back(record, now)
            _type_again(record, by, now)
            log(now=now, actor=by, verb="contact_undone", subject=record, void=void.pk)
    except CannotHandle as refusal:
        raise NotUndoable(str(refusal)) from refusal
    except IntegrityError as error:  # a record is superseded once
        raise NotUndoable(_("This contact was taken back or corrected before.")) from error
    return void


def series_before(customer: int) -> dict[str, Any]:
    """Return, as JSON, where the series of a customer and their untouched tasks stand: what a visit may move."""
    series = list(Series.objects.filter(customer=customer, ended_at=None).values("pk", *SERIES))
    if not series:
        return {}
    tasks = VisitTask.objects.filter(customer=customer, attempts=0, event__series__in=[one["pk"] for one in series])
    waiting = tasks.filter(status__in=(TaskStatus.PLANNED, TaskStatus.OPEN)).distinct().values("pk", *WINDOW)
    return {"series": [_told(row) for row in series], "tasks": [_told(row) for row in waiting]}


def _voiding(record: VisitRecord) -> dict[str, Any]:
    return {
        "kind": RecordKind.VOID, "supersedes": record, "customer": record.customer, "branch": record.branch,
        "number": record.number, "inbound": record.inbound, "channel": record.channel, "outcome": record.outcome,
        "started_at": record.started_at, "fingerprint": record.fingerprint,
    }  # fmt: skip


def _type_again(record: VisitRecord, by: Employee, now: datetime) -> None:
    """Make a draft of what was typed, on the task that was opened; the corrected number is asked for again."""
    links = list(record.links.exclude(attempt=0).order_by("pk"))
    if links:
        content = (
            content_of(record) | content_of_follow_on(record) | {"also": [str(link.task_id) for link in links[1:]]}
        )
        keep_apart(links[0].task, content, author=by, now=now)


def _put_back(record: VisitRecord, now: datetime) -> None:
    """Put back all that the contact moved, in the caller's transaction."""
    links = list(record.links.select_related("task__customer").order_by("task"))
    _put_number_back(record)
    detach(record)
    for link in links:
        if RecordTask.objects.filter(task=link.task, pk__gt=link.pk).exists():
            raise NotUndoable(_("The task was worked upon since."))
        if link.attempt or link.completes or record.outcome == Outcome.NO_LONGER_CUSTOMER:
            _reopen(link, now)
    if record.outcome == Outcome.NO_LONGER_CUSTOMER:
        Customer.objects.filter(pk=record.customer_id, left_at=record.logged_at).update(left_at=None)
        Series.objects.filter(customer=record.customer_id, ended_at=record.logged_at, ended_reason=LEFT).update(
            ended_at=None, ended_reason=""
        )
    keeping.take_back(record, now=now)
    _put_series_back(record)
    _withdraw_events(record, now)


def _reopen(link: RecordTask, now: datetime) -> None:
    """Put one task back to where it stood; its count of attempts goes on, for the voided one keeps its number."""
    task = VisitTask.objects.select_for_update().get(pk=link.task_id)
    if link.attempt and task.attempts != link.attempt:
        raise NotUndoable(_("The task was worked upon since."))
    facts = standing_before(task, link, now=now)
    VisitTask.objects.filter(pk=task.pk).update(
        **facts, completed_at=None, completed_in_time=None, closed_reason="", leased_by=None, leased_until=None
    )


def standing_before(task: VisitTask, link: RecordTask, *, now: datetime) -> dict[str, Any]:
    """Return state, promise and next attempt as the contact before this one had left them."""
    facts: dict[str, Any] = {"next_attempt_at": None, "call_back_at": None}
    facts["status"] = TaskStatus.OPEN if task.opens_at <= now else TaskStatus.PLANNED
    earlier = RecordTask.objects.filter(task=task, attempt__gt=0, pk__lt=link.pk)
    last = earlier.exclude(record__superseded_by__kind=RecordKind.VOID).select_related("record").order_by("-pk").first()
    if last is None:
        return facts
    record = last.record
    if record.outcome == Outcome.WRONG_NUMBER and record.number and record.number.valid_until is None:
        return facts | {"status": TaskStatus.INVALID_NUMBER}
    if record.outcome == Outcome.CALL_BACK and record.call_back_at:
        return facts | {"next_attempt_at": record.call_back_at, "call_back_at": record.call_back_at}
    if record.outcome in (Outcome.NO_ANSWER, Outcome.BUSY):
        facts["next_attempt_at"] = _retry_before(task, record)
    return facts


def _retry_before(task: VisitTask, record: VisitRecord) -> datetime | None:
    """Return when the earlier unanswered attempt had wanted the next one."""
    terms = terms_of(task)
    standing = Standing(
        unanswered_of([task])[task.pk], window_of(task), terms, work_calendar(), preferred_spans(task.customer)
    )
    return retry_at(standing, at=record.started_at, unanswered=standing.unanswered)


def _put_number_back(record: VisitRecord) -> None:
    """Undo the correction that came with the contact: the number of before is dialled again, its tasks wait again."""
    corrections = Activity.objects.filter(
        verb=NUMBER_CORRECTED, subject_type="customer", subject_id=record.customer_id, at=record.logged_at
    )
    done = next((line for line in corrections if line.data["record"] == record.pk), None)
    if done is None:
        return
    opened = ContactNumber.objects.filter(pk=done.data["new"])
    opened.filter(valid_from=record.logged_at).update(valid_until=record.logged_at, closed_reason=UNDONE)
    opened.update(is_primary=False)
    ContactNumber.objects.filter(pk=done.data["old"]).update(valid_until=None, closed_reason="", is_primary=True)
    waited = VisitTask.objects.filter(pk__in=done.data["requeued"], status__in=WORKABLE)
    waited.update(status=TaskStatus.INVALID_NUMBER)


def _put_series_back(record: VisitRecord) -> None:
    """Put series, and the untouched tasks that the visit moved, back to where they stood before it."""
    line = Activity.objects.filter(verb=RECORDED, subject_type="visitrecord", subject_id=record.pk).first()
    before: Mapping[str, Any] = (line.data.get("before") if line else None) or {}
    for row in before.get("series", ()):
        Series.objects.filter(pk=row["pk"]).update(**_read(row, SERIES))
    for row in before.get("tasks", ()):
        VisitTask.objects.filter(pk=row["pk"], attempts=0).update(**_read(row, WINDOW))


def _withdraw_events(record: VisitRecord, now: datetime) -> None:
    """Take back the events that told of this visit; what was planned for them and not yet worked on is cancelled."""
    told = ServiceEvent.objects.filter(
        order_no__startswith=ANNOUNCED.format(record=record.pk), customer=record.customer
    )
    VisitTask.objects.filter(event__in=told, attempts=0, status__in=(TaskStatus.PLANNED, TaskStatus.OPEN)).update(
        status=TaskStatus.CANCELLED, closed_reason=UNDONE
    )
    told.update(history=True, needs_planning=False, changed_at=now)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _read(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(row[name]) if name.endswith("_at") and row[name] else row[name] for name in names
    }
