"""Regulation A, the dealer's service department: who must be called, by whom, until when."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.policies.regulation import call, due, in_time, tick
from tests.visits.world import at, employee, event, publish, tasks
from visits.models import VisitTask

pytestmark = pytest.mark.django_db

PACK = Path(__file__).parents[2] / "config" / "policies" / "auto-dealer-service.toml"


@pytest.fixture(autouse=True)
def _regulation():
    publish(PACK.read_text(), on="2026-01-01")


def listed(day: str = "2026-03-02", **facts):
    return event("list_received", f"{day} 09:00", **facts)


def test_a_02_a_list_for_three_advisors_makes_ten_tasks_and_each_sees_their_own():
    shares = {"anna": 4, "bo": 3, "chen": 3}
    for name, share in shares.items():
        advisor = employee(name)
        for _ in range(share):
            listed(advisor=advisor, rating="满意")
    tick("2026-03-02 10:00", "2026-03-02 10:01")

    assert VisitTask.objects.count() == 10
    for task in VisitTask.objects.select_related("assignee", "event__advisor"):
        assert task.assignee == task.event.advisor
    seen = {
        name: VisitTask.objects.visible_to(employee, on=at("2026-03-02").date()).count()
        for name, employee in ((task.assignee.username, task.assignee) for task in VisitTask.objects.all())
    }
    assert seen == shares


def test_a_06_in_time_until_the_end_of_the_next_day_and_late_after_it():
    for _ in range(2):
        listed(rating="满意")
    tick("2026-03-02 10:00")
    first, second = VisitTask.objects.order_by("pk")
    assert due() == ["2026-03-03", "2026-03-03"]

    call(first, "2026-03-03 23:59")
    call(second, "2026-03-04 00:00")

    assert (in_time(first), in_time(second)) == (True, False)


def test_a_06_what_is_undone_after_the_next_day_is_overdue():
    listed(rating="满意")
    tick("2026-03-02 10:00")

    assert VisitTask.objects.overdue(now=at("2026-03-03 23:59")).count() == 0
    assert VisitTask.objects.overdue(now=at("2026-03-04 00:00")).count() == 1


@pytest.mark.parametrize(
    ("rating", "css", "called"),
    [
        ("极为满意", "120", False),
        ("极为满意", "119.99", True),
        ("满意", "120", True),
        ("不满意", "60", True),
        ("极为满意", None, False),
        ("", "120", True),  # nothing ticked is not 极为满意
        ("极为满意 ", "120", True),
    ],
)
def test_a_07_either_miss_calls_for_a_visit(rating, css, called):
    listed(rating=rating, css=css and Decimal(css))
    tick("2026-03-02 10:00")

    assert VisitTask.objects.count() == int(called)


def test_a_08_every_customer_of_the_list_falls_to_the_advisor_named_on_it():
    anna = employee("anna")
    for _ in range(4):
        listed(advisor=anna, rating="一般")
    tick("2026-03-02 10:00")
    for task in VisitTask.objects.all()[:3]:
        call(task, "2026-03-02 11:00")

    assert tasks("assignee__username", "status") == [("anna", "done")] * 3 + [("anna", "open")]
