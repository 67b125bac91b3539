"""The page of a rule: what is typed in plain words, what it would do, and who was quicker."""

import pytest
from django.urls import reverse

from staff.models import Activity, Employee, Policy
from tests.staff.test_policy_admin import form_of
from tests.visits.world import at, employee, event, publish
from visits.models import VisitRule, VisitStep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = "2024-05-20T09:00+08:00"
RULES = """
[[visit_rule]]
code = "after-service"
title = "保养后回访"
trigger = "service_completed"
assign = ["advisor"]
  [[visit_rule.step]]
  code = "call"
  closes = "3d"
"""


@pytest.fixture
def pages(client, clock_at):
    """Return a client signed in as the administrator of a shop with four services in May."""
    publish(RULES)
    anna = employee("anna")
    for day in (11, 12, 13, 14):
        event(happened=f"2024-05-{day} 10:00", advisor=anna, order_no=f"RO-{day}")
    clock_at(NOW)
    client.force_login(Employee.objects.create_superuser("root", "secret", name="root"))
    return client


def rule_page() -> str:
    return reverse("admin:visits_visitrule_change", args=[VisitRule.objects.get().pk])


def typed(pages, **changes: str) -> dict[str, str]:
    """Return what the browser would send from the page of the rule, with some of it changed."""
    return form_of(pages, f"{rule_page()}?as=text") | changes


def preview(pages, data: dict[str, str]) -> str:
    return pages.post(f"{rule_page()}preview/?as=text", data).content.decode()


def test_what_is_typed_is_told_in_both_languages_with_its_effect_before_it_is_saved(pages):
    before = list(VisitStep.objects.values())
    text = preview(pages, typed(pages, **{"steps-0-closes": "9d", "steps-0-every": "2d", "steps-0-times": "3"}))
    assert "from 0 days to 9 days after that day" in text and "至 9 天" in text.replace("9天", "9 天")
    assert (
        "On the 4 events of the last 30 days this rule makes 12 visits, at most 2 a day for one person (anna)." in text
    )
    assert "RO-14" in text and "2024-05-14 – 2024-05-23" in text
    assert list(VisitStep.objects.values()) == before


def test_what_cannot_be_read_yet_says_so(pages):
    assert "Something is still missing" in preview(pages, typed(pages, **{"steps-0-closes": "soon"}))


def test_a_new_rule_is_previewed_as_well(pages):
    adding = reverse("admin:visits_visitrule_add")
    form = form_of(pages, f"{adding}?as=text&policy={Policy.objects.get().pk}")
    form |= {"policy": str(Policy.objects.get().pk), "code": "second", "trigger": "service_completed"}
    step = {"code": "s", "position": "0", "opens": "0d", "closes": "1d", "anchor": "event", "counts": "rule"}
    step |= {"align": "none", "shift": "none", "match": "all", "priority": "50", "details": 'assign = ["advisor"]'}
    form |= {f"steps-0-{key}": value for key, value in step.items()} | {"steps-TOTAL_FORMS": "1"}
    assert "this rule makes 4 visits" in pages.post(f"{adding}preview/?as=text", form).content.decode()
    assert VisitRule.objects.count() == 1


def test_of_two_people_on_one_page_the_later_one_is_told_and_loses_nothing(pages):
    mine = typed(pages, title="我的标题")
    mine["_seen"] = pages.get(f"{rule_page()}?as=text").context["seen"]
    VisitStep.objects.update(closes="4d")
    other = Employee.objects.get(username="anna")
    subject = VisitRule.objects.get()
    Activity.objects.create(
        at=at("2024-05-20 09:00"), actor=other, verb="draft.edited", subject_type="visitrule", subject_id=subject.pk
    )
    refused = pages.post(f"{rule_page()}?as=text", mine)
    told = refused.content.decode()
    assert refused.status_code == 200 and "anna has changed this since you opened it" in told
    assert "我的标题" in told
    assert (VisitRule.objects.get().title, VisitStep.objects.get().closes) == ("保养后回访", "4d")
    mine["_seen"] = refused.context["seen"]
    assert pages.post(f"{rule_page()}?as=text", mine).status_code == 302
    assert (VisitRule.objects.get().title, VisitStep.objects.get().closes) == ("我的标题", "3d")
