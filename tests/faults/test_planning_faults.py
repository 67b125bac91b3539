"""The planner killed in the middle, run twice at once, and run with each of its guards switched off."""

import pytest
from django.db import connection

from reports import touching
from tests.faults.killing import kill_cycles, together
from tests.faults.planning_faults import ONCE, PACK, supply, toll, work
from tests.visits.world import publish
from visits.domain.planning import events as planning
from visits.domain.planning import inserting
from visits.models import ServiceEvent, VisitTask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 15)


def test_killed_again_and_again_it_loses_nothing_and_doubles_nothing():
    publish(PACK)
    paid = kill_cycles(supply=supply, work=work, cycles=25, seed=7)
    work()
    assert paid.kills == 25
    assert toll() == (0, 0)


def test_three_workers_at_once_make_each_task_once():
    """As many as docs/scale.md lets run; with two web nodes beside them: `benchmarks.chaos.nodes`."""
    publish(PACK)
    for number in range(3):
        supply(number)
        together(work, work, work)
    assert toll() == (0, 0)


def test_without_the_unique_key_two_planners_at_once_would_double(monkeypatch):
    """The guard's mutant: no unique key, no ON CONFLICT, and the flag that saves work ignored."""
    publish(ONCE)
    supply(0)
    work()
    with unguarded(monkeypatch):
        ServiceEvent.objects.update(needs_planning=True)
        work()
        lost, doubled = toll()
        VisitTask.objects.all().delete()
    assert doubled > 0


def test_marking_first_would_lose_what_a_kill_interrupts(monkeypatch):
    """The guard's mutant: the events' flag falls in a transaction of its own, before their tasks are made."""
    publish(PACK)
    supply(0)

    def die(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(planning, "plan_under", die)
    with pytest.raises(KeyboardInterrupt):
        planning.plan_events(now=ServiceEvent.objects.first().taken_in_at)
    assert ServiceEvent.objects.filter(needs_planning=False).count() == 0  # the guard: nothing was marked
    ServiceEvent.objects.update(needs_planning=False)  # the mutant
    monkeypatch.undo()
    work()
    assert toll()[0] > 0


class unguarded:
    """The unique key taken away for the length of a block."""

    def __init__(self, monkeypatch):
        self.monkeypatch = monkeypatch
        self.constraint = next(one for one in VisitTask._meta.constraints if one.name == "task_once")

    def __enter__(self):
        others = [one for one in VisitTask._meta.constraints if one is not self.constraint]
        self.monkeypatch.setattr(VisitTask._meta, "constraints", others)  # SQLite makes the table anew from these
        with connection.schema_editor() as editor:
            touching.lift().code(None, editor)
            editor.remove_constraint(VisitTask, self.constraint)
        plain = inserting.Sql.run
        conflict = "ON CONFLICT (event_id, step_id, occurrence) DO NOTHING"

        def run(sql):
            return plain(inserting.Sql(sql.text.replace(conflict, ""), sql.params))

        self.monkeypatch.setattr(inserting.Sql, "run", run)

    def __exit__(self, *_failure):
        self.monkeypatch.undo()
        with connection.schema_editor() as editor:
            editor.add_constraint(VisitTask, self.constraint)
            touching.watch(*touching.WATCHED).code(None, editor)
