"""`import_staff`: people with roles, units and superiors, in any order, and the links that open their accounts."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from config import clock
from staff.domain import activation
from staff.models import Activity, Branch, Department, Employee, Posting, RoleAssignment

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = ("用户名", "姓名", "角色", "分公司", "部门", "上级")
STAFF = (
    ("chen", "陈静", "服务顾问", "城东店", "服务部", "王芳"),
    ("wang", "王芳", "质量经理、service_advisor", "城东店", "服务部", "zhou"),
    ("zhou", "周杰", "general_manager", "", "", ""),
)


def workbook(path, *entries, header=HEADER):
    book = Workbook()
    book.active.append(header)
    for entry in entries:
        book.active.append(entry)
    book.save(path)
    return path


def take_in(path) -> dict:
    output = StringIO()
    call_command("import_staff", str(path), "--json", stdout=output)
    return json.loads(output.getvalue())


def roles(username: str) -> set[str]:
    held = RoleAssignment.objects.on(clock.today()).filter(employee__username=username)
    return set(held.values_list("role__code", flat=True))


def test_people_come_with_roles_units_and_superiors_whatever_their_order(tmp_path):
    summary = take_in(workbook(tmp_path / "staff.xlsx", *STAFF))
    assert (summary["created"], summary["rejected"]) == (3, 0)
    assert roles("wang") == {"quality_manager", "service_advisor"}
    assert roles("zhou") == {"general_manager"}
    posting = Posting.objects.get(employee__username="chen")
    assert (posting.branch.name, posting.department.name, posting.line_manager.username) == ("城东店", "服务部", "wang")
    assert (Branch.objects.count(), Department.objects.count()) == (1, 1)
    assert Employee.objects.get(username="chen").pinyin == "chenjing cj"


def test_the_same_list_again_changes_nothing(tmp_path):
    path = workbook(tmp_path / "staff.xlsx", *STAFF)
    take_in(path)
    summary = take_in(path)
    assert (summary["created"], summary["updated"], summary["unchanged"]) == (0, 0, 3)
    assert (RoleAssignment.objects.count(), Posting.objects.count()) == (4, 3)


def test_a_change_of_role_and_unit_is_dated(tmp_path):
    take_in(workbook(tmp_path / "staff.xlsx", *STAFF))
    moved = ("chen", "陈静", "客服主管", "城西店", "客服部", "zhou")
    assert take_in(workbook(tmp_path / "staff.xlsx", moved))["updated"] == 1
    today = clock.today()
    ended = RoleAssignment.objects.get(employee__username="chen", role__code="service_advisor")
    assert ended.until_on == today - timedelta(days=1)
    assert roles("chen") == {"cs_supervisor"}
    present = Posting.objects.on(today).get(employee__username="chen")
    assert (present.branch.name, present.from_on) == ("城西店", today)


def test_a_row_that_cannot_be_taken_is_refused_alone(tmp_path):
    bad = ("li", "李娜", "服务顾文", "城东店", "", ""), ("a b!", "李四", "服务顾问", "", "", "")
    summary = take_in(workbook(tmp_path / "staff.xlsx", *STAFF, *bad))
    assert (summary["created"], summary["rejected"]) == (3, 2)
    assert [found["row"] for found in summary["reasons"]] == [5, 6]
    assert "服务顾问" in summary["reasons"][0]["reasons"][0]


def test_an_unknown_superior_is_remarked_on(tmp_path):
    summary = take_in(workbook(tmp_path / "staff.xlsx", ("li", "李娜", "服务顾问", "", "", "赵云")))
    assert summary["created"] == 1
    assert [found["row"] for found in summary["warnings"]] == [2]
    assert Posting.objects.get().line_manager is None


def test_two_rows_of_one_person_add_their_roles_up(tmp_path):
    again = ("wang", "王芳", "客服主管", "城东店", "服务部", "zhou")
    assert take_in(workbook(tmp_path / "staff.xlsx", *STAFF, again))["rejected"] == 0
    assert roles("wang") == {"quality_manager", "service_advisor", "cs_supervisor"}


def test_whoever_has_left_keeps_no_account_and_names_who_took_over(tmp_path):
    header = (*HEADER, "离职日期", "交接人")
    left = ("sun", "孙丽", "服务顾问", "城东店", "服务部", "王芳", "2026-02-10", "陈静")
    summary = take_in(workbook(tmp_path / "staff.xlsx", *STAFF, left, header=header))
    gone = Employee.objects.get(username="sun")
    assert (gone.is_active, str(gone.left_on), gone.hand_over_to.username) == (False, "2026-02-10", "chen")
    assert {found["username"] for found in summary["links"]} == {"chen", "wang", "zhou"}


def test_whoever_has_left_may_stand_in_the_next_list_as_well(tmp_path):
    left = [(*STAFF[0], "2026-01-31", "wang"), *((*one, "", "") for one in STAFF[1:])]
    path = workbook(tmp_path / "staff.xlsx", *left, header=(*HEADER, "离职日期", "交接人"))
    take_in(path)
    assert take_in(path)["rejected"] == 0
    assert Employee.objects.get(username="chen").is_active is False
    assert take_in(workbook(tmp_path / "later.xlsx", *STAFF))["rejected"] == 0


def test_a_link_opens_an_account_once(tmp_path):
    link = next(found["link"] for found in take_in(workbook(tmp_path / "s.xlsx", *STAFF))["links"])
    token, now = link.rstrip("/").rsplit("/", 1)[1], clock.now()
    assert link.endswith(f"/staff/activate/{token}/")
    employee = activation.activate(token, password="回访要准时-2026", now=now)
    assert employee.check_password("回访要准时-2026")
    with pytest.raises(activation.LinkSpent):
        activation.activate(token, password="another-one-2026", now=now)
    assert Activity.objects.filter(verb="activated", subject_id=employee.pk).count() == 1


def test_a_link_expires_and_cannot_be_made_up():
    employee = Employee.objects.create_user("li", name="李娜")
    now = clock.now()
    token = activation.make_token(employee, now=now)
    assert activation.redeem(token, now=now + activation.VALID_FOR) == employee
    with pytest.raises(activation.LinkExpired):
        activation.redeem(token, now=now + activation.VALID_FOR + timedelta(seconds=1))
    with pytest.raises(activation.LinkInvalid):
        activation.redeem(token[:-1] + ("A" if token[-1] != "A" else "B"), now=now)


def test_who_has_a_password_gets_no_link(tmp_path):
    path = workbook(tmp_path / "staff.xlsx", *STAFF)
    take_in(path)
    wang = Employee.objects.get(username="wang")
    wang.set_password("回访要准时-2026")
    wang.save()
    assert {found["username"] for found in take_in(path)["links"]} == {"chen", "zhou"}


def test_a_file_without_the_columns_is_refused_by_naming_them(tmp_path):
    with pytest.raises(CommandError, match="用户名"):
        take_in(workbook(tmp_path / "staff.xlsx", ("x", "y"), header=("甲", "乙")))
    assert not Employee.objects.exists()
