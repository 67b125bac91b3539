"""The plan: what falls to whom on which day to come, and that what stands behind a figure adds up to it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staff.domain.jobs import run_due
from staff.models import Absence, Employee
from tests.visits.world import at, branch, customer, department, employee, event, publish
from visits.domain.finding.outlook import By, Planner, degree
from visits.domain.finding.plan_day import tasks_behind, visits_behind
from visits.models import Series, VisitTask

pytestmark = pytest.mark.django_db
MONDAY = "2024-05-06"
WEEKLY = """
[[visit_rule]]
code = "weekly"
trigger = "service_completed"
[[visit_rule.step]]
code = "call"
closes = "2d"
every = "1w"
times = 4
assign = ["advisor", "role:service_advisor"]
[[visit_rule.step]]
code = "later"
opens = "3d"
closes = "3d"
assign = ["advisor"]
"""
SHARED = """
[[visit_rule]]
code = "shared"
trigger = "purchase"
[[visit_rule.step]]
code = "call"
closes = "1d"
every = "1w"
assign = ["role:service_advisor"]
"""
CHAIN = """
[[visit_rule]]
code = "chain"
trigger = "deal"
[[visit_rule.step]]
code = "call"
opens = "1w"
closes = "9d"
anchor = "previous_visit"
assign = ["owner"]
"""


@pytest.fixture
def shop(clock_at):
    clock_at(f"{MONDAY}T11:00+08:00")
    publish(WEEKLY + SHARED + CHAIN)
    return department("服务部", branch())


@pytest.fixture
def chief(shop):
    return employee("chief", "department_manager", department=shop, branch=shop.branch)


def tick(moment=f"{MONDAY} 10:30"):
    assert not run_due(now=at(moment)).failed


def planner(actor, days=28, by=By.DUE):
    return Planner(Employee.objects.get(pk=actor.pk), at(f"{MONDAY} 11:00"), days, by)


def told(outlook):
    """Return the figures of each row by days ahead, empty days left out."""
    return {
        (row.person.username if row.person else row.who): {
            place: (cell.load.open, cell.load.planned, cell.load.foreseen)
            for place, cell in enumerate(row.cells) if cell.load.total
        }
        for row in outlook.rows
    }  # fmt: skip


def place(shop):
    return {"department": shop, "branch": shop.branch}


class TestTheFigures:
    def test_open_planned_and_foreseen_visits_stand_on_the_last_day_in_time(self, shop, chief):
        anna = employee("anna", **place(shop))
        event(advisor=anna, **place(shop))
        tick()
        figures = told(planner(chief).outlook())
        assert figures["anna"] == {2: (1, 0, 0), 3: (0, 1, 0), 9: (0, 0, 1), 16: (0, 0, 1), 23: (0, 0, 1)}
        assert figures["chief"] == {}

    def test_counted_by_the_opening_what_is_open_stands_today(self, shop, chief):
        anna = employee("anna", **place(shop))
        event(advisor=anna, **place(shop))
        tick()
        figures = told(planner(chief, by=By.OPENS).outlook())
        assert figures["anna"] == {0: (1, 0, 0), 3: (0, 1, 0), 7: (0, 0, 1), 14: (0, 0, 1), 21: (0, 0, 1)}

    def test_the_forecast_says_what_the_ticks_then_make(self, shop, chief):
        anna = employee("anna", **place(shop))
        event(advisor=anna, **place(shop))
        event("deal", customer=customer(owner=anna), **place(shop))
        tick()
        foreseen = {(one.opens_at, one.occurrence) for one in planner(chief, 28).foreseen().visits}
        before = set(VisitTask.objects.values_list("pk", flat=True))
        for day in range(1, 28):
            tick(f"{date(2024, 5, 6) + timedelta(day)} 00:01")
        made = VisitTask.objects.exclude(pk__in=before).filter(step__rule__code="weekly")
        assert set(made.values_list("opens_at", "occurrence")) <= foreseen
        assert made.count() == 3
        assert len(foreseen) == 4  # of the chain one: what follows counts from a visit that was not made yet

    def test_what_is_shared_out_at_the_opening_is_nobodys_until_then(self, shop, chief):
        employee("anna", **place(shop))
        event("purchase", **place(shop))
        tick()
        figures = told(planner(chief, 14).outlook())
        assert figures[0] == {8: (0, 0, 1)}
        assert figures["anna"] == {1: (1, 0, 0)}

    def test_whoever_is_away_is_stood_in_for_in_the_forecast_and_marked(self, shop, chief):
        anna, bella = employee("anna", **place(shop)), employee("bella", **place(shop))
        Absence.objects.create(employee=anna, from_on=date(2024, 5, 13), until_on=date(2024, 5, 19), substitute=bella)
        event(advisor=anna, **place(shop))
        tick()
        outlook = planner(chief).outlook()
        figures = told(outlook)
        assert figures["bella"] == {9: (0, 0, 1)}
        assert figures["anna"][16] == (0, 0, 1)
        [row] = [row for row in outlook.rows if row.person == anna]
        assert [place for place, cell in enumerate(row.cells) if cell.away] == list(range(7, 14))
        assert (outlook.heads[7].capacity, outlook.heads[6].capacity) == (120, 180)

    def test_overdue_work_stands_beside_the_days(self, shop, chief):
        anna = employee("anna", **place(shop))
        event(advisor=anna, happened="2024-05-01 10:00", taken_in="2024-05-03 09:00", **place(shop))
        tick("2024-05-03 09:30")
        tick()
        [row] = [row for row in planner(chief).outlook().rows if row.person == anna]
        assert (row.overdue, row.total) == (2, 5)

    def test_a_retired_rule_is_not_foreseen(self, shop, chief):
        event(advisor=employee("anna", **place(shop)), **place(shop))
        tick()
        publish(SHARED, on=MONDAY)
        assert planner(chief).foreseen().visits == ()
        assert Series.objects.filter(ended_at=None).exists()

    def test_a_manager_sees_their_department_an_advisor_themself(self, shop, chief):
        anna, bella = employee("anna", **place(shop)), employee("bella", **place(shop))
        far = employee("far", branch=branch("西店"))
        for person, where in ((anna, place(shop)), (bella, place(shop)), (far, {"branch": branch("西店")})):
            event(advisor=person, **where)
        tick()
        assert set(told(planner(chief).outlook())) == {"anna", "bella", "chief"}
        assert set(told(planner(anna).outlook())) == {"anna"}
        assert set(told(planner(employee("boss", "general_manager")).outlook())) == {
            "anna", "bella", "chief", "far",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("total", "capacity", "expected"),
        [(0, 60, 0), (1, 60, 1), (15, 60, 1), (16, 60, 2), (36, 60, 2), (37, 60, 3), (60, 60, 3), (61, 60, 4),
         (5, 0, 2)],
    )  # fmt: skip
    def test_a_day_is_as_heavy_as_its_share_of_what_one_can_do(self, total, capacity, expected):
        assert degree(total, capacity) == expected


@pytest.mark.parametrize("by", By)
def test_what_stands_behind_a_figure_adds_up_to_it(shop, chief, by):
    people = [employee(name, **place(shop)) for name in ("anna", "bella")]
    stranger = employee("stranger", branch=branch("西店"))
    Absence.objects.create(employee=people[0], from_on=date(2024, 5, 14), until_on=date(2024, 5, 20))
    for number, moment in enumerate(("05-01 10:00", "05-03 10:00", "05-06 09:00", "05-06 10:00")):
        for person in (*people, stranger):
            event(advisor=person, happened=f"2024-{moment}", **place(shop))
        event("purchase", happened=f"2024-{moment}", **place(shop))
        event("deal", happened=f"2024-{moment}", customer=customer(owner=people[number % 2]), **place(shop))
        tick(f"2024-{moment[:5]} 10:30")
    plan = planner(chief, 28, by)
    outlook = plan.outlook()
    shown = {row.person.pk for row in outlook.rows if row.person}
    for row in outlook.rows:
        assert tasks_behind(plan, row.who, None, shown).count() == row.overdue or by == By.OPENS
        for cell in row.cells:
            found = tasks_behind(plan, row.who, cell.on, shown).count()
            assert found + len(visits_behind(plan, row.who, cell.on, shown)) == cell.load.total, (row.who, cell.on)
    for place_, head in enumerate(outlook.heads):
        found = tasks_behind(plan, None, head.on, shown).count() + len(visits_behind(plan, None, head.on, shown))
        assert found == head.total == sum(row.cells[place_].load.total for row in outlook.rows)


class TestThePages:
    def browser(self, person):
        client = Client()
        client.force_login(person)
        return client

    def test_a_figure_opens_its_tasks_and_they_can_be_given_to_somebody(self, shop, chief):
        anna, bella = employee("anna", name="安娜", **place(shop)), employee("bella", **place(shop))
        event(advisor=anna, customer=customer("刘女士"), **place(shop))
        tick()
        client = self.browser(chief)
        page = client.get("/plan/").content.decode()
        address = f"/plan/day/?on=2024-05-08&who={anna.pk}&by=due"
        assert address.replace("&", "&amp;") in page
        day = client.get(address).content.decode()
        assert "刘女士" in day
        [task] = VisitTask.objects.filter(status="open")
        given = {"task": task.pk, "to": bella.pk, "back": address}
        assert client.post("/tasks/reassign/", given)["Location"] == address
        assert "刘女士" not in client.get(address).content.decode()
        foreseen = client.get(f"/plan/day/?on=2024-05-15&who={anna.pk}&by=due").content.decode()
        assert "刘女士" in foreseen

    @pytest.mark.parametrize(
        "query", ["", "weeks=999&by=nonsense", "weeks=13", "by=opens&weeks=2"]
    )  # fmt: skip
    def test_nonsense_in_the_address_of_the_plan_is_left_out(self, shop, chief, query):
        assert self.browser(chief).get(f"/plan/?{query}").status_code == 200

    @pytest.mark.parametrize("query", ["", "on=9999-12-31", "on=2024-05-01&who=-1", "who=x&on=y&page=0", "who=99999"])
    def test_nonsense_in_the_address_of_a_day_shows_an_empty_day(self, shop, chief, query):
        answer = self.browser(chief).get(f"/plan/day/?{query}")
        assert answer.status_code == 200

    def test_somebody_elses_figures_are_empty_for_a_stranger(self, shop, chief):
        anna = employee("anna", **place(shop))
        event(advisor=anna, customer=customer("刘女士"), **place(shop))
        tick()
        stranger = self.browser(employee("far", "department_manager", department=department("别的部门")))
        for on in ("2024-05-08", "2024-05-15"):
            page = stranger.get(f"/plan/day/?on={on}&who={anna.pk}&by=due").content.decode()
            assert "刘女士" not in page
            assert "anna" not in page

    def test_without_anybody_the_plan_says_what_to_do(self, clock_at):
        clock_at(f"{MONDAY}T11:00+08:00")
        page = self.browser(employee("boss", "general_manager")).get("/plan/").content.decode()
        assert "查看事件" in page

    def test_it_costs_the_same_for_one_person_and_for_five(self, shop, chief):
        client, costs = self.browser(chief), []
        client.get("/plan/")  # what releases say is read once
        for count in (1, 4):
            for number in range(count):
                event(advisor=employee(f"person-{count}-{number}", **place(shop)), **place(shop))
            tick()
            for path in ("/plan/", "/plan/day/?on=2024-05-15&by=due"):
                with CaptureQueriesContext(connection) as queries:
                    client.get(path)
                costs.append(len(queries))
        assert costs[:2] == costs[2:]
