"""Service-quality reports: made once, on the right day, frozen, with the figures that everybody else reads."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from config.packs.measuring import KpiSpec
from reports.choices import ServiceKind
from reports.domain.figures import reading
from reports.domain.figures.query import query
from reports.domain.service import making, measuring
from reports.domain.service.content import Figure, changes, thawed
from reports.domain.service.due import due_periods, made_on
from reports.domain.service.making import make_service_reports
from reports.domain.service.measuring import Subject
from reports.models import Measure, Restatement, ServiceReport, ServiceReportCopy, ServiceReportStep
from staff.domain.calendar import WorkCalendar
from staff.domain.periods import period_named
from staff.models import Notification, Violation
from tests.reports.service import Shops, morning
from tests.visits.world import at, branch, publish
from visits.models import RecordTask, VisitTask

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)  # a Wednesday
CALENDAR = WorkCalendar()
MOST_STATEMENTS = 18  # for one figure over thirteen months


def made(on: date = APRIL) -> Counter[str]:
    return make_service_reports(now=morning(on), on=on)


def monthly(period: str = "2026-03", **of) -> ServiceReport:
    return ServiceReport.objects.get(kind=of.pop("kind", "monthly"), period=period, **of)


def figure(report: ServiceReport, key: str) -> Figure:
    return next(one for one in thawed(report.content).figures if one.key == key)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2025-12", "2026-01-04"),  # New Year until Saturday 3rd; Sunday the 4th is worked for it
        ("2026-01", "2026-02-02"),
        ("2026-04", "2026-05-06"),  # Labour Day until the 5th
        ("2026-09", "2026-10-08"),  # National Day until the 7th
        ("2024-01", "2024-02-01"),
        ("2026-W07", "2026-02-24"),  # Spring Festival 15 to 23 February, after Saturday the 14th was worked
        ("2026-W08", "2026-02-24"),
        ("2026-02-14", "2026-02-24"),
        ("2026-W09", "2026-03-02"),
        ("2024-W05", "2024-02-05"),
        ("2024-02-03", "2024-02-04"),  # Sunday 4 February 2024 was a make-up day of the Spring Festival
    ],
)
def test_a_report_is_made_on_the_first_working_day_after_its_period(period, day):
    assert made_on(period_named(period), CALENDAR) == date.fromisoformat(day)


@pytest.mark.any_database
def test_what_a_standstill_left_out_is_due_with_the_newest_one_again_and_never_more_than_a_year():
    on = date(2026, 4, 1)
    assert [one.key for one in due_periods("monthly", None, CALENDAR, on=on)] == ["2026-03"]
    newest = period_named("2025-12")
    assert [one.key for one in due_periods("monthly", newest, CALENDAR, on=on)] == [
        "2025-12", "2026-01", "2026-02", "2026-03",
    ]  # fmt: skip
    assert [one.key for one in due_periods("monthly", newest, CALENDAR, on=date(2026, 5, 5))][-1] == "2026-03"
    assert len(due_periods("monthly", period_named("2020-01"), CALENDAR, on=on)) == 13


def test_the_figures_are_those_of_the_reading_and_of_a_plain_count():
    shops = Shops().lived()
    counts = made()
    assert counts == {"monthly": 1, "weekly": 1, "daily": 1, "category": 1, "branch": 2}
    report = monthly()
    timely = figure(report, "kpi:timely")
    assert (timely.now.numerator, timely.now.denominator, timely.met) == (6, 8, False)
    assert (timely.at(1).numerator, timely.at(1).denominator) == (4, 4)
    assert [period for period, _top, _below in timely.trend][::12] == ["2025-03", "2026-03"]
    links = RecordTask.objects.filter(task__closes_at__month=3)
    due = VisitTask.objects.filter(closes_at__gte=morning(date(2026, 3, 1), "00:00"))
    assert (due.count(), links.filter(in_time=True, completes=True).count()) == (8, 6)
    march = period_named("2026-03")
    for metric in ("timely_rate", "visit_count", "completion_rate", "violation_count"):
        asked = query(KpiSpec(code=metric, metric=metric), shops.release, march, now=report.as_of)
        shown = figure(report, "kpi:timely" if metric == "timely_rate" else f"metric:{metric}").now
        assert shown == reading.whole(asked), metric
    satisfied = figure(report, "kpi:quarterly")
    assert (satisfied.now.value, satisfied.target) == (Fraction(7, 8), "")  # the target is the quarter's
    east, west = monthly(kind="branch", branch=shops.east), monthly(kind="branch", branch=shops.west)
    assert [figure(one, "kpi:timely").now.value for one in (east, west)] == [Fraction(1, 2), 1]


def test_what_got_worse_comes_with_who_broke_what_and_why():
    shops = Shops().lived()
    made()
    content = thawed(monthly().content)
    worse = [one.figure.key for one in changes(content) if not one.better]
    assert worse[0] == "metric:violation_count"  # from nought
    assert "kpi:timely" in worse and "kpi:quarterly" in worse
    [clause] = content.clauses
    assert (clause["title"], clause["count"], clause["before"], clause["open"]) == ("客户不满意", 1, 0, 0)
    assert clause["people"] == [[shops.liu.pk, "刘洋", 1]]
    assert clause["why"] == [["交车慢", 1]]
    assert content.visits["rules"] == [["交车回访", 4, 4], ["购车回访", 4, 4]]
    assert content.visits["problems"] == [["交车慢", 1, 0]]
    assert content.hours == [[10, 8, 8]]
    assert [(one["name"], one["rank"], one["missed"]) for one in content.departments] == [
        ("城西店 · 维修", 1, []), ("城东店 · 维修", 2, ["kpi:timely"]),
    ]  # fmt: skip
    assert [(one["name"], one["rank"]) for one in content.people] == [("=陈静", 1), ("刘洋", 2)]


def test_a_waived_violation_is_nobodys():
    shops = Shops().lived()
    Violation.objects.update(state="waived")
    made()
    assert thawed(monthly().content).clauses == []
    assert shops.release.policy.service_reports.count() == 6


def test_made_once_however_often_and_late_it_runs():
    Shops().lived()
    made()
    assert made() == made(date(2026, 4, 1)) == {}
    assert made(date(2026, 4, 2)) == {"daily": 1}
    late = made(date(2026, 7, 2))
    assert late["monthly"] == 3 and late["branch"] == 6 and late["weekly"] == 8
    assert sorted(one.period for one in ServiceReport.objects.filter(kind="monthly")) == [
        "2026-03", "2026-04", "2026-05", "2026-06",
    ]  # fmt: skip


def test_whoever_is_slower_makes_none():
    Shops().lived()
    made()
    report = monthly()
    about = making.subject_of(report, now=morning(APRIL))
    assert making._keep("monthly", about, thawed(report.content)) is None
    assert ServiceReport.objects.filter(kind="monthly").count() == 1
    assert ServiceReportStep.objects.filter(report__kind="monthly").count() == 1


def test_a_run_that_broke_off_is_ended_by_the_next():
    Shops().lived()
    made()
    new = branch("城南店")  # one whose report the run before did not come to
    assert made() == {"branch": 1}
    assert monthly(kind="branch", branch=new).covers_from == date(2026, 3, 1)


def test_who_leads_is_told_and_has_a_copy_of_what_is_theirs():
    shops = Shops().lived()
    made()
    copies = ServiceReportCopy.objects.filter(report__kind__in=("monthly", "branch"))
    found = sorted((one.report.kind, str(one.report.branch or ""), one.recipient.username) for one in copies)
    assert found == [
        ("branch", "城东店", "lead-east"),
        ("monthly", "", "boss"),
        ("monthly", "", "quality"),
        ("monthly", "", "super"),
    ]
    heard = Notification.objects.filter(recipient=shops.boss, kind="service_report").order_by("url")
    assert [one.url for one in heard][-1] == "/service-reports/month/?period=2026-03"  # with the report by category
    assert len(heard) == 3
    assert not Notification.objects.filter(recipient=shops.liu, kind="service_report").exists()


def test_what_was_made_never_changes_and_what_differs_is_said_and_stated_anew():
    shops = Shops().lived()
    made()
    report = monthly()
    assert making.changed_since(report, now=morning(APRIL, "09:00")) == []
    with pytest.raises(making.CannotRestate):
        making.restate(report, by=shops.boss, now=morning(APRIL, "09:00"))
    Violation.objects.update(state="waived")
    [(old, new)] = making.changed_since(report, now=morning(APRIL, "10:00"))
    assert (old.key, old.now.value, new.now.value) == ("metric:violation_count", 1, 0)
    again = making.restate(report, by=shops.boss, now=morning(APRIL, "10:00"))
    assert (again.number, again.restates, again.made_by) == (2, report, shops.boss)
    assert figure(monthly(number=1), "metric:violation_count").now.value == 1
    assert made() == {}
    with pytest.raises(making.CannotRestate):
        making.restate(report, by=shops.boss, now=morning(APRIL, "11:00"))
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceReport.objects.filter(pk=report.pk).update(content={})


def test_a_company_that_has_not_begun_has_no_report():
    assert made() == {}
    publish('[[kpi]]\nmetric = "timely_rate"\n')
    assert made() == {}
    assert {one.value for one in ServiceKind} == {"monthly", "weekly", "daily", "branch", "category"}


def test_what_changed_in_closed_months_stands_in_the_report():
    shops = Shops().lived()
    measure = Measure.objects.create(policy=shops.release.policy, key="1" * 64, metric="timely_rate", spec={})
    for branch_of, found in ((shops.east, "2026-03-20 04:10"), (shops.west, "2026-02-20 04:10")):
        Restatement.objects.create(
            measure=measure, period="2026-01", branch=branch_of, employee=shops.liu, was_numerator=4,
            was_denominator=5, numerator=5, denominator=7, found_at=at(found),
        )  # fmt: skip
    made()
    assert thawed(monthly().content).restated == [["2026-01", "timely_rate", "1", 2]]
    assert thawed(monthly(kind="branch", branch=shops.west).content).restated == []


def test_the_reports_of_a_month_ask_each_figure_once_for_all_its_months_and_branches(django_assert_max_num_queries):
    """One statement more for each figure, not for each cell: the branches of 13 months cost what the company's do."""
    shops = Shops().lived()
    about = Subject(shops.release, period_named("2026-03"), morning(APRIL))
    branches = [shops.east.pk, shops.west.pk]
    measuring.figures_of_branches(about, branches)
    many = len(measuring.wanted(shops.release))
    with CaptureQueriesContext(connection) as one:
        whole = measuring.figures(about)
    with django_assert_max_num_queries(len(one) + many):
        found = measuring.figures_of_branches(about, branches)
    assert len(one) <= MOST_STATEMENTS * many, len(one)
    visits = [next(each for each in part if each.metric == "visit_count") for part in (whole, *found.values())]
    assert visits[0].now.numerator == visits[1].now.numerator + visits[2].now.numerator == 8
