"""The month of the company: a chapter for each regulation that one may see; the same on paper and in its workbook."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart
from openpyxl.utils.units import EMU_to_cm

from reports.domain.service.content import frozen, thawed
from reports.domain.service.sending import send
from reports.models import ServiceReport
from staff.models import Activity, Notification
from tests.reports.service import PACK
from tests.reports.test_service_pages import browser, monthly, page, shops
from tests.visits.world import publish

pytestmark = pytest.mark.django_db
__all__ = ["shops"]  # the fixture


def month(person, query: str = ""):
    return browser(person).get(f"/service-reports/month/{query}")


def second_regulation(first: ServiceReport) -> ServiceReport:
    """Return the report of another regulation that says the same."""
    release = publish('[policy]\nslug = "second"\ntitle = "第二制度"\neffective_from = 2026-01-01\n' + PACK)
    return ServiceReport.objects.create(
        kind="monthly", policy=release.policy, release=release, period="2026-03", covers_from=first.covers_from,
        covers_to=first.covers_to, content=first.content, sha256="", made_at=first.made_at, as_of=first.as_of,
    )  # fmt: skip


def test_the_month_of_the_company_has_a_chapter_for_each_regulation_that_one_may_see(shops):
    first, second = monthly(), second_regulation(monthly())
    answer = month(shops.boss)
    told = [one["told"] for one in answer.context["chapters"]]
    assert {one.report.pk for one in told} == {first.pk, second.pk}
    own = next(one for one in told if one.report == first)
    assert [(one.kind, str(one.branch or "")) for one in own.beside] == [
        ("branch", "城东店"), ("branch", "城西店"), ("category", ""),
    ]  # fmt: skip
    text = answer.content.decode()
    assert "第二制度" in text and "刘洋 1" in text
    assert month(shops.boss, "?period=2026-01").status_code == 404
    assert month(shops.liu).context["chapters"] == []  # nothing is published
    ServiceReport.objects.filter(pk=second.pk).update(state="published")
    [only] = month(shops.liu).context["chapters"]
    assert only["told"].report == second and "刘洋 1" not in month(shops.liu).content.decode()
    assert "period=2026-03" in browser(shops.boss).get("/service-reports/").content.decode()


def test_the_month_of_the_company_says_the_same_on_paper_and_in_its_workbook(shops):
    first, second = monthly(), second_regulation(monthly())
    names = [str(first.policy), str(second.policy)]
    book = load_workbook(io.BytesIO(month(shops.boss, "workbook/").content))
    assert book.sheetnames == ["封面", "指标", "进步与退步", "违反条款"]
    assert [len(sheet._charts) for sheet in book] == [1, 1, 0, 1]
    assert {(sheet.print_area != "", sheet.freeze_panes is None) for sheet in book} == {(True, False)}
    rows = [[cell.value for cell in row] for row in book["指标"].iter_rows()]
    rates = [row for row in rows if row[1] == "及时率"][:2]
    assert [row[:5] for row in rates] == [[name, "及时率", 0.75, 6, 8] for name in sorted(names)]
    change = next(cell for row in book["指标"].iter_rows() for cell in row if cell.value == -25)
    assert change.number_format == '+0.00" 个百分点";-0.00" 个百分点";0.00" 个百分点"'
    side = [[cell.value for cell in row][:6] for row in book["封面"].iter_rows() if row[0].value in names]
    told = next(one["told"].summary for one in month(shops.boss).context["chapters"])
    assert side[0][1:] == [told.met, told.aimed, told.n_worse, told.n_better, told.broken]
    printed = month(shops.boss, "print/").content.decode()
    assert printed.count('class="a4"') == 2 and printed.count(">−25 个百分点<") >= 4  # each regulation, on both sheets
    assert "刘洋 1" in printed and "第二制度" in printed
    ServiceReport.objects.filter(pk=second.pk).update(state="published")
    seen = month(shops.liu, "print/").content.decode()
    assert "刘洋 1" not in seen and seen.count("第二制度") > 1 and names[0] not in seen
    for leaf in ("print/", "workbook/"):
        assert month(shops.boss, f"{leaf}?period=2026-01").status_code == 404
    assert Activity.objects.filter(verb="exported", actor=shops.boss).count() == 1


def test_each_bar_of_the_clauses_is_named_and_has_room_for_its_name(shops):
    report = second_regulation(monthly())
    [broken, *_others] = thawed(report.content).clauses
    many = replace(thawed(report.content), clauses=[broken | {"clause": f"9.{number}"} for number in range(20)])
    ServiceReport.objects.create(
        kind="monthly", policy=report.policy, release=report.release, period="2026-02", covers_from=report.covers_from,
        covers_to=report.covers_to, content=frozen(many), sha256="", made_at=report.made_at, as_of=report.as_of,
    )  # fmt: skip
    sheet = load_workbook(io.BytesIO(month(shops.boss, "workbook/?period=2026-02").content))["违反条款"]
    [chart] = sheet._charts
    assert isinstance(chart, BarChart) and chart.type == "bar"
    assert (chart.x_axis.tickLblSkip, chart.x_axis.txPr.bodyPr.rot) == (1, 0)  # for Excel; for LibreOffice
    assert chart.series[0].cat.numRef.f.endswith("$B$6:$B$17")  # the twelve that were broken most
    height = EMU_to_cm(chart.anchor.ext.height)
    assert height > 12 * 0.6 + 2
    rows_below = int(sheet.print_area.split("$")[-1]) - chart.anchor._from.row
    assert rows_below * 0.529 > height


def test_on_paper_the_rows_that_do_not_fit_lead_to_the_report(shops):
    content = replace(thawed(monthly().content), figures=thawed(monthly().content).figures * 5)
    report = second_regulation(monthly())
    other = ServiceReport.objects.create(
        kind="monthly", policy=report.policy, release=report.release, period="2026-02", covers_from=report.covers_from,
        covers_to=report.covers_to, content=frozen(content), sha256="", made_at=report.made_at, as_of=report.as_of,
    )  # fmt: skip
    assert f'href="http://testserver/service-reports/{other.pk}/#headline"' in page(shops.boss, other, "print/")


@pytest.mark.parametrize("kind", ["weekly", "daily"])
def test_of_a_week_or_a_day_who_leads_hears_once_for_all_regulations(shops, kind):
    first, now = monthly(), monthly().made_at
    made = [
        ServiceReport.objects.create(
            kind=kind, policy=one.policy, release=one.release, period="2026-W10", covers_from=first.covers_from,
            covers_to=first.covers_to, content=first.content, sha256="", made_at=now, as_of=now,
        )
        for one in (first, second_regulation(first))
    ]  # fmt: skip
    for report in (*made, made[0]):
        send(report, now=now)
    [heard] = Notification.objects.filter(recipient=shops.boss, key=f"service-{kind}-2026-W10")
    assert [report.copies.filter(recipient=shops.boss).count() for report in made] == [1, 1]
    assert {row.pk for row in browser(shops.boss).get(heard.url).context["rows"]} == {report.pk for report in made}
