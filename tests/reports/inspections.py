"""A shop with scorecards: people, the visits of a month as they were saved, inspections of them."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from zoneinfo import ZoneInfo

from reports.domain.inspecting.cards import Card, cards_of
from reports.domain.inspecting.opening import open_inspection
from reports.domain.inspecting.scoring import Scores, score
from reports.models import Inspection, InspectionItem
from staff.choices import ReleaseState
from staff.domain.periods import period_named
from staff.domain.workforce import load_workforce
from staff.models import Employee, Release
from tests.company import PACK, Company
from visits.choices import Channel, Outcome, TaskStatus
from visits.models import RecordTask, VisitRecord

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALLS = """
[[scorecard]]
code = "calls"
title = "抽听"
of = "visit_record"
by = "role:quality_manager"
sample = { count = 4, per = "month" }
items = [
  { code = "greeting", title = "问候语" },
  { code = "closing", title = "结束语" },
  { code = "true", title = "与录音相符", accuracy = true },
]
"""
PASSED: Mapping[str, Fraction | None] = {"greeting": Fraction(1), "closing": Fraction(1), "true": Fraction(1)}


def at(text: str) -> datetime:
    """Return a moment of Shanghai, such as "2026-05-04 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Desk(Company):
    """A company under one regulation with scorecards; li and lu inspect, ann and bob make visits."""

    def __init__(self, scorecards: str = CALLS) -> None:
        super().__init__()
        content = PACK + scorecards
        self.release = Release.objects.create(
            policy=self.policy, number=2, state=ReleaseState.PUBLISHED, content=content, in_force_seq=2,
            sha256=sha256(content.encode()).hexdigest(), effective_from=self.policy.effective_from,
            published_at=at("2026-01-01 00:00"),
        )  # fmt: skip
        self.ann, self.bob = (self.person(name, department=self.repairs) for name in ("ann", "bob"))
        self.li, self.lu = (self.person(name, ["quality_manager"], branch=self.east) for name in ("li", "lu"))
        self.zong = self.person("zong", ["general_manager"])
        self.call = self.step(["advisor"])

    @property
    def card(self) -> Card:
        """Return the first scorecard of the regulation."""
        return cards_of(self.release)[0]

    def visit(self, advisor: Employee, saved: str, *, seconds: int = 180, **facts) -> VisitRecord:
        """Keep a visit as it was saved at that moment of Shanghai."""
        event = self.event(advisor=advisor, branch=self.east)
        task = self.task(self.call, event, assignee=advisor, settled=True, status=TaskStatus.DONE)
        logged = at(saved)
        usual = {
            "form_token": uuid.uuid4(), "fingerprint": "f", "customer": task.customer, "branch": self.east,
            "advisor": advisor, "channel": Channel.DESK_PHONE, "outcome": Outcome.REACHED, "logged_at": logged,
            "started_at": logged - timedelta(seconds=seconds), "ended_at": logged,
        }  # fmt: skip
        record = VisitRecord.objects.create(**(usual | facts))
        RecordTask.objects.create(record=record, task=task, completes=True, in_time=True, attempt=1)
        return record

    def month(self, advisor: Employee, count: int, month: str = "2026-05") -> list[VisitRecord]:
        """Keep so many visits of a person, one an hour from the 4th of the month on."""
        return [self.visit(advisor, f"{month}-{4 + n // 8:02} {9 + n % 8:02}:00") for n in range(count)]

    def opened(self, period: str, now: str, *, seed: str = "s") -> Inspection:
        """Open the inspection of a period by the first scorecard."""
        moment = at(now)
        open_inspection(self.card, period_named(period), load_workforce(), now=moment, actor=None, seed=seed)
        return Inspection.objects.get(scorecard=self.card.code, period=period)

    def scored(self, item: InspectionItem, now: str, *, by: Employee | None = None, **points) -> InspectionItem:
        """Let somebody score an item: everything passed but what is said otherwise (None: does not apply)."""
        found = {code: None if value is None else Fraction(value) for code, value in points.items()}
        return score(item, Scores({**PASSED, **found}), actor=by or self.li, now=at(now))


def items(inspection: Inspection) -> list[InspectionItem]:
    """Return what is inspected, without the blind second scorings."""
    return list(inspection.items.filter(second_of=None).order_by("pk"))
