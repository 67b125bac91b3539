"""What the program finds out about itself: outages, jobs, the calendar, the disk, and who is told of it."""

from datetime import date, timedelta

import pytest

from config import wiring
from config.wiring import Job
from staff.domain import checking, health, installation, jobs, outages
from staff.domain.checking import Finding, Level
from staff.domain.job_ledger import standings
from staff.models import Heartbeat, JobRun, Outage, Quarantined, WorkdayOverride
from tests.staff.test_jobs import BROKEN, NIGHTLY, SWEEP
from tests.visits.world import at

pytestmark = pytest.mark.django_db
WELL = Job("sweep", f"{__name__}.well")
STATE = {"broken": True}


def well(*, now):
    if STATE["broken"]:
        raise ValueError("客户张三 13812345678 在店")
    return 1


def alarming(*, now):
    return [Finding(Level.OK, "b", "fine"), Finding(Level.ALARM, "a", "bad", "mend it")]


def failing(*, now):
    raise RuntimeError("the check is broken")


def levels(found):
    return {finding.what: finding.level for finding in found}


@pytest.fixture
def table(monkeypatch):
    def use(*table):
        monkeypatch.setattr(jobs, "JOBS", table)
        monkeypatch.setattr(wiring, "JOBS", table)

    return use


# Outages


def test_a_gap_of_more_than_five_minutes_between_signs_of_life_is_an_outage():
    for minute in ("09:00", "09:01", "09:06", "09:20"):
        outages.beat(now=at(f"2024-05-06 {minute}"))

    assert list(Outage.objects.values_list("from_at", "to_at", "cause")) == [
        (at("2024-05-06 09:06"), at("2024-05-06 09:20"), "stopped")
    ]


def test_the_first_sign_of_life_ends_no_outage():
    assert outages.beat(now=at("2024-05-06 09:00")) is None


def test_an_outage_of_a_clock_that_had_gone_ahead_is_taken_away():
    for moment in ("2024-05-06 09:00", "2024-05-07 09:00", "2024-05-06 09:01"):
        outages.beat(now=at(moment))

    assert not Outage.objects.exists()


def test_what_two_outages_share_counts_once():
    now = at("2024-05-07 00:00")
    for first, last, cause in (("09:00", "11:00", "stopped"), ("10:00", "12:00", "restored")):
        outages.stood_still(at(f"2024-05-06 {first}"), at(f"2024-05-06 {last}"), cause=cause, now=now)

    found = outages.overlap(at("2024-05-06 09:30"), at("2024-05-06 18:00"))

    assert found.length == timedelta(hours=2, minutes=30)
    assert len(found.outages) == 2
    assert outages.overlap(at("2024-05-06 12:00"), at("2024-05-06 18:00")).length == timedelta()


def test_an_outage_is_written_down_once_and_never_backwards():
    first, last = at("2024-05-06 09:00"), at("2024-05-06 10:00")
    for _again in range(2):
        outages.stood_still(first, last, cause="restored", now=last)

    assert Outage.objects.count() == 1
    with pytest.raises(ValueError, match="cannot end"):
        outages.stood_still(last, first, cause="restored", now=last)


# The scheduler


def test_a_scheduler_that_was_never_heard_is_an_alarm():
    assert levels(health.scheduler(now=at("2024-05-06 09:00"))) == {"scheduler": Level.ALARM}


@pytest.mark.parametrize(("seconds", "level"), [(0, Level.OK), (170, Level.OK), (190, Level.ALARM)])
def test_a_silent_scheduler_is_noticed_within_three_minutes_of_real_time(seconds, level):
    outages.beat(now=at("2024-05-06 09:00"))  # the clock of a demonstration, long ago
    beat = Heartbeat.objects.get()
    Heartbeat.objects.update(heard_at=beat.heard_at - timedelta(seconds=seconds))

    assert levels(health.scheduler(now=at("2024-05-06 09:00"))) == {"scheduler": level}


# The jobs


def test_a_job_that_fails_again_and_again_becomes_an_alarm_and_is_well_again(table):
    table(WELL)
    STATE["broken"] = True
    found = []
    for minute in range(3):
        jobs.run_due(now=at(f"2024-05-06 09:0{minute}"))
        found += [finding.level for finding in health.jobs_done(now=at("2024-05-06 09:05"))]
    STATE["broken"] = False
    jobs.run_due(now=at("2024-05-06 09:03"))
    found += [finding.level for finding in health.jobs_done(now=at("2024-05-06 09:05"))]

    assert found == [Level.WARNING, Level.WARNING, Level.ALARM, Level.OK]


