"""The administrator keeps people, roles and the calendar: nobody gives rights to themself, nobody is locked out."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from config import clock
from config.workbooks.writing import write_xlsx
from staff.admin.units import rights
from staff.choices import BaseRole
from staff.domain import activity, granting
from staff.domain.access import standing_of
from staff.models import Activity, Employee, Notification, Role, RoleAssignment, WorkdayOverride
from tests.staff.pages import form_on

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def hired(username: str, *roles: str) -> Employee:
    employee = Employee.objects.create_user(username, "a long password", name=username)
    for code in roles:
        role, _made = Role.objects.get_or_create(code=code, defaults={"title": code, "like": code})
        RoleAssignment.objects.create(employee=employee, role=role, from_on="2026-01-01")
    return employee


@pytest.fixture
def root() -> Employee:
    return hired("root", BaseRole.ADMINISTRATOR)


@pytest.fixture
def pages(client, clock_at, settings, root):
    clock_at("2026-03-02T09:00:00+08:00")
    settings.LANGUAGE_CODE = "en"
    client.force_login(root)
    with override("en"):
        yield client


def page_of(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def edit(pages, url: str, **changes: Any):
    return pages.post(url, form_on(pages.get(url).content.decode()) | changes)


def faults(response) -> str:
    assert response.status_code == 200, "the form was saved"
    return " ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL))


def one_more(role: str, place: int = 0) -> dict[str, str]:
    """Return the inputs of one more role."""
    held = {"role": str(Role.objects.get(code=role).pk), "from_on": "2026-03-02", "area": "", "until_on": "", "id": ""}
    return {f"assignments-{place}-{key}": value for key, value in held.items()} | {
        "assignments-TOTAL_FORMS": str(place + 1)
    }


def test_a_role_is_given_written_down_and_told_to_the_management(pages):
    boss, wang = hired("boss", BaseRole.GENERAL_MANAGER), hired("wang")
    hired("li", BaseRole.QUALITY_MANAGER)
    assert edit(pages, page_of(wang), **one_more("quality_manager")).status_code == 302
    assert standing_of(wang, on=TODAY).base_roles == {BaseRole.QUALITY_MANAGER}
    line = Activity.objects.get(verb="roles_changed")
    assert (line.actor.username, line.subject_id) == ("root", wang.pk)
    assert line.data == {"gained": ["quality_manager 2026-03-02 –"], "lost": []}
    assert Notification.objects.get(kind="roles_changed").recipient == boss
    edit(pages, page_of(wang), name="Wang")
    assert Activity.objects.filter(verb="roles_changed").count() == 1


def test_nobody_changes_their_own_roles_or_closes_their_own_account(pages, root):
    hired("li", BaseRole.GENERAL_MANAGER)
    assert "Nobody changes their own roles" in faults(edit(pages, page_of(root), **one_more("general_manager", 1)))
    assert "Nobody changes their own roles" in faults(edit(pages, page_of(root), **{"assignments-0-DELETE": "on"}))
    assert "Nobody closes their own account" in faults(edit(pages, page_of(root), left_on="2026-03-31"))
    form = form_on(pages.get(page_of(root)).content.decode())
    del form["is_active"]
    assert "Nobody closes their own account" in faults(pages.post(page_of(root), form))
    assert standing_of(root, on=TODAY).base_roles == {BaseRole.ADMINISTRATOR}


def test_somebody_is_always_left_to_configure(pages, root):
    assert not granting.other_administrators(root, on=TODAY)
    other = hired("other", BaseRole.ADMINISTRATOR)
    assert granting.other_administrators(root, on=TODAY)
    Employee.objects.filter(pk=other.pk).update(left_on="2026-03-01")
    assert not granting.other_administrators(root, on=TODAY)
    RoleAssignment.objects.filter(employee=root).update(until_on="2026-02-28")
    Employee.objects.filter(pk=other.pk).update(left_on=None)
    assert not granting.other_administrators(other, on=TODAY)


def test_the_rights_of_known_roles_and_of_ones_own_stay(pages, root):
    known = Role.objects.get(code="administrator")
    assert "are fixed" in faults(edit(pages, page_of(known), like="general_manager"))
    own = Role.objects.create(code="helpdesk", title="Helpdesk", like="service_advisor")
    RoleAssignment.objects.create(employee=root, role=own, from_on="2026-01-01")
    assert "that they hold themselves" in faults(edit(pages, page_of(own), like="general_manager"))
    RoleAssignment.objects.filter(role=own).delete()
    assert edit(pages, page_of(own), like="quality_manager").status_code == 302


def test_the_table_of_rights_says_what_the_gate_does(pages):
    places = {str(words): row for _group, rows in rights() for words, row in rows}
    of_administrator = [row[BaseRole.values.index(BaseRole.ADMINISTRATOR)] for row in places.values()]
    assert places["Workbench"][BaseRole.values.index(BaseRole.ADMINISTRATOR)] == ""
    assert places["Configuration"] == ["", "", "", "", "", "act"]
    assert "act" in of_administrator
    page = pages.get(reverse("admin:staff_role_changelist")).content.decode()
    assert "What each role may open" in page


def test_a_link_is_shown_once_and_takes_the_old_password_away(pages, root):
    wang = hired("wang")
    page = pages.post(reverse("admin:staff_employee_link", args=[wang.pk]))
    [link] = re.findall(r'value="(http[^"]+)"', page.content.decode())
    wang.refresh_from_db()
    assert not wang.has_usable_password()
    assert pages.get(link).status_code == 200
    assert Activity.objects.filter(verb="activation_link_made", subject_id=wang.pk).exists()
    assert pages.post(reverse("admin:staff_employee_link", args=[root.pk])).status_code == 404
    assert pages.get(reverse("admin:staff_employee_link", args=[wang.pk])).status_code == 405


def test_somebody_is_signed_out_everywhere(pages, client_of):
    wang = hired("wang", BaseRole.QUALITY_MANAGER)
    theirs = client_of(wang)
    assert theirs.get("/staff/account/").status_code == 200
    pages.post(reverse("admin:staff_employee_sessions", args=[wang.pk]))
    assert theirs.get("/staff/account/").status_code == 302


@pytest.fixture
def client_of():
    """Return a function that signs somebody in as the page of sign-in does, so that the session is listed."""

    def signed_in(employee: Employee) -> Client:
        browser = Client()
        browser.post("/account/login/", {"login": employee.username, "password": "a long password"})
        browser.get("/staff/account/")
        return browser

    return signed_in


def test_the_activity_log_is_read_and_never_changed(pages, root):
    wang = hired("wang")
    activity.log(now=clock.now(), actor=root, verb="capacity_set",
                 subject=wang, before=60, after=40, reason="typed by somebody")  # fmt: skip
    log = reverse("admin:staff_activity_changelist")
    page = pages.get(log, {"area": "people"}).content.decode()
    assert "set the visits a day" in page
    assert "after = 40" in page
    assert "typed by somebody" not in page
    assert "set the visits a day" not in pages.get(log, {"area": "rules"}).content.decode()
    line = Activity.objects.get(verb="capacity_set")
    assert pages.post(page_of(line), {"verb": "x"}).status_code == 403
    assert pages.post(reverse("admin:staff_activity_delete", args=[line.pk])).status_code == 403


def test_the_year_shows_official_days_and_ones_own(pages):
    url = reverse("admin:staff_workdayoverride_changelist")
    page = pages.get(url, {"year": "2026"}).content.decode()
    assert page.count('class="month"') == 12
    assert "?on=2026-10-01&amp;is_workday=True" in page
    add = reverse("admin:staff_workdayoverride_add") + "?on=2026-03-07&is_workday=True"
    assert edit(pages, add, note="盘点").status_code == 302
    day = WorkdayOverride.objects.get()
    assert (day.on, day.is_workday, day.note) == (date(2026, 3, 7), True, "盘点")
    assert f"workdayoverride/{day.pk}/change" in pages.get(url, {"year": "2026"}).content.decode()
    assert "not published yet" in pages.get(url, {"year": "2033"}).content.decode()


def test_a_list_of_days_is_taken_in_and_says_what_it_could_not_read(pages, tmp_path):
    path = tmp_path / "days.xlsx"
    rows = [
        ["2026-03-07", "上班", "盘点"],
        ["2026-03-09", "休息", ""],
        ["soon", "上班", ""],
        ["2026-03-10", "maybe", ""],
    ]
    write_xlsx(path, ["日期", "上班或休息", "说明"], rows)
    url = reverse("admin:staff_workdayoverride_load")
    with path.open("rb") as file:
        page = pages.post(url, {"file": file}).content.decode()
    assert {day.on: day.is_workday for day in WorkdayOverride.objects.all()} == {
        date(2026, 3, 7): True, date(2026, 3, 9): False
    }  # fmt: skip
    assert "Row 4" in page
    assert "Row 5" in page
    with path.open("rb") as file:
        assert "as they were: 2" in pages.post(url, {"file": file}).content.decode()
