"""A made-up company of any size, filled by a few statements on either engine."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models

from staff.choices import BaseRole
from staff.models import Branch, Department, Employee, Posting, Release, Role, RoleAssignment
from visits.models import ContactNumber, Customer, EventKind, ServiceEvent, Vehicle, VisitStep, VisitTask

PACK = Path(__file__).with_name("company.toml")  # five steps after each service, every one on a day of its own
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 9, 7)  # a Monday
NOW = datetime(2026, 9, 7, 9, 30, tzinfo=SHANGHAI).astimezone(UTC)
BRANCHES, ADVISORS = 10, 100
DAYS = 400  # over which the events of a big world lie
SERIAL = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"


@dataclass(frozen=True)
class Sql:
    """An SQL expression for one column of `fill`; anything else is a value."""

    text: str


def found_company(pack: Path = PACK) -> None:
    """Make branches, departments, advisors, a supervisor for each branch, and publish the regulation."""
    roles = {
        code: Role.objects.get_or_create(code=code, defaults={"title": code, "like": code})[0]
        for code in (BaseRole.SERVICE_ADVISOR.value, BaseRole.CS_SUPERVISOR.value)
    }
    branches = Branch.objects.bulk_create(Branch(name=f"分店{number:02}") for number in range(1, BRANCHES + 1))
    departments = Department.objects.bulk_create(Department(branch=branch, name="维修") for branch in branches)
    names = [f"advisor{number:03}" for number in range(1, ADVISORS + 1)]
    names += [f"chief{number:02}" for number in range(1, BRANCHES + 1)]
    people = Employee.objects.bulk_create(Employee(username=name, name=name, password="!") for name in names)
    for place, person in enumerate(people):
        role = roles["service_advisor" if place < ADVISORS else "cs_supervisor"]
        RoleAssignment.objects.create(employee=person, role=role, from_on=date(2020, 1, 1))
        unit = departments[place % BRANCHES]
        Posting.objects.create(employee=person, branch=unit.branch, department=unit, from_on=date(2020, 1, 1))
    EventKind.objects.get_or_create(code="service_completed")
    call_command("load_policy", str(pack), verbosity=0)


def add_customers(count: int) -> range:
    """Add customers, each with a number and a vehicle of the same id; return their ids."""
    start = next_id(Customer)
    key = Sql(f"{start} - 1 + i")
    registered = moment(TODAY - timedelta(DAYS))
    fill(Customer, count, id=key, name=Sql(f"'客户' || ({start} - 1 + i)"), registered_at=registered)
    number = f"('1' || ({start} - 1 + i + 3800000000))"
    fill(
        ContactNumber, count, id=key, customer_id=key, number=Sql(number), valid_from=registered,
        last_four=Sql(f"substr({number}, 8, 4)"), is_primary=True,
    )  # fmt: skip
    plate = Sql(f"'浙A' || ({start} - 1 + i)")
    fill(Vehicle, count, id=key, plate=plate, model="AX7")
    return range(start, start + count)


def add_events(
    count: int, customers: range, *, waiting: bool, days: int = 1, last: date = TODAY, later: str = ""
) -> range:
    """Add completed services, spread over the customers, the advisors and the `days` up to `last`; return their ids.

    They happen at half past nine, or by the SQL interval `later` of row `i` after that.
    """
    start = next_id(ServiceEvent)
    customer = Sql(f"{customers.start} + ((CAST(i AS BIGINT) * 7919) % {len(customers)})")
    advisors = ids_of(Employee.objects.filter(username__startswith="advisor"))
    departments = dict(Department.objects.values_list("branch_id", "pk"))
    first_branch, first_department = min(departments), min(departments.values())
    spread = f"(i % {BRANCHES})"
    at, on = Sql(day_of(last, days, moments=True) + later), Sql(day_of(last, days, moments=False))
    fill(
        ServiceEvent, count, id=Sql(f"{start} - 1 + i"), source="bench", order_no=Sql(f"'RO' || ({start} - 1 + i)"),
        kind_id=EventKind.objects.get(code="service_completed").pk, happened_at=at, happened_on=on, taken_in_at=at,
        changed_at=at, customer_id=customer, vehicle_id=customer, branch_id=Sql(f"{first_branch} + {spread}"),
        department_id=Sql(f"{first_department} + {spread}"), advisor_id=Sql(f"{advisors[0]} + (i % {len(advisors)})"),
        amount=800, needs_planning=waiting,
    )  # fmt: skip
    return range(start, start + count)


def add_tasks(events: range, *, open_share: int = 20) -> int:
    """Add to each event one task a step as an old world has them: done long ago, `open_share` of 100 still open."""
    release = Release.objects.get()
    steps = ids_of(VisitStep.objects.all())
    is_open = f"((e.id / 100 * 31 + e.id * 7 + s.id * 17) % 100) < {open_share}"  # no advisor has more than others
    closes = shifted("e.happened_at", f"(s.id - {steps[0]} + 1) * 3")
    values = {
        "event_id": Sql("e.id"), "step_id": Sql("s.id"), "release_id": release.pk, "customer_id": Sql("e.customer_id"),
        "branch_id": Sql("e.branch_id"), "department_id": Sql("e.department_id"), "assignee_id": Sql("e.advisor_id"),
        "status": Sql(f"CASE WHEN {is_open} THEN 'open' ELSE 'done' END"), "opens_at": Sql("e.happened_at"),
        "closes_at": Sql(closes), "created_at": Sql("e.happened_at"), "priority": Sql("50 + e.id % 5"),
    }  # fmt: skip
    span = f"e.id BETWEEN {events.start} AND {events.stop - 1}"
    source = f"FROM visits_serviceevent e CROSS JOIN visits_visitstep s WHERE {span}"
    insert(VisitTask, source, values, has_id=False)
    return len(events) * len(steps)


def fill(model: type[models.Model], count: int, /, **values: Any) -> None:
    """Insert `count` rows by one statement; `i` runs from 1, columns that are not given take the model's defaults."""
    insert(model, "FROM n", values, has_id="id" in values, prefix=SERIAL.format(count=count))
    if "id" in values:
        reset_serial(model)


