"""What people read when the database is away, busy or full: a page in words, which asks the database for nothing."""

import errno

import pytest
from django.core.cache import cache
from django.db import DataError, InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from config import faults
from config.faults import AWAY, BROKEN, STORE_FULL, TOO_SLOW, page_for

LOGIN = "/account/login/"
FILLER = """INSERT INTO cache_entry (cache_key, value, expires)
    VALUES (hex(randomblob(40)), hex(zeroblob(%s)), '2999-01-01')"""


@pytest.mark.parametrize(
    ("problem", "page"),
    [
        (OperationalError("server closed the connection unexpectedly"), AWAY),
        (InterfaceError("connection already closed"), AWAY),
        (OperationalError("database is locked"), AWAY),
        (OperationalError("canceling statement due to lock timeout"), AWAY),
        (OperationalError("canceling statement due to statement timeout"), TOO_SLOW),
        (OperationalError("database or disk is full"), STORE_FULL),
        (OperationalError('could not extend file "base/1/2": No space left on device'), STORE_FULL),
        (OSError(errno.ENOSPC, "No space left on device"), STORE_FULL),
        (OSError(errno.EIO, "Input/output error"), BROKEN),
        (DataError("value too long"), BROKEN),
        (RuntimeError("a fault of ours"), BROKEN),
        (None, BROKEN),
    ],
)
def test_the_page_follows_from_what_went_wrong(problem, page):
    assert page_for(problem) == page


@pytest.fixture
def failing(monkeypatch):
    """Return a function that asks for a page below which `problem` happens, and returns the answer."""

    def ask(problem: Exception, language: str = "zh-hans"):
        def refuse(*_args, **_options):
            raise problem

        monkeypatch.setattr("staff.gate.clock.now", refuse)
        client = Client(raise_request_exception=False)
        client.cookies["django_language"] = language
        return client.get(LOGIN)

    return ask


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (OperationalError("terminating connection"), 503, "数据库暂时没有响应"),
        (OperationalError("canceling statement due to statement timeout"), 503, "这次查询用时太长"),
        (OperationalError("database or disk is full"), 507, "系统磁盘已满"),
    ],
)
def test_it_is_told_without_a_question_to_the_database(failing, problem, status, words):
    answer = failing(problem)  # this test may not touch the database at all

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer.headers.get("Retry-After", "") == ("5" if status == 503 else "")


def test_it_is_told_in_the_language_of_the_reader(failing):
    assert "The database does not answer" in failing(OperationalError("gone"), "en").content.decode()


@pytest.mark.django_db
def test_reading_goes_on_where_the_session_cannot_be_saved(client, monkeypatch, django_user_model):
    django_user_model.objects.create_user(username="wang", password="secret-enough", name="王")

    def full(_middleware, _request, _response):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(faults.SessionMiddleware, "process_response", full)
    client.raise_request_exception = False

    assert client.get(LOGIN).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 507


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_refuses_writing_reads_on_and_mends_itself(django_user_model, client):
    if connection.vendor != "sqlite":
        return  # no setting of PostgreSQL fills its disk; benchmarks.chaos does it with a small one
    person = django_user_model.objects.create_user(username="wang", password="secret-enough", name="王")
    before = bounded(1)

    try:
        fill()
        answers = [sign_in() for _attempt in range(40)]
        assert 507 in answers, "the last pages of the tables have some room"
        assert 429 not in answers, "the limiter keeps its lock in the full file"
        assert client.get(LOGIN).status_code == 200
        assert django_user_model.objects.get(pk=person.pk).username == "wang"
    finally:
        bounded(before)
        cache.clear()

    assert sign_in() == 302


def sign_in() -> int:
    """Sign in from a new browser and return the status."""
    answer = Client(raise_request_exception=False).post(LOGIN, {"login": "wang", "password": "secret-enough"})
    return answer.status_code


def bounded(pages: int) -> int:
    """Let the file have so many pages, or as many as it has; return how many it might have before."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    return before


def fill() -> None:
    """Use up the free room of the file."""
    with connection.cursor() as cursor:
        for size in (100_000, 1_000, 100):
            try:
                while True:
                    cursor.execute(FILLER, [size])
            except OperationalError:
                continue
