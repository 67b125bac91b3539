"""Handing a report in: what it is made of, what refuses it, what freezes, what its cut-off finds of it."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from reports.domain.daily.composing import compose
from reports.domain.daily.submitting import CannotSubmit, give_reasons, is_whole, submit
from reports.models import OpenReason, OwedReport, ReportCopy, ReportVersion
from staff.models import Notification
from tests.reports.daily import REPORT, TUESDAY, judged, report_of, shop_with, visited
from tests.visits.calls import Shop, at
from tests.visits.world import employee
from visits.choices import Outcome
from visits.domain.follow_up.wishes import FollowOn

LONG_AGO, SOON = at("2026-01-01 00:00"), at("2026-03-31 00:00")


@pytest.fixture
def shop(db) -> Shop:
    return shop_with()


def fate_of(report: OwedReport) -> str:
    report.refresh_from_db()
    return report.fate


def test_a_report_writes_itself(shop):
    tasks = [shop.task() for _ in range(4)]
    report = report_of(shop.wang)
    visited(tasks[0], channel="mobile", channel_reason="座机故障")
    visited(tasks[1], outcome=Outcome.NO_ANSWER)
    visited(tasks[2], problem="异响，请回电13812345678", follow=FollowOn(return_on=TUESDAY))
    draft = compose(report, now=at("18:00"))
    first, second, third, last = draft.lines
    assert (first.content["channel"], first.content["channel_reason"]) == ("mobile", "座机故障")
    assert (first.content["result"], second.content["result"]) == ("reached", "no_answer")
    assert first.content["time"] == at("09:58").isoformat()
    assert (third.content["problem"], third.content["return_on"]) == ("异响，请回电138****5678", "2026-03-03")
    assert (last.kind, last.task, last.missing, last.owes_reason) == ("open", tasks[3], ("reason",), True)
    assert (draft.covered, draft.listed) == (3, 4)  # 75 %


def test_the_report_is_refused_by_name_of_the_line_and_taken_once_it_is_mended(shop):
    visited(shop.task())
    untried = shop.task()
    report = report_of(shop.wang)
    with pytest.raises(CannotSubmit) as refusal:
        submit(report, by=shop.wang, now=at("18:00"))
    assert [line.task for line in refusal.value.lines] == [untried]
    give_reasons(report, {untried.pk: "客户出差，周二再打", 999: "别人的"}, by=shop.wang, now=at("18:00"))
    version = submit(report, by=shop.wang, now=at("18:01"), remark="今天顺利")
    assert [line.content.get("reason") for line in version.lines.all()] == ["", "客户出差，周二再打"]
    assert (version.number, version.remark, version.release) == (1, "今天顺利", shop.release)
    assert version.content["listed"] == 2
    assert is_whole(version)
    report.refresh_from_db()
    assert (report.state, report.fate, report.first_submitted_at) == ("submitted", "in_time", at("18:01"))


def test_a_line_without_what_the_regulation_requires_is_named(db):
    shop = shop_with(REPORT.replace('["result", "time"]', '["result", "time", "summary"]'))
    visited(shop.task(), notes="都好")
    visited(shop.task())
    report = report_of(shop.wang)
    with pytest.raises(CannotSubmit) as refusal:
        submit(report, by=shop.wang, now=at("18:00"))
    assert [line.missing for line in refusal.value.lines] == [("summary",)]


def test_twice_is_once_a_change_before_the_cut_off_is_a_version_after_it_a_refusal(shop):
    task, report = shop.task(), None
    visited(task)
    report = report_of(shop.wang)
    first = submit(report, by=shop.wang, now=at("17:00"))
    assert submit(report, by=shop.wang, now=at("17:00:01")) == first
    visited(shop.task(), "17:30")
    second = submit(report, by=shop.wang, now=at("18:00"))
    assert (second.number, second.lines.count(), first.lines.count()) == (2, 2, 1)
    visited(shop.task(), "19:00")
    with pytest.raises(CannotSubmit):
        submit(report, by=shop.wang, now=at("09:00:01", TUESDAY))
    OwedReport.objects.update(state="returned")
    third = submit(report, by=shop.wang, now=at("10:00", TUESDAY))
    assert (third.number, fate_of(report)) == (3, "in_time")  # the first version decided


def test_nobody_hands_in_for_another_nor_after_approval(shop):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    with pytest.raises(CannotSubmit):
        submit(report, by=shop.li, now=at("18:00"))
    submit(report, by=shop.wang, now=at("18:00"))
    OwedReport.objects.update(state="approved")
    with pytest.raises(CannotSubmit):
        submit(report, by=shop.wang, now=at("18:30"))


def test_reasons_are_given_by_the_owner_and_taken_back_one_by_one(shop):
    tasks = [shop.task(closes_at=at("2026-04-01 00:00")) for _ in range(2)]
    shop.task(assignee=shop.li, closes_at=at("2026-04-01 00:00"))
    report, other = report_of(shop.wang), report_of(shop.li)
    with pytest.raises(CannotSubmit):
        give_reasons(report, {tasks[0].pk: "x"}, by=shop.li, now=at("18:00"))
    assert give_reasons(report, dict.fromkeys(report.listing, "出差"), by=shop.wang, now=at("18:00")) == 2
    assert give_reasons(other, dict.fromkeys(other.listing, "出差"), by=shop.li, now=at("18:00")) == 1
    assert give_reasons(report, {tasks[0].pk: " "}, by=shop.wang, now=at("18:01")) == 1
    assert list(report.reasons.values_list("task", flat=True)) == [tasks[1].pk]
    report.state = "approved"
    with pytest.raises(CannotSubmit):
        give_reasons(report, {tasks[1].pk: ""}, by=shop.wang, now=at("18:02"))
    assert OpenReason.objects.count() == 2


def test_the_reviewer_of_the_branch_is_told(shop):
    boss = employee("boss", "quality_manager", branch=shop.branch)
    employee("other", "quality_manager")
    shop.task(closes_at=at("2026-04-01 00:00"))
    submit(report_of(shop.wang), by=shop.wang, now=at("18:00"))
    assert [told.recipient for told in Notification.objects.filter(kind="report_submitted")] == [boss]


def test_a_nil_report_is_handed_in_all_the_same(db):
    shop = shop_with(REPORT.replace('code = "daily"', 'code = "daily"\nowed = "always"\nby = "staff"'))
    version = submit(report_of(shop.wang), by=shop.wang, now=at("18:00"))
    assert (version.content["nil"], version.lines.count()) == (True, 0)


def test_lines_of_listed_tasks_owe_a_reason_until_they_are_done(db):
    shop = shop_with(REPORT + 'basis = "listed"\n')
    tried, later = shop.task(), shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    visited(tried, outcome=Outcome.NO_ANSWER)
    visited(shop.task())  # not on the list
    draft = compose(report, now=at("18:00"))
    assert [(line.kind, line.owes_reason) for line in draft.lines] == [("visit", False), ("open", True), ("open", True)]
    give_reasons(report, {tried.pk: "无人接听", later.pk: "未到时间"}, by=shop.wang, now=at("18:00"))
    assert submit(report, by=shop.wang, now=at("18:00")).content["open"] == 2


def test_more_lines_cost_no_more_queries(shop, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(25) as spent:
            compose(report, now=at("18:00"))
        return len(spent)

    visited(shop.task())
    shop.task()
    report = report_of(shop.wang)
    queries()
    few = queries()
    for _more in range(3):
        visited(shop.task(), problem="异响")
    assert queries() <= few


def test_what_was_handed_in_never_changes(shop):
    visited(shop.task())
    version = submit(report_of(shop.wang), by=shop.wang, now=at("18:00"))
    with pytest.raises(Exception, match="append-only"):
        ReportVersion.objects.filter(pk=version.pk).update(remark="x")


def test_a_written_report_of_a_visit_is_due_the_next_day(db):
    shop = shop_with('[[report]]\ncode = "visit"\nper = "visit"\ndue = "1d"\n')
    record = visited(shop.task(), "10:00")
    visited(shop.task(), "10:00", outcome=Outcome.NO_ANSWER)
    judged("10:00:20")
    assert OwedReport.objects.count() == 0  # it may still be taken back
    for _twice in range(2):
        judged("10:01")
    [report] = OwedReport.objects.all()
    assert (report.record, report.employee, report.key) == (record, shop.wang, f"visit:{record.pk}")
    assert (report.due_at, report.state) == (at("2026-03-04 00:00"), "due")
    version = submit(report, by=shop.wang, now=at("23:59:59", TUESDAY), remark="客户情绪稳定，下周再访")
    assert (version.lines.count(), fate_of(report)) == (1, "in_time")


def test_whoever_holds_the_role_on_the_local_day_writes_the_report(db):
    shop = shop_with('[[report]]\ncode = "visit"\nper = "visit"\ndue = "1d"\nby = "role:cs_supervisor"\n')
    supervisor = employee("lead", "cs_supervisor")
    supervisor.assignments.update(from_on=TUESDAY)
    visited(shop.task(), "06:30", on=TUESDAY)  # in UTC it is Monday still
    judged("06:31", TUESDAY)
    assert OwedReport.objects.get().employee == supervisor


def test_a_visit_report_without_a_bound_is_sent_by_the_program(db):
    shop = shop_with('[[report]]\ncode = "visit"\nper = "visit"\nto = "role:general_manager"\n')
    boss = employee("boss", "general_manager")
    task = shop.task()
    task.event.attributes = {"发货量": "120 吨", "实收量": "119 吨"}
    task.event.save()
    visited(task)
    judged("10:05")
    [copy] = ReportCopy.objects.all()
    assert (copy.recipient, copy.read_at) == (boss, None)
    [line] = copy.version.lines.all()
    assert line.content["ordered"] == {"发货量": "120 吨", "实收量": "119 吨"}  # G-05
    judged("11:00")
    assert ReportCopy.objects.count() == 1


def test_reports_go_out_with_what_became_of_them(shop, tmp_path):
    visited(shop.task(), problem="异响")
    submit(report_of(shop.wang), by=shop.wang, now=at("09:00:01", TUESDAY), remark="补交")
    shop.task(assignee=shop.li, opens_at=at("00:00", TUESDAY), closes_at=at("2026-04-01 00:00"))
    report_of(shop.li, TUESDAY)
    path = tmp_path / "reports.json"
    call_command("export", "daily_reports", out=path, stdout=StringIO())
    late, due = json.loads(path.read_text())
    assert late | {"sha256": len(late["sha256"])} == {
        "employee": "wangfang", "policy": "rules", "rule": "daily", "release": 1, "key": "2026-03-02",
        "covers_from": "2026-03-02", "covers_to": "2026-03-02", "due_at": "2026-03-03T09:00:00+08:00",
        "inclusive": True, "handed_in_at": "2026-03-03T09:00:01+08:00", "state": "submitted", "fate": "late",
        "versions": 1, "listed": 1, "covered": 1, "visits": 1, "open": 0, "red": 1, "remark": "补交", "sha256": 64,
        "reviewed_by": None, "reviewed_at": None, "branch": "城东店",
    }  # fmt: skip
    assert (due["employee"], due["state"], due["fate"], due["versions"], due["sha256"]) == (
        "liqiang", "due", None, 0, None,
    )  # fmt: skip
