"""What reaches the desks of the demo company unasked: customers who call, refuse, move house; words for colleagues."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from staff.domain.calendar import day_end, day_start
from staff.models import Employee
from visits.choices import Channel, Outcome, Purpose, SkipReason, TaskStatus
from visits.domain.calling.amending import amend
from visits.domain.calling.contacts import Contact
from visits.domain.calling.drafting import Page, keep
from visits.domain.calling.passing import handle, pass_on, read
from visits.domain.calling.restricting import lift, restrict
from visits.domain.calling.revealing import reveal
from visits.domain.calling.skipping import skip
from visits.domain.demonstrating.attempting import attempt
from visits.domain.demonstrating.scene import Company, token
from visits.domain.demonstrating.words import CALLS_IN, CORRECTIONS, HOUSES, REASONS, REFUSALS, SPANS, WORDS
from visits.domain.matching.tagging import put_tag
from visits.domain.origin.answering import take_call
from visits.domain.origin.changing import change
from visits.domain.origin.requesting import REQUEST, Wish
from visits.models import Customer, ImportantWord, VisitRecord, VisitTask

TAGS: Final = ("impulsive", "indecisive", "approval-seeking")


def afternoon(company: Company, on: date, callers: Sequence[Employee]) -> None:
    """Let the afternoon of one day bring what nobody planned, to the people who are there."""
    dice = company.luck("afternoon", on=on)
    calls = list(_calls_of(company, on))
    if not calls:
        return
    now = company.at(on, "16:20")
    _customers_call(company, dice, calls, now)
    for record in dice.sample(calls, min(2, len(calls))):
        _learn(dice, record, now)
    if dice.random() < 0.3:
        _tell_colleagues(company, dice, dice.choice(calls), now)
    if dice.random() < 0.12:
        _refuse(dice, dice.choice(calls), now)
    if dice.random() < 0.3:
        _correct(company, dice, dice.choice(calls), now)
    for caller in dice.sample(list(callers), min(3, len(callers))):
        _skip_and_look(dice, caller, now)


def _calls_of(company: Company, on: date) -> Sequence[VisitRecord]:
    day = {"started_at__gte": day_start(on, company.zone), "started_at__lt": day_end(on, company.zone)}
    found = VisitRecord.objects.current().filter(**day, outcome=Outcome.REACHED, inbound=False)
    return list(found.select_related("customer", "advisor").order_by("pk"))


def _customers_call(company: Company, dice: random.Random, calls: Sequence[VisitRecord], now: datetime) -> None:
    """Let a customer or two ring the house; most of them want to be called back."""
    for record in dice.sample(calls, min(dice.randint(0, 2), len(calls))):
        said, wants = dice.choice(CALLS_IN)
        began = now - timedelta(minutes=dice.randint(10, 200))
        contact = Contact(
            token(dice), Outcome.REACHED, began, Channel.DESK_PHONE, began + timedelta(minutes=2), notes=said,
            inbound=True,
        )  # fmt: skip
        wish = None
        if wants:
            due = now + timedelta(hours=dice.choice((3, 18, 26)))
            wish = Wish(token(dice), REQUEST, record.customer, began, due, advisor=record.advisor, told={"aim": wants})
        with attempt():
            take_call(record.customer, contact, wish=wish, by=record.advisor, now=now)


def _learn(dice: random.Random, record: VisitRecord, now: datetime) -> None:
    """Put into a customer's file what the call has told: hours, an address, a kind of person."""
    told = dice.choice((
        {"preferred_time": dice.choice(SPANS)}, {"wechat": f"wx{dice.randint(10_000, 99_999)}"},
        {"address": dice.choice(HOUSES)}, {"preferred_channel": Channel.WECHAT.value},
    ))  # fmt: skip
    change(record.customer, told, by=record.advisor, now=now, reason="客户在回访中告知")
    if dice.random() < 0.6:
        put_tag(record.customer, dice.choice(TAGS), held=True, by=record.advisor, now=now)


def _tell_colleagues(company: Company, dice: random.Random, record: VisitRecord, now: datetime) -> None:
    """Pass something on to a manager and the customer service; who reads it, reads it the next day."""
    link = record.links.select_related("task__customer").order_by("pk").first()
    if link is None:
        return
    people = [company.person(name).pk for name in (dice.choice(("zhangwei", "hejun")), "lina", "wangfang")]
    with attempt():
        pass_on(link.task, dice.choice(WORDS), people=people, by=record.advisor, now=now, on=company.day(now))


def answer_words(company: Company, on: date) -> None:
    """Let managers read what was passed on before today, and handle most of it."""
    now, dice = company.at(on, "08:50"), company.luck("word", on=on)
    waiting = ImportantWord.objects.filter(recipients__handled_at=None, raised_at__lt=now).distinct()
    for word in waiting.select_related("customer", "raised_by").order_by("pk"):
        for told in word.recipients.filter(handled_at=None).select_related("employee").order_by("pk"):
            chance = dice.random()
            if chance < 0.55:
                handle(word, dice.choice(REASONS), by=told.employee, now=now)
            elif chance < 0.8:
                read(word, by=told.employee, now=now)


def refuse_once(company: Company, now: datetime) -> None:
    """Let a customer of yesterday refuse every survey, and another refuse offers, who then wants them after all."""
    calls = _calls_of(company, company.day(now) - timedelta(1))
    for record, (purpose, reason) in zip(calls[-2:], REFUSALS, strict=False):
        found = restrict(record.customer, Purpose(purpose), reason=reason, by=record.advisor, now=now)
        if purpose == Purpose.PROMOTION:
            lift(found, reason="客户自己来电说愿意接受优惠信息", by=record.advisor, now=now + timedelta(minutes=20))


def _refuse(dice: random.Random, record: VisitRecord, now: datetime) -> None:
    purpose, reason = dice.choice(REFUSALS)
    restrict(record.customer, Purpose(purpose), reason=reason, by=record.advisor, now=now)


def _correct(company: Company, dice: random.Random, record: VisitRecord, now: datetime) -> None:
    """Put right what was typed wrong in the morning."""
    reason, more = dice.choice(CORRECTIONS)
    if said := company.said.get(record.pk):
        with attempt():
            amend(record, replace(said, token=token(dice), **more), reason=reason, by=record.advisor, now=now)


def _skip_and_look(dice: random.Random, caller: Employee, now: datetime) -> None:
    """Put one call off, ask for one number, type half a form and be called away."""
    open_tasks = VisitTask.objects.filter(assignee=caller, status=TaskStatus.OPEN, call_back_at=None)
    for task in open_tasks.select_related("customer", "step__rule", "release__policy", "event").order_by("pk")[:1]:
        with attempt():
            skip(task, caller, reason=dice.choice(SkipReason.values[:4]), note="", now=now)
    seen = Customer.objects.filter(owner=None, events__advisor=caller, merged_into=None).distinct().order_by("pk")
    for customer in list(seen[:40])[dice.randint(0, 30) :][:1]:
        with attempt():
            reveal(customer, by=caller, now=now, reason="客户留言要求回电")


def leave_draft(task: VisitTask, *, author: Employee, dice: random.Random, now: datetime) -> None:
    """Type half a call and be called away."""
    content = {"outcome": [Outcome.REACHED.value], "notes": ["客户说晚上再细说，先记下：空调异味"]}
    keep(task, content, token=token(dice), page=Page("demo", 1), author=author, now=now)
