"""Who sees what, as of a day: every role over two branches and two departments, and nothing without a role."""

import uuid
from datetime import date, timedelta

import pytest

from staff.domain.access import ACCESS, ADMINISTRATOR, EVERYBODY, may_open, roles_of, scope_of, shows_customers
from staff.models import Posting, RoleAssignment
from tests.company import LONG_AGO, MONDAY, TUESDAY, Company, morning
from visits.choices import Channel, Outcome, TaskStatus
from visits.models import Customer, RecordTask, ServiceEvent, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
MODELS = {"event": ServiceEvent, "task": VisitTask, "record": VisitRecord, "customer": Customer}


class Town(Company):
    """In each of three units an advisor with one customer, one event, one task and one record; and two pools."""

    def __init__(self):
        super().__init__()
        self.units = {"repairs": self.repairs, "sales": self.sales, "west": self.west_repairs}
        self.advisors = {name: self.person(name, department=unit) for name, unit in self.units.items()}
        self.names = {}
        self.call = self.step(["advisor"])
        for name in self.units:
            self.case(name, self.advisors[name], self.advisors[name], "service_advisor")
        self.case("pool-east", None, None, "service_advisor", unit="repairs")
        self.case("pool-west", None, None, "service_advisor", unit="west")

    def case(self, name, advisor, assignee, role, unit=""):
        """Make a customer's event with its task and, where somebody has it, a record."""
        unit = self.units[unit or name]
        event = self.event(advisor=advisor, branch=unit.branch, department=unit)
        task = self.task(self.call, event, assignee=assignee, settled=True, status=TaskStatus.OPEN, role=role)
        found = {"event": event, "task": task, "customer": event.customer}
        if assignee:
            found["record"] = self.record(task)
        for kind, row in found.items():
            self.names[kind, row.pk] = name

    def record(self, task):
        record = VisitRecord.objects.create(
            form_token=uuid.uuid4(), fingerprint="f", customer=task.customer, branch=task.branch,
            advisor=task.assignee, channel=Channel.DESK_PHONE, started_at=morning(), logged_at=morning(),
            outcome=Outcome.REACHED,
        )  # fmt: skip
        RecordTask.objects.create(record=record, task=task, completes=True, in_time=True, attempt=1)
        return record

    def sees(self, employee, on=MONDAY, kind="task"):
        """Return the names of the cases of whose rows of that kind the person sees; twice where a row comes twice."""
        rows = MODELS[kind].objects.visible_to(employee, on=on)
        return sorted(self.names[kind, row.pk] for row in rows)


@pytest.fixture
def town():
    return Town()


EAST = ["pool-east", "repairs", "sales"]
WEST = ["pool-west", "west"]
# role, unit of the posting -> tasks, events, customers, and records
GRID = [
    ("service_advisor", "repairs", ["pool-east"], []),
    ("service_advisor", "west", ["pool-west"], []),
    ("technician", "repairs", [], []),
    ("department_manager", "repairs", ["pool-east", "repairs"], ["repairs"]),
    ("department_manager", "sales", ["sales"], ["sales"]),
    ("department_manager", "west", WEST, ["west"]),
    ("quality_manager", "repairs", EAST, ["repairs", "sales"]),
    ("cs_supervisor", "sales", EAST, ["repairs", "sales"]),
    ("cs_supervisor", "west", WEST, ["west"]),
    ("cs_supervisor", "", sorted(EAST + WEST), ["repairs", "sales", "west"]),
    ("quality_manager", "", sorted(EAST + WEST), ["repairs", "sales", "west"]),
    ("general_manager", "west", sorted(EAST + WEST), ["repairs", "sales", "west"]),
    ("administrator", "repairs", [], []),
    ("administrator", "", [], []),
]


@pytest.mark.parametrize(("role", "unit", "work", "records"), GRID)
def test_each_role_sees_its_scope_and_no_row_twice(town, role, unit, work, records):
    newcomer = town.person("newcomer", [role], department=town.units.get(unit))
    assert town.sees(newcomer, kind="task") == work
    assert town.sees(newcomer, kind="event") == work
    assert town.sees(newcomer, kind="customer") == work
    assert town.sees(newcomer, kind="record") == records


@pytest.mark.parametrize("name", ["repairs", "sales", "west"])
def test_an_advisor_sees_their_own_and_the_pool_of_their_branch(town, name):
    pool = "pool-west" if name == "west" else "pool-east"
    advisor = town.advisors[name]
    assert town.sees(advisor, kind="task") == sorted([name, pool])
    assert town.sees(advisor, kind="event") == sorted([name, pool])
    assert town.sees(advisor, kind="customer") == sorted([name, pool])
    assert town.sees(advisor, kind="record") == [name]


