"""Putting a saved record right after the half minute of undoing: a new row supersedes it, and says who, when and why.

What was said is judged anew under the same terms. What counts is not touched: the outcome, the moment of saving, whose
visit it is, whether it completed its tasks and in time (DECISIONS 26; RELIABILITY T14, T20).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from staff.domain.access import MANAGERS, roles_of
from staff.domain.activity import log
from staff.domain.calendar import local_date
from staff.domain.jobs import hand_over
from staff.models import Activity, Employee
from visits.choices import FollowUpKind, RecordKind
from visits.domain.calling.appraising import Scene, appraise, limit_of
from visits.domain.calling.claiming import unanswered_of
from visits.domain.calling.contacts import Contact, MissingFact, check_told, fingerprint
from visits.domain.calling.recording import columns_of
from visits.domain.calling.terms import Terms, terms_of_all, work_calendar
from visits.domain.calling.undoing import RECORDED
from visits.domain.calling.versioning import first_records
from visits.domain.follow_up.making import ground_of
from visits.domain.follow_up.taking_back import take_along
from visits.domain.follow_up.wishes import FollowOn
from visits.domain.proof.attaching import carry_over
from visits.models import Evidence, FollowUpItem, RecordTask, VisitRecord, VisitTask

CORRECTED: Final = "record_corrected"
REASON_LENGTH: Final = 200
STAY: Final = (
    "appointment",
    "attempts",
    "stage:",
)  # what a record lacked for good when it was saved: no correction mends it
COUNTED: Final = ("outcome", "call_back_at", "inbound", "reported_by_system")
COMPARED: Final = (
    "started_at", "ended_at", "channel", "channel_reason", "satisfied", "css", "answers", "phrases", "problem", "need",
    "suggestion", "rectification", "settled", "displeasure", "displeasure_kind", "offered", "interest", "summary",
    "reason", "early_reason",
)  # fmt: skip


class NotAmendable(Exception):
    """The record cannot be put right: taken back, corrected by somebody else meanwhile, or not this person's."""


def may_amend(record: VisitRecord, by: Employee, *, now: datetime) -> bool:
    """Say whether this person may put the record right: who made it, and managers."""
    if record.advisor_id == by.pk:
        return True
    return bool(roles_of(by, on=local_date(now, next(iter(terms_of_record(record).values())).zone)) & MANAGERS)


def tasks_of_record(record: VisitRecord) -> list[VisitTask]:
    """Return the tasks of a record, the one that was opened for the call first."""
    first = first_records([record])[record.pk]
    line = Activity.objects.filter(verb=RECORDED, subject_type="visitrecord", subject_id=first.pk).first()
    order = line.data.get("tasks", []) if line else []
    found = [link.task for link in record.links.select_related("task__customer", "task__release").order_by("pk")]
    return sorted(found, key=lambda task: order.index(task.pk) if task.pk in order else len(order))


def terms_of_record(record: VisitRecord) -> dict[int, Terms]:
    """Return the terms under which the record was made, by task."""
    return terms_of_all(tasks_of_record(record))


def amend(record: VisitRecord, contact: Contact, *, reason: str, by: Employee, now: datetime) -> VisitRecord:
    """Write the version that supersedes `record`; the same form twice is one correction.

    Raises `NotAmendable`, `MissingFact` or `InvalidAnswers` before anything is written.
    """
    if done := VisitRecord.objects.filter(form_token=contact.token, supersedes=record).first():
        return done
    _check(record, reason, by, now)
    contact = _as_it_counts(record, contact)
    check_told(contact, now=now)
    try:
        with transaction.atomic():
            return _supersede(record, contact, reason.strip(), by, now)
    except IntegrityError as error:  # a record is superseded once
        raise NotAmendable(_("Somebody has corrected or taken back this record in the meantime.")) from error


def _check(record: VisitRecord, reason: str, by: Employee, now: datetime) -> None:
    if record.kind == RecordKind.VOID or VisitRecord.objects.filter(supersedes=record).exists():
        raise NotAmendable(_("Somebody has corrected or taken back this record in the meantime."))
    if not may_amend(record, by, now=now):
        raise NotAmendable(_("Only who made a record, or a manager, may correct it."))
    if not reason.strip() or len(reason.strip()) > REASON_LENGTH:
        raise MissingFact({"correction_reason": _("Say in a few words why it is corrected.")})


def _as_it_counts(record: VisitRecord, contact: Contact) -> Contact:
    """Return what was typed, with all that no correction touches as it was; a telephone system's times stay too."""
    kept: dict[str, Any] = {name: getattr(record, name) for name in COUNTED}
    if record.reported_by_system:
        kept |= {"started_at": record.started_at, "ended_at": record.ended_at}
    proof = frozenset(Evidence.objects.filter(record=record).values_list("kind", flat=True))
    return replace(contact, **kept, new_number="", seen_attempts=None, proof=proof, follow=_follow_of(record))


def _follow_of(record: VisitRecord) -> FollowOn:
    """Return what followed from the record, as its judgement asks for it."""
    items = {item.kind: item for item in FollowUpItem.objects.standing().filter(record=record).order_by("-pk")}
    back, repair = items.get(FollowUpKind.RETURN_APPOINTMENT), items.get(FollowUpKind.RECOMMENDED_REPAIR)
    asked, reminded = items.get(FollowUpKind.QUESTION), items.get(FollowUpKind.REMINDER)
    return FollowOn(
        return_on=back.due_on if back else None, repair=repair.text if repair else "",
        complaint=FollowUpKind.COMPLAINT in items, question=asked.text if asked else "",
        question_due=asked.due_at if asked else None, remind_on=reminded.due_on if reminded else None,
    )  # fmt: skip


def _supersede(record: VisitRecord, contact: Contact, reason: str, by: Employee, now: datetime) -> VisitRecord:
    tasks = tasks_of_record(record)
    scene = Scene(
        tuple(tasks), terms_of_all(tasks), record.number_id is not None, unanswered_of(tasks), by, work_calendar(),
        record.logged_at,
    )  # fmt: skip
    judged = appraise(contact, scene).columns()
    lacking = [code for code in judged["incomplete"] if not code.startswith(STAY)]
    judged["incomplete"] = [*lacking, *(code for code in record.incomplete if code.startswith(STAY))]
    mark = fingerprint(contact, advisor=by.pk, subject=("record", record.pk))
    made = VisitRecord.objects.create(
        **columns_of(contact, record.advisor, mark, record.logged_at), **judged, kind=RecordKind.CORRECTION,
        supersedes=record, customer=record.customer, branch=record.branch, number=record.number,
        late_by=record.late_by, corrected_by=by, corrected_at=now, correction_reason=reason,
    )  # fmt: skip
    _carry(record, made)
    ground = ground_of(made, tasks[0], limit_on=limit_of(contact, scene), now=now)
    take_along(record, made, contact.follow, replace(ground, by=by, owner=made.advisor))
    hand_over("visit_corrected", record=made, by=by, now=now)
    log(now=now, actor=by, verb=CORRECTED, subject=made, corrects=record.pk, changed=_changed(record, made))
    return made


def _carry(record: VisitRecord, made: VisitRecord) -> None:
    """Let tasks and files hang on the version that stands; as attempts the first version counts."""
    RecordTask.objects.bulk_create(
        RecordTask(record=made, task_id=link.task_id, completes=link.completes, in_time=link.in_time, attempt=0)
        for link in record.links.order_by("pk")
    )
    carry_over(record, made)


def _changed(record: VisitRecord, made: VisitRecord) -> Sequence[str]:
    return [name for name in COMPARED if getattr(record, name) != getattr(made, name)]
