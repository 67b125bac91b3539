"""Saving a contact: one record however often the button is pressed, one winner however many save (RELIABILITY F39-F41).

The record is written first, so that its form token decides between two presses of one button; then each task is
claimed by a conditional UPDATE, in the order of their ids. Who comes too late keeps what they typed: their record
stays, and completes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from staff.domain.activity import log
from staff.domain.jobs import hand_over
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.appraising import Scene, appraise, limit_of
from visits.domain.calling.claiming import claim, let_go, unanswered_of, winner_of
from visits.domain.calling.contacts import Contact, check_told, fingerprint
from visits.domain.calling.correcting import correct_number, current_number
from visits.domain.calling.drafting import drop_saved
from visits.domain.calling.entering import late_by
from visits.domain.calling.lacking import blocked_by_signature
from visits.domain.calling.outcomes import Move, Standing, move
from visits.domain.calling.terms import preferred_spans, terms_of_all, window_of, work_calendar
from visits.domain.calling.undoing import RECORDED, series_before
from visits.domain.finding.reasons import moment_text
from visits.domain.follow_up.confirming import judge_verification
from visits.domain.follow_up.making import ground_of, open_all
from visits.domain.origin import stages
from visits.domain.planning.following import note_visit
from visits.domain.planning.rulebook import VISIT_RECORDED, load_rulebook
from visits.domain.promising import keeping
from visits.domain.promising.booking import check_call_back
from visits.domain.proof.attaching import attach, kinds_waiting
from visits.models import Customer, RecordTask, VisitRecord, VisitTask


class TakenByAnother(Exception):
    """Somebody else settled the task first. `record`: theirs, if there is one; `kept`: what was typed, as a note."""

    def __init__(self, record: VisitRecord | None, kept: VisitRecord) -> None:
        self.record = record
        self.kept = kept
        who = record.advisor.name if record else _("The program")
        super().__init__(
            _("%(who)s has settled this visit in the meantime. What you wrote was kept beside it.") % {"who": who}
        )


class TokenReused(Exception):
    """The same form came with other content: what was saved under it stands."""

    def __init__(self, record: VisitRecord) -> None:
        self.record = record
        super().__init__(_("This form was already saved with other content. Open the task again to add to it."))


class NotOneCall(ValueError):
    """The tasks cannot end in one call: another customer's, or a policy that wants a call for each."""


@dataclass(frozen=True)
class Recorded:
    """What was saved: the record, the tasks that it completed, when to try again, and a line for the screen."""

    record: VisitRecord
    completed: tuple[int, ...]
    next_attempt_at: datetime | None
    message: str
    replayed: bool = False


def record_contact(
    task: VisitTask, contact: Contact, *, advisor: Employee, now: datetime, also: Sequence[VisitTask] = ()
) -> Recorded:
    """Save one contact about `task` and about further tasks of the same customer, each by its own window and rule.

    Raises `MissingFact`, `InvalidAnswers`, `NumberTaken`, `NotANumber` or `NotOneCall` before anything is written,
    `TokenReused` where the token holds other content, `TakenByAnother` after the text of the loser was kept.
    """
    tasks = list({found.pk: found for found in (task, *also)}.values())
    mark = fingerprint(contact, advisor=advisor.pk, subject=("task", task.pk))
    try:
        with transaction.atomic():
            if found := _saved(contact):
                return _replayed(found, mark, task.pk)
            made = _record(tasks, contact, advisor, mark, now)
    except IntegrityError:
        if found := _saved(contact):  # the other press of the same button was quicker
            return _replayed(found, mark, task.pk)
        raise
    return _answer(made, task)


def record_inbound(customer: Customer, contact: Contact, *, advisor: Employee, now: datetime) -> Recorded:
    """Save a call of the customer that belongs to no task."""
    mark = fingerprint(contact, advisor=advisor.pk, subject=("customer", customer.pk))
    check_told(contact, now=now)
    try:
        with transaction.atomic():
            if found := _saved(contact):
                return _replayed(found, mark, None)
            told_now = columns_of(replace(contact, inbound=True), advisor, mark, now)
            record = VisitRecord.objects.create(
                **told_now, customer=customer, number=current_number(customer), satisfied=contact.satisfied,
                branch_id=load_workforce().post(advisor.pk, on=local_day(now)).branch,
            )  # fmt: skip
            open_all(record, contact.follow, ground_of(record, None, limit_on=None, now=now))
            log(now=now, actor=advisor, verb=RECORDED, subject=record, outcome=contact.outcome)
    except IntegrityError:
        if found := _saved(contact):
            return _replayed(found, mark, None)
        raise
    return Recorded(record, (), None, _("Saved."))