def test_an_advisor_sees_an_event_of_a_colleague_only_with_a_task_of_it(town):
    event = ServiceEvent.objects.get(advisor=town.advisors["sales"])
    repairs = town.advisors["repairs"]
    assert event not in ServiceEvent.objects.visible_to(repairs, on=MONDAY)
    VisitTask.objects.filter(event=event).update(assignee=repairs)
    assert event in ServiceEvent.objects.visible_to(repairs, on=MONDAY)
    assert event in ServiceEvent.objects.visible_to(town.advisors["sales"], on=MONDAY)


def test_being_like_a_role_gives_its_rights_and_not_its_pool(town):
    town.role("inspector", like="service_advisor")
    inspector = town.person("inspector", ["inspector"], department=town.repairs)
    assert roles_of(inspector, on=MONDAY) == {"service_advisor"}
    assert town.sees(inspector) == []


def test_a_transfer_moves_the_scope_at_midnight(town):
    manager = town.person("manager", ["department_manager"])
    Posting.objects.create(employee=manager, department=town.repairs, from_on=LONG_AGO, until_on=MONDAY)
    Posting.objects.create(employee=manager, department=town.west_repairs, from_on=TUESDAY)
    assert town.sees(manager, on=MONDAY) == ["pool-east", "repairs"]
    assert town.sees(manager, on=TUESDAY) == WEST


def test_a_role_begins_and_ends_on_its_days(town):
    person = town.person("person", [], branch=town.east)
    RoleAssignment.objects.create(employee=person, role=town.role("cs_supervisor"), from_on=MONDAY, until_on=TUESDAY)
    days = [MONDAY - timedelta(1), MONDAY, TUESDAY, TUESDAY + timedelta(1)]
    assert [town.sees(person, on=day) for day in days] == [[], EAST, EAST, []]
    assert [roles_of(person, on=day) for day in days] == [set(), {"cs_supervisor"}, {"cs_supervisor"}, set()]


@pytest.mark.parametrize("facts", [{"is_active": False}, {"left_on": MONDAY - timedelta(1)}])
def test_whoever_left_sees_nothing(town, facts):
    gone = town.person("gone", ["general_manager", "cs_supervisor"], **facts)
    assert [town.sees(gone, kind=kind) for kind in MODELS] == [[]] * 4
    assert roles_of(gone, on=MONDAY) == frozenset()


def test_the_last_day_is_still_a_day_at_work(town):
    leaving = town.person("leaving", ["general_manager"], left_on=MONDAY)
    assert town.sees(leaving) == sorted(EAST + WEST)


def test_two_roles_see_what_each_sees(town):
    both = town.person("both", ["administrator", "cs_supervisor"], branch=town.west)
    assert town.sees(both) == WEST


def test_a_supervisor_posted_to_a_department_alone_sees_its_branch_and_not_the_company(town):
    supervisor = town.person("supervisor", ["cs_supervisor"])
    Posting.objects.create(employee=supervisor, department=town.west_repairs, from_on=LONG_AGO)
    assert scope_of(supervisor, on=MONDAY).everything is False
    assert town.sees(supervisor) == WEST


def test_nothing_is_open_that_the_table_lacks():
    assert not may_open("visits:erase_everything", "GET", EVERYBODY)
    assert not may_open("visits:task", "DELETE", EVERYBODY)
    assert not may_open("visits:task", "GET", frozenset())


def test_head_is_as_open_as_get():
    for name, methods in ACCESS.items():
        for role in EVERYBODY:
            asked = frozenset({role})
            assert may_open(name, "HEAD", asked) == ("GET" in methods and role in methods["GET"])


def test_an_administrator_opens_no_page_with_customers():
    for name, methods in ACCESS.items():
        if name.startswith("visits:") and shows_customers(name):
            assert not any(ADMINISTRATOR in roles for roles in methods.values())


def test_scopes_cost_the_same_however_long_the_history(town, django_assert_num_queries):
    person = town.person("person", ["cs_supervisor", "service_advisor"], branch=town.east)
    for year in range(2000, 2015):
        Posting.objects.create(employee=person, branch=town.west, from_on=date(year, 1, 1), until_on=date(year, 12, 31))
    with django_assert_num_queries(1):
        scope_of(person, on=MONDAY)
