"""A plan for a list of customers: one event of a kind for many, from which the regulation makes each one's visit.

The plan has an aim and says when, what and by what (S-03); how many answered is counted from its visits (F-03).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from config.clock import local_day
from staff.domain.access import scope_of
from staff.domain.activity import log
from staff.domain.calendar import day_start, local_noon
from staff.domain.workforce import Post, load_workforce
from staff.models import Employee
from visits.choices import TaskStatus
from visits.domain.assigning.deciding import assign_events
from visits.domain.origin.requesting import SOURCE, CannotBe, NoRule, listeners
from visits.domain.planning.events import plan_at_once
from visits.models import Campaign, Customer, EventKind, SavedFilter, ServiceEvent, VisitTask

STARTED: Final = "campaign_started"
AT_ONCE: Final = 500  # so many visits are planned while one waits; more are left to the next tick
CHUNK: Final = 500
UNCOUNTED: Final = (TaskStatus.CANCELLED, TaskStatus.EXPIRED, TaskStatus.NOT_SAMPLED)


@dataclass(frozen=True)
class Plan:
    """What a campaign is to be. `token`: the form's own, the same plan twice is one."""

    token: UUID
    kind: str
    title: str
    aim: str
    content: str
    way: str
    starts_on: date
    ends_on: date
    filter: SavedFilter | None = None


@dataclass(frozen=True)
class Progress:
    """How far a campaign is: its visits by state, those that count, those that were answered."""

    by_state: dict[str, int]
    counted: int
    answered: int

    @property
    def rate(self) -> float | None:
        """Return the share that was answered, None where nothing counts (an empty denominator is no rate)."""
        return self.answered / self.counted if self.counted else None


def kinds_for_many() -> list[EventKind]:
    """Return the kinds of events for a list of customers that a regulation in force listens to."""
    return [kind for kind in EventKind.objects.filter(many=True).order_by("code") if listeners(kind.code)]


def campaigns_seen(employee: Employee, *, on: date) -> QuerySet[Campaign]:
    """Return the campaigns that a person may see: one's own, or all who see everything."""
    found = Campaign.objects.select_related("kind", "made_by", "filter")
    return found if scope_of(employee, on=on).everything else found.filter(made_by=employee)


def start(plan: Plan, customers: Sequence[Customer], *, by: Employee, now: datetime) -> Campaign:
    """Write the plan and an event for each customer; up to 500 visits are made at once, more with the next tick.

    Raises `CannotBe` where the plan contradicts itself and `NoRule` where no regulation listens; nothing is kept then.
    """
    if known := Campaign.objects.filter(form_token=plan.token).first():
        return known
    _check(plan, customers, now)
    try:
        with transaction.atomic():
            return _start(plan, list(customers), by, now)
    except IntegrityError:
        if known := Campaign.objects.filter(form_token=plan.token).first():  # the other press of the button
            return known
        raise


def progress_of(campaigns: Iterable[Campaign]) -> list[Progress]:
    """Return how far the visits of each campaign are, asked once for all."""
    numbers = [campaign.order_no for campaign in campaigns]
    found: dict[str, dict[str, int]] = {number: {} for number in numbers}
    tasks = VisitTask.objects.filter(event__source=SOURCE, event__order_no__in=numbers).order_by()
    counts = tasks.values_list("event__order_no", "status").annotate(count=Count("pk"))
    for number, state, count in counts:
        found[number][state] = count
    return [_progress(found[number]) for number in numbers]


def _progress(by_state: dict[str, int]) -> Progress:
    counted = sum(count for state, count in by_state.items() if state not in UNCOUNTED)
    return Progress(by_state, counted, by_state.get(TaskStatus.DONE, 0))


def tasks_of(campaign: Campaign) -> QuerySet[VisitTask]:
    """Return the visits of a campaign."""
    return VisitTask.objects.filter(event__source=SOURCE, event__order_no=campaign.order_no)


def _check(plan: Plan, customers: Sequence[Customer], now: datetime) -> None:
    if not plan.aim.strip():
        raise CannotBe("aim", _("Say what the visits are for."))
    if plan.ends_on < plan.starts_on:
        raise CannotBe("ends_on", _("The last day lies before the first."))
    if plan.ends_on < local_day(now):
        raise CannotBe("ends_on", _("This lies in the past. Choose a day from today on."))
    if not customers:
        raise CannotBe("", _("There is no customer on the list."))
    if not listeners(plan.kind):
        raise NoRule


def _start(plan: Plan, customers: list[Customer], by: Employee, now: datetime) -> Campaign:
    kind = EventKind.objects.get(code=plan.kind)
    made = Campaign.objects.create(
        kind=kind, title=plan.title.strip(), aim=plan.aim.strip(), content=plan.content.strip(), way=plan.way,
        starts_on=plan.starts_on, ends_on=plan.ends_on, filter=plan.filter, customers=len(customers),
        form_token=plan.token, made_by=by, made_at=now,
    )  # fmt: skip
    zone = ZoneInfo(settings.TIME_ZONE)
    shared: dict[str, Any] = {
        "source": SOURCE, "order_no": made.order_no, "kind": kind, "happened_at": local_noon(plan.starts_on, zone),
        "happened_on": plan.starts_on, "due_at": day_start(plan.ends_on, zone), "made_by": by, "fingerprint": "",
        "attributes": {"aim": made.aim, "content": made.content, "way": made.way}, "taken_in_at": now,
        "changed_at": now,
    }  # fmt: skip
    events: list[int] = []
    home = load_workforce().post(by.pk, on=local_day(now))
    for first in range(0, len(customers), CHUNK):
        events += _events(customers[first : first + CHUNK], shared, home)
    if len(events) <= AT_ONCE:
        plan_at_once(events, now=now)
        assign_events(events, now=now, actor=by)
    log(now=now, actor=by, verb=STARTED, subject=made, kind=plan.kind, customers=len(customers))
    return made


def _events(customers: list[Customer], shared: dict[str, Any], home: Post) -> list[int]:
    """Write the event of each customer, in the unit and for the person of the last one; return their ids."""
    ids = [customer.pk for customer in customers]
    last: dict[int, tuple[int | None, int | None, int | None]] = {}
    rows = ServiceEvent.objects.filter(customer__in=ids).order_by("happened_at", "pk")
    for pk, advisor, in_branch, of_department in rows.values_list(
        "customer_id", "advisor_id", "branch_id", "department_id"
    ):
        last[pk] = (advisor or last.get(pk, (None,))[0], in_branch, of_department)
    made = []
    for customer in customers:
        person, branch, department = last.get(customer.pk, (None, home.branch, home.department))
        event = ServiceEvent(**shared, customer=customer, member=str(customer.pk), branch_id=branch)
        event.advisor_id, event.department_id = customer.owner_id or person, department
        made.append(event)
    return [event.pk for event in ServiceEvent.objects.bulk_create(made)]
