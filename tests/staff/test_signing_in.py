"""Signing in and out: who is held back after too many tries, who is not, and what a stranger learns (T33–T39)."""

import pytest
from django.core.cache import cache
from django.test import Client

from staff.models import Activity, Employee
from tests.e2e.desk import PASSWORD, may_sign_in
from tests.visits.calls import Shop

DOOR = "/account/login/"


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    cache.clear()
    shop = Shop()
    may_sign_in(shop.wang, shop.li)
    return shop


def knock(username: str, password: str, *, address: str = "10.0.0.1", client: Client | None = None, **headers):
    client = client or Client()
    return client.post(DOOR, {"login": username, "password": password}, REMOTE_ADDR=address, headers=headers or None)


def test_the_right_password_leads_to_the_workbench(shop):
    assert knock("wangfang", PASSWORD)["Location"] == "/"


def test_an_administrator_is_led_to_the_configuration(shop):
    Employee.objects.create_superuser("admin", PASSWORD, name="管理员")

    assert knock("admin", PASSWORD)["Location"] == "/admin/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(shop):
    wrong = knock("wangfang", "wrong").context["form"].non_field_errors()
    unknown = knock("nobody", "wrong").context["form"].non_field_errors()

    assert (wrong, len(wrong)) == (unknown, 1)


def test_the_sixth_try_is_refused_even_with_the_right_password(shop):
    for _try in range(5):
        knock("wangfang", "wrong")
    held_back = knock("wangfang", PASSWORD)

    assert (held_back.status_code, "登录失败次数过多" in held_back.content.decode()) == (200, True)


def test_another_person_behind_the_same_address_is_not_held_back(shop):
    for _try in range(6):
        knock("wangfang", "wrong")

    assert knock("liqiang", PASSWORD)["Location"] == "/"


def test_a_stranger_elsewhere_cannot_lock_a_person_out(shop):
    for _try in range(30):
        knock("wangfang", "wrong", address="203.0.113.9")

    assert knock("wangfang", PASSWORD, address="10.0.0.1")["Location"] == "/"


def test_an_address_that_knocks_without_end_is_held_back_whatever_the_names(shop):
    for number in range(31):
        knock(f"name{number}", "wrong", address="203.0.113.9")
    held_back = knock("wangfang", PASSWORD, address="203.0.113.9")

    assert (held_back.status_code, "尝试次数过多" in held_back.content.decode()) == (429, True)


def test_a_forged_address_does_not_help(shop):
    for number in range(6):
        knock("wangfang", "wrong", **{"X-Forwarded-For": f"198.51.100.{number}"})

    assert knock("wangfang", PASSWORD, **{"X-Forwarded-For": "198.51.100.99"}).status_code == 200


def test_the_session_is_another_one_after_signing_in(shop):
    client = Client()
    client.get("/account/login/")
    planted = client.session.session_key or "planted"
    client.cookies["sessionid"] = planted
    knock("wangfang", PASSWORD, client=client)

    assert client.cookies["sessionid"].value != planted


def test_cookies_are_out_of_the_reach_of_scripts_and_other_sites(shop):
    client = Client()
    knock("wangfang", PASSWORD, client=client)
    session = client.cookies["sessionid"]

    assert (session["httponly"], session["samesite"]) == (True, "Lax")


def test_signing_out_takes_a_post_and_ends_the_session(shop):
    client = Client()
    client.force_login(shop.wang)

    assert "确定退出登录" in client.get("/account/logout/").content.decode()
    assert client.get("/").status_code == 200
    assert client.post("/account/logout/")["Location"] == DOOR
    assert client.get("/").status_code == 302


def test_nobody_opens_an_account_for_themselves(shop):
    form = {"username": "intruder", "password1": PASSWORD, "password2": PASSWORD}
    answers = [Client().get("/account/signup/").status_code, Client().post("/account/signup/", form).status_code]

    assert (answers, Employee.objects.filter(username="intruder").exists()) == ([302, 302], False)


def test_a_person_changes_the_password_with_the_old_one(shop):
    client = Client()
    client.force_login(shop.wang)
    new = {"password1": "xin-de-mima-2026", "password2": "xin-de-mima-2026"}
    wrong = client.post("/account/password/change/", {"oldpassword": "wrong", **new})
    right = client.post("/account/password/change/", {"oldpassword": PASSWORD, **new})

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert knock("wangfang", "xin-de-mima-2026")["Location"] == "/"


def test_a_form_without_its_token_is_refused_in_chinese_and_changes_nothing(shop):
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.wang)
    task = shop.task()
    answer = client.post(f"/tasks/{task.pk}/record/", {"outcome": "refused"})

    task.refresh_from_db()
    assert (answer.status_code, "页面已过期" in answer.content.decode(), task.status) == (403, True, "open")
    assert Activity.objects.filter(actor=shop.wang).count() == 0
