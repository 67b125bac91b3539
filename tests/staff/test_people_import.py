"""The page on which an administrator brings the staff list in: rows told, links shown once, the list to fill in."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from staff.models import Employee, Notification, Posting, RoleAssignment
from tests.staff.test_import_staff import HEADER, STAFF, roles, workbook

pytestmark = pytest.mark.django_db

PAGE = "/staff/people/import/"
LINK = re.compile(r'value="http://testserver(/staff/activate/[^"]+)"')


@pytest.fixture
def admin(clock_at):
    clock_at("2026-03-02T09:00+08:00")
    client = Client()
    client.force_login(Employee.objects.create_superuser("admin", "x", name="管理员"))
    return client


def sent(client, content: bytes, name: str = "staff.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def filled(tmp_path, *entries) -> bytes:
    return workbook(tmp_path / "staff.xlsx", *entries).read_bytes()


def test_people_come_in_with_a_link_each_and_refused_rows_with_their_reason(admin, tmp_path):
    page = sent(admin, filled(tmp_path, *STAFF, ("li", "李强", "宇航员", "城东店", "", ""))).content.decode()
    links = LINK.findall(page)

    assert (Employee.objects.count(), len(links), page.count("data:image/svg+xml")) == (4, 3, 3)
    assert "第 5 行 · li" in page and "宇航员" in page
    assert "陈静" in Client().get(links[0]).content.decode()


def test_the_same_list_again_changes_nothing_and_lost_links_are_made_anew(admin, tmp_path):
    for _time in range(2):
        sent(admin, filled(tmp_path, *STAFF))
    page = admin.get(PAGE).content.decode()
    anew = LINK.findall(admin.post(f"{PAGE}links/").content.decode())

    assert (RoleAssignment.objects.count(), Posting.objects.count()) == (5, 3)
    assert "还有 3 人没有启用账号" in page and LINK.findall(page) == []
    assert [Client().get(link).status_code for link in anew] == [200, 200, 200]


def test_a_list_is_tried_without_changing_anything(admin, tmp_path):
    file = SimpleUploadedFile("staff.xlsx", filled(tmp_path, *STAFF))
    page = admin.post(PAGE, {"file": file, "deed": "try"}).content.decode()

    assert "什么也没有改动" in page and "新增 <b>3</b>" in page
    assert (Employee.objects.count(), LINK.findall(page)) == (1, [])


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "文件是空的"), (b"PK\x03\x04" + bytes(50), "已损坏"), ("甲,乙\n1,2\n".encode(), "用户名")],
    ids=["none", "damaged", "other columns"],
)
def test_what_is_no_staff_list_is_refused_at_the_field(admin, content, words):
    answer = sent(admin, content)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Employee.objects.count() == 1
    assert "请先选择名单文件" in admin.post(PAGE).content.decode()


def test_the_management_hears_of_changed_roles_and_the_last_administrator_stays(admin, tmp_path):
    sent(admin, filled(tmp_path, *STAFF))
    page = sent(
        admin,
        workbook(
            tmp_path / "staff.xlsx",
            ("chen", "陈静", "质量经理", "城东店", "服务部", "王芳", ""),
            ("admin", "管理员", "系统管理员", "", "", "", "2026-03-31"),
            header=(*HEADER, "离职日期"),
        ).read_bytes(),
    ).content.decode()

    heard = Notification.objects.get(recipient__username="zhou")
    assert heard.facts["person"] == "陈静" and "质量经理" in heard.facts["change"]
    assert "最后一位系统管理员不能离职" in page
    assert Employee.objects.get(username="admin").left_on is None


def test_nobody_changes_the_own_roles_by_a_list(admin, tmp_path):
    page = sent(admin, filled(tmp_path, ("admin", "管理员", "总经理", "", "", ""))).content.decode()

    assert roles("admin") == {"administrator"}
    assert "自己的角色不能由自己修改" in page


def test_the_empty_list_comes_filled_in_back(admin):
    handed = admin.get(f"{PAGE}template/")
    book = load_workbook(io.BytesIO(handed.content))
    sheet = book.worksheets[0]
    assert isinstance(book, Workbook) and [cell.value for cell in sheet[1]][:6] == list(HEADER)
    sheet.append(["chen", "陈静", "服务顾问", "城东店", "服务部"])
    kept = io.BytesIO()
    book.save(kept)
    sent(admin, kept.getvalue())

    assert roles("chen") == {"service_advisor"}
    assert "attachment" in handed["Content-Disposition"]
