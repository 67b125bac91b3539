"""Everybody reads the regulations; a release that waits is approved by whom it waits for, nobody else."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from config.packs.pack import Pack
from config.packs.titles import section_title
from staff.domain.loading import Source, load_packs
from staff.domain.regulations import title_of
from staff.models import Employee, Policy, Release, Role, RoleAssignment

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PACK = """
[policy]
slug = "shop"
title = "门店制度"
effective_from = 2026-01-01
{more}
[[clause]]
ref = "1"
text = "成交后回访。"
enforced_by = ["visit_rule:r/s", "visit_rule:r/t", "roster:late", "feature:audit"]
[[clause]]
ref = "2"
text = "态度要好。"
[[visit_rule]]
code = "r"
title = "成交回访"
trigger = "deal"
[[visit_rule.step]]
code = "s"
closes = "3d"
[[visit_rule.step]]
code = "t"
closes = "?"
[[roster]]
code = "late"
title = "超期"
role = "service_advisor"
"""


@pytest.fixture(autouse=True)
def _stand_still(clock_at, settings):
    clock_at("2026-03-02T09:00:00+08:00")
    settings.LANGUAGE_CODE = "en"


def signed_in(role: str) -> Client:
    """Return the browser of somebody who holds `role`."""
    person = Employee.objects.create_user(f"the-{role}", name=role)
    held, _made = Role.objects.get_or_create(code=role, defaults={"title": role, "like": role})
    RoleAssignment.objects.create(employee=person, role=held, from_on=date(2020, 1, 1))
    client = Client()
    client.force_login(person)
    return client


def load(more: str = "") -> Policy:
    load_packs([Source("shop.toml", PACK.format(more=more))], now=NOW, on=date(2026, 3, 2), actor=None)
    return Policy.objects.get()


def test_a_clause_is_shown_with_what_carries_it_out_and_whether_it_does():
    shop = load()
    page = signed_in("service_advisor").get(reverse("staff:policy", args=[shop.pk]))
    first, second = page.context["clauses"]
    assert [(means.reference, means.state) for means in first.means] == [
        ("visit_rule:r/s", "enforced"),
        ("visit_rule:r/t", "waiting"),
        ("roster:late", "enforced"),
        ("feature:audit", "enforced"),
    ]
    assert second.means == ()
    text = page.content.decode()
    assert "成交后回访。" in text and "超期" in text and "a norm only" in text


def test_the_list_says_which_release_is_in_force_and_which_waits():
    client = signed_in("service_advisor")
    assert "No regulation has been loaded yet" in client.get(reverse("staff:policy_list")).content.decode()
    load()
    load('approve = "role:general_manager"')
    text = client.get(reverse("staff:policy_list")).content.decode()
    assert "门店制度" in text and "release 2 awaits approval" in text


def test_whom_a_release_waits_for_sees_what_it_changes_and_approves_it():
    load()
    shop = load('approve = "role:general_manager"')
    waiting = Release.objects.get(number=2)
    page, deed = reverse("staff:policy", args=[shop.pk]), reverse("staff:release_decide", args=[waiting.pk])
    advisor, manager = signed_in("service_advisor"), signed_in("general_manager")
    assert "Approve" not in advisor.get(page).content.decode()
    advisor.post(deed, {"decision": "approve"})
    assert Release.objects.get(number=2).in_force_seq is None
    shown = manager.get(page).content.decode()
    assert "Approve" in shown and "+approve = " in shown
    manager.post(deed, {"decision": "burn"})
    assert Release.objects.get(number=2).in_force_seq is None
    manager.post(deed, {"decision": "approve"})
    assert Release.objects.get(number=2).in_force_seq == 2
    assert "awaits approval" not in manager.get(page).content.decode()


def test_a_rejected_release_waits_no_longer():
    load('approve = "role:general_manager"')
    manager = signed_in("general_manager")
    manager.post(reverse("staff:release_decide", args=[Release.objects.get().pk]), {"decision": "reject"})
    assert Release.objects.get().state == "rejected"


def test_the_list_costs_the_same_for_one_clause_and_for_twenty(django_assert_max_num_queries):
    shop, client = load(), signed_in("service_advisor")
    with django_assert_max_num_queries(12):
        client.get(reverse("staff:policy", args=[shop.pk]))


def test_a_section_that_carries_a_clause_as_a_whole_is_called_by_its_name():
    pack = Pack.model_construct()

    assert (title_of(pack, "return_appointment", ""), title_of(pack, "calling_hours", "")) == (
        section_title("return_appointment"), section_title("calling_hours"),
    )  # fmt: skip
