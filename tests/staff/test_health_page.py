"""The page of health as the administrator sees it, what can be done there, and who is told of an alarm."""

import pytest
from django.urls import reverse

from config import wiring
from staff.domain import alarms, jobs
from staff.domain.checking import Finding, Level
from staff.models import Activity, JobRun, Notification, Outage, Quarantined
from staff.views import health
from tests.visits.world import at, employee

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 09:00")
FOUND = []


def check(*, now):
    return list(FOUND)


@pytest.fixture
def admin(client, clock_at, monkeypatch):
    """Return the administrator, signed in; the bell of the worker only counts."""
    clock_at("2026-03-02T09:00+08:00")
    rung = []
    monkeypatch.setattr(health, "ring", lambda: rung.append(1))
    person = employee("root", "administrator")
    person.rung = rung
    client.force_login(person)
    return person


def held(**facts):
    told = {"job": "plan_events", "subject_type": "serviceevent", "subject_id": 7, "label": "RO-7"}
    return Quarantined.objects.create(
        **told | facts, reason="ValueError: no day", tries=5, first_at=NOW, last_at=NOW, held_at=NOW
    )


def test_an_empty_installation_says_what_will_stand_there(client, admin):
    page = client.get(reverse("staff:health"))

    assert page.status_code == 200
    assert "调度程序从未运行过" in page.content.decode()


def test_the_page_shows_what_failed_and_how_often(client, admin):
    JobRun.objects.create(
        job="plan_events", due_at=NOW, state="failed", started_at=NOW, finished_at=NOW, error="KeyError: x", attempts=4
    )
    held()
    Outage.objects.create(from_at=at("2026-03-01 09:00"), to_at=NOW, cause="stopped", found_at=NOW)
    page = client.get(reverse("staff:health")).content.decode()

    for words in ("KeyError: x", "RO-7", "ValueError: no day", "2026-03-01"):
        assert words in page


def test_a_failed_job_is_tried_again_at_once(client, admin):
    JobRun.objects.create(job="plan_events", due_at=NOW, state="failed", started_at=NOW, finished_at=NOW)
    client.post(reverse("staff:job_retry"), {"job": "plan_events"})

    assert JobRun.objects.get().finished_at is None
    assert admin.rung == [1]
    assert Activity.objects.filter(verb="job_retried", actor=admin).count() == 1
    assert client.post(reverse("staff:job_retry"), {"job": "rm -rf"}).status_code == 404


def test_one_row_or_all_leave_quarantine(client, admin):
    first, _second, _third = held(), held(subject_id=8), held(subject_id=9)
    client.post(reverse("staff:quarantine_retry"), {"row": first.pk})
    assert Quarantined.objects.held().count() == 2
    client.post(reverse("staff:quarantine_retry"))
    assert Quarantined.objects.held().count() == 0
    client.post(reverse("staff:quarantine_retry"), {"row": "nonsense"})

    assert Activity.objects.filter(verb="quarantine_retried").count() == 3


def test_the_worker_can_be_rung(client, admin):
    client.post(reverse("staff:health_ring"))

    assert admin.rung == [1]


def test_an_alarm_is_told_once_and_again_when_it_comes_again(admin, monkeypatch):
    other, gone = employee("second", "administrator"), employee("gone", "administrator", is_active=False)
    employee("advisor")
    monkeypatch.setattr(wiring, "CHECKS", (f"{__name__}.check",))
    FOUND[:] = [Finding(Level.ALARM, "disk", "磁盘将满"), Finding(Level.WARNING, "calendar", "soon")]
    told = [alarms.tell_alarms(now=at(f"2026-03-02 09:0{minute}")) for minute in range(3)]
    unread = Notification.objects.unread().values_list("recipient", flat=True)
    assert sorted(unread) == sorted([admin.pk, other.pk])
    assert gone.pk not in unread
    FOUND.clear()
    told.append(alarms.tell_alarms(now=at("2026-03-02 09:05")))
    assert not Notification.objects.unread().exists()
    FOUND[:] = [Finding(Level.ALARM, "disk", "磁盘将满")]
    told.append(alarms.tell_alarms(now=at("2026-03-02 09:06")))

    nothing = {"new": 0, "settled": 0}
    assert told == [{"new": 1, "settled": 0}, nothing, nothing, {"new": 0, "settled": 1}, {"new": 1, "settled": 0}]
    assert Notification.objects.unread().count() == 2


def test_nobody_else_opens_the_page(client, clock_at):
    clock_at("2026-03-02T09:00+08:00")
    client.force_login(employee("boss", "general_manager"))

    assert client.get(reverse("staff:health")).status_code == 404
    assert client.post(reverse("staff:health_ring")).status_code == 404


def test_a_retry_of_nothing_is_no_error():
    assert jobs.retry("plan_events") == 0
