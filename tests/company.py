"""A company for the tests: two shops with departments, people by name with their roles, tasks to share out."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.packs.rule import StepSpec
from staff.choices import BaseRole, ReleaseState
from staff.models import (
    Absence,
    Branch,
    Department,
    Employee,
    Policy,
    Posting,
    QualificationHeld,
    Release,
    Role,
    RoleAssignment,
)
from visits.choices import TaskStatus
from visits.models import Customer, EventKind, ReleasedRule, ReleasedStep, ServiceEvent, VisitRule, VisitStep, VisitTask

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONG_AGO = date(2020, 1, 1)
PACK = (
    '[policy]\nslug = "rules"\ntitle = "回访制度"\neffective_from = 2026-01-01\n'
    '[[report]]\ncode = "daily"\ntitle = "日报"\ndue = "1wd"\nat = "09:00"\n'
)
MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(1)


def morning(on: date = MONDAY, hour: int = 9) -> datetime:
    """Return the full hour of a day in Shanghai."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=SHANGHAI).astimezone(UTC)


class Company:
    """East and West, each with a repair shop and a sales floor; people, steps and tasks are made on request."""

    def __init__(self) -> None:
        self.counter = itertools.count(1)
        self.east, self.west = (Branch.objects.create(name=name) for name in ("城东店", "城西店"))
        self.repairs, self.sales = (Department.objects.create(branch=self.east, name=name) for name in ("维修", "销售"))
        self.west_repairs = Department.objects.create(branch=self.west, name="维修")
        self.kind = EventKind.objects.create(code="service_completed", title="维修完工")
        self.policy = Policy.objects.create(slug="rules", title="回访制度", effective_from=date(2026, 1, 1))
        self.release = Release.objects.create(
            policy=self.policy, number=1, state=ReleaseState.PUBLISHED, content=PACK, sha256="1" * 64, in_force_seq=1,
            effective_from=self.policy.effective_from, published_at=morning(date(2026, 1, 1)),
        )  # fmt: skip
        self.rule = VisitRule.objects.create(policy=self.policy, code="after-service", trigger=["service_completed"])
        self.released = ReleasedRule.objects.create(
            release=self.release,
            rule=self.rule,
            position=0,
            active=True,
            spec={"code": "after-service", "trigger": ["service_completed"]},
        )

    def role(self, code: str, like: str = "") -> Role:
        """Return the role, made on first use; a standard code has its own rights."""
        like = like or (code if code in BaseRole.values else BaseRole.SERVICE_ADVISOR)
        return Role.objects.get_or_create(code=code, defaults={"title": code, "like": like})[0]

    def person(
        self,
        username: str,
        roles: Iterable[str] = ("service_advisor",),
        *,
        branch: Branch | None = None,
        department: Department | None = None,
        area: str = "",
        **facts: Any,
    ) -> Employee:
        """Make somebody who works there from long ago on."""
        facts = {"name": username.title(), **facts}
        employee = Employee.objects.create(username=username, **facts)
        for code in roles:
            RoleAssignment.objects.create(employee=employee, role=self.role(code), from_on=LONG_AGO, area=area)
        if branch or department:
            branch = branch or department.branch
            Posting.objects.create(employee=employee, branch=branch, department=department, from_on=LONG_AGO)
        return employee

    def leave(self, employee: Employee, on: date, until: date | None = None, substitute: Employee | None = None):
        """Send somebody on leave for a day, or until another one."""
        return Absence.objects.create(employee=employee, from_on=on, until_on=until or on, substitute=substitute)

    def qualify(self, employee: Employee, code: str, until: date | None = None) -> None:
        """Give somebody a qualification from long ago on."""
        QualificationHeld.objects.create(employee=employee, code=code, from_on=LONG_AGO, until_on=until)

    def step(self, assign: list[str], **keys: Any) -> VisitStep:
        """Make a step of the rule with this list of persons."""
        code = f"step-{next(self.counter)}"
        spec = StepSpec.model_validate({"code": code, "closes": "1d", "assign": assign, **keys})
        step = VisitStep.objects.create(rule=self.rule, code=code, closes="1d")
        ReleasedStep.objects.create(rule=self.released, step=step, position=0, active=True, spec=spec.to_json())
        return step

    def event(self, *, owner: Employee | None = None, area: str = "", **facts: Any) -> ServiceEvent:
        """Make an event of a customer of its own."""
        number = next(self.counter)
        customer = Customer.objects.create(
            name=f"客户{number}", owner=owner, area=area, registered_at=morning(LONG_AGO)
        )
        usual = {
            "source": "dms", "order_no": f"RO{number:06d}", "kind": self.kind, "happened_at": morning(date(2026, 3, 1)),
            "happened_on": date(2026, 3, 1), "customer": customer, "taken_in_at": morning(date(2026, 3, 1)),
            "changed_at": morning(date(2026, 3, 1)), "needs_planning": False,
        }  # fmt: skip
        return ServiceEvent.objects.create(**(usual | facts))

    def task(self, step: VisitStep, event: ServiceEvent | None = None, *, opens_on: date = MONDAY, **facts: Any):
        """Make a task as planning leaves it: without a person, planned for `opens_on`, one day long."""
        event = event or self.event()
        opens_at = morning(opens_on, 0)
        usual = {
            "event": event, "step": step, "release": self.release, "customer": event.customer, "branch": event.branch,
            "department": event.department, "assignee": None, "settled": False, "status": TaskStatus.PLANNED,
            "opens_at": opens_at, "closes_at": opens_at + timedelta(1), "created_at": morning(date(2026, 3, 1)),
        }  # fmt: skip
        return VisitTask.objects.create(**(usual | facts))

    def open_tasks(self, employee: Employee, count: int) -> None:
        """Burden somebody with open tasks."""
        step = self.step(["advisor"])
        for _ in range(count):
            self.task(step, assignee=employee, settled=True, status=TaskStatus.OPEN)


def open_all() -> None:
    """Open every planned task, as the tick does when its moment has come."""
    VisitTask.objects.filter(status=TaskStatus.PLANNED).update(status=TaskStatus.OPEN)
