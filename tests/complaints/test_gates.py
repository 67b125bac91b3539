"""Every role against every case: an independent statement of who may do what in which state, and of who sees what.

The statement is written from the regulations (AE-01, I-01 to I-07, K-15, H-03), not from the table in `rights`.
"""

from datetime import date

import pytest

from complaints.choices import CaseDeedKind, CaseState, SpendingKind, WorkOrderKind
from complaints.domain import accusing, editing, escalating, exempting, handling, letters, merging, rights, spending
from complaints.domain.orders import opening
from complaints.domain.orders.opening import Asked
from complaints.domain.orders.permitting import may as may_order
from complaints.domain.rights import RIGHTS, NotYours, deeds_open, may
from complaints.domain.verifying import handled_by
from complaints.domain.writing import CannotDo
from complaints.models import Accusation, Case, WorkOrder
from staff.choices import BaseRole
from staff.models import Absence, Department, Employee
from tests.complaints.desk import PACK, Desk, later
from tests.visits.calls import MONDAY, MORNING

pytestmark = pytest.mark.django_db

WORK = "handler tracker coordinator escalated manager quality centre chief"
BOSSES = "manager quality centre chief"
AROUND = "tracker coordinator registrar " + BOSSES  # whoever has a part in it, but has not handled it
SEEING = WORK + " registrar asked head technician named"
BEING_WORKED_ON = "registered assigned in_progress waiting"
OPEN = BEING_WORKED_ON + " resolved verifying"
COUNTING = OPEN + " closed exempt"
# Deed -> who may do it, and in which states; the level of the case lets the general manager alone decide (I-04).
STATED = {
    "accept": ("handler", "registered assigned"),
    "reply": (WORK + " registrar", BEING_WORKED_ON),
    "progress": (WORK + " registrar asked head", BEING_WORKED_ON),
    "tell_customer": (WORK + " registrar", OPEN),
    "ask_department": (WORK, BEING_WORKED_ON),
    "department_reply": (WORK + " asked head", BEING_WORKED_ON),
    "decide": ("chief", BEING_WORKED_ON),
    "meeting": (WORK, BEING_WORKED_ON),
    "resolve": (WORK, BEING_WORKED_ON),
    "close": (AROUND, "resolved"),
    "reopen": (AROUND, "resolved verifying closed"),
    "exempt": (AROUND, "resolved verifying"),
    "include": (BOSSES, "exempt"),
    "archive": (AROUND + " handler", "closed exempt"),
    "waiting": (WORK, "registered assigned in_progress"),
    "resume": (WORK, "waiting"),
    "escalate": (WORK + " registrar", OPEN),
    "due": (BOSSES, OPEN),
    "due_approve": (BOSSES, OPEN),
    "assign": ("tracker escalated " + BOSSES, BEING_WORKED_ON),
    "people": ("tracker registrar " + BOSSES, OPEN),
    "level": (WORK, BEING_WORKED_ON),
    "category": (WORK + " registrar", OPEN),
    "withdraw": (BOSSES, BEING_WORKED_ON),
    "restore": (BOSSES, "withdrawn"),
    "accuse": (SEEING, COUNTING),
    "judge": (SEEING, COUNTING),
    "compensate": (WORK + " registrar", COUNTING),
    "penalise": (BOSSES, COUNTING),
    "change": (WORK + " registrar", OPEN),
    "merge": (WORK + " registrar", OPEN + " merged"),
    "order": (WORK + " registrar", OPEN),
    "file": (SEEING, " ".join(CaseState.values)),
    "remark": (SEEING, " ".join(CaseState.values)),
}
NOBODY = ("fellow", "former", "stranger", "gone", "administrator", "outsider")