@dataclass(frozen=True)
class Made:
    """What one transaction has written: the record, its links and the moves of its tasks."""

    record: VisitRecord
    links: dict[int, RecordTask]
    moves: dict[int, Move]


def _record(tasks: Sequence[VisitTask], contact: Contact, advisor: Employee, mark: str, now: datetime) -> Made:
    """Write the record and settle its tasks, the first of which was opened; in the caller's transaction."""
    hand_over("visit_begins", tasks=tasks, now=now)
    check_told(contact, now=now)
    contact = replace(contact, proof=kinds_waiting(tasks, advisor))
    scene = _scene(tasks, advisor, now)
    number = current_number(scene.main.customer)
    scene = replace(scene, has_number=number is not None)
    check_call_back(contact, scene.main, scene.terms[scene.main.pk])
    waiting, unappointed = keeping.waiting_for(tasks), keeping.unappointed(tasks, scene.terms, contact)
    lacking = stages.unready(tasks, scene.terms, contact)
    record = VisitRecord.objects.create(
        **columns_of(contact, advisor, mark, now), **appraise(contact, scene, unappointed, lacking).columns(),
        number=number,
        customer=scene.main.customer, branch_id=scene.main.branch_id,
        late_by=late_by(contact, scene.terms[scene.main.pk].step.enter_within, now=now),
    )  # fmt: skip
    attach(record, tasks, now=now)
    drop_saved(contact.token, advisor)
    corrected = bool(contact.new_number.strip())
    if corrected:
        correct_number(record.customer, contact.new_number, by=advisor, now=now, record=record)
    made = Made(record, {}, {})
    for task in sorted(tasks, key=lambda found: found.pk):  # one order for everybody: no two wait for each other
        seen = contact.seen_attempts if task is scene.main else None
        made.moves[task.pk] = _move(
            task, contact, scene, corrected=corrected, blocked=task.pk in {*unappointed, *lacking}
        )
        made.moves[task.pk] = keeping.with_promise(made.moves[task.pk], waiting.get(task.pk), contact, now=now)
        made.links[task.pk] = claim(task, made.moves[task.pk], record, contact, now=now, seen=seen)
    if contact.outcome == Outcome.NO_LONGER_CUSTOMER:
        let_go(record.customer, record, made.links, now=now)
    keeping.settle(record, made.links, waiting, contact, now=now)
    keeping.promise_again(record, tasks, made.links, scene.terms)
    _follow(made, tasks, scene)
    open_all(record, contact.follow, ground_of(record, scene.main, limit_on=limit_of(contact, scene), now=now))
    completed = [task for task in tasks if made.links[task.pk].completes]
    judge_verification(record, completed, by=advisor, now=now)
    hand_over("visit_recorded", record=record, tasks=completed, by=advisor, now=now)
    return made


def _scene(tasks: Sequence[VisitTask], advisor: Employee, now: datetime) -> Scene:
    """Return what the contact is judged with; refuse tasks that no one call can end."""
    terms = terms_of_all(tasks)
    if any(task.customer_id != tasks[0].customer_id for task in tasks):
        raise NotOneCall(_("One call can end tasks of one customer only."))
    if len(tasks) > 1 and not all(found.pack.policy.one_call for found in terms.values()):
        raise NotOneCall(_("The regulation wants a call of its own for each of these tasks."))
    unanswered = unanswered_of(tasks)
    return Scene(tuple(tasks), terms, False, unanswered, advisor, work_calendar(), now)


