"""Cases and work orders of who leaves, is away or changes the branch find somebody else; what cannot move is listed."""

from datetime import date, timedelta

import pytest

from complaints.choices import CaseDeedKind, CaseState, Source, WorkOrderKind
from complaints.domain import clocks, handling, leaving, settling, verdicts
from complaints.domain.registering import Told, register
from complaints.models import Accusation, Case, WorkOrder
from staff.domain.people import put_on_leave, resign
from staff.models import Branch, Employee, Notification, Posting, Role, RoleAssignment
from tests.complaints import solving
from tests.visits.calls import MONDAY, MORNING, Shop, at
from visits.domain.detecting import obligations
from visits.models import Obligation

LATER = at("12:00")


@pytest.fixture
def shop(db) -> Shop:
    shop = Shop(pack=solving.PACK)
    shop.boss = person("boss", "general_manager")
    return shop


def person(username, like) -> Employee:
    made = Employee.objects.create(username=username, name=username)
    role, _made = Role.objects.get_or_create(code=like, defaults={"title": like, "like": like})
    RoleAssignment.objects.create(employee=made, role=role, from_on=date(2020, 1, 1))
    return made


def case_of(shop, handler, **facts) -> Case:
    usual = {"summary": "空调不凉", "source": Source.PHONE, "opened_at": MORNING, "branch": shop.branch}
    return register(Told(**(usual | {"handler": handler} | facts)), by=shop.wang, now=MORNING)


def order_of(case, assignee, **facts) -> WorkOrder:
    usual = {"kind": WorkOrderKind.REPAIR, "state": "dispatched", "instruction": "修", "opened_at": MORNING}
    return WorkOrder.objects.create(case=case, number=f"WO{case.pk}", assignee=assignee, **(usual | facts))


def handlers(*cases) -> list[str | None]:
    return [Case.objects.values_list("handler__username", flat=True).get(pk=case.pk) for case in cases]


@pytest.mark.parametrize("stands_in", [True, False])
def test_cases_of_who_leaves_go_with_their_clocks_to_who_takes_over_else_to_whom_the_regulation_names(shop, stands_in):
    worked, waiting = case_of(shop, shop.wang, tracker=shop.wang), case_of(shop, shop.wang)
    clocks.pause(waiting, reason="等配件", by=shop.wang, now=at("10:30"))
    solved = case_of(shop, shop.wang)
    solving.solve(solved, by=shop.wang)
    order = order_of(worked, shop.wang)
    resign(shop.wang, hand_over_to=shop.li if stands_in else None, left_on=MONDAY, actor=None, now=LATER)
    assert handlers(worked, waiting, solved) == ["liqiang", "liqiang", "wangfang"]  # 王芳 solved it
    waiting.refresh_from_db()
    assert waiting.state == CaseState.WAITING
    line = worked.deeds.get(kind=CaseDeedKind.ASSIGNED)
    assert (line.facts["from"], line.to, shop.wang.name in line.text) == (shop.wang.pk, shop.li, True)
    assert Notification.objects.filter(recipient=shop.li, kind="case", url=f"/complaints/{worked.pk}/").exists()
    owed = Obligation.objects.open().filter(subject__in=[f"case:{worked.pk}", f"case:{waiting.pk}"])
    assert set(owed.values_list("employee__username", flat=True)) == {"liqiang"}
    late = obligations.detect(since=MORNING, until=LATER, now=LATER)
    assert {one.employee for one in late if one.facts["rule"] == "first-reply"} == {shop.wang.pk}  # who owed it then
    worked.refresh_from_db()
    order.refresh_from_db()
    assert (worked.tracker, order.assignee) == ((shop.li, shop.li) if stands_in else (shop.boss, None))
    told = Notification.objects.filter(recipient=shop.boss, key__startswith="left-over")
    assert [order.number in one.facts["numbers"] for one in told] == ([] if stands_in else [True])

    settling.close(solved, by=shop.boss, now=LATER, satisfied=True, told_now=True)
    ended = Obligation.objects.get(subject=f"case:{solved.pk}", rule="first-reply")
    assert (ended.state, ended.done_at, ended.done_by) == ("done", LATER, None)  # closing forgives no missed reply
    verdicts.reopen(solved, by=shop.boss, now=LATER, text="又坏了")
    assert handlers(solved) == ["liqiang"]
    assert leaving.cover_absent_cases(now=LATER, on=MONDAY) == 0


def test_nobody_gets_a_case_that_names_them(shop):
    case = case_of(shop, shop.wang)
    Accusation.objects.create(case=case, employee=shop.li, at=MORNING)
    resign(shop.wang, hand_over_to=shop.li, left_on=MONDAY, actor=None, now=LATER)
    case.refresh_from_db()
    assert (case.handler, case.role, case.state) == (None, "service_advisor", CaseState.REGISTERED)


def test_the_clocks_of_a_case_wait_in_its_pool_with_it_and_are_owed_by_whoever_takes_it(shop):
    case = case_of(shop, shop.wang)
    Accusation.objects.create(case=case, employee=shop.li, at=MORNING)
    resign(shop.wang, hand_over_to=None, left_on=MONDAY, actor=None, now=at("10:30"))
    case.refresh_from_db()
    owed = Obligation.objects.open().filter(subject=f"case:{case.pk}")
    assert (case.handler, case.role) == (None, "service_advisor")
    assert set(owed.values_list("employee", "role")) == {(None, "service_advisor")}
    handling.assign(case, by=shop.boss, now=at("10:40"), to=shop.boss)
    assert set(owed.values_list("employee", "role")) == {(shop.boss.pk, "")}
    late = obligations.detect(since=MORNING, until=at("12:00"), now=at("12:00"))
    assert {one.employee for one in late if one.facts["rule"] == "first-reply"} == {shop.boss.pk}


def test_of_a_short_leave_what_falls_due_goes_and_of_a_long_one_all_and_who_comes_back_keeps_the_rest(shop):
    short = {"from_on": MONDAY, "until_on": MONDAY + timedelta(1), "actor": None, "now": LATER}
    soon, never = case_of(shop, shop.wang), case_of(shop, shop.wang)
    Obligation.objects.filter(subject=f"case:{never.pk}").update(due_at=at("2026-03-20 10:00"))
    put_on_leave(shop.wang, substitute=shop.li, **short)
    assert handlers(soon, never) == ["liqiang", "wangfang"]
    put_on_leave(shop.li, substitute=None, **(short | {"until_on": MONDAY + timedelta(20)}))
    assert handlers(soon) == ["boss"] or handlers(soon) == ["liqiang"]


def test_cases_stay_in_the_branch_that_somebody_leaves_and_what_is_given_later_is_meant(shop):
    other = Branch.objects.create(name="城西店")
    mine = case_of(shop, shop.wang)
    Posting.objects.filter(employee=shop.wang).update(until_on=MONDAY)
    Posting.objects.create(employee=shop.wang, branch=other, from_on=MONDAY + timedelta(1))
    tomorrow = at("2026-03-03 00:22")
    assert leaving.cover_absent_cases(now=tomorrow, on=MONDAY) == 1
    assert handlers(mine) == ["liqiang"]
    meant = case_of(shop, shop.li)
    clocks.hand_on(meant, of=shop.li, to=shop.wang, by=None, now=tomorrow)
    Case.objects.filter(pk=meant.pk).update(handler=shop.wang)
    meant.deeds.create(kind=CaseDeedKind.ASSIGNED, to=shop.wang, at=tomorrow, logged_at=tomorrow)
    assert leaving.cover_absent_cases(now=tomorrow, on=MONDAY) == 0
