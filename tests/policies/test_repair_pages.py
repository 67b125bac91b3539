"""The regulations on repairs as they ship (V, W, Z), clause by clause, by the pages that people work with."""

import re
from datetime import date

import pytest

from complaints.choices import CaseDeedKind, Confirmed, WorkOrderState
from complaints.domain.orders import ending, reporting
from complaints.models import Case, CaseDeed, WorkOrder
from reports.domain.inspecting.opening import draw_inspections
from reports.models import ImprovementAction, Inspection
from staff.models import QualificationHeld, RoleAssignment
from tests.policies.counter import Counter
from tests.policies.regulation import call, tick
from tests.visits.world import at, customer, employee, event
from visits.domain.calling.card import context_of
from visits.models import Obligation, VisitRecord, VisitTask

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FOUND = {"fault_nature": "制冷", "cause": "缺冷媒", "product": "空调", "model": "KF-35"}
REPORT = {
    "result": "恢复制冷", "fault": "不制冷", "solution": "补冷媒", "process": "查漏、加注", "minutes": "60",
    "materials": "冷媒 2 瓶\n密封圈 4",
}  # fmt: skip


def busy(person, case, number: int) -> None:
    """Let somebody have so many open work orders."""
    at_nine = at("2026-03-02 09:00")
    WorkOrder.objects.bulk_create(
        WorkOrder(case=case, number=f"X{person.pk}-{turn}", kind="repair", state="dispatched", assignee=person,
                  instruction="x", opened_at=at_nine) for turn in range(number)
    )  # fmt: skip


def test_v_01_to_v_06_a_repair_from_the_diagnosis_to_the_survey(clock_at):
    counter = Counter(
        clock_at, "aftersales-field-repair", ("[complaints]\n", '[complaints]\narrival_tolerance = "15min"\n'),
        ('title = "维修后满意度调查"\n  closes = "?"', 'title = "维修后满意度调查"\n  closes = "3d"'),
    )  # fmt: skip
    people = counter.people
    people["second"] = employee("second", "technician", like="service_advisor", department=counter.unit)
    case = counter.tell("desk", "09:00", type="repair", keep="on")
    order = counter.order("desk", "09:00", case)
    busy(people["second"], case, 5)
    busy(people["hand"], case, 2)
    assert counter.about("desk", "09:05", order, "check", **(FOUND | {"cause": "", "fault_nature": ""})) == 302
    given = {"to": people["hand"].pk, "mode": "onsite"}
    assert counter.about("desk", "09:10", order, "dispatch", **given) == 422  # V-01
    assert counter.about("desk", "09:10", order, "check", **FOUND) == 302
    page = counter.page("desk", "09:12", f"/complaints/orders/{order.pk}/")
    offered = re.findall(r"<option value=\"\d+\"[^>]*>(\w+)（[^）]*?(\d) 张", page)
    assert offered == [("hand", "2"), ("second", "5")]  # V-02: the less busy one first, the count beside the name
    assert counter.about("desk", "09:12", order, "dispatch", **given) == 302

    assert counter.about("hand", "09:20", order, "accept") == 302
    slot = {"start": "2026-03-02T10:00", "end": "2026-03-02T11:00"}
    assert counter.about("hand", "09:21", order, "book", **slot) == 302
    assert counter.about("hand", "10:20", order, "arrive") == 302  # 15 minutes are allowed: until 10:15
    assert "<b>0/1</b>" in counter.page("desk", "10:30", "/complaints/orders/?state=all")
    assert counter.about("hand", "11:00", order, "report", **(REPORT | {"result": ""})) == 422  # V-03
    assert counter.about("hand", "11:00", order, "report", **REPORT) == 302
    paper = counter.page("hand", "11:05", f"/complaints/orders/{order.pk}/print/")
    assert "冷媒" in paper and "密封圈" in paper
    assert "待确认" in counter.page("desk", "11:05", f"/complaints/orders/{order.pk}/")  # V-04
    order.refresh_from_db()
    assert counter.send("", "15:20", f"/confirm/{order.token}/", answer="yes") == 302
    order.refresh_from_db()
    assert (order.state, order.closed_at) == (WorkOrderState.DONE, at("2026-03-02 15:20"))
    page = counter.page("desk", "15:30", f"/complaints/orders/{order.pk}/")
    assert "20 分钟" in page and "6 小时 20 分钟" in page  # V-06


