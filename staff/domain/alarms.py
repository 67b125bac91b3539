"""Telling administrators of alarms: each once while it lasts, off the bell when it is settled."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop

from config.clock import local_day
from staff.domain.access import ADMINISTRATOR
from staff.domain.checking import Finding, Level, findings
from staff.domain.notifying import notify, withdraw
from staff.models import Alarm, Employee, RoleAssignment

PAGE: Final = "/staff/health/"
TOLD: Final = gettext_noop("System health: %(words)s")


def tell_alarms(*, now: datetime) -> dict[str, int]:
    """Look at everything; tell administrators of what is new and take back what is settled; say how many of each."""
    found = {finding.what: finding for finding in findings(now=now) if finding.level is Level.ALARM}
    standing = {alarm.what: alarm for alarm in Alarm.objects.all()}
    people = administrators(on=local_day(now))
    for what in sorted(found.keys() - standing.keys()):
        _begin(found[what], people, now=now)
    settled = [standing[what] for what in sorted(standing.keys() - found.keys())]
    for alarm in settled:
        _end(alarm, now=now)
    return {"new": len(found.keys() - standing.keys()), "settled": len(settled)}


def administrators(*, on: date) -> list[Employee]:
    """Return who administers on that day."""
    held = RoleAssignment.objects.on(on).filter(role__like=ADMINISTRATOR).values("employee")
    return list(Employee.objects.filter(pk__in=held, is_active=True).order_by("username"))


@transaction.atomic
def _begin(finding: Finding, people: list[Employee], *, now: datetime) -> None:
    alarm, made = Alarm.objects.get_or_create(what=finding.what, defaults={"since": now})
    if made:
        notify(
            people, kind="alarm", message=TOLD, facts={"words": finding.words}, url=PAGE, key=_key(alarm), urgent=True,
            now=now,
        )  # fmt: skip


@transaction.atomic
def _end(alarm: Alarm, *, now: datetime) -> None:
    Alarm.objects.filter(pk=alarm.pk).delete()
    withdraw(key=_key(alarm), now=now)


def _key(alarm: Alarm) -> str:
    """Return what tells this alarm from another of the same kind at another time."""
    return f"alarm-{alarm.what[:90]}-{alarm.since:%Y%m%dT%H%M%S}"
