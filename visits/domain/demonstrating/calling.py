"""The calls of the demo company: who calls how many, what comes of it, and what is promised for the days to come."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from staff.models import Employee
from visits.choices import Channel, EvidenceKind, Stage, TaskStatus
from visits.domain.calling.channels import default_channel
from visits.domain.calling.recording import record_contact
from visits.domain.calling.terms import Terms
from visits.domain.demonstrating import cast, proving, showing, talking
from visits.domain.demonstrating.attempting import attempt
from visits.domain.demonstrating.scene import Company
from visits.domain.finding.queueing import queue
from visits.domain.origin import stages
from visits.domain.promising.booking import Wish, book
from visits.models import Promise, VisitTask

CALLS_A_SPELL: Final = 12
TIRED_DAYS: Final = 2  # on the last days those who sign in fell behind: something is left to do
TOLD: Final = ("event", "event__kind", "event__branch", "customer", "step__rule", "release__policy")
NEXT_SPELL: Final = timedelta(hours=4, minutes=45)
ALL_WRITTEN: Final = timedelta(minutes=45)  # after this long nothing of a call is still to be noted or handed in
KEEPING: Final = 0.86
AGREED: Final = ((1, "10:30"), (1, "11:10"), (1, "15:20"), (1, "18:00"), (2, "09:40"), (4, "16:00"))
TODAY: Final = ((1, "10:30"), (1, "15:20"), (1, "18:00"), (2, "09:40"))  # seen from the evening before
PLAN: Final = {Stage.START.value: "与行政主管约定，对方停车场", Stage.PREPARE.value: "在保车辆清单与下一年度保养安排"}


def call_round(company: Company, caller: Employee, began: datetime) -> None:
    """Let one person call the first of their queue, one after the other; on the last days less than there is."""
    ago = company.ago(company.day(began))
    if ago <= TIRED_DAYS and caller.username in cast.LEFT_OVER:
        return
    moment = began
    for row in queue(caller, now=began, limit=CALLS_A_SPELL // (3 if ago <= 1 else 1)):
        moment += timedelta(minutes=company.dice.randint(3, 7))
        if not company.has_come(moment + ALL_WRITTEN):
            return
        call(company, caller, row.id, moment)


def keep_promises(company: Company, began: datetime) -> None:
    """Let everybody ring when they said they would, in the hours after `began`; a few forget."""
    due = Promise.objects.waiting().filter(promised_at__gt=began, promised_at__lt=began + NEXT_SPELL)
    for promise in due.select_related("task__assignee").order_by("promised_at", "pk"):
        if not company.has_come(promise.promised_at + ALL_WRITTEN):
            return
        if promise.task.assignee and company.dice.random() < KEEPING:
            call(company, promise.task.assignee, promise.task_id, promise.promised_at + timedelta(minutes=1))


def call(company: Company, caller: Employee, task_id: int, moment: datetime) -> None:
    """Make one call and log it as it ended; a call before that may have settled the task.

    The morning's cases are told first: what one of them calls for later in the morning waits for the next spell.
    """
    task = VisitTask.objects.select_related(*TOLD).get(pk=task_id)
    if task.status != TaskStatus.OPEN or task.created_at > moment:
        return
    terms = company.terms_of(task)
    if terms.step.appointment == "onsite":
        with attempt():
            visit(company, task, terms, caller, moment)
        return
    told = talking.contact(company.dice, terms, began=moment, channel=channel_of(company.dice, task, terms))
    logged_at = (told.ended_at or moment) + timedelta(seconds=company.dice.randint(5, 40))
    with attempt():
        made = record_contact(task, told, advisor=caller, now=logged_at)
        company.said[made.record.pk] = told


def channel_of(dice: random.Random, task: VisitTask, terms: Terms) -> str:
    """Return by what the call is made: as the customer prefers, now and then by the mobile phone, with its reason."""
    if dice.random() < 0.25 and Channel.MOBILE in terms.channels:
        return Channel.MOBILE.value
    return default_channel(terms, task.customer, has_number=True)


def visit(company: Company, task: VisitTask, terms: Terms, caller: Employee, moment: datetime) -> None:
    """Go and see a customer: agree a time first, then prepare, and two days later be there and have it signed."""
    reached = {row.stage for row in task.stages.all()}
    if Stage.START not in reached:
        _note_stage(task, terms, Stage.START, caller, moment)
        agreed = company.at(company.day(moment) + timedelta(2), "15:00")
        book(task, Wish(agreed, Channel.ONSITE.value, "行政主管", "对方约在这时"), by=caller, now=moment)
    elif Stage.PREPARE not in reached:
        _note_stage(task, terms, Stage.PREPARE, caller, moment)
    elif task.call_back_at is None or task.call_back_at <= moment + timedelta(hours=2):
        proving.hand_in(showing.signature(company.dice), EvidenceKind.SIGNATURE, caller, task=task, now=moment)
        told = talking.contact(company.dice, terms, began=moment, channel=Channel.ONSITE.value, reached=True)
        made = record_contact(task, told, advisor=caller, now=told.ended_at or moment)
        task.refresh_from_db()
        if made.completed:
            _note_stage(task, terms, Stage.CLOSE, caller, made.record.logged_at + timedelta(minutes=30))


def _note_stage(task: VisitTask, terms: Terms, stage: Stage, caller: Employee, now: datetime) -> None:
    fields = stages.fields_of(stages.demanded(terms).get(stage, ()))
    told = {field.code: PLAN.get(stage.value, "BF-2026-018") for field in fields}
    stages.reach(task, terms, stage.value, told, by=caller, now=now)


def promise(company: Company, on: date, callers: Sequence[Employee]) -> None:
    """Agree with customers when the visit is to be; on the last day everybody who signs in has some for today."""
    dice, now = company.luck("promises", on=on), company.at(on, "17:40")
    tonight = company.ago(on) == 1
    signed_in = [company.person(name) for name in cast.SIGNED_IN] if tonight else []
    for caller in dict.fromkeys((*signed_in, *callers)):
        agreed = TODAY if caller in signed_in else dice.sample(AGREED, 2)
        waiting = VisitTask.objects.filter(assignee=caller, status=TaskStatus.OPEN, call_back_at=None)
        found = waiting.select_related(*TOLD).order_by("-closes_at", "-pk")[: len(agreed)]
        for task, (ahead, clock) in zip(found, agreed, strict=False):
            wish = Wish(company.at(on + timedelta(ahead), clock), agreed_with="本人", reason="客户自己定的时间")
            with attempt():
                book(task, wish, by=caller, now=now)
