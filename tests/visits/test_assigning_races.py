"""Two who assign at once, and one that dies in the middle: every task has one person and one line of activity."""

import threading
from collections import Counter
from contextlib import nullcontext
from functools import partial

import pytest
from django.db import connection

from staff.domain import quarantine
from staff.models import Activity
from tests.company import Company, morning
from visits.choices import TaskStatus
from visits.domain.assigning import deciding as assigning
from visits.domain.assigning import placing
from visits.domain.assigning.deciding import assign_waiting
from visits.domain.assigning.reassigning import MayNotReassign, take_from_pool
from visits.models import VisitTask

pytestmark = pytest.mark.django_db(transaction=True)
NOW = morning()


@pytest.fixture
def company(monkeypatch):
    monkeypatch.setattr(assigning, "CHUNK", 5)
    company = Company()
    for username in ("adam", "bo", "chen"):
        company.person(username, branch=company.east)
    return company


def together(*deeds):
    """Run the deeds in threads that start at one moment; return results or the exceptions, in order."""
    results = [None] * len(deeds)
    start = threading.Barrier(len(deeds))

    def run(place, deed):
        start.wait()
        try:
            results[place] = deed()
        except Exception as error:  # noqa: BLE001 - the test looks at what each thread met
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=place_and_deed) for place_and_deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def make_tasks(company, count, words, **facts):
    step = company.step(words)
    for _ in range(count):
        company.task(step, company.event(branch=company.east), **facts)


def test_two_assigners_at_once_decide_each_task_once(company):
    make_tasks(company, 40, ["role:service_advisor"], status=TaskStatus.OPEN)
    results = together(*[lambda: assign_waiting(now=NOW)] * 3)
    assert all(isinstance(result, int) for result in results), results
    assert sum(results) == 40
    told = Counter(Activity.objects.filter(verb="assigned").values_list("subject_id", flat=True))
    assert set(told.values()) == {1}
    assert len(told) == 40
    shares = Counter(VisitTask.objects.values_list("assignee__username", flat=True))
    assert set(shares) == {"adam", "bo", "chen"}


def test_an_assigner_that_dies_leaves_whole_chunks_and_the_next_one_finishes(company, monkeypatch):
    make_tasks(company, 20, ["role:service_advisor"], status=TaskStatus.OPEN)
    for deadly in range(1, 4):
        with monkeypatch.context() as patch:
            dies_at(patch, deadly)
            with pytest.raises(Death):
                assign_waiting(now=NOW)
        assigned = VisitTask.objects.filter(assignee__isnull=False).count()
        assert assigned % 5 == 0
        assert Activity.objects.filter(verb="assigned").count() == assigned
    assign_waiting(now=NOW)
    assert not VisitTask.objects.filter(assignee=None).exists()
    assert Activity.objects.filter(verb="assigned").count() == 20
    shares = Counter(VisitTask.objects.values_list("assignee__username", flat=True))
    assert sorted(shares.values()) == [6, 7, 7]


class Death(BaseException):
    """The end of the process: nothing that a job may survive."""


def dies_at(patch, count, *, before=False):
    """Let the process end after the tasks of the n-th chunk were written, and their activity unless `before` it."""
    calls = iter(range(count))
    plain = assigning.activity.log_many

    def log_many(**facts):
        deadly = next(calls, None) == count - 1
        if not (deadly and before):
            plain(**facts)
        if deadly:
            raise Death

    patch.setattr(assigning.activity, "log_many", log_many)


def test_a_pool_has_one_winner_of_ten(company):
    people = [company.person(f"caller-{number}", branch=company.east) for number in range(10)]
    for _ in range(5):
        make_tasks(company, 1, ["pool:service_advisor"], status=TaskStatus.OPEN)
        assign_waiting(now=NOW)
        task = VisitTask.objects.latest("pk")
        results = together(*[partial(take_from_pool, task, person, now=NOW) for person in people])
        won = [person for person, result in zip(people, results, strict=True) if result is True]
        assert len(won) == 1, results
        assert all(result is False or isinstance(result, MayNotReassign) for result in results if result is not True)
        task.refresh_from_db()
        assert task.assignee == won[0]
    assert Activity.objects.filter(verb="taken").count() == 5


def test_a_decision_upon_what_no_longer_stands_moves_nothing(company):
    make_tasks(company, 1, ["role:service_advisor"], status=TaskStatus.OPEN)
    task = VisitTask.objects.get()
    adam, bo = (company.person(username) for username in ("first", "second"))
    moves = [placing.Place(task.pk, person.pk, "", True, None, False) for person in (adam, bo)]
    assert placing.place([moves[0]], now=NOW) == {task.pk}
    assert placing.place([moves[1]], now=NOW) == frozenset()
    task.refresh_from_db()
    assert task.assignee == adam


def test_without_the_condition_the_second_decision_would_win(company, monkeypatch):
    """The guard's mutant: rows move however they stand."""
    guard = "AND COALESCE(assignee_id, 0) = d.column5 AND settled = d.column6"
    assert guard in placing.STATEMENT
    monkeypatch.setattr(placing, "STATEMENT", placing.STATEMENT.replace(guard, ""))
    make_tasks(company, 1, ["role:service_advisor"], status=TaskStatus.OPEN)
    task = VisitTask.objects.get()
    first, second = (company.person(username) for username in ("first", "second"))
    for person in (first, second):
        placing.place([placing.Place(task.pk, person.pk, "", True, None, False)], now=NOW)
    task.refresh_from_db()
    assert task.assignee == second


def test_without_the_transaction_a_death_would_leave_moves_that_nobody_wrote_down(company, monkeypatch):
    """The guard's mutant: the chunk is no transaction."""
    make_tasks(company, 5, ["role:service_advisor"], status=TaskStatus.OPEN)
    monkeypatch.setattr(assigning._Assigner, "_decide", assigning._Assigner._decide.__wrapped__)
    monkeypatch.setattr(quarantine.transaction, "atomic", lambda **_using: nullcontext())
    dies_at(monkeypatch, 1, before=True)
    with pytest.raises(Death):
        assign_waiting(now=NOW)
    assert VisitTask.objects.filter(assignee__isnull=False).count() == 5
    assert not Activity.objects.filter(verb="assigned").exists()
