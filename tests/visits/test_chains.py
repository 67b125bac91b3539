"""Chains in the database: one task at a time, each from the end of the one before, whenever the chain begins."""

import pytest

from staff.domain.jobs import run_due
from tests.visits.world import at, customer, event, publish, tasks
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


def chain(opens: str, closes: str, trigger: str = "service_completed", **keys) -> str:
    rest = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return (
        f'[[visit_rule]]\ncode = "again"\ntrigger = "{trigger}"\n[[visit_rule.step]]\ncode = "call"\n'
        f'opens = "{opens}"\ncloses = "{closes}"\nanchor = "previous_visit"\n{rest}\n'
    )


def tick(moment: str) -> None:
    assert not run_due(now=at(moment)).failed


def test_the_next_task_waits_until_the_bound_of_the_one_at_hand():
    publish(chain("0d", "1m"))
    event(happened="2024-01-10 10:00")
    tick("2024-01-10 11:00")
    tick("2024-02-10 23:59")  # the next would open on this day, the first is in time until its end
    assert tasks("occurrence", "closes_at", "status") == [(0, "2024-02-11", "open")]
    tick("2024-02-11 00:00")
    assert tasks("occurrence", "opens_at", "closes_at", "status") == [
        (0, "2024-01-10", "2024-02-11", "missed"),
        (1, "2024-02-10", "2024-03-11", "open"),
    ]


def test_the_next_task_is_there_on_the_closing_date_of_one_given_up_before():
    publish(chain("0d", "1m"))
    event(happened="2024-01-10 10:00")
    tick("2024-01-10 11:00")
    VisitTask.objects.update(status="unreachable")
    tick("2024-02-09 23:59")
    assert tasks("occurrence") == [0]
    tick("2024-02-10 00:00")
    assert tasks("occurrence", "status") == [(0, "unreachable"), (1, "open")]


def test_a_standstill_makes_the_links_that_it_delayed_one_by_one():
    publish(chain("0d", "1m"))
    event(happened="2024-01-10 10:00")
    tick("2024-01-10 11:00")
    tick("2024-04-20 09:00")
    assert tasks("occurrence", "opens_at", "closes_at", "status") == [
        (0, "2024-01-10", "2024-02-11", "missed"),
        (1, "2024-02-10", "2024-03-11", "missed"),
        (2, "2024-03-10", "2024-04-11", "missed"),
        (3, "2024-04-10", "2024-05-11", "open"),
    ]


def test_a_chain_of_an_old_customer_begins_with_the_link_of_today():
    publish(chain("1m", "2m", trigger="customer"))
    customer(registered="2023-01-15")
    tick("2024-01-02 08:00")
    tick("2024-02-15 08:00")
    # unreached, it counts from 15 March, May, July, September, November 2023 and January 2024
    assert tasks("opens_at", "closes_at", "status") == [
        ("2023-12-15", "2024-01-16", "missed"),
        ("2024-02-15", "2024-03-16", "open"),
    ]
