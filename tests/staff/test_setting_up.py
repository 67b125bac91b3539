"""An empty installation is set up by who holds the link of the console, and by nobody else."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from staff.choices import BaseRole
from staff.domain import setting_up
from staff.domain.access import ACCESS
from staff.models import Branch, Company, Department, Employee, Posting, RoleAssignment
from tests.company import MONDAY, morning

pytestmark = pytest.mark.django_db

PASSWORD = "zhe-shi-wo-de-88"
FOUNDER = {"name": "李敏", "username": "limin", "password": PASSWORD, "again": PASSWORD, "roles": ["cs_supervisor"]}
SHOPS = {
    "shop-TOTAL_FORMS": "2", "shop-INITIAL_FORMS": "0",
    "shop-0-name": "城东店", "shop-0-departments": "服务部、客服部", "shop-1-name": "城西店", "shop-1-departments": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stand_still(clock_at):
    clock_at("2026-03-02T09:00+08:00")


def link(hour: int = 9) -> str:
    return setting_up.link(now=morning(hour=hour), address="")


def begun() -> Client:
    """Return a browser in which the link of the console was opened."""
    client = Client()
    assert client.get(link())["Location"] == "/setup/company/"
    return client


def founded() -> Client:
    """Return the browser of the first administrator, who has just made the account."""
    client = begun()
    client.post("/setup/company/", {"name": "安达汽车"})
    client.post("/setup/units/", SHOPS)
    client.post("/setup/administrator/", FOUNDER)
    return client


def test_a_stranger_learns_where_the_link_stands_and_no_page_opens():
    client = Client()

    assert client.get("/", follow=True).redirect_chain[-1] == ("/setup/", 302)
    assert "manage.py setup_link" in client.get("/setup/").content.decode()
    pages = [name.removeprefix("setup:") for name in ACCESS if name.startswith("setup:") and name != "setup:overview"]
    assert {client.get(f"/setup/{page}/").status_code for page in pages} == {302}
    client.post("/setup/administrator/", FOUNDER)
    assert not Employee.objects.exists()


def test_the_link_opens_the_first_steps_and_closing_the_browser_loses_nothing():
    client = begun()
    client.post("/setup/company/", {"name": "安达汽车"})
    again = Client()

    assert again.get(link())["Location"] == "/setup/units/"
    assert again.get("/setup/regulation/").status_code == 302
    assert again.post("/setup/units/", SHOPS)["Location"] == "/setup/administrator/"
    assert [(unit.branch.name, unit.name) for unit in Department.objects.order_by("pk")] == [
        ("城东店", "服务部"),
        ("城东店", "客服部"),
    ]


@pytest.mark.parametrize(("token", "hours"), [("nonsense", 0), ("a:b:c", 0), ("", 25)], ids=["word", "forged", "old"])
def test_a_link_that_is_invented_or_old_begins_nothing(clock_at, token, hours):
    address = f"/setup/begin/{token}/" if token else link()
    clock_at(morning() + timedelta(hours=hours))
    client = Client()

    assert client.get(address).status_code == 410
    assert client.get("/setup/company/").status_code == 302


def test_the_first_administrator_is_signed_in_and_the_link_is_spent():
    client, other = begun(), begun()
    client.post("/setup/administrator/", FOUNDER)
    second = other.post("/setup/administrator/", FOUNDER | {"username": "intruder"})
    person = Employee.objects.get()

    assert (person.username, person.pinyin.split()[0], person.check_password(PASSWORD)) == ("limin", "limin", True)
    held = RoleAssignment.objects.filter(employee=person).values_list("role__code", flat=True)
    assert set(held) == {BaseRole.ADMINISTRATOR, BaseRole.CS_SUPERVISOR}
    assert Posting.objects.get(employee=person).branch is None
    assert second["Location"].startswith("/account/login/")
    assert Client().get(link()).status_code == 410
    assert client.get("/setup/administrator/").status_code == 200


def test_a_weak_password_is_refused_in_words_and_what_was_typed_stays():
    page = begun().post("/setup/administrator/", FOUNDER | {"password": "kurz", "again": "kurz"})

    assert page.status_code == 422
    assert "密码太短" in page.content.decode() and 'value="李敏"' in page.content.decode()


def test_the_administrator_is_led_back_until_the_set_up_is_ended():
    client = founded()
    before = client.get("/setup/").content.decode()
    entered = Client().post("/account/login/", {"login": "limin", "password": PASSWORD})["Location"]
    client.post("/setup/finish/")
    after = Client().post("/account/login/", {"login": "limin", "password": PASSWORD})["Location"]

    assert "从这里继续" in before and "/setup/regulation/" in before
    assert (entered, after) == ("/setup/", "/")
    assert Company.objects.get().set_up_at == morning()


def test_every_step_leads_to_the_next_and_the_last_one_ends_the_set_up():
    client = founded()
    way = [
        client.post("/setup/regulation/", {"packs": ["standard-after-sales"], "since": "2026-03-02"})["Location"],
        client.post("/setup/calendar/", {"deed": "done"})["Location"],
        client.post("/setup/people/")["Location"],
        client.post("/setup/events/")["Location"],
    ]

    assert way == ["/setup/calendar/", "/setup/people/", "/setup/events/", "/setup/"]
    assert Company.objects.get().set_up_at is not None
    assert client.post("/setup/company/", {"name": "安达"})["Location"] == "/setup/"


def test_a_company_that_began_otherwise_keeps_its_first_page():
    Employee.objects.create_superuser("admin", PASSWORD, name="管理员")

    assert Client().post("/account/login/", {"login": "admin", "password": PASSWORD})["Location"] == "/admin/"


def test_a_branch_is_renamed_taken_away_and_kept_where_somebody_belongs_to_it():
    client = founded()
    east, west = Branch.objects.order_by("pk")
    Posting.objects.create(employee=Employee.objects.get(), branch=east, from_on=MONDAY)
    rows = {
        "shop-TOTAL_FORMS": "2", "shop-INITIAL_FORMS": "2", "shop-0-pk": east.pk, "shop-1-pk": west.pk,
        "shop-1-name": "", "shop-1-departments": "",
    }  # fmt: skip
    client.post("/setup/units/", rows | {"shop-0-name": "东城店", "shop-0-departments": "服务部"})
    refused = client.post("/setup/units/", rows | {"shop-0-name": "", "shop-1-pk": "", "shop-1-name": "北店"})

    assert [branch.name for branch in Branch.objects.all()] == ["东城店"]
    assert [unit.name for unit in Department.objects.all()] == ["服务部"]
    assert (refused.status_code, "“东城店”不能删除" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"shop-0-name": "", "shop-0-departments": "", "shop-1-name": ""}, "请至少填写一家分公司"),
        ({"shop-1-name": "城东店"}, "已有同名的分公司"),
        ({"shop-1-name": "", "shop-1-departments": "服务部"}, "请填写这些部门属于哪家分公司"),
    ],
    ids=["none", "twice", "department alone"],
)
def test_units_that_cannot_be_are_refused_where_they_stand(rows, words):
    answer = begun().post("/setup/units/", SHOPS | rows)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Branch.objects.exists()


def test_the_command_prints_a_link_that_opens_until_somebody_works_here():
    output = StringIO()
    call_command("setup_link", address="https://huifang.example", stdout=output)
    address = output.getvalue().strip()

    assert address.startswith("https://huifang.example/setup/begin/")
    assert Client().get(address.removeprefix("https://huifang.example")).status_code == 302
    Employee.objects.create_superuser("admin", PASSWORD, name="管理员")
    with pytest.raises(CommandError):
        call_command("setup_link")


def test_roles_hold_since_long_ago_so_that_old_orders_find_their_people():
    founded()

    assert set(RoleAssignment.objects.values_list("from_on", flat=True)) == {date(2000, 1, 1)}