def test_v_05_every_repair_is_asked_about_and_a_low_score_makes_an_improvement_action(clock_at):
    counter = Counter(
        clock_at, "aftersales-field-repair",
        ('title = "维修后满意度调查"\n  closes = "?"', 'title = "维修后满意度调查"\n  closes = "3d"'),
    )  # fmt: skip
    counter.people["chief"] = employee("chief", "cs_supervisor", department=counter.unit)
    employee("caller", department=counter.unit)
    case = counter.tell("desk", "09:00", type="repair", keep="on")
    for turn in range(5):
        order = counter.order("desk", "09:00", case)
        WorkOrder.objects.filter(pk=order.pk).update(
            state="dispatched", assignee=counter.people["hand"], fault_nature="x", cause="x", mode="onsite"
        )
        order.refresh_from_db()
        whole = reporting.Report(
            result="好", fault="f", solution="s", process="p", minutes=9, materials=({"name": "管", "quantity": "1"},)
        )
        reporting.report(order, whole, by=counter.people["hand"], now=at(f"2026-03-02 10:0{turn}"))
        ending.confirm(order, Confirmed.LINK, by=None, now=at(f"2026-03-02 10:1{turn}"))
    tick("2026-03-02 10:20")
    surveys = VisitTask.objects.filter(step__rule__code="after-repair")
    assert surveys.count() == 5
    for task, score in zip(surveys.order_by("pk"), (2, 3, 5), strict=False):
        why = {"satisfaction.why": "修了两次"} if score < 3 else {}
        call(task, "2026-03-02 11:00", answers={"satisfaction": score} | why)
    tick("2026-03-02 11:05")
    assert ImprovementAction.objects.count() == 1


def test_v_07_every_ninety_days_each_customer_of_a_product_gets_the_advice(clock_at):
    counter = Counter(clock_at, "aftersales-field-repair", ('every = "?"', 'every = "90d"'))
    employee("caller", department=counter.unit)
    for _number in range(4):
        event("purchase", "2026-03-02 09:00", product="X", branch=counter.unit.branch)
    tick("2026-03-02 09:01", "2026-05-31 00:01")
    due = VisitTask.objects.filter(occurrence=1, status="open").order_by("pk")
    assert [at("2026-05-31")] * 4 == [task.opens_at for task in due]  # 2 March and 90 days
    for task in due:
        assert "维护建议" in context_of(task, now=at("2026-05-31 09:00")).script
        call(task, "2026-05-31 09:00", channel="sms")
    assert VisitRecord.objects.filter(channel="sms", logged_at=at("2026-05-31 09:00")).count() == 4


@pytest.fixture
def workshop(clock_at):
    counter = Counter(
        clock_at, "aftersales-repair-return", ('anchor = "previous_visit"\n  closes = "?"', 'closes = "6m"')
    )
    for person in counter.people.values():
        QualificationHeld.objects.create(employee=person, code="confidentiality", from_on=date(2026, 1, 1))
    return counter