class House(Desk):
    """The desk with everybody who may stand towards its one grave case."""

    def __init__(self) -> None:
        super().__init__(pack=PACK.replace("[complaints]", '[complaints]\nexempt = [{ code = "anonymous" }]'))
        other, west = {"branch": self.other_branch}, Department.objects.create(branch=self.other_branch, name="西维修")
        self.people: dict[str, Employee] = {
            "handler": self.wang, "registrar": self.li, "manager": self.zhang, "chief": self.zhou, "asked": self.worker,
            "stranger": self.lina,
            "tracker": self.person("tracker", "跟", BaseRole.SERVICE_ADVISOR, **other),
            "coordinator": self.person("coordinator", "协", BaseRole.SERVICE_ADVISOR, **other),
            "escalated": self.person("escalated", "升", BaseRole.SERVICE_ADVISOR, **other),
            "technician": self.person("technician", "修", BaseRole.SERVICE_ADVISOR, department=west),
            "head": self.person("head", "车间主任", BaseRole.DEPARTMENT_MANAGER, department=self.workshop),
            "quality": self.person("quality", "质检", BaseRole.QUALITY_MANAGER, branch=self.branch),
            "centre": self.person("centre", "中心", BaseRole.QUALITY_MANAGER),
            "named": self.person("named", "被投诉", BaseRole.CS_SUPERVISOR, branch=self.branch),
            "fellow": self.person("fellow", "同事", BaseRole.SERVICE_ADVISOR, branch=self.branch),
            "former": self.person("former", "原处理人", BaseRole.SERVICE_ADVISOR, branch=self.branch),
            "gone": self.person("gone", "离职", BaseRole.QUALITY_MANAGER, branch=self.branch),
            "administrator": self.person("root", "管理员", BaseRole.ADMINISTRATOR, branch=self.branch),
            "outsider": Employee.objects.create(username="outsider", name="无岗位"),
        }  # fmt: skip
        Employee.objects.filter(pk=self.people["gone"].pk).update(left_on=date(2026, 3, 1))
        self.people["gone"].refresh_from_db()

    def grave_case(self) -> Case:
        """A grave case that everybody has a part in; 王芳 has it from somebody else."""
        people = self.people
        case = self.case(
            severity="major", handler=people["former"], tracker=people["tracker"], coordinator=people["coordinator"],
            accused=[people["named"]],
        )  # fmt: skip
        handling.accept(case, by=people["former"], now=MORNING)
        handling.ask_department(case, by=self.zhang, now=MORNING, department=self.workshop, text="检查压缩机")
        handling.assign(case, by=self.zhang, now=MORNING, to=self.wang)
        WorkOrder.objects.create(
            case=case, number="GD1", kind=WorkOrderKind.REPAIR, instruction="检修", assignee=people["technician"],
            opened_at=MORNING,
        )  # fmt: skip
        Case.objects.filter(pk=case.pk).update(escalated_to=people["escalated"])
        return Case.objects.get(pk=case.pk)


def stated(person: str, state: str) -> set[str]:
    return {deed for deed, (who, states) in STATED.items() if person in who.split() and state in states.split()}


@pytest.mark.any_database
def test_every_role_against_every_deed_in_every_state(monkeypatch):
    house = House()
    case = house.grave_case()
    assert set(STATED) == set(RIGHTS)
    differing = {}
    for name, person in house.people.items():
        mine = rights.standings(case, by=person, on=MONDAY)
        for state in CaseState.values:
            case.state = state
            monkeypatch.setattr(rights, "standings", lambda *_case, mine=mine, **_asked: mine)  # once is enough
            found = set(deeds_open(case, by=person, on=MONDAY))
            if found != (wanted := stated(name, state)):
                differing[name, state] = sorted(found ^ wanted)
        monkeypatch.undo()
    assert differing == {}
    assert set(house.people) == set(SEEING.split()) | set(NOBODY)


@pytest.mark.any_database
def test_a_pool_is_for_its_role_nearby_and_never_for_whom_the_case_names():
    house = House()
    case = house.case(accused=[house.people["fellow"]])
    Case.objects.filter(pk=case.pk).update(handler=None, role="service_advisor", state=CaseState.REGISTERED)
    case.refresh_from_db()
    takers = {name for name, person in house.people.items() if may(case, "accept", by=person, on=MONDAY)}
    assert takers == {"handler", "registrar", "former", "asked"}
    with pytest.raises(NotYours):
        handling.accept(case, by=house.people["fellow"], now=MORNING)


def test_whom_a_case_names_neither_ends_it_nor_judges_in_it_nor_is_called_for():
    desk = Desk()
    case = desk.case()
    for person in (desk.zhang, desk.worker):
        Accusation.objects.create(case=case, employee=person, at=MORNING)
    for deed in (handling.withdraw, handling.remark):
        if deed is handling.remark:
            deed(case, by=desk.zhang, now=MORNING, text="我的说明")
        else:
            with pytest.raises(NotYours):
                deed(case, by=desk.zhang, now=MORNING, text="误录")
    on_worker = case.accusations.get(employee=desk.worker)
    with pytest.raises(CannotDo):
        accusing.judge(on_worker, verified=False, finding="无过错", by=desk.zhang, now=MORNING)
    assert escalating.next_rung(case, now=MORNING) is None  # the chain names the manager alone, and the case names him
    assert handled_by(case, None) == ["wangfang", "worker", "zhangwei"]


def test_who_has_solved_a_case_for_its_handler_does_not_end_it():
    house = House()
    case = house.case()
    told = {"solution": "更换", "cause": "泄漏", "result": "已修复", "values": {"law": "三包规定"}}
    handling.resolve(case, by=house.zhang, now=later(minutes=5), told_customer=True, **told)
    with pytest.raises(NotYours):
        exempting.exempt(case, code="anonymous", by=house.zhang, now=later(hours=1))
    with pytest.raises(NotYours):
        handling.close(case, by=house.zhang, now=later(hours=1), satisfied=True, opinion="好")
    handling.close(case, by=house.people["quality"], now=later(hours=1), satisfied=True, opinion="好")
    assert case.state == CaseState.CLOSED


def test_a_manager_ends_nothing_that_they_handle_themselves():
    house = House()
    case = house.case(handler=house.zhang)
    open_to_him = {deed for deed in ("withdraw", "assign") if may(case, deed, by=house.zhang, on=MONDAY)}
    case.state = CaseState.RESOLVED
    open_to_him |= {deed for deed in ("close", "exempt", "reopen") if may(case, deed, by=house.zhang, on=MONDAY)}
    assert open_to_him == {"assign", "reopen"}


