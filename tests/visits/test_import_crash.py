"""Crashes, repetitions and two imports at once: nothing lost, nothing doubled (RELIABILITY F66 to F68)."""

import os
import subprocess
import sys
import threading
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from config import clock
from config.workbooks.reading import ROOT
from config.workbooks.refusals import Unreadable
from config.workbooks.rows import Row
from staff.domain.jobs import run_due
from staff.models import Branch
from tests.ready import copy_ready
from tests.visits.exports import counts, row, rows, take_in, text, workbook
from tests.visits.world import publish
from visits.choices import BatchState
from visits.domain.intake import bulk, staging, taking
from visits.domain.intake.judging import Options
from visits.models import ContactNumber, Customer, ImportBatch, ImportRow, Ownership, ServiceEvent, Vehicle, VisitTask

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = (ServiceEvent, Customer, ContactNumber, Vehicle, Ownership)


class Crash(BaseException):
    """What no code catches, as a kill."""


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", {"postgresql": 10, "sqlite": 10})


@pytest.fixture
def crash_in_chunk(monkeypatch):
    """Return a function that lets the n-th chunk crash after it was written, before it is committed."""

    def crash_in_chunk(number):
        plain, met = taking.rows.settle, []

        def settle(*arguments):
            met.append(1)
            if len(met) == number:
                raise Crash
            plain(*arguments)

        monkeypatch.setattr(taking.rows, "settle", settle)
        return lambda: monkeypatch.setattr(taking.rows, "settle", plain)

    return crash_in_chunk


def totals():
    return {model.__name__: model.objects.count() for model in EVERYTHING}


def test_the_same_command_again_goes_on_where_a_crash_came(tmp_path, crash_in_chunk):
    path = workbook(tmp_path / "a.xlsx", [*rows(35), row(99, 手机号="无效")])
    repair = crash_in_chunk(3)
    with pytest.raises(Crash):
        take_in(path)
    assert ServiceEvent.objects.count() == 20
    repair()
    assert counts(take_in(path)) == (35, 0, 0, 1)
    assert set(totals().values()) == {35}
    assert ImportBatch.objects.get().state == BatchState.DONE


def test_an_interrupted_import_is_finished_without_its_file(tmp_path, crash_in_chunk):
    path = workbook(tmp_path / "a.xlsx", rows(35))
    repair = crash_in_chunk(1)
    with pytest.raises(Crash):
        take_in(path)
    path.unlink()
    repair()
    call_command("import_events", "--resume", stdout=StringIO())
    assert set(totals().values()) == {35}
    assert not ImportRow.objects.exists()


def test_a_file_that_breaks_off_while_it_is_read_leaves_nothing():
    def breaks_off():
        for number in range(1, 26):
            facts = {"order_no": f"RO{number}", "kind": "service_completed", "numbers": [f"138{number:08d}"]}
            yield Row(number, [], facts | {"happened_at": "2026-03-02T04:00:00+00:00", "happened_on": "2026-03-02"})
        raise Unreadable("crashed")

    file = staging.File("export.xlsx", "0" * 64)
    with pytest.raises(Unreadable):
        staging.stage(breaks_off(), file=file, options=Options(), now=clock.now())
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()


def test_another_file_does_not_take_over_what_a_crash_left(tmp_path, crash_in_chunk):
    repair = crash_in_chunk(1)
    with pytest.raises(Crash):
        take_in(workbook(tmp_path / "a.xlsx", rows(5)))
    repair()
    assert counts(take_in(workbook(tmp_path / "b.xlsx", rows(6)))) == (6, 0, 0, 0)
    call_command("import_events", "--resume", stdout=StringIO())
    assert set(totals().values()) == {6}


def together(*deeds):
    """Run the deeds at the same moment in threads of their own; return what went wrong."""
    barrier, wrong = threading.Barrier(len(deeds)), []

    def run(deed):
        barrier.wait()
        try:
            deed()
        except Exception as problem:  # noqa: BLE001  the test says what went wrong
            wrong.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.parametrize("turn", range(3))