def test_w_01_w_07_what_is_asked_of_a_request_who_may_see_it_and_how_fast_it_was_answered(workshop):
    workshop.people["new"] = employee("new", department=workshop.unit)
    assert workshop.browser("new", "09:00").get("/customers/").status_code != 200  # no paper signed yet
    assert workshop.browser("desk", "09:00").get("/customers/").status_code == 200
    own = {"own-model": "KF-35", "own-purchase_date": "2025-06-01"}
    assert workshop.tell("desk", "09:00", category="repair", **(own | {"own-purchase_date": ""})) is None
    cases = [workshop.tell("desk", "09:00", category=one, **own) for one in ("repair", "return-exchange", "complaint")]
    assert all(cases), workshop.said
    for case in cases:
        listed = workshop.page("desk", "09:30", f"/complaints/list/?category={case.category}")
        assert [one.number in listed for one in cases] == [one == case for one in cases]
    plain = {"type": "complaint", "source": "phone", "name": "王女士", "contact": "13900001111", "summary": "空调不凉"}
    change = plain | {"category": "repair", "version": cases[2].version, "reason": "其实是报修"}
    assert workshop.send("desk", "09:31", f"/complaints/{cases[2].pk}/edit/", **change) == 422
    assert workshop.send("desk", "09:31", f"/complaints/{cases[2].pk}/edit/", **change, **own) == 302
    assert Case.objects.get(pk=cases[2].pk).values == {"model": "KF-35", "purchase_date": "2025-06-01"}
    assert workshop.deed("desk", "09:35", cases[0], "reply", channel="desk_phone", text="明天上门") == 302
    assert "35 分钟" in workshop.page("desk", "09:40", f"/complaints/{cases[0].pk}/")


def test_w_02_out_of_scope_ends_with_a_notice_w_03_w_04_what_is_sent_in_has_its_number_and_its_notice(workshop):
    case = workshop.tell("desk", "09:00", type="repair", keep="on")
    out, order = (workshop.order("desk", "09:00", case) for _ in range(2))
    assert workshop.about("desk", "09:10", out, "refuse", reason="人为损坏", notice="") == 422
    assert workshop.about("desk", "09:10", out, "refuse", reason="人为损坏", notice="电话告知自费") == 302
    out.refresh_from_db()
    assert (out.in_scope, out.checked_by, out.scope_reason) == (False, workshop.people["desk"], "人为损坏")
    assert "电话告知自费" in workshop.page("desk", "09:11", f"/complaints/{case.pk}/")

    assert workshop.about("desk", "09:20", order, "check", **FOUND) == 302
    assert workshop.about("desk", "09:20", order, "dispatch", to=workshop.people["hand"].pk, mode="mail_in") == 302
    assert workshop.about("hand", "10:00", order, "arrive", tracking_no="") == 422
    assert workshop.about("hand", "10:00", order, "arrive", tracking_no="SF100") == 302
    assert workshop.about("hand", "11:00", order, "report", result="已修好", fault="漏氟") == 302
    owed = Obligation.objects.get(rule="tell-repaired")
    assert (owed.state, owed.employee) == ("open", workshop.people["desk"])
    assert workshop.about("desk", "11:30", order, "confirm") == 422  # nobody has told the customer
    assert workshop.about("desk", "11:30", order, "notice", text="请来取货", tracking_no="") == 302
    owed.refresh_from_db()
    assert (owed.state, owed.done_at) == ("done", at("2026-03-02 11:30"))
    assert CaseDeed.objects.filter(kind=CaseDeedKind.TOLD_CUSTOMER, text__contains="请来取货").count() == 1
    later = workshop.order("desk", "12:00", case)
    history = workshop.page("desk", "12:01", f"/complaints/orders/{later.pk}/")
    assert order.number in history and out.number in history  # W-06: what was repaired before


@pytest.mark.parametrize(
    ("now", "free"), [("2026-05-06 09:00", True), ("2026-06-01 09:00", True), ("2026-06-02 09:00", False)]
)
def test_w_05_exchange_until_the_last_day_of_the_warranty_and_later_with_approval(workshop, now, free):
    case = workshop.tell("desk", now, type="repair")
    order = workshop.order("desk", now, case)
    bought = FOUND | {"purchased_on": "2025-06-01", "warranty_months": "12"}
    assert workshop.about("desk", now, order, "check", **bought) == 302
    assert workshop.about("desk", now, order, "dispatch", to=workshop.people["hand"].pk, mode="onsite") == 302
    assert workshop.about("hand", now, order, "measure", measure="exchange", text="修不好") == 302
    told = {"result": "换新机", "fault": "压缩机坏"}
    assert workshop.about("hand", now, order, "report", **told) == (302 if free else 422)
    assert workshop.about("hand", now, order, "approve") != 302  # nobody approves what he proposed
    if not free:
        assert workshop.about("manager", now, order, "approve") == 302
        assert workshop.about("hand", now, order, "report", **told) == 302


