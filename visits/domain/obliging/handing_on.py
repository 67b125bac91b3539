"""Owed deeds of who has left go to whoever takes over, else to whom they answered to (DECISIONS 6)."""

from datetime import datetime

from staff.domain.activity import log
from staff.domain.calendar import local_date, local_noon
from staff.domain.notifying import notify
from staff.domain.superiors import superiors
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.domain.detecting.bounds import house
from visits.domain.detecting.obligations import HANDED_ON
from visits.domain.obliging.counting import spec_of_obligation
from visits.domain.obliging.naming import deed_words
from visits.domain.obliging.owing import OWED, OWED_UNTIL, URL, bound_words
from visits.models import Obligation


def move_obligations(employee: Employee, *, now: datetime, actor: Employee | None = None) -> int:
    """Give the open deeds of somebody who has left to another person; return how many (a hand-over).

    What was late before stays, as a violation, with who owed it then. Leave moves nothing, for it exempts.
    """
    if employee.is_active or employee.left_on is None:
        return 0
    heir = heir_of(employee, now=now)
    mine = Obligation.objects.open().filter(employee=employee)
    if heir is None:
        mine = mine.exclude(due_at__lte=now)  # what is late stays in a name until somebody does it
    waiting = list(mine.select_related("release").order_by("pk"))
    for one in waiting:
        Obligation.objects.open().filter(pk=one.pk).update(employee=heir)
        log(now=now, actor=actor, verb=HANDED_ON, subject=one, of=employee.pk, to=heir and heir.pk)
        if heir is not None:
            _tell(one, heir, now=now)
    return len(waiting)


def heir_of(employee: Employee, *, now: datetime) -> Employee | None:
    """Return who does the work of somebody who has left: whoever takes over, else whom they answered to."""
    on, workforce = local_date(now, house()), load_workforce()
    heir = next((one for one in workforce.in_place_of(employee.pk, on=on) if one != employee.pk), None)
    if heir is not None:
        return Employee.objects.get(pk=heir)
    last = min(on, employee.left_on or on)
    return next(iter(superiors(employee, now=local_noon(last, house()))), None)


def _tell(one: Obligation, heir: Employee, *, now: datetime) -> None:
    spec = spec_of_obligation(one)
    facts = {"title": (spec and spec.title) or one.rule, "deed": deed_words(one.deed), "bound": bound_words(one)}
    message = OWED_UNTIL if one.due_at else OWED
    notify([heir], kind="obligation", message=message, facts=facts, url=URL, key=f"obligation-{one.pk}", now=now)