def test_what_went_wrong_is_kept_without_the_customer(table):
    table(WELL)
    STATE["broken"] = True
    jobs.run_due(now=at("2024-05-06 09:00"))

    assert JobRun.objects.get().error == "ValueError: [text] [number] [text]"


def test_the_job_of_a_day_rests_longer_and_longer_until_somebody_asks(table):
    table(BROKEN)
    for minute in range(30):
        jobs.run_due(now=at("2024-05-06 08:00") + timedelta(minutes=minute))
    tried = JobRun.objects.get().attempts
    jobs.retry("broken")
    jobs.run_due(now=at("2024-05-06 08:30"))

    assert tried == 6  # at once, +1, +2, +3 min, then after 5 and 10 minutes
    assert JobRun.objects.get().attempts == 7


def test_a_job_tells_what_it_owes_and_when_it_runs_next(table):
    table(NIGHTLY, SWEEP)
    jobs.run_due(now=at("2024-05-06 08:00"))
    night, sweep = standings(now=at("2024-05-08 08:00"))

    assert night.owed == (at("2024-05-07 00:10"), at("2024-05-08 00:10"))
    assert night.late
    assert night.next_at == at("2024-05-09 00:10")
    assert (sweep.owed, sweep.next_at) == ((), at("2024-05-06 08:01"))
    assert levels(health.jobs_done(now=at("2024-05-08 08:00"))) == {"job.nightly": Level.WARNING}


def test_a_job_that_never_ran_on_a_new_installation_is_not_late(table):
    table(NIGHTLY)

    assert levels(health.jobs_done(now=at("2024-05-08 08:00"))) == {"jobs": Level.OK}


def test_every_job_of_the_program_has_a_title():
    assert [job.name for job in wiring.JOBS if not job.title] == []


# Quarantine, disk, calendar


def test_a_row_in_quarantine_is_an_alarm_and_one_that_is_still_tried_is_not():
    now = at("2024-05-06 09:00")
    row = Quarantined.objects.create(
        job="plan_events", subject_type="serviceevent", subject_id=1, reason="x", first_at=now, last_at=now
    )
    before = levels(health.quarantine(now=now))
    Quarantined.objects.filter(pk=row.pk).update(held_at=now)

    assert before == {"quarantine": Level.OK}
    assert levels(health.quarantine(now=now)) == {"quarantine": Level.ALARM}


@pytest.mark.parametrize(("free", "level"), [(50, Level.OK), (19, Level.WARNING), (9, Level.ALARM)])
def test_a_disk_that_fills_up_is_noticed(monkeypatch, free, level):
    monkeypatch.setattr(installation.shutil, "disk_usage", lambda _folder: (100 << 30, (100 - free) << 30, free << 30))

    assert levels(health.room_on_disk(now=at("2024-05-06 09:00"))) == {"disk": level}


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("2026-10-31 12:00", {"calendar": Level.OK}),
        ("2026-11-01 12:00", {"calendar.2027": Level.WARNING}),
        ("2027-03-01 12:00", {"calendar.2027": Level.ALARM}),
    ],
)
def test_the_holidays_of_next_year_are_asked_for_in_november(monkeypatch, moment, found):
    monkeypatch.setattr(health.calendar, "PUBLISHED_UNTIL", 2026)

    assert levels(health.calendar_known(now=at(moment))) == found


def test_a_company_may_settle_a_year_itself(monkeypatch):
    monkeypatch.setattr(health.calendar, "PUBLISHED_UNTIL", 2026)
    for day in range(1, 6):
        WorkdayOverride.objects.create(on=date(2027, 10, day), is_workday=False)

    assert levels(health.calendar_known(now=at("2026-12-01 12:00"))) == {"calendar": Level.OK}


# The table of checks


def test_alarms_come_first_and_a_broken_check_is_a_finding(monkeypatch):
    monkeypatch.setattr(wiring, "CHECKS", (f"{__name__}.alarming", f"{__name__}.failing"))
    found = checking.findings(now=at("2024-05-06 09:00"))

    assert [(finding.level, finding.what) for finding in found] == [
        (Level.ALARM, "a"),
        (Level.ALARM, "check.failing"),
        (Level.OK, "b"),
    ]
    assert checking.worst(found) is Level.ALARM
    assert checking.worst([]) is Level.OK


def test_every_check_of_the_program_answers_on_an_empty_company():
    found = checking.findings(now=at("2024-05-06 09:00"))

    assert not [finding.what for finding in found if finding.what.startswith("check.")]
    assert all(finding.mend for finding in found if finding.level is not Level.OK)
