"""People, leave, working days and outages as their rows tell, without the program's own reading of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
from django.conf import settings

from staff.models import (
    Absence,
    Branch,
    Department,
    Employee,
    LeaveRequest,
    Outage,
    Posting,
    RoleAssignment,
    WorkdayOverride,
)

HOUSE: Final = ZoneInfo(settings.TIME_ZONE)
PUBLISHED: Final = frozenset(on.year for on in chinese_calendar.holidays)  # years whose days off were announced
ROLES_OF_VISITORS: Final = "service_advisor"


@dataclass(frozen=True)
class Place:
    """Where somebody works on a day."""

    branch: int | None = None
    department: int | None = None


@dataclass
class Company:
    """All dated facts about people, read once: as many rows as the company has ever had people, roles and leave."""

    left: dict[int, date | None] = field(default_factory=dict)
    inactive: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    leaves: dict[int, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    granted: dict[int, list[tuple[date, date, datetime | None]]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[int, list[tuple[date, date, Place]]] = field(default_factory=lambda: defaultdict(list))
    roles: list[tuple[date, date, int, str, str]] = field(default_factory=list)
    own_days: dict[date, bool] = field(default_factory=dict)
    outages: list[tuple[datetime, datetime, datetime]] = field(default_factory=list)
    departments: dict[int, str] = field(default_factory=dict)
    branches: dict[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Company":
        """Read everything."""
        found = cls()
        for pk, name, active, left in Employee.objects.values_list("pk", "username", "is_active", "left_on"):
            found.names[pk], found.left[pk] = name, left
            found.inactive |= set() if active else {pk}
        for row in Absence.objects.values_list("employee", "from_on", "until_on"):
            found.leaves[row[0]].append((row[1], row[2] or date.max))
        for asked in LeaveRequest.objects.only("employee", "from_on", "until_on", "decided_at"):
            found.granted[asked.employee_id].append((asked.from_on, asked.until_on, asked.decided_at))
        columns = ("employee", "from_on", "until_on", "branch", "department", "department__branch")
        for who, first, last, branch, department, of_department in Posting.objects.order_by("pk").values_list(*columns):
            found.posts[who].append((first, last or date.max, Place(branch or of_department, department)))
        for held in RoleAssignment.objects.select_related("role"):
            span = held.from_on, held.until_on or date.max
            found.roles.append((*span, held.employee_id, held.role.code, held.role.like))
        found.own_days = dict(WorkdayOverride.objects.values_list("on", "is_workday"))
        found.outages = sorted(Outage.objects.values_list("from_at", "to_at", "found_at"))
        found.departments = dict(Department.objects.values_list("pk", "name"))
        found.branches = dict(Branch.objects.values_list("pk", "name"))
        return found

    def is_away(self, who: int, on: date) -> bool:
        """Say whether somebody is on leave that day."""
        return any(first <= on <= last for first, last in self.leaves[who])

    def leave_was_late(self, who: int, on: date, moment: datetime) -> bool:
        """Say whether leave over that day was decided only after `moment`, or was asked for and is none any more."""
        asked = [decided for first, last, decided in self.granted[who] if first <= on <= last]
        return any(decided is None or decided > moment for decided in asked)

    def is_gone(self, who: int, on: date) -> bool:
        """Say whether somebody worked here no more that day."""
        last = self.left.get(who)
        return who not in self.left or (last is not None and last < on)

    def place(self, who: int, on: date) -> Place:
        """Return where somebody worked that day: of several places the one that began last."""
        best: tuple[date, Place] | None = None
        for first, last, place in self.posts[who]:
            if first <= on <= last and (best is None or first > best[0]):
                best = (first, place)
        return best[1] if best else Place()

    def holders(self, code: str, on: date) -> set[int]:
        """Return who held a role that day; an empty code means everybody with the rights of an advisor."""
        if not code:
            return self.leading(ROLES_OF_VISITORS, on)
        held = {who for first, last, who, role, _like in self.roles if first <= on <= last and role == code}
        return {who for who in held if who not in self.inactive and not self.is_gone(who, on)}

    def is_ruled(self, who: int, on: date, names: list[str]) -> bool:
        """Say whether somebody worked that day in one of the units that a policy names; without any it rules all."""
        place = self.place(who, on)
        units = {self.departments.get(place.department or 0), self.branches.get(place.branch or 0)}
        return not names or bool(units & set(names))

    def leading(self, rights: str, on: date) -> set[int]:
        """Return who had a role with these rights that day, and still worked here."""
        held = {who for first, last, who, _role, like in self.roles if first <= on <= last and like == rights}
        return {who for who in held if who not in self.inactive and not self.is_gone(who, on)}

    def is_worked(self, on: date) -> bool:
        """Say whether the company works that day."""
        if on in self.own_days:
            return self.own_days[on]
        if on.year in PUBLISHED:
            return bool(chinese_calendar.is_workday(on))
        known = holidays.country_holidays("CN", years=on.year)
        made_up = getattr(known, "weekend_workdays", ())
        return on in made_up or (on.weekday() < 5 and on not in known)

    def stood_still(self, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
        """Return the outages that touch a span."""
        return [(begin, end) for begin, end, _found in self.outages if begin < last and end > first]

    def outage_was_late(self, last: datetime, moment: datetime) -> bool:
        """Say whether an outage that touches the time before `last` was noted only after `moment`."""
        return any(found > moment for begin, end, found in self.outages if begin < last)


def midnight(on: date) -> datetime:
    """Return the first moment of a local day."""
    return datetime.combine(on, time(), HOUSE).astimezone(UTC)


def day_of(moment: datetime) -> date:
    """Return the local day of a moment."""
    return moment.astimezone(HOUSE).date()


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last one."""
    while first <= last:
        yield first
        first += timedelta(1)
