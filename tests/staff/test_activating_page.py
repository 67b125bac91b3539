"""The page behind an activation link."""

import pytest
from django.test import Client

from staff.domain.activation import make_token
from staff.models import Employee
from tests.visits.calls import at

GOOD = "zhe-shi-wo-de-mima-88"


@pytest.fixture
def newcomer(db, clock_at):
    clock_at("2026-03-02T09:00+08:00")
    return Employee.objects.create(username="newcomer", name="赵新")


def link(employee, moment="08:00"):
    return f"/staff/activate/{make_token(employee, now=at(moment))}/"


def test_a_newcomer_sets_a_password_and_signs_in_with_it(newcomer):
    client, address = Client(), link(newcomer)

    assert "赵新" in client.get(address).content.decode()
    assert client.post(address, {"password": GOOD, "again": GOOD})["Location"] == "/account/login/"
    assert client.login(username="newcomer", password=GOOD)


def test_a_link_opens_once(newcomer):
    client, address = Client(), link(newcomer)
    client.post(address, {"password": GOOD, "again": GOOD})

    assert client.get(address).status_code == 410


def test_a_weak_password_or_two_that_differ_are_refused_with_the_reason(newcomer):
    client, address = Client(), link(newcomer)
    weak = client.post(address, {"password": "12345678", "again": "12345678"}).content.decode()
    other = client.post(address, {"password": GOOD, "again": GOOD + "x"}).content.decode()

    assert (weak.count("field-error") > 0, other.count("两次输入的密码不一致")) == (True, 1)
    newcomer.refresh_from_db()
    assert newcomer.password == ""


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "9" * 500])
def test_an_invented_link_opens_nothing(newcomer, token):
    assert Client().get(f"/staff/activate/{token}/").status_code == 410


def test_an_old_link_says_so(newcomer, clock_at):
    address = link(newcomer)
    clock_at("2026-03-10T09:00+08:00")

    assert "已过期" in Client().get(address).content.decode()
