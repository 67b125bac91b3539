"""A customer complains in a call: the case exists when the call is saved, with the customer's own words (U-12)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from complaints.choices import CaseState, Severity, Source
from complaints.domain import owed
from complaints.domain.gauging import severity_of
from complaints.domain.merging import merge
from complaints.domain.raising import told_of
from complaints.domain.registering import register
from complaints.models import Case
from staff.choices import MeasureState
from staff.models import Department, Role, RoleAssignment
from tests.complaints import solving
from tests.complaints.test_registering import PACK
from tests.complaints.test_registering import told as given
from tests.visits.calls import MONDAY, MORNING, Shop, at, told
from tests.visits.desk import HTMX, sent, signed_in
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.follow_up.wishes import FollowOn, Grievance
from visits.domain.matching.facts import facts_of_customers
from visits.domain.obliging.owing import note_obligations
from visits.domain.origin.filtering import filtered
from visits.models import FollowUpItem, Obligation

RULES = """
[[category]]
code = "noise"

[[form]]
code = "register"
of = "complaint"
requires = ["demand"]

[[obligation]]
code = "write-it-down"
on = "visit_recorded"
when = [{ field = "satisfied", op = "==", value = false }]
deed = "complaint"
by = "assignee"
within = "0d"
"""


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("刹车失灵，差点出事故", Severity.MAJOR),
        ("再不处理就打12315", Severity.MAJOR),
        ("修了第二次还是不行", Severity.IMPORTANT),
        ("空调有点响", Severity.MINOR),
        ("", Severity.MINOR),
    ],
)
def test_words_propose_how_grave_it_is(text, severity):
    assert severity_of(text) == severity


@pytest.fixture
def shop(db):
    return Shop(pack=PACK + RULES)


def test_a_tick_makes_a_case_of_the_call_with_what_was_told_and_says_what_lacks(shop):
    task = shop.task()
    grievance = Grievance(text="声音大得吓人", category="noise", severity="major")
    saved = record_contact(
        task, told(problem="异响", follow=FollowOn(complaint=True, grievance=grievance)), advisor=shop.wang, now=MORNING
    )
    case = Case.objects.get()

    assert (case.summary, case.category, case.severity, case.level) == ("声音大得吓人", "noise", "major", "major")
    assert (case.source, case.record, case.customer, case.event) == (
        Source.CALL, saved.record, task.customer, task.event,
    )  # fmt: skip
    assert case.registered_by == shop.wang and told_of(saved.record)["lacks"] == ("客户要求",)


def test_the_problem_is_kept_where_no_other_words_were_written_and_undoing_takes_the_case_back(shop):
    task = shop.task()
    saved = record_contact(
        task, told(problem="异响", satisfied=False, follow=FollowOn(complaint=True)), advisor=shop.wang, now=MORNING
    )
    case = Case.objects.get()
    assert (case.summary, case.severity) == ("异响", Severity.IMPORTANT)
    undo(saved.record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=10))
    case.refresh_from_db()
    assert (case.state, told_of(saved.record)) == (CaseState.WITHDRAWN, None)


def test_what_is_owed_as_a_complaint_is_done_by_the_case_whichever_is_there_first(shop):
    call = {"problem": "异响", "satisfied": False}
    record_contact(shop.task(), told(**call, follow=FollowOn(complaint=True)), advisor=shop.wang, now=MORNING)
    record_contact(shop.task(), told(**call), advisor=shop.wang, now=MORNING)
    later = MORNING + timedelta(minutes=5)
    note_obligations(now=later)
    owed.settle_all(now=later)
    states = dict(Obligation.objects.filter(deed="complaint").values_list("state", "done_at"))

    assert states == {MeasureState.DONE: MORNING, MeasureState.OPEN: None}
    assert Obligation.objects.open().get(deed="complaint").due_at == at("2026-03-03 00:00")


def test_the_card_sends_the_panel_and_the_toast_names_the_case(shop, clock_at):
    clock_at("2026-03-02T10:00+08:00")
    task, desk = shop.task(), signed_in(shop.wang)
    card = desk.get(f"/tasks/{task.pk}/", headers=HTMX).content.decode()
    assert 'name="complaint_category"' in card and "noise" in card
    answer = desk.post(
        f"/tasks/{task.pk}/record/",
        sent(task, outcome="reached", problem="异响", complaint="on", complaint_demand="退款"), headers=HTMX,
    )  # fmt: skip
    case = Case.objects.get()
    assert (case.demand, case.number in answer.content.decode()) == ("退款", True)


DRAFTS = """
[[obligation]]
code = "draft"
on = "visit_recorded"
when = [{ field = "satisfied", op = "==", value = false }]
deed = "draft_complaint"

