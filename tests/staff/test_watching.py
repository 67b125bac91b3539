"""What machines ask: yes or no for everybody, the rest for this machine and whoever has the token."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError

from staff.domain import outages
from staff.models import Heartbeat
from staff.views import watching
from tests.visits.world import at, employee

pytestmark = pytest.mark.django_db
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture
def heard():
    """Return a function that lets the scheduler be heard so many seconds ago."""

    def hear(seconds_ago=0):
        outages.beat(now=at("2026-03-02 09:00"))
        Heartbeat.objects.update(heard_at=Heartbeat.objects.get().heard_at - timedelta(seconds=seconds_ago))

    return hear


def test_all_is_well(client, heard):
    heard(seconds_ago=170)
    answer = client.get("/healthz", **ELSEWHERE)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("seconds_ago", [None, 190])
def test_a_scheduler_that_nobody_hears_is_told_within_three_minutes(client, heard, seconds_ago):
    if seconds_ago:
        heard(seconds_ago)
    answer = client.get("/healthz", **ELSEWHERE)

    assert (answer.status_code, answer.json()) == (503, {"status": "ill"})


def test_a_silent_database_is_told(client, heard, monkeypatch):
    heard()

    def silent():
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(watching.connection, "cursor", silent)
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"status": "ill", "database": "down", "findings": []})


def test_this_machine_hears_what_was_found(client, heard):
    heard()
    told = client.get("/healthz").json()

    assert told["database"] == "ok"
    assert {"level": "ok", "what": "scheduler", "words": "调度程序运行正常。", "mend": ""} in told["findings"]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        (ELSEWHERE, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 404),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer something-else"}, 404),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer "}, 404),
    ],
)
def test_the_figures_are_for_this_machine_and_the_token(client, settings, facts, status):
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics", **facts).status_code == status


def test_no_token_opens_to_nobody(client):
    assert client.get("/metrics", **ELSEWHERE, HTTP_AUTHORIZATION="Bearer ").status_code == 404


def test_behind_https_the_proxy_on_this_machine_is_no_friend(client, settings):
    settings.HTTPS = True

    assert client.get("/metrics", HTTP_HOST="localhost").status_code == 404


def test_the_figures_are_what_prometheus_reads_and_name_nobody(client, heard):
    heard()
    employee("zhang-the-advisor", name="张顾问")
    answer = client.get("/metrics")
    lines = answer.content.decode().splitlines()
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}

    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in lines:
        assert re.fullmatch(r'# (HELP|TYPE) .+|huifang_\w+(\{(\w+="[^"]*",?)+\})? -?[\d.]+(e[+-]?\d+)?', line), line
    assert {"huifang_scheduler_silent_seconds", "huifang_job_lag_seconds", "huifang_disk_free_bytes"} <= names
    assert "zhang" not in answer.content.decode()
    assert not re.search(r"[\u4e00-\u9fff]", answer.content.decode())
