"""The watch over revealed numbers: who asked for how many, the alarm at the limit, its opening by a manager (T23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from staff.domain.access import MANAGERS, roles_of
from staff.domain.activity import log
from staff.domain.calendar import day_start, local_date
from staff.domain.notifying import notify
from staff.domain.oversight import looks_after, overseen_by
from staff.domain.superiors import superiors
from staff.models import Activity, Employee
from visits.domain.calling.revealing import A_DAY, A_HOUR, REVEALED, UNLOCKED, revealed_by
from visits.domain.obliging.about import about
from visits.models import Customer

ALARM: Final = gettext_noop("%(name)s has asked for more customers' numbers than the limit allows")
SHOWN_DAYS: Final = 30
LONGEST: Final = 200


class MayNotUnlock(Exception):
    """Only a manager of the person's unit, never the person, opens the limit again, and says why."""


@dataclass(frozen=True)
class Watched:
    """One person's reveals: of the last hour and of today, as counted, and whether the limit is reached."""

    employee: Employee
    an_hour: int
    today: int
    in_month: int

    @property
    def is_locked(self) -> bool:
        """Whether the next number is refused."""
        return self.an_hour >= A_HOUR or self.today >= A_DAY


def sound_alarm(employee: Employee, *, now: datetime) -> int:
    """Tell those who answer for the person that the limit was reached, once a day; return how many heard it."""
    day = local_date(now, ZoneInfo(settings.TIME_ZONE))
    return notify(
        superiors(employee, now=now), kind="reveal_limit", message=ALARM, facts={"name": employee}, url="/numbers/",
        key=f"reveal-limit-{employee.pk}-{day}", urgent=True, now=now,
    )  # fmt: skip


@transaction.atomic
def unlock(employee: Employee, *, by: Employee, reason: str, now: datetime) -> None:
    """Let the person ask for numbers again; what was counted so far counts no more. Raises `MayNotUnlock`."""
    today = local_date(now, ZoneInfo(settings.TIME_ZONE))
    if not roles_of(by, on=today) & MANAGERS or not looks_after(by, employee, on=today):
        raise MayNotUnlock(_("Only a manager of the person's unit can open the limit."))
    if not reason.strip():
        raise MayNotUnlock(_("Say why the person needs so many numbers."))
    log(now=now, actor=by, verb=UNLOCKED, subject=employee, reason=reason.strip()[:LONGEST])


def watch(manager: Employee, *, now: datetime) -> list[Watched]:
    """Return who of the manager's people asked for numbers in the last month, the busiest first."""
    since = now - timedelta(days=SHOWN_DAYS)
    people = _overseen(manager, now=now)
    asked = Activity.objects.filter(actor__in=people, verb=REVEALED, at__gte=since).order_by()
    counts = dict(asked.values_list("actor").annotate(Count("pk")))
    lately = revealed_by(list(counts), now=now)
    found = [Watched(people[pk], *lately[pk], count) for pk, count in counts.items()]
    return sorted(found, key=lambda one: (-one.today, -one.in_month, one.employee.pk))


def lines(manager: Employee, *, now: datetime, limit: int | None = 100) -> Sequence[dict[str, Any]]:
    """Return the latest reveals by the manager's people: when, who, of which customer (where seen) or case, why.

    `limit`: how many at most; None for all of the last month.
    """
    on = local_date(now, ZoneInfo(settings.TIME_ZONE))
    people = _overseen(manager, now=now)
    found = list(
        Activity.objects.filter(
            actor__in=people, verb=REVEALED, at__gte=day_start(on - timedelta(SHOWN_DAYS), ZoneInfo(settings.TIME_ZONE))
        )[:limit]
    )
    asked = {line.subject_id for line in found if line.subject_type == "customer"}
    seen = Customer.objects.visible_to(manager, on=on).filter(pk__in=asked)
    customers = {f"customer:{customer.pk}": customer for customer in seen.distinct()}
    subjects = [f"{line.subject_type}:{line.subject_id}" for line in found]
    things = about(subjects)
    return [
        {
            "at": line.at,
            "who": people[line.actor_id] if line.actor_id else "",
            "customer": customers.get(subject),
            "thing": things.get(subject),
            "reason": line.data.get("reason", ""),
        }
        for line, subject in zip(found, subjects, strict=True)
    ]


def _overseen(manager: Employee, *, now: datetime) -> dict[int, Employee]:
    on = local_date(now, ZoneInfo(settings.TIME_ZONE))
    return {person.pk: person for person in overseen_by(manager, on=on)}
