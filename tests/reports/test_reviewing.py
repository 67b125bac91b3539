"""The review of reports: who may, what differs from the system, approve, return, flag, propose (A-04, A-12, AF-08)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from config.clock import local_day
from reports.choices import Differing, ReportState
from reports.domain.reviewing import judging, proposing
from reports.domain.reviewing.comparing import differences, latest_versions
from reports.domain.reviewing.reading import read
from reports.domain.reviewing.reviewers import Reviewers
from reports.models import OwedReport, ReviewStep
from staff.choices import BaseRole
from staff.models import Absence, Branch, Employee, Notification, Posting, Violation
from tests.reports.reviewed import NINE, PACK, TUESDAY, Morning
from tests.visits.calls import MONDAY
from visits.choices import RecordKind
from visits.models import VisitRecord


@pytest.fixture
def morning(db) -> Morning:
    return Morning()


def bell(person) -> list[str]:
    return [row.message for row in Notification.objects.unread().filter(recipient=person).order_by("pk")]


# Who reviews


def reviewers_of(report, *, now) -> list[Employee]:
    return list(Employee.objects.filter(pk__in=Reviewers.load(on=local_day(now)).of(report)).order_by("pk"))


def test_whom_the_regulation_names_reviews_the_reports_of_their_branch(morning):
    elsewhere = morning.person("elsewhere", BaseRole.QUALITY_MANAGER, department=None, branch=None)

    assert reviewers_of(morning.owed(), now=NINE) == [morning.fang]
    assert reviewers_of(morning.owed(morning.fang), now=NINE) == [elsewhere]  # nobody reviews their own


@pytest.mark.parametrize("named", ["", 'reviewer = "role:nobody-has-this"'])
def test_where_nobody_is_named_the_quality_manager_reviews_else_a_superior(db, named):
    morning = Morning(PACK.replace('reviewer = "role:quality_manager"', named))
    assert reviewers_of(morning.owed(), now=NINE) == [morning.fang]

    assert reviewers_of(morning.owed(morning.fang), now=NINE) == [morning.boss]


def test_who_stands_in_for_an_absent_reviewer_reviews_too(morning):
    deputy = morning.person("deputy", BaseRole.CS_SUPERVISOR)
    Absence.objects.create(employee=morning.fang, from_on=TUESDAY, until_on=TUESDAY, substitute=deputy)

    report = morning.owed()
    assert set(reviewers_of(report, now=NINE)) == {morning.fang, deputy}
    assert reviewers_of(report, now=NINE + timedelta(1)) == [morning.fang]


@pytest.mark.parametrize("named", ["role:service_advisor", "role:cs_supervisor", "line_manager"])
def test_whose_rights_do_not_open_the_report_does_not_review_it_whoever_names_them(db, named):
    morning = Morning(PACK.replace("role:quality_manager", named))
    morning.person("afar", BaseRole.CS_SUPERVISOR, branch=Branch.objects.create(name="城西店"))
    Posting.objects.filter(employee=morning.wang).update(line_manager=morning.li)
    Absence.objects.create(employee=morning.fang, from_on=TUESDAY, until_on=TUESDAY, substitute=morning.li)
    report = morning.owed()
    morning.hand_in(report)
    for one in reviewers_of(report, now=NINE):
        assert OwedReport.objects.visible_to(one, on=TUESDAY).exists()

    assert reviewers_of(report, now=NINE) == [morning.fang]


# What differs


def differing(*reports):
    found = differences(reports, latest_versions(reports))
    return [[(one.kind, one.name, one.reported, one.now) for one in found[report.pk]] for report in reports]


def test_a_report_as_it_was_handed_in_differs_in_nothing(morning):
    report = morning.owed()
    morning.hand_in(report, morning.visit(problem="异响", rectification="已紧固"))

    assert differing(report) == [[]]


def correct(record: VisitRecord, **facts) -> VisitRecord:
    """Supersede a record by a correction with other facts."""
    return supersede(record, kind=RecordKind.CORRECTION, corrected_by_id=record.advisor_id, corrected_at=NINE, **facts)


def supersede(record: VisitRecord, **facts) -> VisitRecord:
    """Write a row that takes the place of a record, with its tasks."""
    values = {field.attname: getattr(record, field.attname) for field in VisitRecord._meta.concrete_fields}
    del values["id"]
    new = {"form_token": uuid.uuid4(), "supersedes_id": record.pk, "corrected_at": None, "corrected_by_id": None}
    made = VisitRecord.objects.create(**(values | new | facts))
    for link in record.links.all():
        made.links.create(task=link.task, completes=link.completes, in_time=link.in_time, attempt=0)
    return made


def test_what_was_corrected_since_is_told_with_both_values(morning):
    report, record = morning.owed(), morning.visit(problem="异响")
    morning.hand_in(report, record)
    correct(correct(record, problem="漏油"), problem="漏油", rectification="已更换")

    assert differing(report) == [
        [(Differing.CHANGED, "problem", "异响", "漏油"), (Differing.CHANGED, "rectification", "", "已更换")]
    ]


def test_what_was_taken_back_and_what_was_logged_since_is_told(morning):
    report, record = morning.owed(), morning.visit()
    morning.hand_in(report, record)
    supersede(record, kind=RecordKind.VOID)  # by hands that the program does not know: it refuses to, once reported
    later = morning.visit()
    other = morning.owed(morning.li)
    morning.hand_in(other, morning.visit(morning.li))

    assert differing(report, other) == [
        [(Differing.TAKEN_BACK, "", None, None), (Differing.LACKING, "", None, None)], [],
    ]  # fmt: skip
    found = differences([report], latest_versions([report]))[report.pk]
    assert [one.record for one in found] == [record.pk, later.pk]


def test_an_open_visit_that_was_made_the_next_day_is_no_difference(morning):
    report, task = morning.owed(), morning.task()
    morning.hand_in(report, task)
    task.status, task.completed_at = "done", NINE
    task.save()

    assert differing(report) == [[]]


def test_differences_of_three_reports_take_as_many_queries_as_those_of_one(morning, django_assert_num_queries):
    reports = []
    for on in (MONDAY, MONDAY - timedelta(1), MONDAY - timedelta(2)):
        reports.append(morning.owed(on=on))
        morning.hand_in(reports[-1], morning.visit())
    versions = latest_versions(reports)
    with django_assert_num_queries(6):
        differences(reports[:1], versions)
    with django_assert_num_queries(6):
        differences(reports, versions)


# Approve, return, flag, advise


def test_the_reviewer_approves_the_version_that_was_read(morning):
    report = morning.owed()
    morning.hand_in(report, morning.visit())
    for person, version in ((morning.li, 1), (morning.boss, 1), (morning.wang, 1), (morning.fang, 2)):
        with pytest.raises(judging.CannotReview):
            judging.approve(report, version, by=person, now=NINE)
    step = judging.approve(report, 1, by=morning.fang, now=NINE)

    assert (OwedReport.objects.get().state, step.deed, step.by) == (ReportState.APPROVED, "approved", morning.fang)
    with pytest.raises(judging.Outdated):  # a second window
        judging.approve(report, 1, by=morning.fang, now=NINE)


def test_a_version_that_comes_at_the_same_moment_is_not_approved_unread(morning):
    report = morning.owed()
    morning.hand_in(report)
    newer = [lambda: morning.hand_in(report)]

    def meanwhile(execute, sql, params, many, context):
        if newer and sql.startswith("UPDATE"):
            newer.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile), pytest.raises(judging.Outdated):
        judging.approve(report, 1, by=morning.fang, now=NINE)
    assert (newer, OwedReport.objects.get().state) == ([], ReportState.SUBMITTED)


def test_a_return_names_its_lines_and_rings_the_bell_of_the_owner(morning):
    report, others = morning.owed(), [morning.owed(on=MONDAY - timedelta(days)) for days in (1, 2)]
    version = morning.hand_in(report, morning.visit(), morning.visit())
    for other in others:
        morning.hand_in(other)
    line = version.lines.get(position=2)
    with pytest.raises(judging.CannotReview):
        judging.send_back(report, 1, text=" ", remarks={line.pk: ""}, by=morning.fang, now=NINE)
    judging.send_back(report, 1, text="", remarks={line.pk: "写明整改结果"}, by=morning.fang, now=NINE)

    states = OwedReport.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ReportState.RETURNED, ReportState.SUBMITTED, ReportState.SUBMITTED]
    assert [(one.line, one.text) for one in ReviewStep.objects.all()] == [(line, "写明整改结果")]
    assert bell(morning.wang) == ["Your report %(key)s was returned: see the remarks and hand it in again"]


def test_remarks_on_lines_of_another_report_return_nothing(morning):
    report, other = morning.owed(), morning.owed(morning.li)
    morning.hand_in(report, morning.visit())
    foreign = morning.hand_in(other, morning.visit(morning.li)).lines.get()

    with pytest.raises(judging.CannotReview):
        judging.send_back(report, 1, text="", remarks={foreign.pk: "?"}, by=morning.fang, now=NINE)
    assert OwedReport.objects.get(pk=report.pk).state == ReportState.SUBMITTED


def test_many_are_approved_but_for_those_that_have_changed_or_are_not_ones_own_to_review(morning):
    report, newer, other = morning.owed(), morning.owed(morning.li), morning.owed(morning.fang)
    for one in (report, newer, other):
        morning.hand_in(one)
    morning.hand_in(newer)
    done = judging.approve_many([(report, 1), (newer, 1), (other, 1)], by=morning.fang, now=NINE)

    assert (done.count, [one.pk for one, _why in done.refused]) == (1, [newer.pk, other.pk])
    approved = OwedReport.objects.filter(state=ReportState.APPROVED)
    assert [one.pk for one in approved] == [report.pk]


def test_managers_flag_and_advise_and_an_advisor_does_not(morning):
    version = morning.hand_in(morning.owed(), morning.visit())
    line = version.lines.get()
    judging.flag(version, line, "", by=morning.boss, now=NINE)
    judging.advise(version, "多听客户说完", by=morning.boss, now=NINE)
    for person in (morning.li, morning.wang):
        with pytest.raises(judging.CannotReview):
            judging.flag(version, line, "", by=person, now=NINE)

    reading = read(version.report, version, by=morning.fang, on=TUESDAY)
    assert [step.deed for step in reading.lines[0].steps] == ["flagged"]
    assert [step.text for step in reading.steps] == ["多听客户说完"]
    assert bell(morning.wang) == ["%(name)s gave guidance on your report %(key)s"]


# Reading


def test_a_report_opens_with_what_differs_or_lacks(morning):
    report = morning.owed()
    calm, changed = morning.visit(), morning.visit(problem="异响")
    version = morning.hand_in(report, calm, changed)
    correct(changed, problem="漏油")
    reading = read(report, version, by=morning.fang, on=TUESDAY)

    assert [line.position for line in reading.lines] == [2, 1]
    assert reading.lines[0].differs == [{"name": "问题", "reported": "异响", "now": "漏油"}]
    assert (reading.red, reading.lines[0].shown.customer.name) == (1, "陈先生")


# Propose


def test_a_penalty_about_a_corrected_visit_stands_beside_its_report(morning):
    first = morning.visit(problem="异响")
    report = morning.owed()
    line = morning.hand_in(report, correct(first, problem="刹车异响")).lines.get()
    made = proposing.propose(report, "no-result", line=line.pk, text="无整改结果", by=morning.fang, now=NINE)
    assert made.subject == f"record:{first.pk}"
    assert proposing.known_of(report, by=morning.fang, on=TUESDAY) == [made]


def test_a_penalty_is_proposed_about_the_visit_of_a_line_once(morning):
    report = morning.owed()
    record = morning.visit(problem="异响")
    changed = correct(record, problem="漏油")
    line = morning.hand_in(report, changed).lines.get()
    assert [one.code for one in proposing.penalties(report)] == ["no-result"]
    [choice] = proposing.penalties(report)
    assert (choice.clause, choice.text, choice.costs) == ("7.2", "日报须有顾问整改结果,缺一例罚现金50元", "¥50.00")
    made = proposing.propose(report, "no-result", line=line.pk, text="无整改结果", by=morning.fang, now=NINE)

    assert (made.subject, made.employee, made.occurred_on) == (f"record:{record.pk}", morning.wang, MONDAY)
    for code, text in (("no-result", "再来"), ("css-low", "?"), ("unknown", "?"), ("", "?")):
        with pytest.raises(proposing.CannotPropose):
            proposing.propose(report, code, line=line.pk, text=text, by=morning.fang, now=NINE)
    assert Violation.objects.count() == 1
