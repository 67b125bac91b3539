"""What comes after a month was closed, by the doors that people use: figures stay those of their rows, the audit agrees
with the program, the closed month stands, and whatever has become another is listed."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from config.packs.measuring import KpiSpec
from reports.domain.auditing.everything import differences
from reports.domain.facts import rolling
from reports.domain.facts.closing import restate_months
from reports.domain.facts.frozen import frozen_sums
from reports.domain.facts.measures import HEADLINES
from reports.domain.figures.counted import EVERYTHING
from reports.domain.figures.measuring import counted_by, sums_by
from reports.domain.figures.query import query
from reports.models import Restatement, TouchedDay
from staff.domain.conduct.closing import close_month
from staff.domain.enrolment import settle_posting
from staff.domain.periods import period_named
from staff.models import Employee, Release
from tests.policies.regulation import call, tick
from tests.reports.test_facts import tidied
from tests.visits.exports import counts, row, take_in, workbook
from tests.visits.world import at, branch, department, employee, event, local, publish
from visits.domain.calling.amending import amend
from visits.domain.calling.contacts import Contact
from visits.domain.calling.undoing import undo
from visits.domain.origin.merging import merge, split
from visits.models import Customer, Vehicle, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
RULES = """
[[visit_rule]]
code = "after"
trigger = "service_completed"
[[visit_rule.step]]
code = "call"
opens = "1d"
closes = "10d"

[[kpi]]
code = "done"
metric = "completion_rate"

[[kpi]]
code = "met"
metric = "coverage_rate"
op = ">="
target = 0.9

