"""Whom a work order is best given to: by skill, area, load and distance, with the reasons (Z-03, V-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.choices import WorkOrderState
from complaints.models import WorkOrder
from staff.domain.access import CALLERS
from staff.domain.workforce import Post, Workforce

TECHNICIAN = "technician"
TO_DO = (WorkOrderState.OPENED, WorkOrderState.CHECKED, WorkOrderState.DISPATCHED, WorkOrderState.ARRIVED)
ELSEWHERE = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who could do it. `has_skill`, `in_area`: None where the order asks for none.

    `distance`: 0 works in the department of the order, 1 in its branch, 2 elsewhere.
    """

    employee: int
    username: str
    name: str
    has_skill: bool | None
    in_area: bool | None
    load: int
    distance: int
    away: bool

    @property
    def rank(self) -> tuple[bool, bool, bool, int, int, str]:
        """By what candidates are put in order: at work, able, of the area, fewest open orders, nearest."""
        return self.away, self.has_skill is False, self.in_area is False, self.load, self.distance, self.username

    def reasons(self) -> list[str]:
        """Return in words what speaks for and against the person."""
        said = [_("away that day")] if self.away else []
        if self.has_skill is not None:
            said.append(_("has the skill") if self.has_skill else _("lacks the skill"))
        if self.in_area is not None:
            said.append(_("area matches") if self.in_area else _("another area"))
        said.append(ngettext("%(load)d open order", "%(load)d open orders", self.load) % {"load": self.load})
        near = (_("same department"), _("same branch"), _("another branch"))
        return [*said, near[self.distance]]


def candidates(order: WorkOrder, workforce: Workforce, *, load: Mapping[int, int], on: date) -> list[Candidate]:
    """Return who could do the order, the best first.

    Asked are the technicians; where nobody has that role, everybody who makes visits. Those of other branches stand
    last in the list only where the order's own branch has nobody.
    """
    people = workforce.holders(TECHNICIAN, on=on) or workforce.holders_like(CALLERS, on=on)
    unit = Post(order.branch_id, order.department_id)
    working = [one for one in people if not workforce.is_gone(one, on=on)]
    near = {one: workforce.distance(one, unit, on=on) for one in working}
    if order.branch_id is not None and any(distance < ELSEWHERE for distance in near.values()):
        near = {one: distance for one, distance in near.items() if distance < ELSEWHERE}
    areas = of_area(workforce, order.area, on=on)
    found = [
        Candidate(
            employee=one, username=workforce.people[one].username, name=workforce.people[one].name,
            has_skill=workforce.has_qualifications(one, (order.skill,), on=on) if order.skill else None,
            in_area=one in areas if order.area else None, load=load.get(one, 0), distance=distance,
            away=not workforce.at_work(one, on=on),
        )
        for one, distance in near.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.rank)


def of_area(workforce: Workforce, area: str, *, on: date) -> frozenset[int]:
    """Return who holds any role for that area on that day."""
    held = (role for span, role in workforce.roles if span.holds(on))
    return frozenset(role.employee for role in held if area and role.area == area)


def open_orders() -> dict[int, int]:
    """Return how many work orders each person still has to do."""
    waiting = WorkOrder.objects.filter(state__in=TO_DO, assignee__isnull=False)
    return dict(waiting.order_by().values_list("assignee").annotate(count=Count("pk")))
