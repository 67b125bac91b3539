"""The regulations on complaints as they ship (H, I, M, Y, AE, AK), clause by clause, by the program's doors."""

from datetime import date, timedelta

import pytest

from complaints.choices import CaseState, Source, SpendingKind
from complaints.domain import handling, spending
from complaints.domain.forms_asked import Lacking
from complaints.domain.registering import Told, register
from complaints.domain.writing import CannotDo
from complaints.models import Case
from staff.models import Notification
from tests.packs import SHIPPED
from tests.policies.regulation import call, due, tick
from tests.visits.world import at, branch, customer, department, employee, publish
from visits.models import Obligation, VisitTask

pytestmark = pytest.mark.django_db

NINE = at("2026-03-02 09:00")
MONDAY = date(2026, 3, 2)


def regulation(slug: str, *figures: tuple[str, str]) -> None:
    """Put a regulation in force as it ships, its blank figures filled in."""
    text = (SHIPPED / f"{slug}.toml").read_text(encoding="utf-8").replace('approve = "role:general_manager"\n', "")
    for blank, filled in figures:
        assert blank in text
        text = text.replace(blank, filled)
    publish(text, on="2026-01-01")


def told(by, *, now=NINE, **facts) -> Case:
    usual = {"summary": "电梯停了三天没人修", "source": Source.PHONE, "opened_at": NINE, "branch": branch()}
    return register(Told(**(usual | facts)), by=by, now=now)


def solve(case: Case, by, *, now, **facts) -> Case:
    found = Case.objects.get(pk=case.pk)
    if found.state in (CaseState.ASSIGNED, CaseState.REGISTERED):
        handling.accept(found, by=by, now=now)
    usual = {
        "solution": "更换钢丝绳",
        "cause": "部件老化",
        "result": "恢复运行",
        "process": "联系厂家",
        "measure": "repair",
    }
    handling.resolve(found, by=by, now=now, **(usual | facts))
    return found


@pytest.fixture
def centre():
    """The property company: a clerk and the director of the centre, the manager in charge, somebody of the gate."""
    regulation("property-complaint-callback", ('closes = "?"', 'closes = "3d"'))
    desk = department("客服中心", branch())
    return {
        "clerk": employee("clerk", "cs_clerk", like="service_advisor", department=desk),
        "second": employee("second", "cs_clerk", like="service_advisor", department=desk),
        "director": employee("director", "office_director", like="cs_supervisor", department=desk),
        "boss": employee("boss", "manager_in_charge", like="general_manager"),
        "gate": employee("gate", "service_advisor", department=department("秩序部", branch())),
        "departments": [department("工程部", branch())],
    }


def test_i_01_i_02_the_centre_registers_whatever_way_it_came_with_name_and_departments(centre):
    ways = (Source.LETTER, Source.PHONE, Source.FAX, Source.VISIT)
    for way in ways:
        told(centre["clerk"], source=way, name="王女士", departments=centre["departments"])
    with pytest.raises(CannotDo):
        told(centre["gate"], name="王女士", departments=centre["departments"])
    with pytest.raises(Lacking) as refusal:
        told(centre["clerk"])
    assert sorted(Case.objects.values_list("source", flat=True)) == sorted(ways)
    assert set(refusal.value.fields) == {"name", "departments"}


def test_i_04_i_05_important_ones_are_decided_by_the_manager_in_charge_and_tracked(centre):
    usual = {"name": "王女士", "departments": centre["departments"]}
    with pytest.raises(Lacking) as refusal:
        told(centre["clerk"], severity="important", **usual)
    cases = [
        told(centre["clerk"], severity=grave, tracker=centre["second"], **usual)
        for grave in ("minor", "important", "major")
    ]
    decide = [[handling.may(one, "decide", by=centre[who], on=MONDAY) for one in cases] for who in ("clerk", "boss")]
    open_decisions = Obligation.objects.open().filter(deed="decide", employee=centre["boss"])
    heard = Notification.objects.filter(recipient=centre["boss"], kind="obligation", message__contains="happened")

    assert refusal.value.fields == ("tracker",)
    assert [one.level for one in cases] == ["minor", "important", "major"]
    assert (decide[0][1:], decide[1][1:]) == ([False, False], [True, True])
    assert (open_decisions.count(), heard.count()) == (2, 2)


