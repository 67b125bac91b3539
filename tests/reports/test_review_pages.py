"""The nine o'clock page, the grid, the page of one report and the opinions of records, as managers work with them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from reports.domain.reviewing import grid, opinions, piles
from reports.models import ImprovementAction, OpenReason, OwedReport, RecordReview
from staff.choices import BaseRole
from staff.models import Notification, Violation
from tests.reports.reviewed import NINE, TUESDAY, Morning
from tests.visits.calls import MONDAY, MORNING, at, day_start, fresh, told
from tests.visits.desk import HTMX
from visits.choices import FollowUpKind, FollowUpState, Outcome, PromiseKind
from visits.domain.calling.recording import record_contact
from visits.models import CallDraft, FollowUpItem, Promise, VisitTask


@pytest.fixture
def morning(db, clock_at) -> Morning:
    clock_at(NINE.isoformat())
    return Morning()


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_four_piles_hold_what_is_to_be_asked_about_and_nothing_else(morning):
    handed_in, missing = morning.owed(), morning.owed(morning.li)
    happy, silent, complains = morning.visit(), morning.visit(satisfied=False), morning.visit(satisfied=False)
    FollowUpItem.objects.create(
        kind=FollowUpKind.COMPLAINT, state=FollowUpState.OPEN, record=complains, customer=complains.customer,
        branch=morning.branch, owner=morning.wang, text="投诉", opened_at=NINE, waiting_since=NINE,
    )  # fmt: skip
    morning.hand_in(handed_in, happy, silent)
    late, explained, promised = (morning.task() for _ in range(3))
    morning.task(closes_at=day_start(TUESDAY) + (NINE - day_start(TUESDAY)) * 2)  # still in time
    OpenReason.objects.create(report=handed_in, task=explained, text="客户出差", by=morning.wang, at=NINE)
    Promise.objects.create(
        kind=PromiseKind.values[0], task=promised, promised_at=at("15:00", TUESDAY), made_by=morning.wang, made_at=NINE,
        owner=morning.wang,
    )  # fmt: skip
    found = piles.piles(morning.fang, MONDAY, now=NINE, on=TUESDAY)

    assert list(found.missing) == [missing]
    assert [one.record for one in found.differing[handed_in.pk]] == [complains.pk]  # logged, but not told
    assert list(found.silent) == [silent]
    assert list(found.overdue) == [late]
    everything = piles.piles(morning.boss, MONDAY, now=NINE, on=TUESDAY)
    assert (len(everything.reports), everything.silent_count, everything.overdue_count) == (2, 1, 1)


def test_aj_07_two_drafts_at_midnight_are_listed_the_next_morning(morning):
    moments = (at("17:00"), at("23:59:59"), day_start(TUESDAY))  # the last one is of the new day
    drafts = [
        CallDraft.objects.create(
            task=morning.task(), author=morning.wang, token=uuid4(), page="p", turn=1, content={"need": ["配件"]},
            saved_at=moment,
        )
        for moment in moments
    ]  # fmt: skip

    assert list(piles.begun(morning.fang, MONDAY, on=TUESDAY)) == drafts[:2]
    assert "配件" not in page(browser(morning.fang), f"/reviews/?day={MONDAY}")
    stranger = morning.person("stranger", BaseRole.DEPARTMENT_MANAGER, branch=None)
    assert list(piles.begun(stranger, MONDAY, on=TUESDAY)) == []


def test_managers_of_another_branch_see_none_of_it(morning):
    morning.hand_in(morning.owed(), morning.visit(satisfied=False))
    morning.task()
    stranger = morning.person("stranger", BaseRole.DEPARTMENT_MANAGER, branch=None)
    found = piles.piles(stranger, MONDAY, now=NINE, on=TUESDAY)

    assert (list(found.reports), found.silent_count, found.overdue_count) == ([], 0, 0)
    report = OwedReport.objects.get()
    client = browser(stranger)
    body = page(client, f"/reviews/reports/{report.pk}/", 404)
    assert body == page(client, "/reviews/reports/999999/", 404)
    assert client.post(f"/reviews/reports/{report.pk}/approve/", {"version": 1}).status_code == 404


def test_the_morning_page_opens_on_the_last_day_with_reports_and_counts_them(morning):
    report = morning.owed()
    morning.hand_in(report, morning.visit())
    unexplained = morning.owed(morning.li)
    morning.hand_in(unexplained, morning.task())
    morning.owed(morning.li, rule="weekly")
    shown = page(browser(morning.fang), "/reviews/")

    assert "2026-03-02" in shown
    assert "2/3" in shown
    assert f'value="{report.pk}-1" checked' in shown
    assert f'value="{unexplained.pk}-1" aria-label' in shown  # a visit is overdue and nobody says why: not ticked


def test_how_the_day_stands_comes_after_the_page_and_counts_each_person(morning, clock_at):
    morning.visit()
    tried = fresh(morning.task(assignee=morning.wang))
    record_contact(tried, told(Outcome.NO_ANSWER), advisor=morning.wang, now=MORNING)
    morning.task(assignee=morning.wang, closes_at=MORNING)  # its bound has just passed
    morning.task(assignee=morning.wang, opens_at=day_start(TUESDAY))  # of tomorrow
    yesterday = morning.task(assignee=morning.li)
    VisitTask.objects.filter(pk=yesterday.pk).update(status="done", completed_at=MORNING - timedelta(1))
    rows = piles.progress(morning.fang, now=MORNING + timedelta(minutes=1), on=MONDAY)
    assert [(row["username"], row["done"], row["all"], row["calls"], row["open"], row["overdue"]) for row in rows] == [
        ("wangfang", 1, 3, 2, 1, 1)
    ]
    clock_at((MORNING + timedelta(minutes=1)).isoformat())
    client = browser(morning.fang)
    assert 'hx-get="/reviews/today/"' in page(client, "/reviews/")
    for headers in ({}, HTMX):
        assert '<td class="num">1/3</td>' in client.get("/reviews/today/", headers=headers).content.decode()
    page(browser(morning.wang), "/reviews/today/", 404)


def test_ticked_reports_are_approved_together_and_refusals_are_told(morning):
    mine, other = morning.owed(), morning.owed(morning.li)
    morning.hand_in(mine)
    morning.hand_in(other)
    morning.hand_in(other)
    told = {"report": [f"{mine.pk}-1", f"{other.pk}-1", "nonsense", "9" * 40 + "-1"], "day": "2026-03-02"}
    response = browser(morning.fang).post("/reviews/approve/", told, follow=True)

    assert response.redirect_chain[-1][0] == "/reviews/?day=2026-03-02"
    assert {one.pk: one.state for one in OwedReport.objects.all()} == {mine.pk: "approved", other.pk: "submitted"}
    assert "该报告在此期间已有变化" in response.content.decode()


def test_people_are_reminded_once_a_day(morning):
    report = morning.owed()
    client = browser(morning.fang)
    for _ in range(2):
        client.post("/reviews/remind/", {"report": report.pk})
        client.post("/reviews/ask/", {"person": morning.wang.pk})

    kinds = Notification.objects.filter(recipient=morning.wang).order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["overdue_asked", "report_reminder"]


def test_a_report_is_read_returned_and_approved_on_its_page(morning):
    report = morning.owed()
    line = morning.hand_in(report, morning.visit(problem="异响"), red=1).lines.get()
    client, path = browser(morning.fang), f"/reviews/reports/{report.pk}/"
    shown = page(client, path)
    assert "异响" in shown
    assert "陈先生" in shown
    refused = client.post(f"{path}return/", {"version": 2, "text": "先听", f"line-{line.pk}": "写明整改"})
    assert refused.status_code == 422
    assert 'value="写明整改"' in refused.content.decode()
    assert ">先听</textarea>" in refused.content.decode()
    flagged = client.post(f"{path}flag/", {"version": 1, "line": line.pk}, headers={"HX-Request": "true"})
    assert "deed-flagged" in flagged.content.decode()  # the mark alone: what is half written stays on the page
    assert client.post(f"{path}flag/", {"version": 1}).status_code == 302
    assert client.post(f"{path}advise/", {"version": 1, "text": "先听后说"}).status_code == 302
    assert client.post(f"{path}return/", {"version": 1, f"line-{line.pk}": "写明整改"}).status_code == 302
    assert client.post(f"{path}approve/", {"version": 1}).status_code == 422
    morning.hand_in(report, line.record)
    assert client.post(f"{path}approve/", {"version": 2}).headers["Location"] == "/reviews/?day=2026-03-02"
    before = page(client, f"{path}?version=1")  # both versions are kept, with what was said of them
    assert "写明整改" in before
    assert "先听后说" in before
    assert client.post(f"{path}dance/").status_code == 404


def test_approving_goes_on_to_the_next_report_that_waits(morning):
    first, second = morning.owed(morning.li), morning.owed()
    morning.hand_in(first)
    morning.hand_in(second)
    answer = browser(morning.fang).post(f"/reviews/reports/{first.pk}/approve/", {"version": 1})

    assert answer.headers["Location"] == f"/reviews/reports/{second.pk}/"


def test_a_penalty_is_proposed_from_the_page_and_stands_there(morning):
    report = morning.owed()
    line = morning.hand_in(report, morning.visit(problem="异响")).lines.get()
    client, path = browser(morning.fang), f"/reviews/reports/{report.pk}/"
    told = {"penalty": "no-result", "line": line.pk, "text": ""}
    assert client.post(f"{path}propose/", told).status_code == 422
    assert client.post(f"{path}propose/", told | {"text": "没有整改结果"}).status_code == 302

    made = Violation.objects.get()
    assert made.clause == "7.2"
    assert f"/ledger/{made.pk}/" in page(client, path)
    shown = page(client, f"/ledger/{made.pk}/")  # and back, to the report and the visit
    assert f"/daily-reports/{report.pk}/" in shown
    assert f"/records/{line.record_id}/" in shown
    planned = {"title": "整改", "measure": "班长核对", "owner": morning.wang.pk, "due_on": "2026-03-09"}
    client.post("/improvements/new/", planned | {"violation": made.pk, "subject": f"report:{report.pk}"})
    action = ImprovementAction.objects.get()
    assert (action.violation, action.subject) == (made, f"report:{report.pk}")
    about = page(client, f"/improvements/{action.pk}/")
    assert f"/ledger/{made.pk}/" in about
    assert f"/daily-reports/{report.pk}/" in about


def test_the_grid_tells_how_each_report_stands(morning):
    morning.hand_in(morning.owed())
    morning.owed(morning.li, state="due", fate="missing")
    rows = {row.name: row for row in grid.grid(morning.fang, last=TUESDAY, now=NINE, on=TUESDAY)}
    marks = {
        name: [[cell.look for cell in cells] for _day, cells, _away in row.days][-2:] for name, row in rows.items()
    }

    assert marks == {"王芳": [["submitted"], []], "李强": [["missing"], []]}
    assert "王芳" in page(browser(morning.fang), "/reviews/grid/?day=2026-03-03")


@pytest.mark.parametrize(
    ("facts", "look", "late"),
    [
        ({"due_at": at("09:00:00", TUESDAY)}, "due", False),
        ({"due_at": at("08:59:59", TUESDAY)}, "late", True),
        ({"due_at": None}, "due", False),
        ({"fate": "missing"}, "missing", True),
        ({"state": "approved", "fate": "late"}, "approved", True),
    ],
)
def test_a_report_is_late_after_its_bound_and_missing_when_the_day_is_over(facts, look, late):
    report = OwedReport(**({"state": "due", "due_at": at("23:00", TUESDAY)} | facts))

    assert (grid.cell(report, now=NINE).look, grid.cell(report, now=NINE).late) == (look, late)


def test_the_pages_cost_the_same_for_one_report_and_for_three(morning, django_assert_num_queries):
    client = browser(morning.fang)
    report = morning.owed()
    morning.hand_in(report, morning.visit())
    paths = ("/reviews/?day=2026-03-02", "/reviews/grid/?day=2026-03-02", f"/reviews/reports/{report.pk}/")
    costs = []
    for path in paths:
        client.get(path)
        with django_assert_num_queries(60, exact=False) as taken:
            client.get(path)
        costs.append(len(taken))
    for by in (morning.li, morning.advisor("zhao", "赵敏")):
        morning.hand_in(morning.owed(by), morning.visit(by), morning.visit(by))
    for path, cost in zip(paths, costs, strict=True):
        with django_assert_num_queries(cost):
            client.get(path)


# Opinions of single records (K-09)


def test_a_record_waits_until_somebody_else_has_signed_an_opinion(morning):
    record = morning.visit()

    def waiting(person):
        return opinions.unsigned_count(person, first=MONDAY, last=MONDAY, on=TUESDAY)

    assert (waiting(morning.fang), waiting(morning.wang)) == (1, 0)
    for person, text in ((morning.wang, "很好"), (morning.li, "很好"), (morning.fang, " ")):
        with pytest.raises(opinions.CannotSign):
            opinions.sign(record, text, by=person, now=NINE)
    signed = opinions.sign(record, "问题已说清", by=morning.fang, now=NINE)

    assert (waiting(morning.fang), signed.by, signed.at) == (0, morning.fang, NINE)
    opinions.sign(record, "同意", by=morning.boss, now=NINE)
    assert RecordReview.objects.filter(record=record).count() == 2


def test_opinions_are_signed_in_the_list_and_read_by_who_made_the_visit(morning):
    record = morning.visit(problem="异响")
    client, path = browser(morning.fang), f"/records/{record.pk}/opinions/"
    assert "陈先生" in page(client, "/reviews/records/")
    assert client.post(path, {"opinion": ""}).status_code == 422
    assert client.post(path, {"opinion": "整改及时"}, headers={"HX-Request": "true"}).status_code == 200
    assert "陈先生" not in page(client, "/reviews/records/")

    assert "整改及时" in page(browser(morning.wang), path)
    assert browser(morning.wang).post(path, {"opinion": "谢谢"}).status_code == 404
    page(browser(morning.wang), "/reviews/records/", 404)
