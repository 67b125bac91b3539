"""The ring: what the worker does when beat, or the start of the program, rings."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from celery import Celery

import config.celery
from config import broker, clock, filling, wiring
from config.celery import app, ring
from staff.domain.jobs import TickReport
from staff.models import Heartbeat, JobRun
from staff.tasks import tick

pytestmark = pytest.mark.django_db


def test_a_ring_runs_what_is_due_by_the_clock_of_the_program(clock_at):
    clock_at("2026-03-02T09:00:00+08:00")

    tick()

    assert set(JobRun.objects.values_list("job", flat=True)) == {job.name for job in wiring.JOBS}
    assert JobRun.objects.latest("due_at").due_at <= datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_ring_during_the_work_only_shows_that_it_was_heard(settings, monkeypatch):
    settings.HEARTBEAT.unlink(missing_ok=True)
    heard = []

    def work(*, now):
        heard.append(tick())
        return TickReport()

    monkeypatch.setattr("staff.domain.jobs.run_due", work)

    assert tick() is True

    assert heard == [False]
    assert settings.HEARTBEAT.exists()


def test_a_job_that_has_more_to_do_is_rung_for_at_once(settings, monkeypatch):
    rung = []
    monkeypatch.setattr("staff.tasks.ring", lambda: rung.append(1))
    monkeypatch.setattr("staff.domain.jobs.run_due", lambda *, now: TickReport({"run_imports": Counter(again=1)}))

    assert tick() is True

    assert rung == [1]


def test_a_ring_while_the_demo_company_is_being_made_leaves_it_alone(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    filling.begin(60)
    with filling.going_on():
        assert tick() is False

    assert not JobRun.objects.exists()
    assert not Heartbeat.objects.exists()
    assert tick() is True


def test_beat_has_one_entry_which_outlives_the_difference_that_clocks_may_have():
    (entry,) = app.conf.beat_schedule.values()

    assert entry["task"] == tick.name
    assert entry["schedule"] == 60
    assert entry["options"]["expires"] > clock.AGREE_SECONDS


def test_every_task_survives_the_death_of_its_worker():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.accept_content == ["json"]


def test_a_ring_that_nobody_can_hear_does_no_harm(monkeypatch):
    deaf = Celery(broker=broker.address("unix:///nowhere/at.all"))
    deaf.conf.broker_transport_options = broker.options("unix:///nowhere/at.all", None)
    monkeypatch.setattr(config.celery, "app", deaf)
    started = time.monotonic()

    ring()

    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("redis_url", "address"),
    [
        ("", "filesystem://localhost//"),
        ("redis://cache.example:6379/2", "redis://cache.example:6379/2"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
    ],
)
def test_the_broker_follows_the_redis_address(redis_url, address):
    assert broker.address(redis_url) == address


def test_an_address_of_another_kind_is_refused():
    with pytest.raises(broker.ImproperlyConfigured, match="REDIS_URL"):
        broker.address("amqp://queue.example")


def test_the_folders_of_the_queue_are_closed_to_others(tmp_path):
    broker.options("", tmp_path / "queue")

    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "queue").iterdir()] == [0o700, 0o700]
    assert (tmp_path / "queue").stat().st_mode & 0o777 == 0o700


def test_redis_is_never_waited_for_without_end(tmp_path):
    options = broker.options("redis://cache.example", tmp_path)

    assert options["socket_timeout"] <= 5
    assert options["socket_connect_timeout"] <= 5
