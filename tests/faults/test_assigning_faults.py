"""The assigner under kill -9: every task ends with one person, one final decision and one line of activity."""

from collections import Counter

import pytest

from staff.models import Activity
from tests.company import Company, morning
from tests.faults.killing import kill_cycles, together
from visits.choices import TaskStatus
from visits.domain.assigning import deciding as assigning
from visits.domain.assigning.deciding import assign_waiting
from visits.models import VisitTask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]
NOW = morning()
TASKS_A_ROUND = 40


@pytest.fixture
def supply(monkeypatch):
    """Return what brings open tasks in that three holders of a role are to share."""
    monkeypatch.setattr(assigning, "CHUNK", 8)
    company = Company()
    for username in ("adam", "bo", "chen"):
        company.person(username, branch=company.east)
    step = company.step(["role:service_advisor"])

    def bring(_round):
        for _ in range(TASKS_A_ROUND):
            company.task(step, company.event(branch=company.east), status=TaskStatus.OPEN)

    return bring


def work():
    assign_waiting(now=NOW)


def check(rounds):
    tasks = VisitTask.objects.values_list("assignee__username", "settled")
    assert len(tasks) == rounds * TASKS_A_ROUND
    assert all(person and settled for person, settled in tasks)
    lines = Counter(Activity.objects.filter(verb="assigned").values_list("subject_id", flat=True))
    assert len(lines) == len(tasks)
    assert set(lines.values()) == {1}
    return Counter(person for person, _settled in tasks)


def test_killed_again_and_again_it_loses_and_doubles_nothing(supply):
    toll = kill_cycles(supply=supply, work=work, cycles=25, seed=7, longest=0.2)
    work()
    shares = check(toll.rounds + 1)
    assert max(shares.values()) - min(shares.values()) <= 1


def test_four_processes_at_once_decide_each_task_once(supply):
    supply(0)
    together(work, work, work, work)
    check(1)