[[reward]]
code = "liked"
metric = "satisfaction_rate"
op = ">="
threshold = 0.5
amount = 100
"""
DAYS = (3, 9, 12, 17, 23, 26)
MONTHS = ("2026-02", "2026-03", "2026-04")


class Shop:
    """Two advisors in two departments, twelve services of two months, ten of them called; both months are closed."""

    def __init__(self, tmp_path, clock_at, monkeypatch) -> None:
        monkeypatch.setattr(rolling, "FEW", 0)
        self.tmp_path, self.clock_at = tmp_path, clock_at
        self.release: Release = publish(RULES, on="2026-01-01")
        self.offices = [department("服务部", branch()), department("维修部", branch("西店"))]
        self.boss = employee("boss", "general_manager")
        for name, office in zip(("liu", "chen"), self.offices, strict=True):
            employee(name, branch=office.branch, department=office)
        for number, day in enumerate(f"2026-{month}-{day:02}" for month in ("02", "03") for day in DAYS):
            self.serve(number, day)
        tick("2026-02-03 16:00", "2026-03-31 08:00")
        for number, task in enumerate(VisitTask.objects.order_by("event__happened_at").select_related("event")):
            if number % 6 != 5:
                self.call(task, f"{task.event.happened_on + timedelta(2)} 10:00", satisfied=bool(number % 3))
        rolling.rebuild(now=at("2026-04-06 09:00"))
        for month in MONTHS[:2]:
            close_month(month, actor=self.boss, now=at("2026-04-06 09:00"))
        self.frozen = self.as_closed()
        self.now = at("2026-04-06 10:00")

    def person(self, username: str) -> Employee:
        return Employee.objects.get(username=username)

    def serve(self, number: int, day: str) -> None:
        by, car = self.person(("liu", "chen")[number % 2]), Vehicle.objects.create(plate=f"浙C{number:05}", model="X5")
        event(happened=f"{day} 15:30", advisor=by, branch=self.offices[number % 2].branch, vehicle=car, css=90 + number)

    def bring(self, entries: list[dict], moment: str) -> None:
        """Take services in from a workbook and let their visits be planned."""
        self.clock_at(at(moment))
        assert counts(take_in(workbook(self.tmp_path / f"{uuid4()}.xlsx", entries)))[3] == 0
        tick(moment)

    def call(self, task: VisitTask, moment: str, **said) -> VisitRecord:
        return call(task, moment, by=VisitTask.objects.get(pk=task.pk).assignee, **said).record

    def questions(self, month: str):
        """Yield the figures of a month that the program keeps day by day."""
        specs = [KpiSpec(code=metric, metric=metric) for metric in HEADLINES]
        yield from (query(spec, self.release, period_named(month), now=self.now) for spec in specs)

    def as_closed(self) -> dict:
        self.now = at("2026-04-06 09:00")
        found = {}
        for month in MONTHS[:2]:
            for asked in self.questions(month):
                [sums] = frozen_sums([asked], "who", EVERYTHING)
                if sums is not None:
                    found[month, asked.kpi.metric] = tidied(sums)
        return found

    def hold(self) -> set[tuple[str, str]]:
        """Check all that must hold the day after; return what has become another, by month and metric."""
        self.now += timedelta(days=1)
        told = self.compared()  # with days that are touched
        rolling.roll_facts(now=self.now)
        assert not TouchedDay.objects.exists()
        assert self.compared() == told
        restate_months(now=self.now, on=self.now.date())
        assert self.listed() == told
        _counts, differing = differences(now=self.now)
        assert differing == []
        return told

    def compared(self) -> set[tuple[str, str]]:
        changed = set()
        for month in MONTHS:
            for asked in self.questions(month):
                key, rows = (month, asked.kpi.metric), tidied(counted_by(asked, "who"))
                if key in self.frozen:
                    assert tidied(sums_by(asked, "who")) == self.frozen[key], key
                    changed |= {key} if rows != self.frozen[key] else set()
                else:
                    assert tidied(sums_by(asked, "who")) == rows, key
        return changed

    def listed(self) -> set[tuple[str, str]]:
        """Return of which figures the restatements together say that they are others than at the closing."""
        first, last = {}, {}
        for one in Restatement.objects.select_related("measure").order_by("pk"):
            key = (one.period, one.measure.metric, one.branch_id, one.employee_id)
            first.setdefault(key, (one.was_numerator, one.was_denominator))
            last[key] = (one.numerator, one.denominator)
        return {key[:2] for key in first if first[key] != last[key]}


@pytest.fixture
def shop(tmp_path, clock_at, monkeypatch) -> Shop:
    return Shop(tmp_path, clock_at, monkeypatch)


def test_whatever_comes_after_the_closing_is_listed_and_changes_nothing_that_was_closed(shop):
    assert {metric for _month, metric in shop.frozen} == set(HEADLINES)
    assert shop.hold() == set()

    record = VisitRecord.objects.filter(satisfied=True).earliest("logged_at")
    amend(record, told_again(record, satisfied=False), reason="听录音后更正", by=shop.boss, now=shop.now)
    assert shop.hold() == {("2026-02", "satisfaction_rate")}

    late = VisitTask.objects.filter(status="open", closes_at__lt=at("2026-03-20")).get()
    shop.call(late, f"{local(shop.now)}", satisfied=True)  # of February, six weeks after
    taken_back = VisitTask.objects.filter(status="open").order_by("pk")[0]
    record = shop.call(taken_back, local(shop.now + timedelta(minutes=5)), css=Decimal(30))
    undo(record, token=uuid4(), by=record.advisor, now=shop.now + timedelta(minutes=5, seconds=20))
    assert shop.hold() == {("2026-02", "satisfaction_rate")}

    shop.bring([row(90, 完工时间="2026-03-31 15:30", 服务顾问="liu")], local(shop.now))
    assert shop.hold() == {("2026-02", "satisfaction_rate"), ("2026-03", "coverage_rate")}
    shop.bring([row(90, 完工时间="2026-02-28 15:30", 服务顾问="chen", 车型="X9", 内部CSS得分=20)], local(shop.now))
    assert ("2026-03", "coverage_rate") not in shop.hold()  # the service was in February after all

    one, other = Customer.objects.filter(records__isnull=False).order_by("pk")[:2]
    made = merge(one, other, reason="同一人", by=shop.boss, now=shop.now)
    before = shop.hold()
    split(made, by=shop.boss, now=shop.now)
    assert shop.hold() == before  # whose customer it is moves no figure of people

    moved = {"branch": shop.offices[1].branch, "department": shop.offices[1]}
    settle_posting(shop.person("liu"), moved, since=None, on=date(2026, 3, 16), is_new=False)
    Vehicle.objects.filter(plate="浙C00001").update(model="X7")
    assert shop.hold() == before

    publish(RULES.replace("10d", "5d"), on=f"{local(shop.now)[:10]}")
    tick(local(shop.now))
    assert shop.hold() == before


def told_again(record: VisitRecord, **said) -> Contact:
    """Return a contact as it was told, corrected."""
    return Contact(
        token=uuid4(), outcome=record.outcome, started_at=record.started_at, ended_at=record.ended_at,
        channel=record.channel, **said,
    )  # fmt: skip