def test_w_06_maintenance_is_reminded_of_and_the_flow_is_reviewed_each_year(workshop):
    event("purchase", "2026-03-02 09:00", customer=customer(), branch=workshop.unit.branch)
    tick("2026-03-02 09:01")
    assert VisitTask.objects.get(step__rule__code="maintenance").closes_at == at("2026-09-03")  # six months, that day
    draw_inspections(now=at("2027-01-01 00:50"), on=date(2027, 1, 1))
    assert Inspection.objects.filter(scorecard="flow", period="2026").count() == 1


def test_z_01_to_z_04_a_request_by_the_web_is_checked_queued_suggested_and_booked(clock_at):
    counter = Counter(clock_at, "repair-request-handling")
    made = {"title": "报修", "unit": f"department-{counter.unit.pk}", "types": "repair"}
    assert counter.send("manager", "09:00", "/complaints/links/", **made) == 302
    door = re.search(r"/feedback/[\w-]+/", counter.page("manager", "09:00", "/complaints/links/"))[0]
    filled = {
        "form": "a" * 16,
        "type": "repair",
        "summary": "电梯不动",
        "name": "王",
        "contact": "13900001111",
        "website": "",
    }
    sent = counter.browser("", "09:00").post(door, filled)
    case, order = Case.objects.get(), WorkOrder.objects.get()
    assert (case.source, order.case, order.kind) == ("online", case, "repair")
    assert case.number in counter.page("", "09:01", sent["Location"])  # Z-01
    ways = counter.browser("manager", "09:01").get("/complaints/branches/?month=2026-03").context["ways"]
    assert ways["source"] == [("网上表单", 1)]

    other = counter.tell("desk", "09:05", type="repair", urgency="high", **{"own-equipment": "三楼水泵"})
    urgent = WorkOrder.objects.latest("pk")
    assert urgent.case == other
    technician, near = (
        counter.people["hand"],
        employee("near", "technician", like="service_advisor", department=counter.unit),
    )
    RoleAssignment.objects.filter(employee=near).update(area="城东")
    busy(technician, case, 3)
    busy(near, case, 3)
    given = {"to": near.pk, "mode": "onsite"}
    assert [counter.about("manager", "09:10", one, "dispatch", **given) for one in (order, urgent)] == [
        422,
        422,
    ]  # Z-02
    found = {"product": "电梯", "area": "城东"}
    assert counter.about("manager", "09:20", order, "check", **found) == 422  # the device lacks, and is asked for here
    for one in (order, urgent):
        assert counter.about("manager", "09:20", one, "check", **(found | {"own-equipment": "电梯"})) == 302
    assert counter.about("manager", "09:21", urgent, "urgent") == 302
    listed = counter.page("manager", "09:22", "/complaints/orders/?state=give")
    assert listed.index(urgent.number) < listed.index(order.number)
    page = counter.page("manager", "09:23", f"/complaints/orders/{order.pk}/")
    offered = re.findall(r"<option value=\"\d+\"[^>]*>(\w+)（([^）]*)）", page)
    assert offered[0][0] == "near" and "区域匹配" in offered[0][1] and "区域匹配" not in offered[1][1]  # Z-03
    for one in (order, urgent):
        assert counter.about("manager", "09:30", one, "dispatch", **given) == 302
    slot = {"start": "2026-03-03T10:00", "end": "2026-03-03T11:00"}
    assert [counter.about("manager", "09:31", one, "book", **slot) for one in (order, urgent)] == [302, 422]  # Z-04
