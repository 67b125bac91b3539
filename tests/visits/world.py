"""A small company for tests: people, customers, events, and regulations published in one line."""

from datetime import UTC, date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from staff.domain.loading import Source, load_packs
from staff.models import Branch, Department, Employee, Posting, Release, Role, RoleAssignment
from tests.packs import SHIPPED
from visits.domain.planning import rulebook
from visits.models import ContactNumber, Customer, EventKind, ServiceEvent, VisitTask

SHANGHAI = ZoneInfo("Asia/Shanghai")
_serial = count(1)


def at(text: str) -> datetime:
    """Return a moment of Shanghai: "2024-05-06", "2024-05-06 16:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def local(moment: datetime) -> str:
    """Return a moment as Shanghai reads it: "2024-05-06 16:30", or "2024-05-06" at midnight."""
    found = moment.astimezone(SHANGHAI)
    return f"{found:%Y-%m-%d}" if (found.hour, found.minute, found.second) == (0, 0, 0) else f"{found:%Y-%m-%d %H:%M}"


def employee(username: str, role: str = "service_advisor", *, branch: Branch | None = None, department=None, **facts):
    """Return a person who holds one role, in a branch or department, since long ago."""
    like = facts.pop("like", role)
    person = Employee.objects.create_user(username, name=facts.pop("name", username), **facts)
    held, _made = Role.objects.get_or_create(code=role, defaults={"title": role, "like": like})
    RoleAssignment.objects.create(employee=person, role=held, from_on=date(2000, 1, 1))
    Posting.objects.create(employee=person, branch=branch, department=department, from_on=date(2000, 1, 1))
    return person


def branch(name: str = "总店") -> Branch:
    """Return the branch of that name."""
    return Branch.objects.get_or_create(name=name)[0]


def department(name: str, of: Branch | None = None) -> Department:
    """Return the department of that name."""
    return Department.objects.get_or_create(name=name, branch=of)[0]


def customer(name: str = "王女士", number: str = "", *, registered: str = "2020-01-01", **facts) -> Customer:
    """Return a customer with a number of her own."""
    made = Customer.objects.create(name=name, registered_at=at(registered), **facts)
    number = number or f"139{made.pk:08}"
    ContactNumber.objects.create(
        customer=made, number=number, last_four=number[-4:], valid_from=made.registered_at, is_primary=True
    )
    return made


def event(kind: str = "service_completed", happened: str = "2024-05-06 10:00", **facts) -> ServiceEvent:
    """Return an event of that kind; it is taken in when it happens, unless `taken_in` says otherwise."""
    found, _made = EventKind.objects.get_or_create(code=kind, defaults={"many": facts.pop("many", False)})
    moment = at(happened)
    taken_in = at(facts.pop("taken_in", happened))
    return ServiceEvent.objects.create(
        source=facts.pop("source", "dms"),
        order_no=facts.pop("order_no", f"RO-{next(_serial):06}"),
        kind=found,
        happened_at=moment,
        happened_on=moment.astimezone(SHANGHAI).date(),
        customer=facts.pop("customer", None) or customer(),
        taken_in_at=taken_in,
        changed_at=taken_in,
        **facts,
    )


def publish(text: str, *, on: str = "2024-01-01") -> Release:
    """Load a regulation: the rules as TOML, under a policy that is in force from 2024 on unless the text says."""
    if "[policy]" not in text:
        text = f'[policy]\nslug = "house"\ntitle = "本店制度"\neffective_from = 2024-01-01\n\n{text}'
    rulebook._active_rules.cache_clear()  # a test's releases are rolled back, and their ids come again
    loaded = load_packs([Source("house.toml", text)], now=at(on), on=at(on).astimezone(SHANGHAI).date(), actor=None)
    return loaded[0].release


def tasks(*fields: str, **of) -> list:
    """Return the tasks in the order in which they open, each as the named fields, moments as Shanghai reads them."""
    found = VisitTask.objects.filter(**of).order_by("opens_at", "pk").values_list(*fields)
    told = [tuple(local(value) if isinstance(value, datetime) else value for value in row) for row in found]
    return [row[0] for row in told] if len(fields) == 1 else told


def standard_shop() -> Branch:
    """Publish the standard regulation of calls after sales and return a branch that works by it."""
    publish((SHIPPED / "standard-after-sales.toml").read_text(encoding="utf-8"), on="2026-01-01")
    return branch("城东店")
