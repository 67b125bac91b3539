"""What becomes of open tasks when another release is put in force: shown, chosen, done once (RELIABILITY F34, F35)."""

import pytest
from django.core.exceptions import ValidationError

from staff.domain.jobs import run_due
from staff.domain.policies import latest_release
from staff.models import Activity, Policy, Release
from tests.visits.world import at, employee, event, publish, tasks
from visits.choices import OpenTasks, TaskStatus
from visits.domain.planning.events import load_calendar
from visits.domain.rehearsing import publishing
from visits.domain.rehearsing.publishing import Choice
from visits.domain.switching.changing_over import change_over, events_concerned
from visits.domain.switching.standing import Judge, standing
from visits.models import Changeover, EventBinding, Series, VisitRule, VisitStep, VisitTask

pytestmark = pytest.mark.django_db

NOW = at("2024-05-20 09:00")
TODAY = NOW.date()
REPLAN = Choice(OpenTasks.REPLAN)
RULES = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
assign = ["advisor"]
  [[visit_rule.step]]
  code = "call"
  opens = "1d"
  closes = "7d"
  [[visit_rule.step]]
  code = "month"
  opens = "1m"
  closes = "5w"
"""


@pytest.fixture
def shop() -> Policy:
    """Return a regulation, three events of this month and their tasks: one worked, one overdue, the others not."""
    publish(RULES)
    anna = employee("anna")
    for order, day in (("RO-1", 10), ("RO-2", 17), ("RO-3", 18)):
        event(happened=f"2024-05-{day} 10:00", advisor=anna, order_no=order)
    run_due(now=NOW)
    VisitTask.objects.filter(event__order_no="RO-2", step__code="call").update(attempts=1)
    return Policy.objects.get()


def edited(**columns) -> None:
    VisitStep.objects.filter(code="call").update(**columns)


def publish_draft(policy: Policy, choice: Choice) -> Release:
    seen = publishing.proposed(policy).sha256
    made = publishing.publish(policy, choice, seen=seen, now=NOW, on=TODAY, actor=None)
    change_over(now=NOW)
    return made


def shown(policy: Policy) -> dict[str, int]:
    """Return what the page of publishing says would become of the open tasks."""
    book = publishing.proposed(policy).book
    judge = Judge.of(book, load_calendar(), now=NOW)
    found = standing(policy.pk, judge, events_concerned(policy.pk, book, now=NOW))
    return {**found.fates, "added": found.added}


def told(code: str) -> list[tuple]:
    return tasks("event__order_no", "closes_at", "status", "release__number", step__code=code)


def test_tasks_stay_unless_one_says_otherwise(shop):
    edited(closes="9d")
    before = list(VisitTask.objects.order_by("pk").values())
    publish_draft(shop, Choice())
    assert list(VisitTask.objects.order_by("pk").values()) == before
    assert Changeover.objects.get().finished_at == NOW


def test_untouched_tasks_follow_the_new_rules_and_worked_or_overdue_ones_do_not(shop):
    edited(closes="9d")
    assert shown(shop) == {"overdue": 1, "worked": 1, "moved": 1, "same": 3, "added": 0}
    publish_draft(shop, REPLAN)
    assert told("call") == [
        ("RO-1", "2024-05-18", "open", 1),
        ("RO-2", "2024-05-25", "open", 1),
        ("RO-3", "2024-05-28", "open", 2),
    ]
    assert Changeover.objects.get().counts == {"moved": 1}
    assert {binding.release.number for binding in EventBinding.objects.all()} == {2}


def test_doing_it_again_changes_nothing(shop):
    edited(closes="9d", opens="0d")
    publish_draft(shop, REPLAN)
    before = list(VisitTask.objects.order_by("pk").values())
    Changeover.objects.update(finished_at=None, last_event=0)
    change_over(now=NOW)
    assert list(VisitTask.objects.order_by("pk").values()) == before
    assert Changeover.objects.get().counts == {"moved": 1}


def test_what_the_new_rules_no_longer_call_for_is_cancelled_and_what_they_add_is_made(shop):
    VisitRule.objects.update(when=[{"field": "order_no", "op": "==", "value": "RO-1"}])
    rule = VisitRule.objects.get()
    VisitStep.objects.create(
        rule=rule, code="week", opens="1w", closes="2w", position=2, details={"assign": ["advisor"]}
    )
    assert shown(shop) == {"overdue": 1, "worked": 1, "same": 1, "cancelled": 3, "added": 1}
    publish_draft(shop, REPLAN)
    assert told("month") == [
        ("RO-1", "2024-06-15", "planned", 2),
        ("RO-2", "2024-06-22", "cancelled", 1),
        ("RO-3", "2024-06-23", "cancelled", 1),
    ]
    assert told("week") == [("RO-1", "2024-05-25", "open", 2)]
    assert [one.assignee.username for one in VisitTask.objects.filter(step__code="week")] == ["anna"]


def test_a_task_that_would_be_overdue_at_once_stays(shop):
    edited(opens="0d", closes="1d")
    assert shown(shop)["late"] == 1
    publish_draft(shop, REPLAN)
    assert told("call")[2] == ("RO-3", "2024-05-26", "open", 1)


def test_visits_of_a_retired_step_are_cancelled_only_if_one_says_so(shop):
    edited(retired=True)
    assert shown(shop)["retired"] == 1
    first = publish_draft(shop, REPLAN)
    assert [row[2] for row in told("call")] == ["open", "open", "open"]
    publishing.put_back(Release.objects.get(number=1), Choice(), now=NOW, actor=None)
    change_over(now=NOW)
    publishing.put_back(first, Choice(cancel_retired=True), now=NOW, actor=None)
    change_over(now=NOW)
    assert [row[2] for row in told("call")] == ["open", "open", "cancelled"]
    line = Activity.objects.filter(verb="policy.changed_over").order_by("-id").first()
    assert (line.subject_id, line.data) == (first.pk, {"open_tasks": "keep", "retired": 1})


def test_other_people_are_chosen_where_the_new_rules_name_others(shop):
    VisitStep.objects.update(details={"assign": ["role:cs_supervisor"]})
    carl = employee("carl", "cs_supervisor")
    publish_draft(shop, REPLAN)
    run_due(now=NOW)
    found = dict(VisitTask.objects.filter(step__code="call").values_list("event__order_no", "assignee__username"))
    assert found == {"RO-1": "anna", "RO-2": "anna", "RO-3": carl.username}


def test_a_series_counts_by_the_new_interval_from_its_last_turn(shop):
    edited(every="1w")
    publish_draft(shop, REPLAN)
    assert Series.objects.count() == 1, "the other calls stay with the release that made them"
    run_due(now=at("2024-05-26 09:00"))
    edited(every="2w")
    publish_draft(shop, REPLAN)
    series = Series.objects.get(event__order_no="RO-3")
    assert (series.release.number, series.next_occurrence) == (3, 2)
    assert series.next_opens_at == at("2024-06-09")


def test_a_draft_that_somebody_changed_meanwhile_is_not_published(shop):
    edited(closes="9d")
    seen = publishing.proposed(shop).sha256
    edited(closes="8d")
    with pytest.raises(ValidationError, match="修改"):
        publishing.publish(shop, Choice(), seen=seen, now=NOW, on=TODAY, actor=None)
    assert latest_release(shop).number == 1


def test_a_release_that_another_one_has_followed_changes_nothing_over(shop):
    edited(closes="9d")
    seen = publishing.proposed(shop).sha256
    publishing.publish(shop, REPLAN, seen=seen, now=NOW, on=TODAY, actor=None)
    publishing.put_back(Release.objects.get(number=1), Choice(), now=NOW, actor=None)
    change_over(now=NOW)
    assert {row[3] for row in told("call")} == {1}
    assert VisitTask.objects.filter(status=TaskStatus.CANCELLED).count() == 0
    assert Changeover.objects.get(release__number=2).counts == {"superseded": 1}
