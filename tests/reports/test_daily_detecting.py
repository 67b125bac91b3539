"""What reports break, to the second: late, missing, unrectified; leave, outages, undoing and corrections."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.domain.daily.detecting import detect_late, detect_missing, detect_unrectified, explain, mended
from reports.domain.daily.reported import told_of
from reports.domain.daily.submitting import submit
from reports.domain.reviewing.judging import approve
from reports.models import OwedReport, ReportLine
from staff.domain.activity import log
from staff.domain.conduct.proposing import propose
from staff.models import Absence, Notification, Outage, Violation
from tests.reports.daily import REPORT, TUESDAY, judged, report_of, shop_with, visited
from tests.visits.calls import MONDAY, Shop, at, told
from tests.visits.world import employee
from visits.domain.calling.amending import NotAmendable, amend
from visits.domain.calling.undoing import NotUndoable, undo
from visits.domain.follow_up.wishes import FollowOn
from visits.models import VisitRecord

LONG_AGO, SOON = at("2026-01-01 00:00"), at("2026-03-31 00:00")


@pytest.fixture
def shop(db) -> Shop:
    return shop_with()


def fate_of(report: OwedReport) -> str:
    report.refresh_from_db()
    return report.fate


def found(detect, *, since=LONG_AGO, until=SOON) -> list:
    return list(detect(since=since, until=until, now=until))


@pytest.mark.parametrize(
    ("moment", "violation"),
    [
        ("09:00:00", None),
        ("09:00:01", "report_late"),
        ("23:59:59", "report_late"),
        ("2026-03-04 00:00:00", "report_missing"),
    ],
)
def test_late_and_missing_exclude_each_other_to_the_second(shop, moment, violation):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    submit(report, by=shop.wang, now=at(moment, TUESDAY))
    judged("2026-03-20 12:00")
    breaches = [*found(detect_late), *found(detect_missing)]
    assert [breach.violation for breach in breaches] == ([violation] if violation else [])
    for breach in breaches:
        assert (breach.subject, breach.on, breach.employee) == (f"report:{report.pk}", TUESDAY, shop.wang.pk)
        assert breach.of == {"daily", "report:daily"}
        assert "2026-03-03 09:00:00" in explain(breach.facts)
        assert not breach.exempt


@pytest.mark.parametrize(("handed_in", "until"), [("08:30", "08:30"), (None, "2026-03-04 00:00")])
def test_the_bell_reminds_once_an_hour_before_until_it_is_handed_in_or_missing(shop, handed_in, until):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    ringing = Notification.objects.unread().filter(recipient=shop.wang, kind="report_due", urgent=True)
    judged("07:59:59", TUESDAY)
    assert not ringing.exists()
    for moment in ("08:00", "08:01"):
        judged(moment, TUESDAY)
        assert ringing.count() == 1
    judged("09:01", TUESDAY) if handed_in is None else submit(report, by=shop.wang, now=at(handed_in, TUESDAY))
    assert ringing.exists() == (handed_in is None)
    judged(until, TUESDAY)
    assert not ringing.exists()


def test_what_never_came_is_missing_whenever_the_job_runs(shop):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    judged("23:59:59", TUESDAY)
    assert fate_of(report) == ""
    assert found(detect_missing, until=at("23:59:59", TUESDAY)) == []
    judged("2026-03-20 12:00")
    assert fate_of(report) == "missing"
    [breach] = found(detect_missing, since=at("23:59:59", TUESDAY), until=at("2026-03-04 00:00:00"))
    assert (breach.at, breach.on) == (report.day_ends_at, TUESDAY)


def test_a_report_that_was_noted_days_late_is_found_all_the_same(shop):
    shop.task(closes_at=at("2026-04-01 00:00"))
    now = at("2026-03-09 12:00")
    report_of(shop.wang, now=now)
    assert len(found(detect_missing, since=now, until=now)) == 1


def test_leave_excuses_and_an_outage_over_the_cut_off_exempts(shop):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    Absence.objects.create(employee=shop.wang, from_on=MONDAY, until_on=MONDAY)
    judged("2026-03-04 00:00")
    assert found(detect_missing) == []
    OwedReport.objects.update(fate="")
    Absence.objects.all().delete()
    Outage.objects.create(
        from_at=at("08:50", TUESDAY), to_at=at("09:20", TUESDAY), cause="stopped", found_at=at("09:20", TUESDAY)
    )
    submit(report, by=shop.wang, now=at("09:25", TUESDAY))
    assert [breach.exempt for breach in found(detect_late)] == ["outage"]


def test_pages_that_were_there_are_no_excuse(shop):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    Outage.objects.create(
        from_at=at("18:00"), to_at=at("12:00", TUESDAY), cause="stopped", found_at=at("12:00", TUESDAY)
    )
    submit(report, by=shop.wang, now=at("09:05", TUESDAY))  # in the middle of it
    assert [breach.exempt for breach in found(detect_late)] == [""]


@pytest.mark.parametrize(
    ("begin", "end", "worked", "exempt"),
    [
        ("08:00", "09:00", None, "outage"),
        ("08:00", "08:59", None, ""),
        ("09:00", "10:00", None, ""),
        ("08:59", "10:00", None, "outage"),
        ("08:00", "10:00", "08:30", ""),
        ("08:00", "10:00", "07:59", "outage"),
        ("08:00", "10:00", "10:01", "outage"),
    ],
)
def test_an_outage_is_an_excuse_at_the_cut_off_itself_while_nobody_worked(shop, begin, end, worked, exempt):
    shop.task(closes_at=at("2026-04-01 00:00"))
    report = report_of(shop.wang)
    begin, end = at(begin, TUESDAY), at(end, TUESDAY)
    Outage.objects.create(from_at=begin, to_at=end, cause="stopped", found_at=end)
    log(now=at("08:45", TUESDAY), actor=None, verb="by the program itself")
    if worked:
        log(now=at(worked, TUESDAY), actor=shop.li, verb="something")
    submit(report, by=shop.wang, now=at("10:30", TUESDAY))
    assert [breach.exempt for breach in found(detect_late)] == [exempt]


def test_a_problem_without_a_result_is_found_at_hand_in_line_by_line(shop):
    bare = visited(shop.task(), problem="异响")
    visited(shop.task(), problem="漏油", rectification="已换油封")
    visited(shop.task(), problem="抖动", follow=FollowOn(return_on=TUESDAY), rectification="到店检查")
    report = report_of(shop.wang)
    assert found(detect_unrectified) == []
    submit(report, by=shop.wang, now=at("18:00"))
    [breach] = found(detect_unrectified)
    assert (breach.subject, breach.violation, breach.at) == (f"record:{bare.pk}", "rectification_missing", at("18:00"))
    assert [line.lacks for line in ReportLine.objects.order_by("position")] == [["rectification"], [], []]


def test_more_lines_without_a_result_cost_no_more_queries(shop):
    costs = []
    for day, many in ((MONDAY, 1), (TUESDAY, 4)):
        for _one in range(many):
            visited(shop.task(), problem="异响", on=day)
        submit(report_of(shop.wang, day), by=shop.wang, now=at("18:00", day))
        with CaptureQueriesContext(connection) as spent:
            breaches = list(detect_unrectified(since=at("17:00", day), until=at("18:00", day), now=at("18:00", day)))
        propose(breaches, now=at("18:01", day))
        waiting = list(Violation.objects.all())
        with CaptureQueriesContext(connection) as looked:
            assert mended(waiting) == []
        assert len(waiting) == (1 if many == 1 else 5)
        costs.append((len(spent), len(looked)))
    assert costs[0] == costs[1]


def test_a_reported_visit_is_not_taken_back_and_its_correction_is_told(shop):
    boss = employee("boss", "quality_manager", branch=shop.branch)
    record = visited(shop.task(), problem="异响")
    other = visited(shop.task())
    assert told_of(record) == ""
    submit(report_of(shop.wang), by=shop.wang, now=at("10:00:10"))
    with pytest.raises(NotUndoable):
        undo(record, token=uuid4(), by=shop.wang, now=at("10:00:20"))
    contact = told(now=at("10:00"), problem="异响", rectification="已紧固")
    corrected = amend(record, contact, reason="补写结果", by=shop.wang, now=at("11:00"))
    assert [row.recipient for row in Notification.objects.filter(kind="report_line_corrected")] == [boss]
    assert "2026-03-02" in told_of(corrected)
    assert "2026-03-02" in told_of(other)
    assert ReportLine.objects.get(record=record).content["rectification"] == ""  # as it was handed in


OWN_WORDS = """
[[questionnaire]]
code = "guidance"
  [[questionnaire.question]]
  code = "verbatim"
  kind = "text"
  verbatim = true
  [[questionnaire.question]]
  code = "usage"
  kind = "text"
  required = false