def test_i_01_i_06_a_solved_one_is_visited_within_the_days_and_by_who_did_not_handle_it(centre):
    case = told(
        centre["clerk"], customer=customer("王女士"), departments=centre["departments"], handler=centre["clerk"]
    )
    solved = solve(case, centre["clerk"], now=at("2026-03-03 10:00"))
    assert (solved.state, due()) == (CaseState.VERIFYING, ["2026-03-06"])
    assert VisitTask.objects.get().assignee == centre["second"]
    with pytest.raises(CannotDo):
        handling.close(solved, by=centre["director"], satisfied=True, told_now=True, now=at("2026-03-03 11:00"))


def test_m_05_ak_15_dissatisfied_twice_then_satisfied_makes_three_rounds():
    regulation("telecom-operator-callback", ('closes = "?"', 'closes = "3d"'))
    rep, manager = employee("rep", branch=branch()), employee("manager", "department_manager", branch=branch())
    case = told(rep, customer=customer(), handler=manager)
    for day, satisfied in ((3, False), (4, False), (5, True)):
        solve(case, manager, now=at(f"2026-03-0{day} 10:00"))
        call(VisitTask.objects.get(status="open"), f"2026-03-0{day} 15:00", satisfied=satisfied)

    case.refresh_from_db()
    assert (case.round, case.state, case.closed_at - case.opened_at) == (
        3,
        CaseState.CLOSED,
        timedelta(days=3, hours=6),
    )


def test_ak_04_a_category_that_names_a_department_goes_to_its_manager_and_is_seen_there_alone():
    regulation("telecom-operator-callback")
    rep = employee("rep", branch=branch())
    heads = {
        name: employee(name, "department_manager", department=department(name, branch()))
        for name in ("技术部", "业务部")
    }
    fault, tariff = told(rep, category="network-fault"), told(rep, category="tariff")
    assert (fault.handler, tariff.handler) == (heads["技术部"], heads["业务部"])
    for head, own in zip(heads.values(), (fault, tariff), strict=True):
        assert list(Case.objects.visible_to(head, on=MONDAY)) == [own]


def test_ae_06_first_reply_until_ten_and_a_warning_at_a_quarter_to():
    regulation("logistics-cs")
    clerk = employee("clerk", branch=branch())
    timely, late = (told(clerk, name="王女士", contact="13900001111", handler=clerk) for _ in range(2))
    for case, minute in ((timely, "10:00"), (late, "10:01")):
        handling.reply(
            Case.objects.get(pk=case.pk), by=clerk, now=at(f"2026-03-02 {minute}"), channel="desk_phone", text="查清了"
        )
    clocks = Obligation.objects.filter(rule="first-reply").order_by("pk")

    assert [(one.due_at, one.done_at <= one.due_at) for one in clocks] == [
        (at("2026-03-02 10:00"), True), (at("2026-03-02 10:00"), False),
    ]  # fmt: skip
    assert clocks[0].due_at - timedelta(minutes=15) == at("2026-03-02 09:45")


def test_y_03_a_survey_is_due_the_day_after_and_h_07_waits_for_its_days():
    regulation("aftersales-feedback")
    clerk = employee("clerk", branch=branch())
    solve(told(clerk, customer=customer(), handler=clerk), clerk, now=at("2026-03-02 10:00"))
    assert due() == ["2026-03-03"]


@pytest.mark.parametrize(("closes", "days"), [("?", []), ("3d", ["2026-03-09"])])
def test_h_07_days_after_a_complaint_are_the_companys_to_say(closes, days):
    regulation("cs-callback-overview", ('closes = "?"', f'closes = "{closes}"'))
    clerk = employee("clerk", branch=branch())
    solve(told(clerk, customer=customer(), handler=clerk), clerk, now=at("2026-03-06 10:00"))
    tick("2026-03-06 10:01")
    assert due() == days


def test_h_03_a_coupon_counts_once_somebody_else_has_approved_it_and_never_above_the_limit():
    regulation("cs-callback-overview", ('limit = "?"', "limit = 200"))
    unit = department("客服部", branch())
    manager, desk = employee("manager", "department_manager", department=unit), employee("desk", department=unit)
    made = spending.propose(
        told(desk, department=unit, handler=desk), kind=SpendingKind.COUPON, amount=10000, by=desk, now=NINE
    )
    with pytest.raises(CannotDo):
        spending.approve(made, by=desk, now=NINE)
    spending.approve(made, by=manager, now=NINE)
    made.refresh_from_db()
    assert (made.state, made.amount) == ("approved", 10000)