def test_a_case_goes_to_nobody_who_has_left_is_away_sees_no_customers_or_is_named_by_it():
    house = House()
    case = house.grave_case()
    Absence.objects.create(employee=house.people["fellow"], from_on=MONDAY, until_on=MONDAY)
    for name in ("gone", "fellow", "administrator", "outsider", "named"):
        with pytest.raises(CannotDo) as refusal:
            handling.assign(case, by=house.zhang, now=MORNING, to=house.people[name])
        assert refusal.value.field == "to"
    handling.assign(case, by=house.zhang, now=MORNING, to=house.people["former"])


def test_a_part_in_one_case_is_none_in_another():
    house = House()
    mine, other = house.case(handler=house.people["fellow"]), house.grave_case()
    technician = house.people["technician"]
    Case.objects.filter(pk=mine.pk).update(handler=technician)
    with pytest.raises(NotYours):  # he sees the other one, by its work order
        merging.merge([other], into=Case.objects.get(pk=mine.pk), by=technician, now=MORNING)
    for name, right in (("coordinator", house.wang), ("tracker", None)):
        with pytest.raises(CannotDo):  # who handles a case does not choose who watches over it (I-05, AE-18)
            editing.change(other, {name: right}, reason="换人", by=house.wang, now=MORNING)
    editing.change(other, {"coordinator": house.wang}, reason="换人", by=house.zhang, now=MORNING)


def test_a_letter_is_published_by_its_branch_and_decides_nothing():
    house = House()
    letter = letters.compose(title="说明", text="已修复。", branch=None, by=house.zhou, now=MORNING)
    letters.put_under(letter, [house.case()], by=house.zhou, now=MORNING)
    with pytest.raises(CannotDo):
        letters.publish(letter, by=house.lina, now=MORNING)
    own = letters.compose(title="说明", text="已修复。", branch=None, by=house.zhang, now=MORNING)
    letters.put_under(own, [house.case(severity="major")], by=house.zhang, now=MORNING)
    with pytest.raises(CannotDo):
        letters.publish(own, by=house.zhang, now=MORNING)
    assert letters.publish(letter, by=house.zhou, now=MORNING) == 1


def test_what_is_given_to_a_customer_is_approved_by_another_of_the_unit_whom_the_case_does_not_name():
    house = House()
    case = house.grave_case()
    one = spending.propose(case, kind=SpendingKind.COUPON, amount=100_00, by=house.zhang, now=MORNING)
    may_approve = {name for name, person in house.people.items() if not spending.hindrance(one, person, on=MONDAY)}
    assert may_approve == {"quality", "centre", "chief"}


class TestContactSheet:
    """I-03: the department that is asked sees its sheet and answers it, and no more of the case."""

    @pytest.fixture
    def house(self, clock_at):
        clock_at(MORNING)
        house = House()
        case = house.case(name="陈先生", summary="空调不凉，电话 13800001234", contact="13800001234")
        asked = Asked(kind=WorkOrderKind.CONTACT_SHEET, instruction="检查压缩机", department=house.workshop)
        house.sheet = opening.open_order(case, asked, by=house.wang, now=MORNING)
        return house

    def test_its_staff_open_and_answer_it(self, house, client):
        page, case = f"/complaints/orders/{house.sheet.pk}/", f"/complaints/{house.sheet.case_id}/"
        client.force_login(house.worker)
        shown = client.get(page)
        assert shown.status_code == 200 and "检查压缩机" in shown.content.decode()
        assert not any(word in shown.content.decode() for word in ("空调不凉", "1380000", f'"{case}"'))
        assert client.get(f"{page}print/").status_code == 200
        missing = client.get("/complaints/999999/").content
        for path in ("", "edit/", "merge/", "print/", "clock/", "orders/new/"):
            answer = client.get(case + path)
            assert (answer.status_code, answer.content) == (404, missing), path
        assert client.post(f"{case}contact/").status_code == 404
        assert client.post(f"{page}cancel/", {"text": "不办"}).status_code == 403
        answered = client.post(f"{page}report/", {"version": house.sheet.version, "result": "确有泄漏"})
        assert answered.status_code == 302
        line = house.sheet.case.deeds.get(kind=CaseDeedKind.DEPARTMENT_REPLIED)
        assert (line.by, "确有泄漏" in line.text) == (house.worker, True)

    def test_nobody_else_sees_it(self, house, client):
        seeing = {
            name
            for name, person in house.people.items()
            if WorkOrder.objects.visible_to(person, on=MONDAY).filter(pk=house.sheet.pk).exists()
        }
        assert seeing == set((BOSSES + " handler registrar named asked head").split())
        repair = opening.open_order(
            house.sheet.case, Asked(kind=WorkOrderKind.REPAIR, instruction="检修", department=house.workshop),
            by=house.wang, now=MORNING,
        )  # fmt: skip
        assert not WorkOrder.objects.visible_to(house.worker, on=MONDAY).filter(pk=repair.pk).exists()
        assert not may_order(repair, "reported", house.worker, on=MONDAY)
