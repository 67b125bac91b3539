"""A small shop for the tests of calls: one rule with one step, advisors, customers with a number each, their tasks."""

import itertools
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from config.packs.rule import StepSpec
from staff.choices import BaseRole, ReleaseState
from staff.models import Branch, Employee, Policy, Posting, Release, Role, RoleAssignment
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.contacts import Contact
from visits.domain.planning import rulebook
from visits.models import (
    ContactNumber,
    Customer,
    EventKind,
    ReleasedRule,
    ReleasedStep,
    ServiceEvent,
    VisitRule,
    VisitStep,
    VisitTask,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI).astimezone(UTC)
QUESTIONNAIRE = """
[[questionnaire]]
code = "css"
  [[questionnaire.question]]
  code = "css"
  kind = "score"
  max = 120
  metric = "css"
  ask_why_below = 120
"""


def at(text: str, on: date = MONDAY) -> datetime:
    """Return a moment of Shanghai: "09:00" of Monday 2 March 2026, or "2026-03-04 09:00"."""
    if len(text) <= len("09:00:00"):
        text = f"{on} {text}"
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def day_start(on: date) -> datetime:
    """Return 00:00 of a day in Shanghai."""
    return datetime(on.year, on.month, on.day, tzinfo=SHANGHAI).astimezone(UTC)


class Shop:
    """One branch with 王芳 and 李强 as advisors; makes customers and tasks on request."""

    def __init__(self, *, pack: str = "", since: date = date(2026, 1, 1), **step: Any) -> None:
        rulebook._active_rules.cache_clear()  # another test's release may have had the same id
        self.counter = itertools.count(1)
        self.branch = Branch.objects.create(name="城东店")
        self.role = Role.objects.create(code="service_advisor", title="服务顾问", like=BaseRole.SERVICE_ADVISOR)
        self.wang = self.advisor("wangfang", "王芳")
        self.li = self.advisor("liqiang", "李强")
        self.kind = EventKind.objects.create(code="service_completed", title="维修完工")
        self.policy = Policy.objects.create(slug="rules", title="回访制度", effective_from=since)
        head = f'[policy]\nslug = "rules"\ntitle = "回访制度"\neffective_from = {since}\n'
        self.release = self.publish(head + pack)
        self.rule = VisitRule.objects.create(policy=self.policy, code="after-service", trigger=["service_completed"])
        self.released_rule = ReleasedRule.objects.create(
            release=self.release,
            rule=self.rule,
            position=0,
            active=True,
            spec={"code": "after-service", "trigger": ["service_completed"]},
        )
        self.step = self.add_step("call", **step)

    def publish(self, content: str) -> Release:
        """Publish a release of the policy with this pack."""
        number = self.policy.releases.count() + 1
        return Release.objects.create(
            policy=self.policy, number=number, state=ReleaseState.PUBLISHED, content=content,
            sha256=sha256(content.encode()).hexdigest(),
            effective_from=self.policy.effective_from, in_force_seq=number, published_at=at("2026-01-01 00:00"),
        )  # fmt: skip

    def add_step(self, code: str, **keys: Any) -> VisitStep:
        """Add a step to the rule, with keys as a pack has them."""
        spec = StepSpec.model_validate({"code": code, "closes": "1d", **keys})
        step = VisitStep.objects.create(rule=self.rule, code=code, title=f"回访 {code}", closes="1d")
        ReleasedStep.objects.create(rule=self.released_rule, step=step, position=0, active=True, spec=spec.to_json())
        return step

    def advisor(self, username: str, name: str) -> Employee:
        """Make an advisor of the branch."""
        employee = Employee.objects.create(username=username, name=name)
        RoleAssignment.objects.create(employee=employee, role=self.role, from_on=date(2020, 1, 1))
        Posting.objects.create(employee=employee, branch=self.branch, from_on=date(2020, 1, 1))
        return employee

    def customer(self, name: str = "陈先生", number: str | None = None) -> Customer:
        """Make a customer with a number of their own."""
        customer = Customer.objects.create(name=name, registered_at=at("2026-01-05 10:00"))
        number = number or f"138000{next(self.counter):05d}"
        ContactNumber.objects.create(
            customer=customer, number=number, last_four=number[-4:], valid_from=at("2026-01-05 10:00")
        )
        return customer

    def task(self, customer: Customer | None = None, *, step: VisitStep | None = None, **facts: Any) -> VisitTask:
        """Make an open task of 王芳 for Monday: opens at 00:00, closes at the end of the day."""
        customer = customer or self.customer()
        number = next(self.counter)
        event = ServiceEvent.objects.create(
            source="dms", order_no=f"RO{number:06d}", kind=self.kind, happened_at=at("2026-03-01 16:00"),
            happened_on=date(2026, 3, 1), branch=self.branch, customer=customer, advisor=self.wang,
            taken_in_at=at("2026-03-01 20:00"), changed_at=at("2026-03-01 20:00"), needs_planning=False,
        )  # fmt: skip
        usual = {
            "event": event, "step": step or self.step, "release": self.release, "customer": customer,
            "branch": self.branch, "assignee": self.wang, "status": TaskStatus.OPEN, "opens_at": day_start(MONDAY),
            "closes_at": day_start(MONDAY + timedelta(1)), "created_at": at("2026-03-01 20:00"),
        }  # fmt: skip
        return VisitTask.objects.create(**(usual | facts))


def told(outcome=Outcome.REACHED, *, now=MORNING, **facts):
    """Return a contact that began two minutes ago, by the desk phone."""
    usual = {"token": uuid4(), "outcome": outcome, "started_at": now - timedelta(minutes=2), "channel": "desk_phone"}
    return Contact(**(usual | facts))


def fresh(task):
    return VisitTask.objects.get(pk=task.pk)
