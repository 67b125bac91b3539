"""The pages of reports: the list, one report with its red lines, handing it in, what others see of it."""

import pytest

from reports.domain.daily.submitting import submit
from reports.models import OwedReport, ReportCopy, ReportVersion
from tests.reports.daily import REPORT, report_of, shop_with, visited
from tests.visits.calls import Shop, at
from tests.visits.desk import signed_in, toasts
from tests.visits.world import employee


@pytest.fixture
def shop(db, clock_at) -> Shop:
    clock_at("2026-03-02T18:00+08:00")
    return shop_with(REPORT + 'to = "role:general_manager"\n')


def page(client, report) -> str:
    return client.get(f"/daily-reports/{report.pk}/").content.decode()


def test_the_page_says_what_each_red_line_lacks_where_it_is_mended_and_what_it_costs(shop):
    record = visited(shop.task(), problem="异响")
    untried = shop.task()
    report = report_of(shop.wang)
    text = page(signed_in(shop.wang), report)
    assert f"/records/{record.pk}/correct/" in text
    assert "¥50.00" in text
    assert "50 %" in text  # of the two that were open at 00:00 one was called
    assert f'name="reason-{untried.pk}"' in text
    assert 'data-left="54000"' in text  # 15 hours until Tuesday 09:00


def test_one_press_keeps_the_reasons_and_hands_in(shop):
    visited(shop.task())
    first, second = shop.task(), shop.task()
    report = report_of(shop.wang)
    client, address = signed_in(shop.wang), f"/daily-reports/{report.pk}/submit/"
    refused = client.post(address, {f"reason-{first.pk}": "客户在国外", "remark": "忙"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert ("客户在国外" in text, "忙" in text, second.customer.name in text) == (True, True, True)
    answer = client.post(address, {f"reason-{first.pk}": "客户在国外", "reason_for_all": "来不及", "remark": "忙"})
    assert answer.status_code == 302
    assert "18:00:00" in toasts(client, answer)[0]
    version = ReportVersion.objects.get()
    assert [line.content["reason"] for line in version.lines.filter(kind="open")] == ["客户在国外", "来不及"]
    assert OwedReport.objects.get().fate == "in_time"
    assert version.remark == "忙"


def test_the_reasons_alone_can_be_kept(shop):
    task = shop.task()
    report = report_of(shop.wang)
    signed_in(shop.wang).post(f"/daily-reports/{report.pk}/submit/", {f"reason-{task.pk}": "明天再打", "keep": "1"})
    assert ReportVersion.objects.count() == 0
    assert "明天再打" in page(signed_in(shop.wang), report)


def test_whom_the_rule_names_has_it_unread_until_he_opens_it(shop):
    boss = employee("boss", "general_manager")
    visited(shop.task())
    report = report_of(shop.wang)
    submit(report, by=shop.wang, now=at("17:00"))
    client = signed_in(boss)
    assert client.get("/daily-reports/").context["unread"] == 1
    assert "陈先生" in page(client, report)
    assert ReportCopy.objects.get().read_at is not None
    assert client.get("/daily-reports/").context["unread"] == 0


def test_a_manager_passes_it_on_and_the_reader_sees_it_though_it_is_not_his_unit(shop):
    boss, reader = employee("boss", "general_manager"), employee("reader")
    visited(shop.task())
    report = report_of(shop.wang)
    version = submit(report, by=shop.wang, now=at("17:00"))
    assert signed_in(reader).get(f"/daily-reports/{report.pk}/").status_code == 404
    address = f"/daily-reports/{report.pk}/pass-on/"
    assert signed_in(boss).post(address, {}).status_code == 422
    signed_in(boss).post(address, {"people": [str(reader.pk), "999", "x"]})
    assert signed_in(reader).get(f"/daily-reports/{report.pk}/").status_code == 200
    assert signed_in(reader).get(f"/daily-reports/versions/{version.pk}/").status_code == 200
    assert signed_in(reader).post(f"/daily-reports/{report.pk}/submit/", {}).status_code == 422
    assert signed_in(reader).post(address, {"people": [str(shop.li.pk)]}).status_code == 404


def test_what_is_not_handed_in_shows_no_lines_to_others(shop):
    boss = employee("boss", "quality_manager", branch=shop.branch)
    visited(shop.task(), problem="异响")
    report = report_of(shop.wang)
    text = page(signed_in(boss), report)
    assert "异响" not in text
    assert "尚未提交" in text


@pytest.mark.parametrize(("who", "seen"), [("mine", 1), ("sent", 0), ("all", 1)])
def test_the_list_shows_what_is_asked_for(shop, who, seen):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report_of(shop.wang)
    answer = signed_in(shop.wang).get(f"/daily-reports/?whose={who}")
    assert len(answer.context["rows"]) == seen
    assert len(answer.context["waiting"]) == 1


def test_an_empty_list_says_what_to_expect(shop):
    assert "还没有报告" in signed_in(shop.li).get("/daily-reports/").content.decode()


def test_a_version_says_that_it_is_unchanged(shop):
    visited(shop.task())
    version = submit(report_of(shop.wang), by=shop.wang, now=at("17:00"))
    text = signed_in(shop.wang).get(f"/daily-reports/versions/{version.pk}/").content.decode()
    assert version.sha256[:16] in text
    assert "提交后未改动" in text


def test_tables_of_the_regulation_stand_below_the_lines(db, clock_at):
    clock_at("2026-03-02T18:00+08:00")
    names = '"basics", "by_rule", "problems", "feedback", "outcomes", "advisors", "moon"'
    shop = shop_with(REPORT + f"content = [{names}]\n")
    visited(shop.task(), problem="异响", css="118")
    told = signed_in(shop.wang).get(f"/daily-reports/{report_of(shop.wang).pk}/").context["told"]
    assert [table["known"] for table in told.tables] == [True] * 6 + [False]
    assert told.tables[1]["rows"] == [["after-service", 1, 1]]