def _move(task: VisitTask, contact: Contact, scene: Scene, *, corrected: bool, blocked: bool) -> Move:
    """Return what the contact makes of one task; without a needed signature or an agreed time it stays to be made."""
    terms = scene.terms[task.pk]
    if blocked or (contact.reached and blocked_by_signature(contact, terms)):
        return Move()
    spans = preferred_spans(task.customer)
    standing = Standing(scene.unanswered[task.pk], window_of(task), terms, scene.calendar, spans)
    return move(
        contact.outcome, standing, at=contact.started_at or scene.now, call_back_at=contact.call_back_at,
        corrected=corrected,
    )  # fmt: skip


def _follow(made: Made, tasks: Sequence[VisitTask], scene: Scene) -> None:
    """Write the line of activity and let repeating steps count the visit, with what undoing it would need."""
    completed = [task for task in tasks if made.links[task.pk].completes]
    before = series_before(made.record.customer_id) if completed else {}
    log(
        now=scene.now, actor=scene.advisor, verb=RECORDED, subject=made.record, outcome=made.record.outcome,
        tasks=[task.pk for task in tasks], before=before,
    )  # fmt: skip
    if completed and (before or load_rulebook().listens_to(VISIT_RECORDED)):
        at = made.record.ended_at or made.record.started_at
        note_visit(made.record, completed, at=at, calendar=scene.calendar, now=scene.now)


def columns_of(contact: Contact, advisor: Employee, mark: str, now: datetime) -> dict[str, Any]:
    """Return the columns of a record that hold what was told as it was told."""
    return {
        "form_token": contact.token, "fingerprint": mark, "advisor": advisor, "channel": contact.channel,
        "channel_reason": contact.channel_reason.strip(), "started_at": contact.started_at,
        "ended_at": contact.ended_at, "reported_by_system": contact.reported_by_system, "logged_at": now,
        "outcome": contact.outcome, "phrases": list(contact.phrases), "problem": contact.problem.strip(),
        "need": contact.need.strip(), "suggestion": contact.suggestion.strip(), "inbound": contact.inbound,
        "rectification": contact.rectification.strip(), "summary": contact.notes.strip(),
        "settled": contact.settled, "displeasure": contact.displeasure.strip(),
        "displeasure_kind": contact.displeasure_kind.strip(), "offered": contact.offered.strip(),
        "interest": contact.interest, "reason": contact.reason.strip(), "early_reason": contact.early_reason.strip(),
        "call_back_at": contact.call_back_at if contact.outcome == Outcome.CALL_BACK else None,
    }  # fmt: skip


def _saved(contact: Contact) -> VisitRecord | None:
    return VisitRecord.objects.filter(form_token=contact.token).select_related("advisor").first()


def _replayed(record: VisitRecord, mark: str, main: int | None) -> Recorded:
    """Return what the form has saved before; refuse other content under its token."""
    if record.fingerprint != mark:
        raise TokenReused(record)
    links = {link.task_id: link for link in record.links.select_related("task")}
    if main in links and not links[main].attempt:
        raise TakenByAnother(winner_of(links[main].task, but=record), record)
    completed = tuple(pk for pk, link in links.items() if link.completes)
    again = links[main].task.next_attempt_at if main in links else None
    status = links[main].task.status if main in links else None
    return Recorded(record, completed, again, told(record, status, again), replayed=True)


def _answer(made: Made, main: VisitTask) -> Recorded:
    """Return what was saved; tell the one who came too late, now that their text is kept."""
    if not made.links[main.pk].attempt:
        raise TakenByAnother(winner_of(main, but=made.record), made.record)
    own = made.moves[main.pk]
    completed = tuple(pk for pk, link in made.links.items() if link.completes)
    text = told(made.record, own.status, own.next_attempt_at)
    return Recorded(made.record, completed, own.next_attempt_at, text)


def told(record: VisitRecord, status: str | None, again: datetime | None) -> str:
    """Return the line that the screen shows after saving."""
    if again:
        when = moment_text(again, ZoneInfo(settings.TIME_ZONE))
        if record.outcome == Outcome.CALL_BACK:
            return _("Saved. The call-back is due at %(time)s.") % {"time": when}
        return _("Saved. The next attempt is due at %(time)s.") % {"time": when}
    if status is None or status == TaskStatus.OPEN:
        return _("Saved. The task stays in the queue.")
    return _("Saved. The task is now: %(state)s.") % {"state": TaskStatus(status).label}
