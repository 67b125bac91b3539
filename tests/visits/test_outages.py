"""What an outage made late: the visits, the work of days, and what a visit says of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from staff.domain import outages
from staff.models import JobRun, Outage
from tests.visits import world
from visits.domain.explaining.answering import why
from visits.domain.explaining.delaying import days_caught_up, delay_words, delayed_by, delays
from visits.domain.planning.events import plan_events
from visits.domain.planning.opening import open_due
from visits.models import VisitTask

pytestmark = pytest.mark.django_db
BEGUN, OVER = world.at("2024-05-08 23:00"), world.at("2024-05-10 09:30")
RULE = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
[[visit_rule.step]]
code = "3d"
opens = "3d"
closes = "3d"
[[visit_rule]]
code = "at-once"
trigger = "list_received"
[[visit_rule.step]]
code = "call"
opens = "0d"
closes = "2d"
"""


@pytest.fixture
def shop():
    """Return a shop in which one visit fell into the outage, one came before it and one after it."""
    place = world.branch()
    world.publish(RULE)
    for order, kind, happened in (
        ("before", "service_completed", "2024-05-04 10:00"),
        ("during", "service_completed", "2024-05-06 10:00"),
        ("after", "service_completed", "2024-05-07 10:00"),
        ("taken in during", "list_received", "2024-05-09 10:00"),
    ):
        world.event(kind, happened, order_no=order, branch=place)
    plan_events(now=world.at("2024-05-08 22:00"))
    open_due(now=OVER)
    VisitTask.objects.filter(event__order_no="after").update(opens_at=OVER + timedelta(minutes=1))
    outages.stood_still(BEGUN, OVER, cause="stopped", now=OVER)
    return place


def test_the_visits_that_should_have_been_seen_in_an_outage_are_listed_with_how_late_they_came(shop):
    outage = Outage.objects.get()
    late = delayed_by(outage, VisitTask.objects.all()).select_related("event")

    assert [(one.task.event.order_no, one.words) for one in delays(outage, late)] == [
        ("during", "33 小时 30 分钟"),
        ("taken in during", "23 小时 30 分钟"),
    ]


def test_a_visit_says_that_an_outage_made_it_late_and_no_other_does(shop):
    told = {task.event.order_no: delay_words(task) for task in VisitTask.objects.select_related("event")}

    assert "33 小时 30 分钟" in told["during"]
    assert (told["before"], told["after"]) == ("", "")
    assert told["during"] in why(VisitTask.objects.get(event__order_no="during"), now=OVER).lines


def test_the_work_of_days_that_was_made_up_is_listed(shop):
    made_up, earlier = world.at("2024-05-09 00:05"), world.at("2024-05-08 00:05")
    for due_at, done_at in ((made_up, OVER), (earlier, earlier)):
        JobRun.objects.create(
            job="judge_segments", due_at=due_at, state="done", started_at=done_at, finished_at=done_at
        )

    assert [run.due_at for run in days_caught_up(Outage.objects.get())] == [made_up]


def test_a_manager_sees_the_visits_of_their_shop_and_an_administrator_order_numbers(shop, client, clock_at):
    clock_at("2024-05-10T10:00+08:00")
    page = reverse("visits:outage", args=[Outage.objects.get().pk])
    task = reverse("visits:task", args=[VisitTask.objects.get(event__order_no="during").pk])
    seen = {}
    for role, place in (("cs_supervisor", shop), ("department_manager", world.branch("别处")), ("administrator", None)):
        client.force_login(world.employee(role, role, branch=place))
        text = client.get(page).content.decode()
        seen[role] = ("taken in during" in text, task in text, "王女士" in text)

    assert seen == {
        "cs_supervisor": (True, True, False),
        "department_manager": (False, False, False),
        "administrator": (True, False, False),
    }


def test_without_outages_the_list_says_so(client, clock_at):
    clock_at("2024-05-10T10:00+08:00")
    client.force_login(world.employee("boss", "general_manager"))

    assert "程序从未停机" in client.get(reverse("visits:outage_list")).content.decode()
