"""The pages of publishing: difference, rehearsal, the choice for open tasks, history, a release put back."""

import pytest
from django.urls import reverse

from staff.domain.jobs import run_due
from staff.models import Employee, Policy, Release
from tests.visits.world import at, employee, event, publish, tasks
from visits.admin import publishing as pages_of
from visits.choices import RehearsalState
from visits.domain.rehearsing import running
from visits.models import Changeover, Rehearsal, VisitStep

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
  title = "三天回访"
  closes = "3d"
"""


@pytest.fixture
def shop() -> Policy:
    publish(RULES)
    anna = employee("anna")
    for day in (18, 19):
        event(happened=f"2024-05-{day} 10:00", advisor=anna, order_no=f"RO-{day}")
    run_due(now=at("2024-05-20 09:00"))
    VisitStep.objects.update(closes="5d")
    return Policy.objects.get()


@pytest.fixture
def pages(client, clock_at):
    """Return a client signed in as the administrator."""
    clock_at(NOW)
    client.force_login(Employee.objects.create_superuser("root", "secret", name="root"))
    return client


def url(policy: Policy, query: str = "") -> str:
    return reverse("admin:staff_policy_publish", args=[policy.pk]) + query


def test_one_sees_the_change_its_rehearsal_and_the_open_tasks_before_publishing(pages, shop):
    text = pages.get(url(shop)).content.decode()
    assert "3 days" in text and "5 days" in text
    assert "On the 2 events of these 30 days the new rules make 2 visits" in text
    assert "RO-18" in text and "2024-05-18 – 2024-05-23" in text
    assert "2 tasks of this regulation are open" in text


def test_publishing_moves_open_tasks_if_one_says_so(pages, shop):
    seen = pages.get(url(shop)).context["proposal"].sha256
    assert pages.post(url(shop), {"seen": seen, "open_tasks": "replan"}).status_code == 302
    run_due(now=at("2024-05-20 09:01"))
    assert tasks("closes_at") == ["2024-05-24", "2024-05-25"]
    assert Changeover.objects.get().chosen_by.username == "root"


def test_a_draft_changed_by_somebody_else_is_refused_in_words(pages, shop):
    seen = pages.get(url(shop)).context["proposal"].sha256
    VisitStep.objects.update(closes="6d")
    told = pages.post(url(shop), {"seen": seen, "open_tasks": "keep"}, follow=True).content.decode()
    assert "Somebody else has changed the draft" in told
    assert Release.objects.count() == 1


def test_a_large_rehearsal_runs_in_the_background_and_shows_how_far_it_is(pages, shop, monkeypatch):
    monkeypatch.setattr(pages_of, "AT_ONCE", 0)
    assert "runs in the background" in pages.get(url(shop, "?days=90&near=7")).content.decode()
    begin = reverse("admin:visits_rehearsal_begin", args=[shop.pk])
    for _twice in range(2):
        assert pages.post(begin, {"days": 90, "near": 7}).url == url(shop, "?days=90&near=7#rehearsal")
    waiting = Rehearsal.objects.get()
    progress = reverse("admin:visits_rehearsal_progress", args=[waiting.pk])
    assert "waits for the worker" in pages.get(progress).content.decode()
    assert running.run_waiting(now=at("2024-05-20 09:00")) == 1
    assert pages.get(progress).headers["HX-Refresh"] == "true"
    done = pages.get(url(shop, "?days=90&near=7")).context
    assert (done["outcome"].events, done["rehearsal"].done, done["rehearsal"].total) == (2, 2, 2)


def test_a_rehearsal_whose_worker_died_is_run_again_and_one_that_fails_says_why(shop, monkeypatch):
    proposal, now = pages_of.publishing.proposed(shop), at("2024-05-20 09:00")
    asked = running.ask(proposal, days=30, near_days=3, actor=Employee.objects.get(username="anna"), now=now)
    Rehearsal.objects.update(state=RehearsalState.RUNNING, leased_until=at("2024-05-20 09:10"))
    assert running.run_waiting(now=now) == 0
    monkeypatch.setattr(running, "rehearse", lambda *_args, **_keys: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        running.run_waiting(now=at("2024-05-20 09:11"))
    asked.refresh_from_db()
    assert (asked.state, asked.fault) == (RehearsalState.FAILED, "ZeroDivisionError: division by zero")
    assert running.purge_rehearsals(now=at("2024-07-01"), on=at("2024-07-01").date()) == 1


def test_any_two_releases_are_compared_and_an_old_one_is_put_back_with_its_rehearsal(pages, shop):
    seen = pages.get(url(shop)).context["proposal"].sha256
    pages.post(url(shop), {"seen": seen, "open_tasks": "keep"})
    history = reverse("admin:staff_release_history", args=[shop.pk])
    page = pages.get(history)
    assert [(one.section, one.name, one.kind) for one in page.context["changes"]] == [
        ("visit rule", "保养后回访 · 三天回访", "changed")
    ]
    first = Release.objects.get(number=1)
    backwards = pages.get(f"{history}?old={Release.objects.get(number=2).pk}&new={first.pk}").context["changes"]
    assert [(one.old, one.new) for one in backwards[0].changes] == [("5 days", "3 days")]
    back = reverse("admin:staff_release_restore", args=[first.pk])
    page = pages.get(back)
    assert page.context["outcome"].after.tasks == 2
    pages.post(back, {"seen": first.sha256, "open_tasks": "keep"})
    assert Release.objects.get(number=1).in_force_seq == 3


def test_the_pages_are_the_administrators_alone(client, shop, clock_at):
    clock_at(NOW)
    client.force_login(Employee.objects.get(username="anna"))
    assert client.get(url(shop)).status_code in (302, 403, 404)
    assert client.get(reverse("admin:staff_release_history", args=[shop.pk])).status_code in (302, 403, 404)