def insert(model: type[models.Model], source: str, values: dict[str, Any], *, has_id: bool, prefix: str = "") -> None:
    """Insert what `source` yields, with the model's defaults for the columns that `values` lacks."""
    columns: dict[str, tuple[str, list[Any]]] = {}
    for found in model._meta.concrete_fields:
        if found.primary_key and not has_id:
            continue
        columns[found.column] = expression(found, values[found.column] if found.column in values else default(found))
    names, texts = ", ".join(columns), ", ".join(text for text, _params in columns.values())
    params = [param for _text, found in columns.values() for param in found]
    source = source.replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) {prefix} SELECT {texts} {source}", params)


def default(found: models.Field) -> Any:
    """Return what a column holds that nobody has set."""
    if found.has_default():
        return found.get_default()
    return None if found.null else ""


def expression(found: models.Field, value: Any) -> tuple[str, list[Any]]:
    """Return the SQL of one column and its parameters."""
    if isinstance(value, Sql):
        return value.text.replace("%", "%%"), []
    kind = found.db_type(connection)
    text = "%s" if connection.vendor == "sqlite" else f"CAST(%s AS {kind.split(' GENERATED')[0]})"
    return text, [found.get_db_prep_save(value, connection)]


def day_of(last: date, days: int, *, moments: bool) -> str:
    """Return the SQL of the day, or of its morning, to which row `i` belongs."""
    step = f"(i % {days})"
    if connection.vendor == "sqlite":
        text = "strftime('%Y-%m-%d %H:%M:%S'" if moments else "date("
        start = morning(last).strftime("%Y-%m-%d %H:%M:%S") if moments else str(last)
        return f"{text}{',' if moments else ''} '{start}', '-' || {step} || ' days')"
    start = f"TIMESTAMPTZ '{morning(last).isoformat()}'" if moments else f"DATE '{last}'"
    return f"({start} - {step} * INTERVAL '1 day')" if moments else f"({start} - {step}::int)"


def shifted(column: str, days: str) -> str:
    """Return the SQL of a moment some days later."""
    if connection.vendor == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%S', {column}, '+' || ({days}) || ' days')"
    return f"({column} + ({days}) * INTERVAL '1 day')"


def morning(on: date) -> datetime:
    """Return half past nine of that day, UTC."""
    return datetime(on.year, on.month, on.day, 9, 30, tzinfo=SHANGHAI).astimezone(UTC)


def moment(on: date) -> Sql:
    """Return the SQL of half past nine of that day."""
    return Sql(day_of(on, 1, moments=True).replace("(i % 1)", "0"))


def next_id(model: type[models.Model]) -> int:
    """Return the first id that is free."""
    return (model.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def ids_of(rows: models.QuerySet) -> list[int]:
    """Return their ids in order."""
    return list(rows.order_by("pk").values_list("pk", flat=True))


def reset_serial(model: type[models.Model]) -> None:
    """Let the next row that is inserted without an id follow the last one."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def settle_statistics() -> None:
    """Let the engine count its rows, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
