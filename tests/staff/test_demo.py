"""The people of the demo, and the databases that the demo leaves alone."""

import json
from datetime import UTC, datetime

import pytest

from staff.domain import demo
from staff.models import Employee, Posting, RoleAssignment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_every_standard_role_has_somebody_who_can_sign_in(tmp_path):
    found = demo.sign_ins(tmp_path / "logins.json", now=NOW)

    assert {login.role for login in found} == set(demo.TITLES)
    assert sum(login.role == "service_advisor" for login in found) == 3
    assert all(Employee.objects.get(username=login.username).check_password(login.password) for login in found)


def test_the_passwords_differ_between_installations_and_only_the_owner_reads_them(tmp_path):
    demo.keep(tmp_path / "kept.json", {"admin": "one"})
    found = demo.sign_ins(tmp_path / "logins.json", now=NOW)

    assert len({login.password for login in found}) == len(found)
    assert (tmp_path / "logins.json").stat().st_mode & 0o777 == 0o600


def test_a_second_start_finds_the_same_people(tmp_path):
    first = demo.sign_ins(tmp_path / "logins.json", now=NOW)

    assert demo.sign_ins(tmp_path / "logins.json", now=NOW) == first
    assert Employee.objects.count() == RoleAssignment.objects.count() == Posting.objects.count() == len(demo.PEOPLE)


def test_an_emptied_database_gets_the_same_sign_ins_again(tmp_path):
    first = demo.sign_ins(tmp_path / "logins.json", now=NOW)
    Posting.objects.all().delete()
    Employee.objects.all().delete()

    assert demo.sign_ins(tmp_path / "logins.json", now=NOW) == first


def test_a_database_with_people_of_its_own_is_left_alone(tmp_path):
    Employee.objects.create_user("somebody", "secret", name="某人")

    assert demo.sign_ins(tmp_path / "logins.json", now=NOW) == []
    assert Employee.objects.count() == 1
    assert not (tmp_path / "logins.json").exists()


def test_a_changed_password_is_no_longer_shown(tmp_path):
    first = demo.sign_ins(tmp_path / "logins.json", now=NOW)
    admin = Employee.objects.get(username="admin")
    admin.set_password("another one")
    admin.save()

    assert demo.sign_ins(tmp_path / "logins.json", now=NOW) == [login for login in first if login.username != "admin"]
    assert "admin" in json.loads((tmp_path / "logins.json").read_text())
