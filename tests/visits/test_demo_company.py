"""The demo company: the same each time, alive, made through the program's own doors, and gone when it is told to go."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from complaints.choices import CaseState, WorkOrderState
from complaints.models import Article, Case, Compensation, Entry, PublicLetter, WorkOrder
from reports.choices import ReportState
from reports.domain.datasets import DATASETS, Period
from reports.models import ImprovementAction, OwedReport, ReportVersion
from staff.choices import LeaveState, ReleaseState
from staff.domain.activity import log
from staff.domain.company import name_company, the_company
from staff.models import (
    Activity,
    Branch,
    Employee,
    Heartbeat,
    JobRun,
    LeaveRequest,
    Outage,
    Release,
    TrainingRecord,
    Violation,
)
from tests.visits.calls import at
from visits.choices import FollowUpState, PromiseState, TaskStatus
from visits.domain.demonstrating import happenings, living, restarting
from visits.domain.demonstrating.cast import SIGNED_IN
from visits.domain.demonstrating.scene import Company
from visits.models import (
    Campaign,
    ContactRestriction,
    CustomerChange,
    CustomerMerge,
    Evidence,
    FollowUpItem,
    ImportantWord,
    Obligation,
    Promise,
    SavedFilter,
    ServiceEvent,
    VisitRecord,
    VisitTask,
)

pytestmark = pytest.mark.django_db
DAYS = 3


@pytest.fixture
def demo(settings, tmp_path, monkeypatch, clock_at):
    """Return what fills the demo company of a Monday evening with a few days, and with what has passed of that one."""
    settings.APP_MODE, settings.DATA_DIR, settings.EVIDENCE_DIR = "demo", tmp_path, tmp_path / "evidence"
    settings.FILE_UPLOAD_TEMP_DIR, settings.QUEUE_DIR = tmp_path / "uploads", tmp_path / "queue"
    clock_at(at("20:30"))
    for name, count in (("CUSTOMERS", 60), ("OLDER", 25)):
        monkeypatch.setattr(living, name, count)

    def fill(days=DAYS, **options):
        call_command("demo", days=days, verbosity=0, **options)

    return fill


def everything():
    """Return all that the exports of rows say; figures are made of nothing else. Elections ended with the last day."""
    rows = Period(last=date(2040, 12, 31))
    return {name: list(dataset.read(rows)) for name, dataset in DATASETS.items() if name != "metrics"}


def test_it_lives_begins_anew_as_it_was_and_goes_without_a_trace(demo, tmp_path):
    restarting.empty()  # ids count from one again, as in a new installation: orders made by the program bear them
    demo()
    before = everything()
    it_is_alive()
    demo()  # a second time changes nothing
    assert Activity.objects.filter(verb="demo_lived").count() == 1

    demo(reset=True)
    assert everything() == before
    with pytest.raises(DatabaseError), transaction.atomic():  # the tables that are appended only are that again
        Activity.objects.all().delete()

    demo(remove=True)
    assert not Employee.objects.exists() and not ServiceEvent.objects.exists() and not Branch.objects.exists()
    assert (the_company().name, the_company().is_demo) == ("", False)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "up.lock"]


def it_is_alive():
    """Say of every kind of thing that a screen shows that there is some of it."""
    by_status = Counter(VisitTask.objects.values_list("status", flat=True))
    assert min(by_status[status] for status in (TaskStatus.OPEN, TaskStatus.DONE, TaskStatus.PLANNED)) > 10
    assert by_status[TaskStatus.NOT_SAMPLED] > 5
    hours = {moment.astimezone(ZoneInfo("Asia/Shanghai")).hour for moment in moments()}
    assert hours <= set(range(9, 19))
    assert not JobRun.objects.exclude(error="").exists()
    for case in Case.objects.all():  # nothing is told of a case before what it follows from
        told = [deed.logged_at for deed in case.deeds.order_by("pk")]
        assert told == sorted(told), case.number
    shown = (
        Campaign, ContactRestriction, CustomerChange, CustomerMerge, Evidence, ImportantWord, SavedFilter,
        TrainingRecord,
    )  # fmt: skip
    assert [model.__name__ for model in shown if not model.objects.exists()] == []
    assert set(LeaveRequest.objects.values_list("state", flat=True)) == set(LeaveState.values)
    assert {FollowUpState.OPEN, FollowUpState.SETTLED} <= set(FollowUpItem.objects.values_list("state", flat=True))
    assert PromiseState.WAITING in Promise.objects.values_list("state", flat=True)
    assert Release.objects.filter(policy__slug="standard-after-sales").count() == 2
    assert Release.objects.filter(state=ReleaseState.AWAITING).count() == 1
    assert Employee.objects.filter(assignments__role__code="service_advisor", is_active=True).count() == 12
    reported = (OwedReport, ReportVersion, ImprovementAction, Violation, Obligation)
    assert [model.__name__ for model in reported if not model.objects.exists()] == []
    assert the_company().is_demo
    cases_are_in_every_state()
    today = OwedReport.objects.filter(covers_to=at("20:30").date())
    handed_in = set(today.exclude(state=ReportState.DUE).values_list("employee__username", flat=True))
    assert len(handed_in) > 2 and not handed_in & set(SIGNED_IN)  # the others have called and reported all day
    assert Violation.objects.filter(occurred_on=at("20:30").date(), violation="promise_broken").count() < 8
    assert Heartbeat.objects.exists() and not Outage.objects.exists()


def cases_are_in_every_state():
    """Say that complaints are seen from the first word to the end, with all that may happen to one."""
    assert set(CaseState.values) - {CaseState.RESOLVED} <= set(Case.objects.values_list("state", flat=True))
    assert Case.objects.filter(rung=2).exists() and Case.objects.filter(round=2).exists()
    assert set(WorkOrder.objects.values_list("state", flat=True)) == set(WorkOrderState.values) - {"cancelled"}
    assert set(Compensation.objects.values_list("state", flat=True)) >= {"proposed", "approved"}
    assert [model.__name__ for model in (Article, Entry, PublicLetter) if not model.objects.exists()] == []


def moments():
    return VisitRecord.objects.filter(inbound=False).values_list("started_at", flat=True)


def test_a_company_of_its_own_is_neither_filled_nor_emptied(demo, tmp_path, clock_at):
    name_company("真实汽车", actor=None, now=at("08:00"))
    Employee.objects.create_user("somebody", "secret", name="某人")

    for options in ({}, {"reset": True}, {"remove": True}):
        with pytest.raises(CommandError):
            demo(**options)

    assert Employee.objects.get().name == "某人"


def test_what_somebody_tried_with_the_demo_stays_until_it_is_told_to_go(demo, monkeypatch):
    lived = []
    monkeypatch.setattr("visits.management.commands.demo.live", lambda **facts: lived.append(facts["days"]))
    monkeypatch.setattr(restarting, "has_orders", lambda: True)
    demo()
    assert lived == []

    demo(reset=True)
    assert lived == [DAYS]


def test_a_filling_that_was_cut_off_begins_anew(demo, monkeypatch):
    lived = []
    monkeypatch.setattr("visits.management.commands.demo.live", lambda **facts: lived.append(facts["days"]))
    log(now=at("08:00"), actor=None, verb="demo_begun")
    name_company("远帆汽车服务", actor=None, now=at("08:00"), is_demo=True)
    monkeypatch.setattr(restarting, "has_orders", lambda: True)
    demo()

    assert (lived, Activity.objects.filter(verb="demo_begun").count()) == ([DAYS], 0)


def test_nobody_fills_a_company_for_real_work(demo, settings):
    settings.APP_MODE = "production"
    with pytest.raises(CommandError, match="APP_MODE=demo"):
        demo()

    assert not ServiceEvent.objects.exists()


@pytest.mark.parametrize("days", [0, 401, -1])
def test_it_has_been_there_for_some_days(demo, days):
    with pytest.raises(CommandError, match="1"):
        demo(days=days)


@pytest.mark.parametrize("days", [1, 2, 5, 60, 400])
def test_however_long_it_has_been_there_everything_of_its_calendar_happens_once(days):
    company = Company(date(2026, 3, 2), days, until=at("20:30"))
    lived = [company.first.fromordinal(company.first.toordinal() + number) for number in range(days)]
    found = [one for on in lived for one in happenings.happenings(company, on)]

    assert Counter(found) == Counter(one for _ago, one in happenings.HAPPENINGS)
