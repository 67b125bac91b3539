"""Clocks at odds: nothing is done by a clock that stands alone, and all goes on by itself once they agree (F23)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from config import clock, witness
from config.clock import ClocksDisagree
from staff.domain import clocks
from staff.domain.checking import Level
from staff.models import Heartbeat, JobRun
from staff.tasks import tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(monkeypatch, settings, tmp_path):
    """Return a function that moves this host's clock by so many seconds, while the database keeps its own."""
    settings.DATA_DIR = tmp_path
    plain = clock.machine_now

    def move(seconds: float) -> None:
        monkeypatch.setattr(clock, "machine_now", lambda: plain() + timedelta(seconds=seconds))

    return move


def level() -> Level:
    (finding,) = clocks.agreement(now=clock.now())
    return finding.level


@pytest.mark.parametrize("seconds", [86_400, -86_400, 121, -121])
def test_a_tick_by_a_clock_that_is_alone_does_nothing_and_says_so(machine, seconds, caplog):
    machine(seconds)

    assert tick() is False

    assert JobRun.objects.count() == 0
    assert "时钟" in caplog.text
    assert not Heartbeat.objects.filter(part="scheduler").exists(), "no sign of life: the time is an outage"
    assert level() is Level.ALARM
    with pytest.raises(CommandError, match="时钟"):
        call_command("tick")


def test_it_goes_on_by_itself_when_the_clocks_agree_again(machine):
    machine(86_400)
    assert tick() is False
    machine(100)

    assert level() is Level.ALARM, "until the worker itself has found them agreed"
    assert tick() is True

    assert JobRun.objects.exists()
    assert level() is Level.OK


def test_on_one_host_the_time_since_its_start_bears_witness(machine, monkeypatch):
    monkeypatch.setattr(clocks, "is_own_host", lambda: True)
    clocks.require_agreement()
    monkeypatch.setattr(witness, "_clock", lambda plain=witness._clock: plain() + 3600)

    with pytest.raises(ClocksDisagree):
        clocks.require_agreement()
    assert level() is Level.ALARM


def test_a_clock_that_a_demonstration_moves_on_purpose_is_not_at_odds(clock_at, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    clock_at("2026-03-02T09:00:00+08:00")

    assert tick() is True
