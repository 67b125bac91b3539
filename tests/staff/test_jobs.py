"""What runs when: the ledger of jobs, missed days in order, one that fails beside others that go on."""

from dataclasses import replace
from datetime import time

import pytest

from config.wiring import Job
from staff.domain import jobs
from staff.models import JobRun
from tests.visits.world import at, local

pytestmark = pytest.mark.django_db
RAN = []


def nightly(*, now, on):
    RAN.append(on.isoformat())
    return 1


def sweep(*, now):
    return {"swept": 1}


def broken(*, now, on):
    raise ValueError("no such thing")


NIGHTLY = Job("nightly", f"{__name__}.nightly", at=time(0, 10))
BROKEN = Job("broken", f"{__name__}.broken", at=time(0, 5))
SWEEP = Job("sweep", f"{__name__}.sweep")


@pytest.fixture(autouse=True)
def table(monkeypatch):
    RAN.clear()
    monkeypatch.setattr(jobs, "JOBS", (NIGHTLY, SWEEP))


def test_a_job_that_never_ran_owes_its_last_moment_only():
    jobs.run_due(now=at("2024-05-06 08:00"))
    assert RAN == ["2024-05-06"]


def test_before_its_time_of_day_the_day_before_is_the_last():
    jobs.run_due(now=at("2024-05-06 00:09:59"))
    assert RAN == ["2024-05-05"]


@pytest.mark.parametrize("ring", range(3))
def test_a_day_is_done_once_however_often_it_is_rung_for(ring):
    for _ring in range(ring + 1):
        jobs.run_due(now=at("2024-05-06 00:10"))
    assert RAN == ["2024-05-06"]


def test_three_days_of_standstill_over_a_months_end_are_caught_up_in_order():
    jobs.run_due(now=at("2025-01-30 08:00"))
    jobs.run_due(now=at("2025-02-02 10:00"))
    assert RAN == ["2025-01-30", "2025-01-31", "2025-02-01", "2025-02-02"]


def test_what_one_run_does_for_all_days_is_done_once_after_a_standstill(monkeypatch):
    monkeypatch.setattr(jobs, "JOBS", (replace(NIGHTLY, each_day=False), SWEEP))
    for moment in ("2025-01-30 08:00", "2025-02-02 00:09:59", "2025-02-02 10:00", "2025-02-02 10:01"):
        jobs.run_due(now=at(moment))
    assert RAN == ["2025-01-30", "2025-02-01", "2025-02-02"]


def test_a_job_that_fails_stops_no_other_and_is_tried_again(monkeypatch):
    monkeypatch.setattr(jobs, "JOBS", (BROKEN, NIGHTLY, SWEEP))
    report = jobs.run_due(now=at("2024-05-06 08:00"))
    assert report.failed == {"broken": "ValueError: no such thing"}
    assert set(report.done) == {"nightly", "sweep"}
    jobs.run_due(now=at("2024-05-07 08:00"))
    rows = JobRun.objects.filter(job="broken").order_by("due_at").values_list("due_at", "state", "attempts")
    assert [(local(due_at), state, attempts) for due_at, state, attempts in rows] == [
        ("2024-05-06 00:05", "failed", 2),
        ("2024-05-07 00:05", "failed", 1),
    ]


def test_a_run_whose_process_died_is_taken_over_after_ten_minutes():
    due_at = at("2024-05-06 00:10")
    JobRun.objects.create(job="nightly", due_at=due_at, state="running", started_at=due_at)
    jobs.run_due(now=at("2024-05-06 00:19:59"))
    assert RAN == []
    jobs.run_due(now=at("2024-05-06 00:20"))
    assert RAN == ["2024-05-06"]


def test_the_sweeps_of_a_day_share_one_row_that_adds_up():
    for minute in ("08:00", "08:01"):
        jobs.run_due(now=at(f"2024-05-06 {minute}"))
    assert list(JobRun.objects.filter(job="sweep").values_list("state", "result")) == [("done", {"swept": 3})]


def test_the_clock_put_back_runs_nothing_twice():
    jobs.run_due(now=at("2024-05-06 00:10:30"))
    jobs.run_due(now=at("2024-05-06 00:09:00"))
    jobs.run_due(now=at("2024-05-06 00:10:30"))
    assert RAN == ["2024-05-06"]