def test_two_imports_of_the_same_customers_at_once_make_each_once(tmp_path, turn):
    first = text(tmp_path / "a.csv", rows(40))
    other_orders = [row(number, 工单号=f"X{number}") for number in range(40, 0, -1)]
    second = text(tmp_path / "b.csv", other_orders)
    assert together(lambda: take_in(first), lambda: take_in(second)) == []
    assert totals() == {"ServiceEvent": 80, "Customer": 40, "ContactNumber": 40, "Vehicle": 40, "Ownership": 40}


def test_the_same_file_twice_at_once_makes_everything_once(tmp_path):
    path = text(tmp_path / "a.csv", rows(40))
    assert together(lambda: take_in(path), lambda: take_in(path)) == []
    assert set(totals().values()) == {40}


def test_without_a_look_at_what_is_there_the_database_itself_refuses_the_second_event(tmp_path, monkeypatch):
    path = text(tmp_path / "a.csv", rows(5))
    take_in(path)
    monkeypatch.setattr(taking, "events_of", lambda _rows: {})
    with pytest.raises(IntegrityError):
        take_in(path)
    assert ServiceEvent.objects.count() == 5


def test_a_number_that_somebody_else_writes_meanwhile_is_looked_for_again(tmp_path, monkeypatch):
    plain, met = taking.writing.write_people, []

    def write_people(people, *, now):
        if not met:
            met.append(1)
            raise IntegrityError("as if a correction had just written one of the numbers")
        plain(people, now=now)

    monkeypatch.setattr(taking.writing, "write_people", write_people)
    assert counts(take_in(text(tmp_path / "a.csv", rows(15)))) == (15, 0, 0, 0)
    assert set(totals().values()) == {15}


@pytest.mark.parametrize(("once", "more"), [(3, 30)])
def test_more_rows_of_a_chunk_cost_no_more_queries(tmp_path, monkeypatch, django_assert_max_num_queries, once, more):
    monkeypatch.setattr(bulk, "CHUNK", {"postgresql": 100, "sqlite": 100})
    costs = []
    for number, size in enumerate((once, more)):
        entries = [row(key, 工单号=f"{number}-{key}", 手机号=f"139{number}{key:07d}") for key in range(size)]
        with django_assert_max_num_queries(320) as spent:
            take_in(text(tmp_path / f"{number}.csv", entries))
        costs.append(sum("visits_visittask" not in query["sql"] for query in spent.captured_queries))
    assert costs[1] <= costs[0]


@pytest.mark.process
def test_killing_imports_loses_and_doubles_nothing(tmp_path):
    name = f"kill_import_{os.getpid()}"
    environment = dict(os.environ)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    else:
        environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/{name}.sqlite3"
        copy_ready(tmp_path / f"{name}.sqlite3")
    command = [sys.executable, "-m", "tests.visits.kill_import", "5"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


RULE = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
  [[visit_rule.step]]
  code = "call"
  opens = "3d"
  closes = "5d"
"""


def test_what_is_imported_while_visits_are_planned_gets_its_visits(tmp_path):
    publish(RULE)
    first, second = text(tmp_path / "a.csv", rows(60)), text(tmp_path / "b.csv", rows(90))
    now = clock.now()
    assert together(lambda: take_in(first), lambda: take_in(second), *[lambda: run_due(now=now)] * 2) == []
    run_due(now=now)
    assert VisitTask.objects.count() == 90
    assert not ServiceEvent.objects.filter(needs_planning=True).exists()


def test_others_can_write_while_a_large_file_comes_in(tmp_path, monkeypatch):
    monkeypatch.undo()  # chunks as large as they really are
    path = text(tmp_path / "a.csv", rows(3_000))
    waited = []

    def write():
        for number in range(20):
            started = time.monotonic()
            Branch.objects.create(name=f"门店{number}")
            waited.append(time.monotonic() - started)

    assert together(lambda: take_in(path), write) == []
    assert len(waited) == 20
    assert max(waited) < 10  # half of what a writer waits at most; it takes milliseconds on an idle machine
