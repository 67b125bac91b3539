"""Who owes a report: what was open at 00:00, working days and leave, other ways to owe; late and double runs."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from reports.models import OwedReport
from staff.models import Absence, Employee, Notification, WorkdayOverride
from tests.reports.daily import REPORT, TUESDAY, judged, noted, report_of, shop_with, visited
from tests.visits.calls import MONDAY, at, day_start
from tests.visits.world import employee
from visits.choices import Outcome
from visits.domain.assigning.reassigning import reassign
from visits.domain.calling.restricting import restrict
from visits.domain.calling.undoing import undo

SATURDAY = MONDAY + timedelta(5)


@pytest.fixture
def shop(db):
    return shop_with(max_attempts=2)


def owing(on: date = MONDAY, **more) -> list[str]:
    return sorted(report.employee.username for report in noted(on, **more))


def test_who_had_a_task_open_at_midnight_owes_a_report(shop):
    first, second = shop.task(), shop.task()
    shop.task(assignee=shop.li, opens_at=at("00:00:01"), closes_at=at("23:59"))  # opens after midnight
    report = report_of(shop.wang)
    assert owing() == ["wangfang"]
    assert (report.listing, report.listed) == ([first.pk, second.pk], 2)
    assert (report.key, report.branch, report.due_at, report.inclusive) == (
        "2026-03-02", shop.branch, at("09:00", TUESDAY), True,
    )  # fmt: skip
    assert report.day_ends_at == day_start(TUESDAY + timedelta(1))


@pytest.mark.parametrize(
    ("facts", "owed"),
    [
        ({"opens_at": at("00:00")}, True),  # opens with the day
        ({"created_at": at("00:00:01")}, False),  # taken in after midnight: nobody knew of it
        ({"assignee": None, "role": "service_advisor"}, False),  # in the pool it is nobody's
        ({"status": "invalid_number"}, True),  # waits for the right number, and for its holder
        ({"status": "cancelled"}, False),
        ({"opens_at": at("2026-02-01 00:00"), "closes_at": at("2026-02-02 00:00")}, True),  # overdue for weeks
    ],
)
def test_what_counts_as_open_at_midnight(shop, facts, owed):
    shop.task(**facts)
    assert bool(owing()) is owed


def test_a_late_run_finds_the_list_of_midnight(shop):
    worked, moved, gone = shop.task(), shop.task(), shop.task()
    visited(worked)
    visited(gone, outcome=Outcome.REFUSED)
    visited(shop.task(assignee=shop.li), moment="2026-03-01 23:59:59")  # before midnight: no longer open at it
    reassign([moved], shop.li, actor=manager(shop), reason="生病", now=at("11:00"))
    [report] = noted(now=at("18:00"))
    assert (report.employee, report.listing) == (shop.wang, [worked.pk, moved.pk, gone.pk])
    assert report.due_at == at("09:00", TUESDAY)


def test_what_its_customer_refused_in_the_day_was_open_at_midnight(shop):
    dropped = shop.task()
    restrict(dropped.customer, "all", reason="不要再打", by=shop.wang, now=at("10:00"))
    assert [report.listing for report in noted(now=at("18:00"))] == [[dropped.pk]]


def manager(shop) -> Employee:
    return employee("boss", "cs_supervisor", branch=shop.branch)


def test_a_visit_that_was_taken_back_did_not_end_the_task(shop):
    record = visited(shop.task(), moment="2026-03-01 23:59:50")
    undo(record, token=uuid4(), by=shop.wang, now=at("00:00:05"))
    assert owing(now=at("12:00")) == ["wangfang"]


def test_two_runs_note_one_report(shop):
    shop.task()
    assert [report.pk for report in noted()] == [report.pk for report in noted(now=at("15:00"))]


def test_nobody_owes_for_a_day_off_and_whoever_is_away_never(shop):
    shop.task(closes_at=at("2026-04-01 00:00"))
    shop.task(assignee=shop.li, closes_at=at("2026-04-01 00:00"))
    WorkdayOverride.objects.create(on=TUESDAY, is_workday=False)
    Absence.objects.create(employee=shop.li, from_on=MONDAY, until_on=MONDAY)
    assert owing() == ["wangfang"]
    assert owing(TUESDAY) == owing(SATURDAY) == []


def test_leave_of_the_morning_lifts_the_report_of_that_day(shop):
    shop.task()
    report = report_of(shop.wang)
    Absence.objects.create(employee=shop.wang, from_on=MONDAY, until_on=MONDAY)
    judged("08:00")
    report.refresh_from_db()
    assert (report.fate, report.state) == ("excused", "due")


def test_leave_moves_the_cut_off_to_the_next_day_at_work(shop):
    shop.task()
    report = report_of(shop.wang)
    leave = Absence.objects.create(employee=shop.wang, from_on=TUESDAY, until_on=TUESDAY + timedelta(1))
    shop.task(assignee=shop.li)
    other = report_of(shop.li)
    judged("18:00")
    report.refresh_from_db()
    assert report.due_at == at("2026-03-05 09:00")
    other.refresh_from_db()
    assert other.due_at == at("09:00", TUESDAY)  # who is there hands in as ever
    leave.delete()  # back on Tuesday after all: the earlier bound holds again, as long as it is to come
    judged("20:00")
    report.refresh_from_db()
    assert report.due_at == at("09:00", TUESDAY)


@pytest.mark.parametrize(
    ("moment", "told"), [("07:59:59", 0), ("08:00:00", 1), ("08:59:59", 1), ("09:00:00", 0), ("20:00:00", 0)]
)
def test_who_has_an_hour_left_is_reminded_once(shop, moment, told):
    shop.task()
    report = report_of(shop.wang)
    for _again in range(2):
        judged(moment, TUESDAY)
    assert Notification.objects.filter(recipient=shop.wang, kind="report_due").count() == told
    OwedReport.objects.filter(pk=report.pk).update(state="submitted", first_submitted_at=at("18:00"), fate="in_time")
    Notification.objects.all().delete()
    judged("08:30", TUESDAY)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("owed", "on", "who"),
    [
        ("every_working_day", MONDAY, ["liqiang", "wangfang"]),
        ("every_working_day", SATURDAY, []),
        ("always", SATURDAY, ["liqiang", "wangfang"]),
    ],
)
def test_other_reports_are_owed_with_nothing_listed(db, owed, on, who):
    shop = shop_with()
    by_role = REPORT.replace('code = "daily"', 'code = "daily"\nby = "role:service_advisor"') + f'owed = "{owed}"\n'
    shop.publish('[policy]\nslug = "rules"\ntitle = "回访制度"\neffective_from = 2026-01-01\n' + by_role)
    assert owing(on) == who


def test_a_month_is_noted_when_it_has_ended_once(db):
    report = '[[report]]\ncode = "monthly"\nper = "month"\nby = "role:cs_supervisor"\nowed = "always"\ndue = "3wd"\n'
    shop = shop_with(report)
    boss = manager(shop)
    assert noted(date(2026, 3, 31)) == []
    for _twice in range(2):
        noted(date(2026, 4, 1))
    [found] = OwedReport.objects.all()
    assert (found.key, found.employee, found.covers_from) == ("2026-03", boss, date(2026, 3, 1))
    assert found.due_at == day_start(date(2026, 4, 4))


def test_a_report_without_a_figure_waits(db):
    shop = shop_with(REPORT.replace('due = "1wd"', 'due = "?"'))
    shop.task()
    assert noted() == []