[[obligation]]
code = "order"
on = "complaint_registered"
when = [{ field = "severity", op = "==", value = "major" }]
deed = "draft_work_order"
"""


def test_the_program_drafts_a_complaint_and_its_work_order_once(db):
    shop = Shop(pack=PACK + RULES + DRAFTS)
    service = Department.objects.create(branch=shop.branch, name="服务部")
    task = shop.task(department=service)
    record_contact(task, told(problem="刹车失灵", satisfied=False), advisor=shop.wang, now=MORNING)
    for minutes in (1, 2):
        note_obligations(now=MORNING + timedelta(minutes=minutes))

    case = Case.objects.get()
    assert (case.summary, case.severity, case.department) == ("刹车失灵", Severity.MAJOR, service)
    [order] = case.work_orders.all()
    assert (order.department, order.instruction, order.opened_by) == (service, "刹车失灵", None)


def test_open_complaints_of_a_customer_are_the_same_in_sql_and_in_python(shop):
    chen, on = shop.customer(), MONDAY
    one, two = (
        register(given(shop, customer=chen, demand="退款", summary=text), by=shop.wang, now=MORNING)
        for text in ("空调不凉", "空调还不凉")
    )
    merge([two], into=one, by=shop.wang, now=MORNING)
    register(given(shop, customer=chen, demand="无", type="enquiry"), by=shop.wang, now=MORNING)
    asked = [{"field": "open_complaints", "op": "==", "value": 1}]
    boss = shop.advisor("boss", "老板")
    RoleAssignment.objects.create(
        employee=boss, role=Role.objects.create(code="general_manager", title="总经理", like="general_manager"),
        from_on=date(2020, 1, 1),
    )  # fmt: skip

    assert facts_of_customers([chen], on=on)[chen.pk]["open_complaints"] == 1
    assert facts_of_customers([chen], on=on - timedelta(1))[chen.pk]["open_complaints"] == 0
    assert [found.pk for found in filtered(asked, "all", by=boss, on=on)] == [chen.pk]


@pytest.mark.django_db
def test_a_no_that_is_complained_of_in_the_same_call_opens_the_same_case_and_no_second_one():
    shop = Shop(pack=solving.PACK + RULES)
    solving.asking(shop)
    case = solving.solved(shop, demand="退货")
    typed = Grievance(text="装回去又漏水", demand="换新", severity="major", category="noise")
    said = {"satisfied": False, "displeasure": "还是不凉", "follow": FollowOn(complaint=True, grievance=typed)}
    record = solving.asks(case, shop.li, **said)
    assert (Case.objects.count(), case.state, case.round) == (1, CaseState.IN_PROGRESS, 2)
    line = case.deeds.get(kind="remark")
    assert (line.text, line.facts) == (typed.text, {"demand": "换新", "severity": "major", "category": "noise"})
    item = FollowUpItem.objects.get()
    assert (item.state, case.number in item.result) == ("settled", True)
    assert {name: told_of(record)[name] for name in ("number", "again")} == {"number": case.number, "again": True}
    later = at("16:00")
    note_obligations(now=later)
    owed.settle_all(now=later)
    settled = Obligation.objects.get(rule="write-it-down")
    assert (settled.state, settled.note) == (MeasureState.DONE, case.number)
    undo(record, by=shop.li, token=uuid4(), now=solving.AFTERNOON + timedelta(seconds=9))
    case.refresh_from_db()
    item.refresh_from_db()
    assert (case.state, case.round, item.state) == (CaseState.VERIFYING, 1, "withdrawn")
    said |= {"satisfied": True, "displeasure": ""}  # content with the solution, and complains of another matter
    solving.asks(case, shop.li, **said)
    assert (Case.objects.count(), case.state) == (2, CaseState.CLOSED)
