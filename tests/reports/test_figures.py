"""Figures of the catalogue, each against a count in plain Python that shares no code with the program."""

from fractions import Fraction

import pytest

from reports.domain.figures.measuring import figure
from staff.domain.periods import period_named
from tests.policies.regulation import call, rule, tick
from tests.visits.world import at, employee, event, publish
from visits.models import VisitTask

pytestmark = pytest.mark.django_db

NEXT_DAY = rule("next-day", '"service_completed"', 'closes = "1d"')


def test_a_first_month():
    release = publish(NEXT_DAY)
    advisor = employee("caller")
    for day in range(1, 6):
        event("service_completed", f"2024-05-{day:02} 10:00", advisor=advisor)
        tick(f"2024-05-{day:02} 10:05")
    tasks = list(VisitTask.objects.order_by("pk"))
    call(tasks[0], "2024-05-01 11:00")
    call(tasks[1], "2024-05-09 11:00")
    call(tasks[2], "2024-05-03 11:00", outcome="no_answer")
    now = at("2024-06-01 00:00")
    said = {
        name: figure(name, release=release, period=period_named("2024-05"), now=now, employee=advisor.pk)
        for name in ("worked_rate", "completion_rate", "timely_rate", "success_rate", "visit_count", "coverage_rate")
    }
    assert {name: one.value for name, one in said.items()} == {
        "worked_rate": Fraction(3, 5), "completion_rate": Fraction(2, 5), "timely_rate": Fraction(1, 5),
        "success_rate": Fraction(2, 5), "visit_count": 2, "coverage_rate": Fraction(1, 5),
    }  # fmt: skip
