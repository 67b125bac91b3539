"""Visits of the demo company that somebody asks for by hand, and calls that were typed by halves."""

from datetime import datetime, timedelta
from typing import Final

from staff.models import Employee, Policy
from visits.choices import TaskStatus
from visits.domain.demonstrating.asking import leave_draft
from visits.domain.demonstrating.attempting import attempt
from visits.domain.demonstrating.cast import COMPANIES, SIGNED_IN
from visits.domain.demonstrating.scene import Company, luck, token
from visits.domain.origin.registering import Registration, register
from visits.domain.origin.requesting import ASSIGNED, Wish, request_visit
from visits.models import Customer, VisitTask

PROSPECTS: Final = (
    ("程远", "13587650021", "展厅看车"),
    ("苏晓梅", "13687650022", "车展留资"),
    ("翁国庆", "", "老客户介绍"),
)
ERRANDS: Final = ("核实客户在平台上的留言", "送去上次遗留在车上的行驶证复印件", "了解客户对取送车服务的意见")


def assign_first(company: Company, now: datetime) -> None:
    """Send the managers of both shops to companies, and register people who have bought nothing yet."""
    _send(company, now, most=4)
    for name, number, source in PROSPECTS:
        with attempt():
            told = Registration(name, number, {"source": source, "lifecycle": "潜在客户"})
            register(told, by=company.person("liuyang"), now=now)


def assign_again(company: Company, now: datetime) -> None:
    """Send them once more, and give advisors an errand each."""
    _send(company, now, most=3)
    usual = Policy.objects.get(slug="standard-after-sales")
    seen = Customer.objects.filter(events__advisor__username__in=SIGNED_IN, left_at=None, merged_into=None)
    for customer, name, aim in zip(seen.distinct().order_by("pk")[:3], SIGNED_IN, ERRANDS, strict=False):
        told = {"aim": aim}
        _ask(company, customer, company.person(name), now, days=9, told=told, policy=usual.pk)


def _send(company: Company, now: datetime, *, most: int) -> None:
    rule = Policy.objects.get(slug="key-accounts")
    fleets = Customer.objects.filter(company__in=COMPANIES, left_at=None, merged_into=None).order_by("-pk")
    for place, customer in enumerate(fleets[:most]):
        head = company.person(("zhangwei", "hejun")[place % 2])
        told = {"aim": "商定下一年度保养安排", "way": "onsite"}
        _ask(company, customer, head, now, days=14, told=told, policy=rule.pk)


def _ask(
    company: Company, customer: Customer, who: Employee, now: datetime, *, days: int, told: dict[str, str], policy: int
) -> None:
    form = token(luck("assigned", who.username, told["aim"], customer.name, company.ago(company.day(now))))
    due = now + timedelta(days)
    wish = Wish(form, ASSIGNED, customer, now, due, advisor=who, told=told, policy=policy)
    with attempt():
        request_visit(wish, by=company.person("wangfang"), now=now)


def write_halves(company: Company, now: datetime) -> None:
    """Leave a call of each who signs in half typed: the workbench gives it back."""
    for name in SIGNED_IN:
        caller = company.person(name)
        task = VisitTask.objects.filter(assignee=caller, status=TaskStatus.OPEN).order_by("-pk").first()
        if task is not None:
            leave_draft(task, author=caller, dice=luck("half", name), now=now)
