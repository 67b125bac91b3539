"""History is appended: the database itself refuses to change it, on both engines."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from staff.domain import activity
from staff.models import Activity
from tests.complaints.desk import Desk

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def line():
    return activity.log(now=NOON, actor=None, verb="imported", rows=3)


def refuses(deed):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        deed()


def test_an_activity_cannot_be_changed_by_the_orm(line):
    refuses(lambda: Activity.objects.filter(pk=line.pk).update(verb="never happened"))
    line.refresh_from_db()
    assert line.verb == "imported"


def test_an_activity_cannot_be_deleted(line):
    refuses(line.delete)
    assert Activity.objects.count() == 1


def test_raw_sql_is_refused_as_well(line):
    def rewrite():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE staff_activity SET data = '{}' WHERE id = %s", [line.pk])

    refuses(rewrite)


def test_replacing_a_row_does_not_walk_past_the_trigger(line):
    if connection.vendor != "sqlite":
        return  # REPLACE is SQLite's own

    def replace():
        with connection.cursor() as cursor:
            cursor.execute(
                "REPLACE INTO staff_activity (id, at, verb, subject_type, data) VALUES (%s, %s, 'x', '', '{}')",
                [line.pk, NOON],
            )

    refuses(replace)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_the_guard_outlives_the_emptying_of_the_tables_between_tests(line, time):
    refuses(line.delete)


def test_no_line_of_a_case_is_changed_or_taken_back():
    case = Desk().case()
    refuses(lambda: case.deeds.update(text="nothing was said"))
    refuses(lambda: case.deeds.all().delete())
