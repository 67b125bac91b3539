"""Two shops under one regulation with a target, and two months of visits: what the service-quality reports tell of."""

import uuid
from datetime import date, datetime, timedelta

from staff.choices import ConductKind, Unit
from staff.models import Department, Employee, Violation
from tests.policies.regulation import rule
from tests.visits.world import at, branch, customer, department, employee, event, publish
from visits.models import RecordTask, VisitRecord, VisitStep, VisitTask

PACK = (
    rule("after", '"service_completed"', 'closes = "1d"', title='"交车回访"')
    + rule("sale", '"purchase"', 'closes = "1d"', title='"购车回访"')
    + """
[[kpi]]
code = "timely"
metric = "timely_rate"
title = "及时率"
op = ">="
target = 0.9
[[kpi]]
code = "quarterly"
metric = "satisfaction_rate"
title = "满意率"
per = "quarter"
op = ">="
target = 0.9
[[penalty]]
code = "unsatisfied"
title = "客户不满意"
violation = "customer_dissatisfied"
amount = 20
"""
)
MARCH = date(2026, 3, 1)


class Shops:
    """East and West; East has a department below the target of March, West one that reaches it."""

    def __init__(self) -> None:
        self.release = publish(PACK, on="2026-01-01")
        self.east, self.west = branch("城东店"), branch("城西店")
        self.repairs, self.west_repairs = department("维修", self.east), department("维修", self.west)
        self.boss = employee("boss", "general_manager", name="周杰")
        self.quality = employee("quality", "quality_manager", name="王芳")
        self.supervisor = employee("super", "cs_supervisor", name="宋丽")
        self.lead_east = employee("lead-east", "cs_supervisor", branch=self.east, name="李娜")
        self.head = employee("head", "department_manager", department=self.repairs, name="张伟")
        self.liu = employee("liu", department=self.repairs, name="刘洋")
        self.chen = employee("chen", department=self.west_repairs, name="=陈静")  # a name that looks like a formula
        steps = VisitStep.objects.select_related("rule")
        self.steps = {step.rule.code: step for step in steps}

    def visit(
        self, who: Employee, on: str, *, of: str = "after", reached: bool = True, in_time: bool = True,
        satisfied: bool | None = True, kind: str = "",
    ) -> VisitRecord:  # fmt: skip
        """Write down a visit that was due at the end of that day, and made then or the day after."""
        place = Department.objects.select_related("branch").get(posting__employee=who)
        moment = at(f"{on} 10:00")
        done = moment if in_time else moment + timedelta(1)
        happened = event(
            self.steps[of].rule.trigger[0], f"{on} 08:00", customer=customer(), advisor=who, branch=place.branch,
            department=place, needs_planning=False,
        )  # fmt: skip
        task = VisitTask.objects.create(
            event=happened, step=self.steps[of], release=self.release, customer=happened.customer, branch=place.branch,
            department=place, assignee=who, status="done" if reached else "open", opens_at=moment - timedelta(hours=2),
            closes_at=at(on) + timedelta(1), completed_at=done if reached else None,
            completed_in_time=in_time if reached else None, channel="desk_phone", created_at=moment,
        )  # fmt: skip
        record = VisitRecord.objects.create(
            form_token=uuid.uuid4(), fingerprint="f", customer=task.customer, branch=place.branch, advisor=who,
            channel="desk_phone", started_at=done, logged_at=done, outcome="reached" if reached else "no_answer",
            satisfied=satisfied if reached else None, displeasure_kind=kind, displeasure=kind,
        )  # fmt: skip
        RecordTask.objects.create(record=record, task=task, completes=reached, in_time=in_time, attempt=1)
        return record

    def broken(self, who: Employee, on: str, about: VisitRecord, **facts) -> Violation:
        """Write down that somebody broke the clause."""
        place = Department.objects.get(posting__employee=who)
        return Violation.objects.create(
            kind=ConductKind.PENALTY, policy=self.release.policy, release=self.release, rule="unsatisfied",
            violation="customer_dissatisfied", clause="7.1", subject=f"record:{about.pk}", employee=who,
            branch_id=place.branch_id, department=place, occurred_on=date.fromisoformat(on), unit=Unit.CNY,
            amount=2000, proposed_at=at(f"{on} 12:00"), state="confirmed", decided_at=at(f"{on} 13:00"),
            decided_by=self.boss, **facts,
        )  # fmt: skip

    def lived(self) -> "Shops":
        """Live February and March: East gets worse in March, West stays good."""
        for day in ("2026-02-03", "2026-02-04"):
            self.visit(self.liu, day)
            self.visit(self.chen, day)
        for number, day in enumerate(("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06")):
            record = self.visit(
                self.liu, day, in_time=number > 1, satisfied=number > 0, kind="" if number else "交车慢"
            )
            self.visit(self.chen, day, of="sale")
            if not number:
                self.broken(self.liu, day, record)
        return self


def morning(on: date, clock: str = "07:00") -> datetime:
    """Return a moment of a day."""
    return at(f"{on} {clock}")
