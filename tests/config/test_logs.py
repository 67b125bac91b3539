"""The log: one record a line, what it belongs to, and no canary of a customer in it, whatever goes wrong."""

import json
import logging

import pytest
from django.test import RequestFactory

from config import logs
from config.logs import JsonFormatter, LineFormatter, RequestLogMiddleware
from staff.domain import jobs
from tests.staff.test_jobs import SWEEP
from tests.visits.world import at, employee

NAME, NUMBER, PLATE = "欧阳金丝雀", "13987654321", "沪C9X8Y7"
CANARIES = (NAME, NUMBER, PLATE)


class Kept(logging.Handler):
    """Keeps what is written, in the format that it is given."""

    def __init__(self, formatter):
        super().__init__()
        self.setFormatter(formatter)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture(params=[LineFormatter, JsonFormatter], ids=["line", "json"])
def kept(request):
    """Return what the program's loggers and Django's write from now on, of every level."""
    handler = Kept(request.param())
    loggers = [logging.getLogger(name) for name in (None, "django")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield handler
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def fail(*_args, **_facts):
    guest = {"name": NAME, "number": NUMBER}
    raise ValueError(f"cannot keep {guest} with {PLATE}\n2026-03-02 INFO login ok")


@pytest.mark.django_db
def test_a_page_that_breaks_or_is_not_there_tells_no_customer(kept, client, monkeypatch, clock_at):
    clock_at("2026-03-02T09:00+08:00")
    client.force_login(employee("advisor", name=NAME))
    client.raise_request_exception = False
    monkeypatch.setattr("staff.gate.recognise", fail)
    client.get("/customers/", {"q": NUMBER})
    client.post(f"/nowhere/{NUMBER}/{NAME}/", {"name": NAME}, headers={"user-agent": NAME})
    told = "\n".join(kept.lines)

    assert "ValueError" in told
    assert not [canary for canary in CANARIES if canary in told]
    assert "visits:customer_list" in told
    assert "/customers/" not in told


@pytest.mark.django_db
def test_a_job_that_fails_tells_its_name_and_no_customer(kept, monkeypatch):
    monkeypatch.setattr(jobs, "JOBS", (SWEEP,))
    monkeypatch.setattr("tests.staff.test_jobs.sweep", fail)
    jobs.run_due(now=at("2026-03-02 09:00"))
    told = "\n".join(kept.lines)

    assert "job sweep failed" in told
    assert not [canary for canary in CANARIES if canary in told]


def test_what_is_written_stays_one_record(kept):
    logging.getLogger("test").error("login of %s", "eve\r\n2026-03-02 INFO root: login ok\x1b[2K")

    (line,) = kept.lines
    assert "\n" not in line
    assert "\x1b" not in line


@pytest.mark.django_db
def test_each_answer_is_a_record_with_the_page_and_not_its_address(client, clock_at):
    handler = Kept(JsonFormatter())
    logs.logger.addHandler(handler)
    logs.logger.setLevel(logging.INFO)
    clock_at("2026-03-02T09:00+08:00")
    person = employee("advisor")
    client.force_login(person)
    answer = client.get("/tasks/123456/?q=x", headers={"X-Request-ID": "proxy-4711-abc"})
    logs.logger.removeHandler(handler)
    logs.logger.setLevel(logging.NOTSET)
    told = json.loads(handler.lines[-1])

    assert answer["X-Request-ID"] == told["request"] == "proxy-4711-abc"
    assert {key: told[key] for key in ("page", "method", "status", "user", "level")} == {
        "page": "visits:task",
        "method": "GET",
        "status": 404,
        "user": person.pk,
        "level": "INFO",
    }
    assert "123456" not in handler.lines[-1]


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g", "x" * 65, "line\nbreak-and-more", NAME * 3])
def test_an_id_that_is_none_is_replaced(given):
    request = RequestFactory().get("/", headers={"X-Request-ID": given})
    answer = RequestLogMiddleware(lambda _request: Answer())(request)

    assert answer.headers["X-Request-ID"] == request.log_id != given
    assert len(request.log_id) == 16


class Answer:
    """What a middleware gets from below it."""

    status_code = 200

    def __init__(self):
        self.headers = {}


def test_facts_last_as_long_as_what_they_are_about():
    with logs.about(job="one"):
        with logs.about(ring="two"):
            inside = dict(logs.present())
        after = dict(logs.present())

    assert (inside, after, dict(logs.present())) == ({"job": "one", "ring": "two"}, {"job": "one"}, {})
