"""The pages of service-quality reports: who sees which and whose names, what is done with them, paper and workbook."""

import io
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from django.test import Client
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from reports.domain.service import deeds
from reports.domain.service.content import thawed
from reports.domain.service.drawing import trends
from reports.domain.service.making import make_service_reports
from reports.domain.service.summing import summary
from reports.domain.service.tables import Sight, tables
from reports.excel.service_report import workbook_of
from reports.models import ImprovementAction, ServiceReport, ServiceReportCopy
from reports.views.service_words import cover_of
from staff.models import Activity, Notification
from tests.reports.service import Shops, morning

APRIL = date(2026, 4, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shops(clock_at) -> Shops:
    clock_at("2026-04-01T09:00+08:00")
    shops = Shops().lived()
    make_service_reports(now=morning(APRIL), on=APRIL)
    return shops


def monthly() -> ServiceReport:
    return ServiceReport.objects.get(kind="monthly")


def of_east() -> ServiceReport:
    return ServiceReport.objects.get(kind="branch", branch__name="城东店")


def browser(person, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = language
    return client


def page(person, report: ServiceReport, leaf: str = "") -> str:
    answer = browser(person).get(f"/service-reports/{report.pk}/{leaf}")
    return answer.content.decode() if answer.status_code == 200 else ""


def done(person, report: ServiceReport, deed: str, note: str = "") -> int:
    return browser(person).post(f"/service-reports/{report.pk}/deed/", {"deed": deed, "note": note}).status_code


def listed(person) -> list[tuple[str, str]]:
    rows = browser(person).get("/service-reports/").context["rows"]
    return sorted((row.kind, str(row.branch or "")) for row in rows)


def test_who_sees_which_report_before_and_after_it_is_published(shops):
    whole = [
        ("branch", "城东店"),
        ("branch", "城西店"),
        ("category", ""),
        ("daily", ""),
        ("monthly", ""),
        ("weekly", ""),
    ]
    assert listed(shops.boss) == listed(shops.quality) == whole
    assert listed(shops.lead_east) == [("branch", "城东店")]
    assert listed(shops.liu) == listed(shops.head) == []
    assert browser(shops.liu).get(f"/service-reports/{monthly().pk}/").status_code == 404
    ServiceReport.objects.filter(kind__in=("monthly", "branch")).update(state="published")
    assert listed(shops.liu) == [("branch", "城东店"), ("monthly", "")]
    assert listed(shops.chen) == [("branch", "城西店"), ("monthly", "")]
    narrowed = browser(shops.boss).get("/service-reports/?kind=branch&period=2026-03&branch=" + str(shops.west.pk))
    assert [row.branch for row in narrowed.context["rows"]] == [shops.west]


def test_the_month_goes_from_the_supervisor_to_the_leader_to_the_departments_to_the_staff(shops, clock_at):
    report = monthly()
    assert done(shops.boss, report, "submitted") == 422  # the supervisor does (K-18)
    assert done(shops.supervisor, report, "submitted") == 302
    rows = browser(shops.boss).get("/service-reports/?state=submitted").content.decode()
    assert "已提交" in rows
    assert "2026-04-01 周三 09:00" in page(shops.boss, report)
    assert Notification.objects.filter(recipient=shops.boss, key=f"service-report-{report.pk}-submitted").count() == 1
    assert done(shops.supervisor, report, "reviewed") == 422  # nobody reviews what they submitted (AK-12)
    assert done(shops.quality, report, "returned") == 422  # without a word
    assert done(shops.quality, report, "returned", "第三条写错") == 302
    assert done(shops.supervisor, report, "submitted") == 302
    assert listed(shops.head) == []
    assert done(shops.quality, report, "reviewed") == 302
    assert listed(shops.head) == [("monthly", "")]  # forwarded to the departments
    assert done(shops.supervisor, report, "published") == 422
    assert done(shops.quality, report, "published") == 302
    assert done(shops.quality, report, "published") == 422
    assert Notification.objects.filter(recipient=shops.liu, key=f"service-report-{report.pk}-published").count() == 1
    steps = [(one.deed, one.by and one.by.username) for one in report.steps.all()]
    assert steps == [
        ("made", None), ("submitted", "super"), ("returned", "quality"), ("submitted", "super"),
        ("reviewed", "quality"), ("published", "quality"), ("ordered", "quality"),
    ]  # fmt: skip


def test_ak_25_a_department_below_target_gets_one_improvement_action_however_often_it_is_published(shops):
    report = monthly()
    ServiceReport.objects.filter(pk=report.pk).update(state="reviewed")
    assert done(shops.boss, report, "published") == 302
    action = ImprovementAction.objects.get()  # the West reaches it (AK-25)
    assert (action.owner, action.department) == (shops.head, shops.repairs)
    assert "及时率" in action.title and "城东店" in action.title
    report.refresh_from_db()
    assert deeds.ask_for_improvement(report, by=shops.boss, now=morning(APRIL, "10:00")) == 0
    assert ImprovementAction.objects.count() == 1


def test_staff_read_a_published_report_without_anybodys_name(shops):
    ServiceReport.objects.update(state="published")
    for leaf in ("", "print/"):
        seen, hidden = page(shops.boss, monthly(), leaf), page(shops.liu, monthly(), leaf)
        assert "客户不满意" in hidden and "交车慢 1" not in hidden and "刘洋 1" not in hidden
        assert "交车慢 1" in seen and "刘洋 1" in seen
    assert 'id="people"' not in hidden and 'id="people"' in page(shops.quality, monthly())
    assert 'id="people"' not in page(shops.supervisor, monthly())  # the ranking is for general and quality managers
    assert "刘洋 1" in page(shops.supervisor, monthly())


def test_who_opened_it_is_noted_and_only_once(shops, clock_at):
    report = monthly()
    assert "尚未阅读" in page(shops.quality, report)
    assert ServiceReportCopy.objects.get(report=report, recipient=shops.quality).read_at is not None
    assert ServiceReportCopy.objects.get(report=report, recipient=shops.boss).read_at is None


def test_the_page_says_what_has_changed_since_and_makes_a_new_version(shops):
    report = of_east()
    assert "数据有变化" not in page(shops.lead_east, report)
    shops.release.policy.violations.update(state="waived")
    text = page(shops.lead_east, report)
    assert "数据有变化" in text and "1 → <b>0</b>" in text
    assert done(shops.liu, report, "restated") in (403, 404)
    assert done(shops.lead_east, report, "restated") == 302
    assert done(shops.lead_east, report, "restated") == 422
    assert "已有新版本" in page(shops.lead_east, report)
    assert ServiceReport.objects.filter(kind="branch", branch=shops.east, number=2).count() == 1


def workbook(person, report: ServiceReport) -> bytes:
    answer = browser(person).get(f"/service-reports/{report.pk}/workbook/")
    assert answer.status_code == 200
    return answer.content


def test_the_same_figures_stand_on_the_page_the_paper_and_in_the_workbook(shops):
    report = monthly()
    shown, printed = page(shops.boss, report), page(shops.boss, report, "print/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(shops.boss, report)))
    rows: dict[str, list] = {}
    for row in book.get_sheet_by_name("指标").to_python():
        rows.setdefault(row[0], row)  # the first table; the figures over time stand below it
    for figure in thawed(report.content).figures:
        name = figure.title or {"visit_count": "回访次数"}.get(figure.metric, "")
        if not name:
            continue
        now = figure.now
        exact = now.value or Fraction(0)
        assert abs(Fraction(rows[name][1]) - exact) < Fraction(1, 100), name
        assert rows[name][2] == now.numerator
    assert rows["及时率"][1:4] == [0.75, 6, 8]
    for text in (shown, printed):
        assert ">75 %<" in text and ">6<" in text and ">8<" in text and "87.5 %" in text
    assert rows["及时率"][5] == "否"
    assert Activity.objects.filter(verb="exported", subject_id=report.pk, actor=shops.boss).count() == 1


def places_of(sheet) -> int:
    """Return the row at which the figures over time begin."""
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == "指标走势")


def test_the_workbook_is_dressed_for_paper_and_its_text_is_no_formula(shops):
    book = load_workbook(io.BytesIO(workbook(shops.boss, monthly())))
    assert book.sheetnames[:3] == ["封面", "指标", "进步与退步"]
    for sheet in book:
        setup = sheet.page_setup
        pages = 1 if sheet.title == "封面" else 0  # a cover is one page; other sheets are as long as they are
        fitted = (setup.orientation, int(setup.paperSize), setup.fitToWidth, setup.fitToHeight)
        assert fitted == ("landscape", 9, 1, pages)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_area and sheet.freeze_panes
        assert sheet.oddFooter.right.text == "&P / &N" and "周杰" in sheet.oddFooter.left.text
        formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert formulas == []
    figures = book["指标"]
    by_name: dict[str, tuple] = {}
    for row in figures.iter_rows():
        by_name.setdefault(row[0].value, row)
    assert (by_name["及时率"][1].number_format, by_name["及时率"][3].number_format) == ("0.00%", "#,##0")
    assert [len(book[name]._charts) for name in ("指标", "违反条款", "回访")] == [1, 1, 2]
    lines = figures._charts[0]
    assert {one.smooth for one in lines.series} == {False}
    dashes = [cell.value for row in figures.iter_rows(min_row=places_of(figures)) for cell in row if cell.value == "—"]
    assert dashes == []  # a dash would be drawn as nought
    people = {row[1].value for row in book["排名"].iter_rows() if row[1].value}
    assert "=陈静" in people  # marked as text by its style
    assert "周杰" in book.properties.description and "2026-03" in book.properties.title
    for_staff = load_workbook(io.BytesIO(workbook(shops.quality, monthly())))
    assert "排名" in for_staff.sheetnames


def test_a_table_that_does_not_fit_on_the_rest_of_a_printed_page_begins_the_next(shops):
    report = monthly()
    content = replace(thawed(report.content), hours=[[hour, 20, 9] for hour in range(7, 22)])
    content = replace(content, visits={**content.visits, "problems": [[f"问题{n}", n, 1] for n in range(12)]})
    cover = cover_of(report, by=shops.boss, now=morning(APRIL))
    sheet = load_workbook(io.BytesIO(workbook_of(cover, tables(content, Sight()))))["回访"]
    titles = {row[0].value: row[0].row for row in sheet.iter_rows()}
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert titles["时段分布"] - 1 in breaks  # its last rows would stand on a page of their own
    assert titles["客户反馈"] - 1 not in breaks  # it fits below the one before
    assert all(later - before <= 40 for before, later in pairwise(sorted([0, *breaks, sheet.max_row])))


def test_every_list_costs_the_same_for_one_row_and_for_six(shops, django_assert_max_num_queries):
    client = browser(shops.boss)
    client.get("/service-reports/")
    with django_assert_max_num_queries(14):
        client.get("/service-reports/")


def test_the_first_screen_says_the_main_figures_what_moved_and_who_broke_what(shops):
    told = summary(thawed(monthly().content), Sight(managed=True))
    first = told.headlines[0]
    assert (first.name, first.value.text, first.before.text, first.change.text, first.met) == (
        "及时率", "75 %", "100 %", "−25 个百分点", False,
    )  # fmt: skip
    assert (told.met, told.aimed) == (0, 1)  # the other target is the quarter's
    assert "及时率" in [one.name for one in told.worse]
    assert [(one.name, one.count, one.before, one.who, one.why) for one in told.clauses] == [
        ("7.1 客户不满意", 1, 0, "刘洋 1", "交车慢 1")
    ]
    hidden = summary(thawed(monthly().content), Sight())
    assert [(one.who, one.why) for one in hidden.clauses] == [("", "")]
    shown = page(shops.boss, monthly())
    assert shown.index("service-heads") < shown.index('service-theme"') and "刘洋 1" in shown


def test_each_measure_stands_in_a_report_once(shops):
    """The regulation's own satisfaction stands for the catalogue's; of one rule of two it would stand beside it."""
    metrics = [one.metric for one in thawed(monthly().content).figures]
    assert sorted(set(metrics)) == sorted(metrics)


def test_the_figures_over_time_begin_with_the_first_month_in_which_there_was_something(shops):
    trend = next(one for one in tables(thawed(monthly().content), Sight()) if one.code == "trend")
    assert list(trend.heads) == ["指标", "2026-02", "2026-03"]
    assert {len(row) for row in trend.rows} == {3}


def test_small_charts_begin_with_the_first_month_in_which_there_was_something(shops):
    for chart in trends(thawed(monthly().content)):
        assert [one.text for one in chart.labels[2:]] == ["2026-02", "2026-03"]
