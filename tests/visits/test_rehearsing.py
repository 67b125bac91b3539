"""What a change of the rules would do: the same visits as planning makes, compared, and nothing written."""

import hashlib
from collections import Counter

import pytest
from django.apps import apps

from staff.domain.drafts import draft_pack
from staff.domain.jobs import run_due
from staff.domain.policies import latest_release, spec_of
from staff.models import Policy, PolicyEntry
from tests.visits.world import at, customer, employee, event, publish, tasks
from visits.domain.rehearsing.candidate import book_of
from visits.domain.rehearsing.outcome import Outcome
from visits.domain.rehearsing.question import Question
from visits.domain.rehearsing.rehearsal import rehearse, size_of
from visits.models import VisitRule, VisitStep, VisitTask

pytestmark = pytest.mark.django_db

NOW = at("2024-05-20 09:00")
RULES = """
[[visit_rule]]
code = "after-service"
title = "保养后回访"
trigger = "service_completed"
assign = ["advisor"]
  [[visit_rule.step]]
  code = "call"
  opens = "1d"
  closes = "3wd"
  [[visit_rule.step]]
  code = "month"
  opens = "1m"
  closes = "1m"
[[visit_rule]]
code = "big"
trigger = "purchase"
when = [{ field = "amount", op = ">=", value = 1000 }]
assign = ["role:cs_supervisor"]
  [[visit_rule.step]]
  code = "thanks"
  closes = "2d"
  every = "1w"
  times = 3
"""


@pytest.fixture
def shop() -> Policy:
    """Return a regulation with ten services of two advisors and two purchases in May."""
    publish(RULES)
    anna, ben = employee("anna"), employee("ben")
    employee("carl", "cs_supervisor"), employee("dora", "cs_supervisor")
    for day in range(6, 16):
        event(happened=f"2024-05-{day:02} 10:00", advisor=anna if day % 3 else ben)
    event("purchase", "2024-05-07 12:00", amount=5000)
    event("purchase", "2024-05-08 12:00", amount=10)
    return Policy.objects.get()


def asked(policy: Policy, **keys) -> Question:
    before = latest_release(policy)
    return Question(book_of(policy, spec_of(before)), book_of(policy, draft_pack(policy)), **keys)


def whole_database() -> str:
    """Return a fingerprint of every row there is."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        if not model._meta.managed:
            continue
        for row in model._default_manager.order_by("pk").values_list():
            found.update(repr((model._meta.label, row)).encode())
    return found.hexdigest()


def test_a_rehearsal_makes_the_visits_that_planning_makes(shop):
    outcome = rehearse(asked(shop), now=NOW)
    for moment in ("2024-05-15 20:00", "2024-05-20 09:00"):
        run_due(now=at(moment))
    planned = Counter(tasks("step__code"))
    assert {line.step: line.after for line in outcome.steps} == dict(planned)
    assert outcome.after.tasks == VisitTask.objects.count() == 10 + 10 + 2
    people = Counter(tasks("assignee__username", step__rule__code="after-service"))
    assert {line.name: line.after for line in outcome.people} == {**people, "carl": 1, "dora": 1}


def test_nothing_is_written(shop):
    VisitStep.objects.filter(code="call").update(closes="5wd")
    before = whole_database()
    rehearse(asked(shop), now=NOW)
    assert whole_database() == before


def test_both_sides_are_told_apart_by_step_person_and_day(shop):
    VisitStep.objects.filter(code="call").update(opens="0d", closes="0d")
    VisitStep.objects.filter(code="month").update(retired=True)
    outcome = rehearse(asked(shop), now=NOW)
    assert (outcome.events, outcome.before.tasks, outcome.after.tasks, outcome.changed) == (12, 22, 12, 10)
    assert [(line.step, line.before, line.after, line.why) for line in outcome.steps] == [
        ("call", 10, 10, ""),
        ("thanks", 2, 2, ""),
        ("month", 10, 0, "gone"),
    ]
    anna = next(line for line in outcome.people if line.name == "anna")
    assert (anna.before, anna.after, anna.peak_before, anna.peak_after) == (12, 6, 1, 1)
    day = (at("2024-05-07 08:00").date() - outcome.first_day).days
    assert (anna.days_after[day], sum(anna.days_after)) == (1, 6)


def test_a_sample_shows_old_and_new_windows_by_order_number(shop):
    VisitStep.objects.filter(code="call").update(opens="0d", closes="0d")
    outcome = rehearse(asked(shop), now=NOW)
    line = next(line for line in outcome.sample if line.on == "2024-05-10")
    assert line.order_no.startswith("RO-")
    assert [(one.step, one.old, one.new) for one in line.windows] == [
        ("call", "2024-05-11 – 2024-05-14", "2024-05-10 – 2024-05-10"),
        ("month", "2024-06-10 – 2024-06-10", "2024-06-10 – 2024-06-10"),
    ]
    assert len(outcome.sample) == 11, "an event without a visit shows nothing"


def test_visits_of_one_customer_that_come_close_are_counted(shop):
    often = customer()
    for day in (6, 7, 12):
        event(happened=f"2024-05-{day:02} 15:00", customer=often)
    assert rehearse(asked(shop), now=NOW).after.near == 2, "of the first two orders: the call and the month after"
    assert rehearse(asked(shop, near_days=6), now=NOW).after.near == 4
    assert rehearse(asked(shop, near_days=1), now=NOW).after.near == 0


def test_what_makes_nothing_says_why(shop):
    VisitStep.objects.filter(code="month").update(closes="?")
    VisitRule.objects.filter(code="big").update(when=[{"field": "amount", "op": ">", "value": 9_000_000}])
    outcome = rehearse(asked(shop), now=NOW)
    assert {line.step: (line.why, line.events) for line in outcome.silent} == {
        "month": ("figure", 10),
        "thanks": ("conditions", 2),
    }
    VisitRule.objects.filter(code="big").update(trigger=["deal"])
    assert {line.step: line.why for line in rehearse(asked(shop), now=NOW).silent}["thanks"] == "events"


def test_one_rule_alone_and_the_days_that_have_events(shop):
    outcome = rehearse(asked(shop, only="big", days=7), now=at("2024-09-01 09:00"))
    assert (outcome.first, outcome.last, outcome.moved) == ("2024-05-09", "2024-05-15", True)
    assert {line.step for line in outcome.steps} == {"thanks"}


def test_a_draw_leaves_its_share(shop):
    step = VisitStep.objects.get(code="call")
    step.details = {**step.details, "sample": {"rate": {"decimal": "0.3"}, "per": "month", "draw": "running"}}
    step.save()
    assert {line.step: line.after for line in rehearse(asked(shop), now=NOW).steps}["call"] == 3


def test_an_outcome_survives_being_kept(shop):
    outcome = rehearse(asked(shop), now=NOW)
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert size_of(asked(shop), now=NOW) == 12 * 6
    assert not PolicyEntry.objects.filter(section="rehearsal").exists()
