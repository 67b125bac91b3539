"""The demo company: the same each time, alive, and made through the program's own doors."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from staff.models import Employee, JobRun
from tests.visits.calls import at
from visits.choices import TaskStatus
from visits.domain.demonstrating import living
from visits.models import ImportBatch, RecordTask, ServiceEvent, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
DAYS = 5


class TakenBack(Exception):
    """Ends a transaction without keeping anything."""


@pytest.fixture
def demo(settings, tmp_path, monkeypatch, clock_at):
    """Return what fills the demo company of a Monday morning with a few days."""
    settings.APP_MODE, settings.DATA_DIR = "demo", tmp_path
    clock_at(at("08:45"))
    for name, count in (("CUSTOMERS", 90), ("OLDER", 20)):
        monkeypatch.setattr(living, name, count)

    def fill(days=DAYS):
        call_command("demo", days=days, verbosity=0)

    return fill


def life():
    records = VisitRecord.objects.order_by("started_at", "pk")
    said = list(records.values_list("outcome", "started_at", "advisor__username", "customer__name"))
    return said, list(ServiceEvent.objects.order_by("order_no", "pk").values_list("order_no", "happened_at"))


def test_the_same_morning_gives_the_same_company(demo):
    lives = []
    for _turn in range(2):
        with pytest.raises(TakenBack), transaction.atomic():
            demo()
            lives.append(life())
            raise TakenBack

    assert lives[0] == lives[1]
    assert len(lives[0][0]) > DAYS * 5


def test_it_is_a_company_at_work(demo):
    demo()
    by_status = Counter(VisitTask.objects.values_list("status", flat=True))
    hours = {moment.astimezone(ZoneInfo("Asia/Shanghai")).hour for moment in moments()}

    assert min(by_status[TaskStatus.OPEN], by_status[TaskStatus.DONE], by_status[TaskStatus.PLANNED]) > 10
    assert hours <= set(range(9, 18))
    assert not JobRun.objects.exclude(error="").exists()
    assert {batch.counts["rejected"] for batch in ImportBatch.objects.all()} == {0}
    assert not VisitTask.objects.filter(status=TaskStatus.OPEN, assignee=None).exists()
    assert RecordTask.objects.filter(completes=True, in_time=True).exists()
    assert Employee.objects.filter(assignments__role__code="service_advisor").count() == 12


def test_a_second_time_nothing_is_changed(demo, capsys):
    demo(days=1)
    before = life()
    demo(days=1)

    assert life() == before


def test_nobody_fills_a_real_company(demo, settings):
    settings.APP_MODE = "production"
    with pytest.raises(CommandError, match="APP_MODE=demo"):
        demo()

    assert not ServiceEvent.objects.exists()


@pytest.mark.parametrize("days", [0, 401, -1])
def test_it_has_been_there_for_some_days(demo, days):
    with pytest.raises(CommandError, match="1"):
        demo(days=days)


def moments():
    return VisitRecord.objects.values_list("started_at", flat=True)
