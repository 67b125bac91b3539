"""The page of health: open to everybody, says what is wrong, and nothing else."""

import os
import time

import pytest
from django.db import OperationalError

from config import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def heartbeat(settings, tmp_path):
    settings.HEARTBEAT = tmp_path / "heartbeat"
    return settings.HEARTBEAT


def heard(heartbeat, seconds_ago):
    heartbeat.touch()
    moment = time.time() - seconds_ago
    os.utime(heartbeat, (moment, moment))


def test_all_is_well(client, heartbeat):
    heard(heartbeat, seconds_ago=170)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "beat": "ok"})


@pytest.mark.parametrize("seconds_ago", [None, 190])
def test_a_minute_hand_that_nobody_hears_is_told_within_three_minutes(client, heartbeat, seconds_ago):
    if seconds_ago:
        heard(heartbeat, seconds_ago)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "beat": "stale"})


def test_a_silent_database_is_told(client, heartbeat, monkeypatch):
    heard(heartbeat, seconds_ago=0)

    def silent():
        raise OperationalError("gone")

    monkeypatch.setattr(health.connection, "cursor", silent)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"database": "down", "beat": "ok"})
