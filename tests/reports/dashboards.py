"""A company whose dashboards can be counted by hand: two shops, a department each, people, visits, problems."""

import uuid
from datetime import timedelta

from complaints.models import Case
from tests.visits.world import at, branch, department, employee, event, publish
from visits.models import RecordTask, Vehicle, VisitRecord, VisitStep, VisitTask

PACK = """
[policy]
slug = "house"
title = "本店制度"
effective_from = 2024-01-01

[[visit_rule]]
code = "after-service"
title = "维修回访"
trigger = "service_completed"
[[visit_rule.step]]
code = "step-1"
closes = "1d"

[[visit_rule]]
code = "after-sale"
title = "交车回访"
trigger = "purchase"
[[visit_rule.step]]
code = "step-1"
closes = "1d"

[[questionnaire]]
code = "survey"
title = "满意度问卷"
[[questionnaire.question]]
code = "care"
title = "接待"
max = 10
[[questionnaire.question]]
code = "speed"
title = "速度"
max = 10
[[questionnaire.question]]
code = "price"
title = "价格"
max = 5

[[kpi]]
code = "satisfied"
title = "满意率"
metric = "satisfaction_rate"
per = "month"
op = ">="
target = 0.9
"""


class Shop:
    """Two shops with a repair shop each, under a regulation with two rules, a survey and a target."""

    def __init__(self) -> None:
        self.release = publish(PACK)
        self.steps = {step.rule.code: step for step in VisitStep.objects.select_related("rule")}
        self.east, self.west = branch("城东店"), branch("城西店")
        self.repairs, self.west_repairs = department("维修", self.east), department("维修", self.west)
        self.boss = employee("boss", "general_manager")
        self.quality = employee("quality", "quality_manager", branch=self.east)
        self.lead = employee("lead", "department_manager", branch=self.east, department=self.repairs)
        self.liu = employee("liu", branch=self.east, department=self.repairs)
        self.wang = employee("wang", branch=self.east, department=self.repairs)
        self.chen = employee("chen", branch=self.west, department=self.west_repairs)

    def visit(
        self, on: str, *, by=None, satisfied=True, channel="desk_phone", rule="after-service", outcome="reached",
        model="途观", hour=10, **said,
    ):  # fmt: skip
        """Make a visit with its task, due and saved on that day; nobody was reached where `outcome` says so."""
        by, moment = by or self.liu, at(f"{on} {hour:02}:00")
        where = {"branch": self.west if by == self.chen else self.east}
        vehicle, _made = Vehicle.objects.get_or_create(plate=f"沪A{model}", defaults={"model": model})
        kind = "service_completed" if rule == "after-service" else "purchase"
        happened = event(kind, f"{on} 08:00", advisor=by, vehicle=vehicle, needs_planning=False, **where)
        reached = outcome == "reached"
        task = VisitTask.objects.create(
            event=happened, step=self.steps[rule], release=self.release, customer=happened.customer, assignee=by,
            status="done" if reached else "open", opens_at=at(on), closes_at=at(on) + timedelta(1), channel=channel,
            completed_at=moment if reached else None, completed_in_time=reached or None, created_at=moment, **where,
        )  # fmt: skip
        record = VisitRecord.objects.create(
            form_token=uuid.uuid4(), fingerprint="f", customer=happened.customer, advisor=by, channel=channel,
            started_at=moment, ended_at=moment, logged_at=moment, outcome=outcome,
            satisfied=satisfied if reached else None, **where, **said,
        )  # fmt: skip
        RecordTask.objects.create(record=record, task=task, completes=reached, in_time=reached, attempt=1)
        return record

    def complaint(self, on: str, category: str) -> Case:
        """Let a customer complain in the east."""
        return Case.objects.create(
            number=f"TS{Case.objects.count():04}", type="complaint", source="phone", category=category, summary="说明",
            branch=self.east, handler=self.liu, policy=self.release.policy, release=self.release,
            opened_at=at(f"{on} 11:00"), registered_at=at(f"{on} 11:00"), changed_at=at(f"{on} 11:00"),
        )  # fmt: skip
