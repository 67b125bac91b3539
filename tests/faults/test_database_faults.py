"""The database cut off in the middle, or too slow: one page in words, nothing half done, and the next request works."""

from contextlib import closing

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from config.faults import TOO_SLOW, page_for
from staff.models import Branch

LOGIN = "/account/login/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def somebody(django_user_model):
    return django_user_model.objects.create_user(username="wang", password="secret-enough", name="王")


def cut() -> None:
    """End this process's connection from outside, as an administrator or a network does."""
    if connection.vendor == "sqlite":
        connection.connection.close()  # what is open to a file is ended by nobody but its holder
        return
    found = connection.settings_dict
    pid = connection.connection.info.backend_pid
    with closing(psycopg.connect(host=found["HOST"], user=found["USER"], dbname=found["NAME"])) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_cut_connection_is_one_page_in_words_and_the_next_request_works():
    browser = Client(raise_request_exception=False)
    assert browser.get(LOGIN).status_code == 200
    cut()

    refused = browser.get(LOGIN)
    connection.close_if_unusable_or_obsolete()  # as the server does before each request; the tests' client does not
    if connection.vendor == "sqlite":
        connection.close()

    assert refused.status_code == (500 if connection.vendor == "sqlite" else 503)
    assert browser.get(LOGIN).status_code == 200


def test_what_was_begun_on_a_cut_connection_is_rolled_back_whole():
    with pytest.raises(Exception, match=".+"), transaction.atomic():
        Branch.objects.create(name="半家店")
        cut()
        Branch.objects.create(name="另半家店")
    connection.close()

    assert not Branch.objects.filter(name__contains="半家店").exists()


def test_a_statement_that_takes_too_long_is_told_apart():
    if connection.vendor == "sqlite":
        return  # a file has no clock of its own over statements
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")
        with pytest.raises(OperationalError) as problem:
            cursor.execute("SELECT pg_sleep(5)")
        cursor.execute("RESET statement_timeout")

    assert page_for(problem.value) == TOO_SLOW
