"""The administrator edits a policy in Django admin: judged like the pack, published as a release."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import override

from staff.choices import BaseRole
from staff.domain.loading import Source, load_packs
from staff.domain.policies import publish
from staff.models import Activity, Employee, Policy, PolicyEntry, Release
from tests.staff.pages import form_on
from visits.models import Segment, VisitRule, VisitStep

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PACK = """
[policy]
slug = "shop"
title = "门店制度"
effective_from = 2026-01-01

[[clause]]
ref = "1"
text = "成交后三天内回访。"
enforced_by = "visit_rule:r"

[[segment]]
code = "vip"

[[visit_rule]]
code = "r"
trigger = "deal"
when = { field = "amount", op = ">", value = 99.5 }
[[visit_rule.step]]
code = "s"
closes = "3d"
assign = ["owner", "role:service_advisor"]
[[visit_rule.step]]
code = "t"
opens = "1m"
closes = "?"

[[penalty]]
code = "late"
violation = "visit_overdue"
tiers = [10, 20]
"""
ALLOWED = {
    "Absence", "Activity", "Branch", "Clause", "Department", "Employee", "EventKind", "Policy", "PolicyEntry",
    "Rehearsal", "Release", "Role", "Segment", "VisitRule", "WorkdayOverride",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def shop() -> Policy:
    load_packs([Source("shop.toml", PACK)], now=NOW, on=date(2026, 3, 2), actor=None)
    return Policy.objects.get()


@pytest.fixture
def pages(client, monkeypatch, clock_at, settings):
    """Return a client signed in as the administrator."""
    clock_at("2026-03-02T09:00:00+08:00")
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr(Employee, "base_roles", frozenset({BaseRole.ADMINISTRATOR}))
    client.force_login(Employee.objects.create_superuser("root", "secret", name="root"))
    return client


def form_of(pages, url: str) -> dict[str, Any]:
    """Return what the browser would post from the page at `url` if nothing were changed."""
    response = pages.get(url)
    assert response.status_code == 200
    return form_on(response.content.decode())


def edit(pages, url: str, **changes: str):
    """Post the page at `url` with some fields changed."""
    return pages.post(url, form_of(pages, url) | changes)


def publish_draft(pages, policy: Policy, **choice: str):
    """Post what the page of publishing shows, as a browser would."""
    url = reverse("admin:staff_policy_publish", args=[policy.pk])
    seen = pages.get(url).context["proposal"].sha256
    return pages.post(url, {"seen": seen, "open_tasks": "keep", **choice}, follow=True)


def errors_in(response) -> str:
    """Return the errors that a page shows."""
    assert response.status_code == 200, "the form was saved"
    lists = re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    return " ".join(lists)


def rule_page(shape: str = "?as=text") -> str:
    return reverse("admin:visits_visitrule_change", args=[VisitRule.objects.get().pk]) + shape


def test_every_page_opens(pages, shop):
    for model, site in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert pages.get(reverse(f"{name}_changelist")).status_code == 200
        if (row := site.get_queryset(pages.get("/admin/").wsgi_request).first()) is not None:
            assert pages.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert pages.get(reverse("admin:staff_policy_add")).status_code == 200


def test_no_customer_data_is_registered():
    assert {model.__name__ for model in admin.site._registry} <= ALLOWED


def test_a_page_saved_as_it_is_changes_nothing(pages, shop):
    before = {step.code: step.details for step in VisitStep.objects.all()}
    assert edit(pages, rule_page()).status_code == 302
    assert {step.code: step.details for step in VisitStep.objects.all()} == before
    entry = PolicyEntry.objects.get(section="penalty")
    url = reverse("admin:staff_policyentry_change", args=[entry.pk])
    assert edit(pages, url).status_code == 302
    assert PolicyEntry.objects.get(pk=entry.pk).body == entry.body
    assert edit(pages, reverse("admin:staff_policy_change", args=[shop.pk])).status_code == 302
    assert pages.get(reverse("admin:staff_policy_publish", args=[shop.pk])).context["lines"] == []


def test_a_figure_is_filled_in_and_published(pages, shop):
    step = VisitStep.objects.get(code="t")
    form = form_of(pages, rule_page())
    row = next(key.split("-")[1] for key, value in form.items() if key.endswith("-id") and value == [str(step.pk)])
    assert edit(pages, rule_page(), **{f"steps-{row}-closes": "2m"}).status_code == 302
    publish = reverse("admin:staff_policy_publish", args=[shop.pk])
    page = pages.get(publish)
    assert [line for line in page.context["lines"] if "closes" in line] == ['-  closes = "?"', '+  closes = "2m"']
    seen = {"seen": page.context["proposal"].sha256, "open_tasks": "keep"}
    assert pages.post(publish, seen).status_code == 302
    release = Release.objects.get(number=2)
    assert (release.in_force_seq, release.published_by.username) == (2, "root")
    verbs = list(Activity.objects.order_by("id").values_list("verb", "actor__username"))
    assert verbs[2:] == [("draft.edited", "root"), ("policy.published", "root")]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("steps-0-closes", "3x", "visit_rule[r].step[s].closes: this is no duration"),
        ("steps-0-opens", "8d", "closes (3d) lies before opens (8d)"),
        ("steps-0-details", 'assign = "role:nobody"', "visit_rule[r].step[s].assign[1]: no role has this code"),
        ("steps-0-details", 'asign = "owner"', "perhaps assign"),
        ("steps-0-details", "assign = ", "this is no TOML"),
        ("trigger", "dael", "no event_kind has this code"),
        ("when", '[{ field = "css", op = "=<", value = 1 }]', "visit_rule[r].when[1].op"),
    ],
)
def test_an_edit_of_a_rule_that_no_pack_could_say_is_refused_and_not_saved(pages, shop, field, value, told):
    before = list(VisitStep.objects.values()), list(VisitRule.objects.values())
    errors = errors_in(edit(pages, rule_page(), **{field: value}))
    assert told in errors.replace("&#x27;", "'")
    assert (list(VisitStep.objects.values()), list(VisitRule.objects.values())) == before


def test_conditions_are_shown_and_kept_exactly(pages, shop):
    assert form_of(pages, rule_page())["when"] == ['[{ field = "amount", op = ">", value = 99.5 }]']
    edit(pages, rule_page(), when='[{ field = "amount", op = ">", value = 100.25 }]', title="成交回访")
    assert VisitRule.objects.get().when == [{"field": "amount", "op": ">", "value": {"decimal": "100.25"}}]


def test_an_entry_is_edited_as_its_lines_and_judged(pages, shop):
    entry = PolicyEntry.objects.get(section="penalty")
    url = reverse("admin:staff_policyentry_change", args=[entry.pk]) + "?as=text"
    [text] = form_of(pages, url)["body"]
    assert text == 'code = "late"\nviolation = ["visit_overdue"]\ntiers = [10, 20]'
    assert "perhaps tiers is meant" in errors_in(edit(pages, url, body=text.replace("tiers", "tirs")))
    assert edit(pages, url, body=text.replace("20", '"?"')).status_code == 302
    entry.refresh_from_db()
    assert (entry.body["tiers"], entry.waiting) == ([10, "?"], ["tiers"])


def test_a_segment_edited_in_a_policy_is_the_companys(pages, shop):
    entry = PolicyEntry.objects.get(section="segment")
    url = reverse("admin:staff_policyentry_change", args=[entry.pk]) + "?as=text"
    edit(pages, url, body='code = "vip"\nwhen = [{ field = "order_total", op = ">", value = 1000 }]')
    assert Segment.objects.get().when == [{"field": "order_total", "op": ">", "value": 1000}]


def test_a_policy_and_its_clauses_are_judged(pages, shop):
    url = reverse("admin:staff_policy_change", args=[shop.pk])
    assert "this time zone is not known" in errors_in(edit(pages, url, timezone="Asia/Shanhai"))
    clause = reverse("admin:staff_clause_change", args=[shop.clauses.get().pk])
    assert "no visit_rule has this code" in errors_in(edit(pages, clause + "?as=text", enforced_by="visit_rule:x"))
    assert edit(pages, url, approve="role:general_manager").status_code == 302
    assert Policy.objects.get().approve == "role:general_manager"


def test_a_release_is_shown_with_its_changes_and_put_in_force_again(pages, shop):
    VisitStep.objects.filter(code="s").update(closes="4d")
    publish_draft(pages, shop)
    first, second = Release.objects.order_by("number")
    page = pages.get(reverse("admin:staff_release_change", args=[second.pk])).content.decode()
    assert "+  closes = &quot;4d&quot;" in page
    url = reverse("admin:staff_release_restore", args=[first.pk])
    assert "Put release 1 of" in pages.get(url).content.decode()
    assert Release.objects.get(pk=first.pk).in_force_seq == 1
    pages.post(url, {"seen": first.sha256, "open_tasks": "keep"})
    assert Release.objects.get(pk=first.pk).in_force_seq == 3
    assert pages.post(reverse("admin:staff_release_change", args=[first.pk]), {"content": "x"}).status_code == 403


def test_a_rule_says_in_plain_words_what_it_does(pages, shop):
    page = pages.get(rule_page()).content.decode()
    assert "After: 成交" in page
    assert "the owner of the customer, else a holder of “服务顾问” calls on the customer" in page
    assert "from 0 days to 3 days after that day" in page
    assert "inactive until the missing figure is filled in" in page


def test_a_new_account_has_no_password_until_its_link_is_used(pages):
    url = reverse("admin:staff_employee_add")
    form = form_of(pages, url) | {"username": "wang", "name": "王伟", "is_active": "on"}
    assert pages.post(url, form).status_code == 302
    assert not Employee.objects.get(username="wang").has_usable_password()


def test_a_release_is_approved_or_rejected_by_who_may(pages, shop):
    Policy.objects.update(approve="role:administrator")
    shop.refresh_from_db()
    waiting = publish(shop, now=NOW, on=date(2026, 3, 2), actor=None)
    page = reverse("admin:staff_release_change", args=[waiting.pk])
    assert "Approve" in pages.get(page).content.decode()
    pages.post(reverse("admin:staff_release_do", args=[waiting.pk, "approve"]))
    assert Release.objects.get(pk=waiting.pk).approved_by.username == "root"
    again = pages.post(reverse("admin:staff_release_do", args=[waiting.pk, "reject"]), follow=True)
    assert "does not wait for approval" in again.content.decode()
    assert pages.post(reverse("admin:staff_release_do", args=[waiting.pk, "burn"])).status_code == 302


def test_segments_and_kinds_are_judged_like_their_sections(pages, shop):
    vip = reverse("admin:visits_segment_change", args=[Segment.objects.get().pk]) + "?as=text"
    assert "perhaps" not in errors_in(edit(pages, vip, when='[{ field = "css", op = "~", value = 1 }]'))
    assert edit(pages, vip, when='{ field = "css", op = "<", value = 1 }', priority="80").status_code == 302
    assert Segment.objects.get().when == [{"field": "css", "op": "<", "value": 1}]
    kind = reverse("admin:visits_eventkind_add")
    form = form_of(pages, kind) | {"code": "春节", "every_count": "1", "every_unit": "y"}
    assert "start (a day) and every" in errors_in(pages.post(kind, form))
    assert pages.post(kind, form | {"start": "2026-02-17", "many": "on"}).status_code == 302
    again = errors_in(pages.post(kind, form | {"start": "2026-02-17", "many": "on"}))
    assert "this code is already taken" in again


def test_a_draft_that_no_longer_holds_cannot_be_published(pages, shop):
    VisitStep.objects.filter(code="s").update(closes="soon")
    publishing = reverse("admin:staff_policy_publish", args=[shop.pk])
    assert "this is no duration" in pages.get(publishing).content.decode()
    assert pages.post(publishing).url == publishing
    assert "this is no duration" in pages.get(reverse("admin:staff_policy_change", args=[shop.pk])).content.decode()
    assert "this is no duration" in pages.get(rule_page()).content.decode()
    assert Release.objects.count() == 1


def test_a_rule_is_added_and_retired(pages, shop):
    adding = reverse("admin:visits_visitrule_add") + "?as=text"
    form = form_of(pages, adding) | {"policy": str(shop.pk), "code": "新客", "trigger": "joined"}
    assert "step" in errors_in(pages.post(adding, form))
    new_step = {"code": "首访", "position": "0", "opens": "0d", "closes": "7d", "anchor": "event", "counts": "rule"}
    new_step |= {"align": "none", "shift": "none", "match": "all", "priority": "50"}
    form |= {f"steps-0-{key}": value for key, value in new_step.items()} | {"steps-TOTAL_FORMS": "1"}
    assert pages.post(adding, form).status_code == 302
    made = VisitRule.objects.get(code="新客")
    assert [step.code for step in made.steps.all()] == ["首访"]
    page = reverse("admin:visits_visitrule_change", args=[made.pk]) + "?as=text"
    assert edit(pages, page, retired="on").status_code == 302
    assert VisitRule.objects.get(code="新客").retired
