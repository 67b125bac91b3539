"""Regulations on complaints as they ship (G, I, M, S, U, AK), by pages, the worker's ticks, the ledger."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from complaints.choices import CaseState, Source, WorkOrderKind
from complaints.domain import branch_figures, handling
from complaints.domain.accusing import accuse, judge
from complaints.domain.orders import reporting
from complaints.domain.orders.opening import Asked, open_order
from complaints.domain.orders.reporting import Report
from complaints.domain.showing.clocks import clocks_of
from complaints.models import Case, WorkOrder
from staff.domain.conduct.deciding import confirm
from staff.models import LedgerEntry, Notification, QualificationHeld, Violation
from tests.policies.regulation import call, tick
from tests.policies.test_case_clauses import MONDAY, NINE, regulation, solve, told
from tests.visits.desk import sent, signed_in
from tests.visits.world import at, branch, customer, department, employee, event
from visits.models import Obligation, VisitTask

pytestmark = pytest.mark.django_db
MARCH = at("2026-03-01"), at("2026-04-01")
TRAININGS = ("communication", "products", "procedure", "tools", "ethics")


def by_source(viewer) -> dict[str, int]:
    return dict(branch_figures.by_word(viewer, *MARCH, on=MONDAY)["source"])


@pytest.fixture
def centre():
    """The property company of regulation I."""
    regulation(
        "property-complaint-callback", ('closes = "?"', 'closes = "3d"'), ('amount = "?"', "amount = 50")
    )  # fmt: skip
    desk, works = department("客服中心", branch()), department("工程部", branch())
    return {
        "clerk": employee("clerk", "cs_clerk", like="service_advisor", department=desk),
        "second": employee("second", "cs_clerk", like="service_advisor", department=desk),
        "director": employee("director", "office_director", like="cs_supervisor", department=desk),
        "boss": employee("boss", "manager_in_charge", like="general_manager"),
        "head": employee("head", "department_manager", department=works),
        "works": works,
    }


def complaint(centre, **facts) -> Case:
    usual = {"customer": customer(), "departments": [centre["works"]], "handler": centre["clerk"]}
    return told(centre["clerk"], **(usual | facts))


def test_i_03_a_contact_sheet_is_the_departments_to_do_and_its_reply_stands_on_the_complaint(centre, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    case, desk = complaint(centre), signed_in(centre["clerk"])
    mine = Obligation.objects.open().filter(employee=centre["head"])
    before = mine.count()
    asked = {"kind": "contact_sheet", "instruction": "修电梯", "due_at": "2026-03-08T18:00"}
    assert desk.post(f"/complaints/{case.pk}/orders/new/", asked).status_code == 422  # which department?
    desk.post(f"/complaints/{case.pk}/orders/new/", asked | {"department": centre["works"].pk})
    [order] = WorkOrder.objects.all()
    assert (order.department, mine.count() - before) == (centre["works"], 1)
    signed_in(centre["head"]).post(
        f"/complaints/orders/{order.pk}/report/", {"result": "已换钢丝绳", "version": order.version}
    )  # fmt: skip
    order.refresh_from_db()
    assert (order.state, mine.count() - before) == ("done", 0)
    assert "已换钢丝绳" in desk.get(f"/complaints/{case.pk}/").content.decode()


def test_i_01_m_01_ak_27_each_way_is_counted_and_i_02_the_register_names_all_departments(centre, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    for way in (Source.LETTER, Source.PHONE, Source.FAX, Source.VISIT):
        complaint(centre, source=way, departments=[centre["works"], centre["clerk"].postings.get().department])
    assert by_source(centre["boss"]) == dict.fromkeys(("信函", "电话", "传真", "来访"), 1)
    page = signed_in(centre["director"]).get("/complaints/register/").content.decode()
    assert page.count("客服中心、工程部") + page.count("工程部、客服中心") == 4
    shown = signed_in(centre["boss"]).get("/complaints/branches/?month=2026-03")
    assert len(shown.context["ways"]["source"]) == 4


def test_i_06_the_archive_opens_with_the_visit(centre, clock_at):
    case = solve(complaint(centre), centre["clerk"], now=at("2026-03-02 10:00"), told_customer=True)
    [task] = VisitTask.objects.all()
    clock_at("2026-03-03T10:30+08:00")
    desk = signed_in(centre["director"])
    assert 'id="deed-archive"' not in desk.get(f"/complaints/{case.pk}/").content.decode()
    desk.post(f"/complaints/{case.pk}/archive/", {"version": case.version})
    case.refresh_from_db()
    assert case.archived_at is None
    call(task, "2026-03-03 10:00", by=centre["second"], answers={"satisfaction": "满意"})
    case.refresh_from_db()
    desk.post(f"/complaints/{case.pk}/archive/", {"version": case.version})
    case.refresh_from_db()
    assert (case.state, case.archived_at) == (CaseState.CLOSED, at("2026-03-03 10:30"))


def test_i_07_a_verified_attitude_that_did_harm_is_decided_and_costs_50_an_unverified_one_nothing(centre):
    for verified in (True, False):
        case = complaint(centre, handler=centre["director"])
        named = accuse(case, centre["second"], by=centre["clerk"], now=NINE, attitude=True, harm=True, text="态度差")
        judge(named, verified=verified, finding="查过录音", harm=True, by=centre["boss"], now=at("2026-03-02 11:00"))
    tick("2026-03-02 11:10")
    [proposed] = Violation.objects.all()
    assert (proposed.clause, proposed.state, proposed.employee) == ("I-07", "proposed", centre["second"])
    confirm([proposed], actor=centre["boss"], now=at("2026-03-02 12:00"))
    assert [(one.amount, one.unit) for one in LedgerEntry.objects.all()] == [(5000, "CNY")]


@pytest.fixture
def service(clock_at):
    """The service department of regulation M: a handler, a caller with all five trainings, one with four."""
    clock_at("2026-03-02T09:30+08:00")
    regulation("complaint-callback-dept", ('closes = "?"', 'closes = "3d"'))
    desk = department("客服部", branch())
    people = {name: employee(name, department=desk) for name in ("handler", "whole", "lacking")}
    people["manager"] = employee("manager", "department_manager", department=desk)
    for name, codes in (("whole", TRAININGS), ("lacking", TRAININGS[:4])):
        for code in codes:
            QualificationHeld.objects.create(employee=people[name], code=code, from_on=date(2026, 1, 1))
    return people


def typed(**more):
    usual = {
        "token": str(uuid4()), "type": "complaint", "source": "hotline", "opened_at": "2026-03-02T09:00",
        "name": "陈先生", "contact": "13900001111", "summary": "货到了少两件", "same": "new",
    }  # fmt: skip
    return usual | more


def test_m_01_to_m_04_from_the_hotline_to_the_closing_form(service):
    desk = signed_in(service["handler"])
    refused = desk.post("/complaints/new/", typed(source=""))
    assert (refused.status_code, Case.objects.count()) == (422, 0)
    for way in ("hotline", "email", "chat"):
        assert desk.post("/complaints/new/", typed(source=way)).status_code == 302
    assert by_source(service["manager"]) == dict.fromkeys(("投诉热线", "电子邮件", "在线客服"), 1)

    case = Case.objects.first()
    desk.post(f"/complaints/{case.pk}/edit/", typed(version=case.version, reason="听错了", summary="货到了少三件"))
    words = [case.deeds.first().text, case.deeds.get(kind="changed").facts["summary"]]
    assert words == ["货到了少两件", ["货到了少两件", "货到了少三件"]]  # M-02: both versions

    handling.assign(Case.objects.get(pk=case.pk), by=service["manager"], to=service["handler"], now=NINE)
    case.refresh_from_db()
    desk.post(f"/complaints/{case.pk}/tell_customer/", {"channel": "mobile", "text": "正在查", "version": case.version})
    case.refresh_from_db()
    resolve = f"/complaints/{case.pk}/resolve/"
    assert desk.post(resolve, {"solution": "补发", "version": case.version}).status_code == 422
    whole = {"solution": "补发", "cause": "漏装", "result": "已发出", "remedy": "赠券 20 元", "version": case.version}
    assert desk.post(resolve, whole).status_code == 302
    page = desk.get(f"/complaints/{case.pk}/").content.decode()
    assert all(words in page for words in ("正在查", "漏装", "已发出", "赠券 20 元", "handler"))


def test_m_05_one_no_reopens_with_one_word_to_the_manager_and_m_06_who_lacks_a_training_is_not_asked(service):
    cases = [told(service["handler"], customer=customer(), handler=service["handler"]) for _twice in range(2)]
    for case in cases:
        solve(case, service["handler"], now=at("2026-03-02 10:00"), told_customer=True)
    tasks = list(VisitTask.objects.order_by("pk"))
    assert {task.assignee for task in tasks} == {service["whole"]}
    heard = Notification.objects.filter(recipient=service["manager"])
    before = heard.count()
    for task, said in zip(tasks, ("不满意", "满意"), strict=True):
        call(task, "2026-03-02 15:00", by=service["whole"], answers={"satisfaction": said, "satisfaction.why": "慢"})
    tick("2026-03-02 15:01")
    states = [Case.objects.get(pk=case.pk).state for case in cases]
    assert (states, heard.count() - before) == ([CaseState.IN_PROGRESS, CaseState.CLOSED], 1)
    page = signed_in(service["manager"]).get(reverse("staff:training_list"))
    assert {row.person: row.share for row in page.context["matrix"].rows}[service["lacking"]] == 80


def test_s_06_who_waits_for_a_word_is_amber_after_48_hours_and_the_clock_starts_anew_with_each_word():
    regulation("phone-callback-mgmt", ('within = "?"', 'within = "72h"'), ('warn_before = "?"', 'warn_before = "24h"'))
    clerk = employee("clerk", branch=branch())
    case = told(clerk, handler=clerk)

    def amber(moment: str) -> list[bool]:
        return [clock.near for clock in clocks_of(case, now=at(moment)) if clock.is_open]

    assert (amber("2026-03-04 08:59"), amber("2026-03-04 09:00")) == ([False], [True])
    tick("2026-03-04 09:01")
    assert amber("2026-03-04 09:02") == [True]  # also once its word has gone out
    case.refresh_from_db()
    handling.progress(case, by=clerk, now=at("2026-03-04 09:10"), text="联系了厂家")
    assert amber("2026-03-04 09:11") == [True]  # the customer has heard nothing of it
    handling.tell_customer(case, by=clerk, now=at("2026-03-04 10:00"), channel="mobile", text="明天到货")
    assert (amber("2026-03-06 09:59"), amber("2026-03-06 10:00")) == ([False], [True])
    handling.tell_customer(case, by=clerk, now=at("2026-03-05 10:00"), channel="mobile", text="今天装")
    waits = Obligation.objects.filter(deed="tell_customer").order_by("pk").values_list("state", "due_at")
    assert [state for state, _due in waits] == ["done", "done", "open"]
    assert [due for _state, due in waits] == [at(f"2026-03-0{day}") for day in ("5 09:00", "7 10:00", "8 10:00")]
    solve(case, clerk, now=at("2026-03-05 11:00"), told_customer=True)
    assert not Obligation.objects.open().filter(deed="tell_customer").exists()


def test_ak_13_a_department_answers_within_the_limit_asked_on_the_case_or_by_a_contact_sheet():
    regulation(
        "telecom-operator-callback",
        ('on = "complaint_registered"\ndeed = "department_reply"\nby = "handler"\nwithin = "?"',
         'on = "complaint_registered"\ndeed = "department_reply"\nby = "handler"\nwithin = "2d"'),
    )  # fmt: skip
    rep, head = employee("rep", branch=branch()), employee("head", "general_manager")
    unit = department("技术部", branch())
    cases = [told(rep, handler=rep) for _number in range(3)]
    for case, day in zip(cases, (4, 5, 0), strict=True):  # until the end of the fourth, a day late, never
        handling.ask_department(case, by=rep, now=NINE, department=unit, text="查线路")
        if day:
            handling.department_reply(case, by=rep, now=at(f"2026-03-0{day} 17:00"), department=unit, text="已恢复")
    for hour in (17, 19):
        sheet = Asked(WorkOrderKind.CONTACT_SHEET, "查基站", department=unit, due_at=at("2026-03-03 18:00"))
        order = open_order(cases[2], sheet, by=rep, now=NINE)
        reporting.report(order, Report(result="已修"), by=rep, now=at(f"2026-03-03 {hour}:00"))
    [row] = branch_figures.by_department(head, *MARCH, at=at("2026-03-10 09:00"), on=date(2026, 3, 10))
    assert (row.department, row.asked, row.bounded, row.in_time) == (str(unit), 5, 5, 3)
    assert row.rate == "60.0%"


def test_ak_27_a_complaint_about_a_visit_by_the_mailbox_is_closed_with_the_day_of_the_reply(clock_at):
    regulation("telecom-operator-callback")
    rep, manager = employee("rep", branch=branch()), employee("manager", "department_manager", branch=branch())
    clock_at("2026-03-02T12:00+08:00")
    case = told(rep, handler=manager, source=Source.MAILBOX, category="about-visits")
    assert by_source(employee("gao", "general_manager")) == {"投诉信箱": 1}
    solve(case, manager, now=at("2026-03-02 10:00"))
    case.refresh_from_db()
    word = {"satisfied": "yes", "opinion": "好", "version": case.version}
    desk = signed_in(rep)
    assert desk.post(f"/complaints/{case.pk}/close/", word).status_code == 422
    assert desk.post(f"/complaints/{case.pk}/close/", word | {"told_now": "on"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.informed_at) == (CaseState.CLOSED, at("2026-03-02 12:00"))


def test_u_12_a_dissatisfied_visit_without_its_complaint_is_flagged_at_midnight_and_the_department_heard(clock_at):
    regulation(
        "experience-callback", ('closes = "?"', 'closes = "5d"'), ('allowed = ["?"]', 'allowed = ["09:00-18:00"]')
    )
    desk = department("客服部", branch())
    caller, manager = employee("caller", department=desk), employee("manager", "department_manager", department=desk)
    for _twice in range(2):
        event("experience", "2026-02-26 10:00", branch=branch(), advisor=caller)
    tick("2026-03-02 09:00")
    flagged, raised = VisitTask.objects.filter(step__code="first", status="open").order_by("pk")
    clock_at("2026-03-02T10:00+08:00")
    for task, more in ((flagged, {}), (raised, {"complaint": "on", "complaint_text": "漏做项目"})):
        said = {f"answer.{code}": "差" for code in ("effect", "service")} | {
            "answer.satisfaction": "2", "why.satisfaction": "等太久", "displeasure": "等太久",
            "displeasure_kind": "效率", "started_at": "2026-03-02T09:57:00", "ended_at": "2026-03-02T09:59:00",
        }  # fmt: skip
        signed_in(caller).post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached", **said, **more))
    tick("2026-03-02 10:01", "2026-03-02 10:02", "2026-03-03 00:01")
    owed = {one.customer_id: one for one in Obligation.objects.filter(deed="complaint")}
    assert [owed[task.customer_id].state for task in (flagged, raised)] == ["open", "done"]
    assert owed[flagged.customer_id].due_at == at("2026-03-03")
    assert Case.objects.get().summary == "漏做项目"
    assert Notification.objects.filter(recipient=manager, message__contains="happened").count() == 2
    clock_at("2026-03-03T08:00+08:00")
    page = signed_in(caller).get("/obligations/").content.decode()
    assert "当天填投诉登记表" in page and 'class="overdue' in page or "逾期" in page


def test_g_06_28_of_30_tons_goes_to_the_general_manager_at_once_and_stays_open():
    regulation("cement-delivery-callback")
    rep, boss = employee("rep", "service_representative", like="service_advisor"), employee("boss", "general_manager")
    for _twice in range(2):
        event("delivery_receipt", "2026-03-02 10:00", attributes={"lines": "P.O42.5 30t"})
    tick("2026-03-03 09:00")
    for task, tons in zip(VisitTask.objects.filter(status="open").order_by("pk"), ("28", "30"), strict=True):
        call(task, "2026-03-03 10:00", by=rep, answers={"goods": tons})
    tick("2026-03-03 10:01")
    assert Notification.objects.filter(recipient=boss, kind="obligation").count() == 1
    [item] = Obligation.objects.open().filter(rule="settle-mismatch")
    assert item.employee == rep
