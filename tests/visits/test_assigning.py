"""Who has a task: provisionally while it is planned, for good when it opens, somebody else when they fall away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.models import Activity
from tests.company import MONDAY, TUESDAY, Company, morning, open_all
from visits.choices import TaskStatus
from visits.domain.assigning.deciding import assign_waiting, move_work, settle_opened
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company()


def holders(tasks=None):
    """Return the user names of the assignees in the order of the tasks; None in the pool."""
    tasks = VisitTask.objects.order_by("pk") if tasks is None else tasks
    return [task.assignee and task.assignee.username for task in tasks.select_related("assignee")]


def lines(verb):
    return list(Activity.objects.filter(verb=verb).order_by("pk"))


def test_a_role_goes_to_one_holder_after_the_other_by_fewest_open_tasks_then_user_name(company):
    li, wang = company.person("liqiang"), company.person("wangfang")
    company.open_tasks(li, 1)
    step = company.step(["role:service_advisor"])
    tasks = [company.task(step, status=TaskStatus.OPEN) for _ in range(4)]
    assert assign_waiting(now=morning()) == 4
    mine = VisitTask.objects.filter(pk__in=[task.pk for task in tasks]).order_by("pk")
    assert holders(mine) == ["wangfang", "liqiang", "wangfang", "liqiang"]
    assert {wang.pk, li.pk} == set(mine.values_list("assignee", flat=True))
    assert all(mine.values_list("settled", flat=True))


def test_the_nearest_unit_comes_before_the_fewest_tasks(company):
    near = company.person("near", department=company.repairs)
    company.person("same-shop", department=company.sales)
    company.person("other-shop", department=company.west_repairs)
    company.open_tasks(near, 5)
    step = company.step(["role:service_advisor"])
    company.task(step, company.event(branch=company.east, department=company.repairs))
    assign_waiting(now=morning())
    assert holders(VisitTask.objects.filter(step=step)) == ["near"]


def test_what_is_planned_has_a_provisional_person_until_it_opens(company):
    first, second = company.person("first"), company.person("second")
    step = company.step(["role:service_advisor"])
    task = company.task(step, opens_on=TUESDAY)
    assign_waiting(now=morning())
    task.refresh_from_db()
    assert (task.assignee, task.settled) == (first, False)
    company.open_tasks(first, 3)
    open_all()
    settle_opened(now=morning(TUESDAY, 0))
    task.refresh_from_db()
    assert (task.assignee, task.settled) == (second, True)


def test_a_holder_on_leave_on_the_day_of_the_opening_is_not_at_work(company):
    away, here = company.person("away"), company.person("here")
    company.leave(away, TUESDAY)
    company.open_tasks(here, 3)
    task = company.task(company.step(["role:service_advisor"]), opens_on=TUESDAY)
    assign_waiting(now=morning())
    task.refresh_from_db()
    assert task.assignee == here


def test_the_holder_at_the_opening_is_meant_even_if_the_tick_comes_three_days_late(company):
    away, here = company.person("away"), company.person("here")
    company.leave(away, MONDAY)
    company.open_tasks(here, 3)
    task = company.task(company.step(["role:service_advisor"]), closes_at=morning(MONDAY + timedelta(9)))
    open_all()
    settle_opened(now=morning(MONDAY + timedelta(3)))
    task.refresh_from_db()
    assert task.assignee == here


def test_customer_of_a_salesperson_who_left_goes_to_the_pool_with_one_line_naming_the_fallback(company):
    li = company.person("liqiang", is_active=False)
    task = company.task(company.step(["owner", "pool:cs_supervisor"]), company.event(owner=li), opens_on=TUESDAY)
    for now in (morning(), morning(hour=10)):
        assign_waiting(now=now)
    open_all()
    settle_opened(now=morning(TUESDAY))
    task.refresh_from_db()
    assert (task.assignee, task.role, task.settled) == (None, "cs_supervisor", True)
    assert task.pooled_at == morning()
    [line] = lines("pooled")
    assert (line.subject_type, line.subject_id) == ("visittask", task.pk)
    assert line.data == {
        "from": None, "to": None, "by": "pool:cs_supervisor", "role": "cs_supervisor",
        "passed": [["owner", li.pk, "left"]],
    }  # fmt: skip


def test_a_named_person_is_picked_by_a_supervisor(company):
    company.person("wangfang")
    task = company.task(company.step(["named", "role:service_advisor"]))
    assign_waiting(now=morning())
    task.refresh_from_db()
    assert (task.assignee, task.role) == (None, "")


@pytest.mark.parametrize("kind", ["handler", "coordinator", "recorder", "assignee", "level", "named"])
def test_a_person_whom_the_event_names_in_its_own_columns(company, kind):
    company.person("lina", name="李娜")
    by_username = company.task(company.step([kind]), company.event(attributes={kind: "lina"}))
    by_name = company.task(company.step([kind]), company.event(attributes={kind: "李娜"}))
    nobody = company.task(company.step([kind]), company.event(attributes={"elsewhere": "lina"}))
    assign_waiting(now=morning())
    found = VisitTask.objects.in_bulk([by_username.pk, by_name.pk, nobody.pk])
    assert [task.assignee and task.assignee.username for task in found.values()] == ["lina", "lina", None]


def test_who_did_the_work_is_excluded_and_who_lacks_the_qualification_as_well(company):
    handler = company.person("handler")
    company.person("untrained")
    trained = company.person("trained")
    for person in (handler, trained):
        company.qualify(person, "phone-manners")
    step = company.step(["role:service_advisor"], exclude=["handler", "advisor"], needs=["phone-manners"])
    task = company.task(step, company.event(advisor=handler, attributes={"handler": "handler"}))
    assign_waiting(now=morning())
    task.refresh_from_db()
    assert task.assignee == trained


def test_open_work_of_somebody_on_leave_goes_to_the_substitute_and_what_is_done_stays(company):
    wang, deputy = company.person("wangfang"), company.person("deputy")
    step = company.step(["advisor"])
    event = company.event(advisor=wang)
    done = company.task(step, assignee=wang, settled=True, status=TaskStatus.DONE)
    still = company.task(step, event, assignee=wang, settled=True, status=TaskStatus.OPEN)
    company.leave(wang, TUESDAY, substitute=deputy)
    assert settle_opened(now=morning()) == 0
    assert settle_opened(now=morning(TUESDAY, 0)) == 1
    assert settle_opened(now=morning(TUESDAY, 1)) == 0
    still.refresh_from_db()
    done.refresh_from_db()
    assert (still.assignee, done.assignee) == (deputy, wang)
    [line] = lines("moved")
    assert (line.data["from"], line.data["to"]) == (wang.pk, deputy.pk)


def test_without_substitute_and_hand_over_target_the_work_lies_in_the_departments_pool(company):
    wang = company.person("wangfang", department=company.repairs)
    event = company.event(advisor=wang, branch=company.east, department=company.repairs)
    task = company.task(company.step(["advisor"]), event, assignee=wang, settled=True, status=TaskStatus.OPEN)
    company.leave(wang, MONDAY)
    settle_opened(now=morning())
    task.refresh_from_db()
    assert (task.assignee, task.department, task.role) == (None, company.repairs, "service_advisor")
    assert task.pooled_at == morning()


def test_a_call_in_progress_is_not_taken_from_somebody_whose_leave_has_begun(company):
    wang, deputy = company.person("wangfang"), company.person("deputy")
    task = company.task(
        company.step(["advisor"]), company.event(advisor=wang), assignee=wang, settled=True, status=TaskStatus.OPEN,
        leased_by=wang, leased_until=morning() + timedelta(minutes=15),
    )  # fmt: skip
    company.leave(wang, MONDAY, substitute=deputy)
    settle_opened(now=morning())
    task.refresh_from_db()
    assert task.assignee == wang
    settle_opened(now=morning() + timedelta(minutes=15))
    task.refresh_from_db()
    assert (task.assignee, task.leased_by, task.leased_until) == (deputy, None, None)


def test_the_work_of_somebody_who_left_moves_even_while_planned_or_in_a_call(company):
    heir = company.person("heir")
    left = company.person("left", is_active=False, hand_over_to=heir)
    step = company.step(["advisor"])
    event = company.event(advisor=left)
    facts = {"assignee": left, "settled": True}
    planned = company.task(step, event, opens_on=TUESDAY, **facts)
    busy = company.task(
        company.step(["advisor"]), event, status=TaskStatus.OPEN, leased_by=left,
        leased_until=morning() + timedelta(minutes=15), **facts,
    )  # fmt: skip
    assert move_work(left, now=morning()) == 2
    assert holders(VisitTask.objects.filter(pk__in=[planned.pk, busy.pk])) == ["heir", "heir"]


def test_an_undrawn_task_waits_for_the_draw(company):
    company.person("wangfang")
    step = company.step(["role:service_advisor"])
    pool = step.pools.create(release=company.release, key="2026-03-02", seed="s")
    task = company.task(step, pool=pool)
    assert assign_waiting(now=morning()) == 0
    VisitTask.objects.update(sampled=True)
    assert assign_waiting(now=morning()) == 1
    task.refresh_from_db()
    assert task.assignee is not None


def test_the_cost_in_queries_is_the_same_for_one_task_and_for_thirty(company):
    for username in ("wangfang", "liqiang", "zhaomin"):
        company.person(username, branch=company.east)
    step = company.step(["role:service_advisor"], exclude=["handler"], needs=[])
    costs = []
    for count in (1, 30):
        for _ in range(count):
            company.task(step, company.event(branch=company.east))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert assign_waiting(now=morning()) == count
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_running_again_changes_nothing_and_says_nothing(company):
    company.person("wangfang")
    company.task(company.step(["role:service_advisor"]))
    company.task(company.step(["role:nobody-yet"]))
    assert assign_waiting(now=morning()) == 2
    before = Activity.objects.count()
    assert assign_waiting(now=morning()) == 0
    open_all()
    settle_opened(now=morning())
    assert settle_opened(now=morning()) == 0
    assert Activity.objects.count() == before == 2
