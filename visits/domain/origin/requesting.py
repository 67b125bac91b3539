"""A visit that somebody asks for: an event made by hand, planned and given to a person at once (Q-01, Q-03).

A request of the customer is passive work, what the house assigns is active work. Either becomes an ordinary event, so
that a rule of the regulation makes its task, and the task names its clause.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from staff.domain.activity import log
from staff.domain.calendar import day_start
from staff.domain.workforce import Post, load_workforce
from staff.models import Employee
from visits.choices import Origin
from visits.domain.assigning.deciding import assign_events
from visits.domain.planning.events import load_calendar, plan_at_once
from visits.domain.planning.rulebook import load_rulebook
from visits.models import Customer, EventKind, ServiceEvent, Vehicle, VisitTask

SOURCE: Final = "huifang"
ASSIGNED: Final = "assigned"
REQUEST: Final = "customer_request"
PASSIVE: Final = frozenset({REQUEST})
PREFIX: Final = {ASSIGNED: "VISIT-", REQUEST: "REQ-"}
REQUESTED: Final = "visit_requested"


class NoRule(ValueError):
    """No rule of the regulation makes a visit of this."""

    def __init__(self) -> None:
        super().__init__(
            _("No regulation in force makes a visit of this. An administrator can add a rule for this kind of event.")
        )


class CannotBe(ValueError):
    """The wish contradicts itself; `field` says where, the text how to mend it."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Wish:
    """What is asked for. `token`: the form's own, the same wish twice is one event.

    `due_at`: until when; with `due_has_time` to the minute, else to the end of its local day. Without it the visit is
    due by the end of the next working day. `told`: aim, content, way and further columns of the event, as texts.
    `policy`: the regulation that it is for, where several listen.
    """

    token: UUID
    kind: str
    customer: Customer
    asked_at: datetime
    due_at: datetime | None = None
    due_has_time: bool = False
    advisor: Employee | None = None
    vehicle: Vehicle | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    policy: int | None = None

    @property
    def order_no(self) -> str:
        """Return the number of the event: the same for the same form."""
        return f"{PREFIX.get(self.kind, 'HAND-')}{self.token.hex[:10].upper()}"


@dataclass(frozen=True)
class Listener:
    """One regulation in force that makes visits of a kind of event, with the titles of its rules."""

    policy: int
    title: str
    rules: tuple[str, ...]


def origin_of(kind: str) -> Origin:
    """Say whether a visit after an event of this kind was asked for by the customer."""
    return Origin.PASSIVE if kind in PASSIVE else Origin.ACTIVE


def listeners(kind: str) -> list[Listener]:
    """Return the regulations in force that listen to a kind of event."""
    found = []
    for book in load_rulebook().in_force():
        rules = tuple(rule.spec.title or rule.spec.code for rule in book.rules if kind in rule.spec.trigger)
        if rules:
            found.append(Listener(book.policy_id, book.pack.policy.title or book.slug, rules))
    return found


def request_visit(wish: Wish, *, by: Employee, now: datetime) -> ServiceEvent:
    """Make the event and its tasks, given to somebody; the same form again returns the same event.

    Raises `CannotBe` for moments that cannot be and `NoRule` where no rule makes a visit of it; nothing is kept then.
    """
    _check(wish, now)
    known = ServiceEvent.objects.filter(source=SOURCE, order_no=wish.order_no, member="").first()
    if known:
        return known
    with transaction.atomic():
        event = ServiceEvent.objects.create(
            **_columns(wish, by, now), **place_of(wish.customer, wish.advisor or by, now)
        )
        plan_at_once([event.pk], now=now, policy=wish.policy)
        tasks = tasks_of([event.pk])
        if not tasks:
            raise NoRule
        assign_events([event.pk], now=now, actor=by)
        log(now=now, actor=by, verb=REQUESTED, subject=event, kind=wish.kind, tasks=[task.pk for task in tasks])
    return event


def tasks_of(events: Iterable[int]) -> list[VisitTask]:
    """Return the tasks of these events, first to open first."""
    return list(VisitTask.objects.filter(event__in=list(events)).order_by("opens_at", "pk"))


def place_of(customer: Customer, person: Employee, now: datetime) -> dict[str, int | None]:
    """Return branch and department of an event made by hand: the person's, else those of the customer's last event."""
    post = load_workforce().post(person.pk, on=local_day(now))
    if post == Post(None, None):
        last = ServiceEvent.objects.filter(customer=customer).order_by("-happened_at", "-pk").first()
        post = Post(last.branch_id, last.department_id) if last else post
    return {"branch_id": post.branch, "department_id": post.department}


def next_workday(now: datetime) -> date:
    """Return the working day after today: by when a wish without a time is to be met."""
    return load_calendar().add_workdays(local_day(now), 1)


def _check(wish: Wish, now: datetime) -> None:
    if wish.asked_at > now + timedelta(minutes=5):
        raise CannotBe("asked_at", _("A request cannot lie in the future."))
    if wish.due_at is None:
        return
    over = wish.due_at < now if wish.due_has_time else local_day(wish.due_at) < local_day(now)
    if over:
        raise CannotBe("due_on", _("This lies in the past. Choose a day from today on."))


def _columns(wish: Wish, by: Employee, now: datetime) -> dict[str, Any]:
    kind, _made = EventKind.objects.get_or_create(code=wish.kind)
    due = wish.due_at or day_start(next_workday(now), ZoneInfo(settings.TIME_ZONE))
    return {
        "source": SOURCE, "order_no": wish.order_no, "kind": kind, "happened_at": wish.asked_at,
        "happened_on": local_day(wish.asked_at), "due_at": due, "due_has_time": bool(wish.due_at and wish.due_has_time),
        "customer": wish.customer, "vehicle": wish.vehicle, "advisor": wish.advisor, "remark": wish.remark,
        "attributes": {name: text for name, text in wish.told.items() if text}, "fingerprint": "", "made_by": by,
        "taken_in_at": now, "changed_at": now, "needs_planning": False,
    }  # fmt: skip