"""


def test_aj_07_the_customers_own_words_stay_once_the_report_is_approved(db):
    shop = shop_with(REPORT + OWN_WORDS, questionnaire="guidance")
    boss = employee("boss", "quality_manager", branch=shop.branch)
    record = visited(shop.task(), answers={"verbatim": "冷得很"})

    def corrected(of, answers, moment):
        return amend(of, told(now=at("10:00"), answers=answers), reason="听错", by=shop.wang, now=at(moment))

    record = corrected(record, {"verbatim": "冷得要命"}, "11:00")  # nobody has approved it yet
    report = report_of(shop.wang)
    version = submit(report, by=shop.wang, now=at("17:00"))
    approve(report, version.number, by=boss, now=at("18:00"))
    with pytest.raises(NotAmendable):
        corrected(record, {"verbatim": "不太热"}, "18:30")
    assert not VisitRecord.objects.filter(supersedes=record).exists()
    assert corrected(record, {"verbatim": "冷得要命", "usage": "已讲"}, "19:00").answers["usage"] == "已讲"


def test_a_further_version_before_the_cut_off_takes_the_proposal_back(shop):
    record = visited(shop.task(), problem="异响")
    report = report_of(shop.wang)
    submit(report, by=shop.wang, now=at("17:00"))
    propose(found(detect_unrectified), now=at("17:01"))
    [violation] = Violation.objects.all()
    assert (violation.amount, violation.clause, list(mended([violation]))) == (5000, "", [])
    contact = told(now=at("10:00"), problem="异响", rectification="已紧固")
    amend(record, contact, reason="补写结果", by=shop.wang, now=at("17:30"))
    submit(report, by=shop.wang, now=at("18:00"))
    assert list(mended([violation])) == [violation.pk]
    OwedReport.objects.update(due_at=at("17:45"))  # the same version after the cut-off mends nothing
    assert list(mended([violation])) == []
    propose([*found(detect_unrectified), *found(detect_unrectified)], now=at("19:00"))
    assert Violation.objects.count() == 1
