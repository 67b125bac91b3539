"""Weeks of the demo company, lived day by day through the program's own doors: import, jobs, calls.

The same seed and the same first day give the same company. Moments lie in the past; nothing is written around the
domain, so every figure and every line of history is what it would be in a real company.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from config.workbooks.rows import Row
from staff.domain.calendar import local_date
from staff.domain.enrolling import enrol
from staff.domain.jobs import run_due, run_waiting
from staff.models import Employee
from visits.choices import TaskStatus
from visits.domain.calling.recording import NotOneCall, TakenByAnother, record_contact
from visits.domain.calling.terms import terms_of
from visits.domain.demonstrating import cast, talking
from visits.domain.demonstrating.orders import Facts, Till
from visits.domain.finding.queueing import queue
from visits.domain.intake import staging
from visits.domain.intake.judging import Options
from visits.domain.intake.taking import take_in
from visits.models import VisitTask

SEED: Final = 20260302
CUSTOMERS: Final = 800
OLDER: Final = 430  # of them: there before the regulation was
LISTED_TODAY: Final = 36
BACKLOG_DAYS: Final = 10  # that many mornings wait in one file today: the desk is full
SPELLS: Final = (time(9, 20), time(14, 10))  # when an advisor sits down to call
CALLS_A_SPELL: Final = 12
TIRED_DAYS: Final = 2  # on the last days the advisors fell behind: something is left to do
TOLD: Final = ("event", "event__kind", "event__branch", "customer", "step__rule", "release__policy")

Progress = Callable[[int], None]


@dataclass
class Company:
    """The demo company while it is being lived."""

    today: date
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.TIME_ZONE))
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311  the same each time

    def at(self, on: date, clock: time) -> datetime:
        """Return a moment of a local day, UTC."""
        return datetime.combine(on, clock, self.zone).astimezone(UTC)


def live(*, days: int, now: datetime, progress: Progress = lambda _day: None) -> None:
    """Live that many days up to the present morning; regulation and sign-ins are there already."""
    company = Company(local_date(now, ZoneInfo(settings.TIME_ZONE)))
    first = company.today - timedelta(days)
    till = Till(company.dice, cast.clients(company.dice, CUSTOMERS), company.zone)
    found(company, till, first)
    for number in range(days):
        on = first + timedelta(number)
        with transaction.atomic():
            live_a_day(company, till, on, is_tired=number >= days - TIRED_DAYS)
        progress(number + 1)
    bring(company, till, company.today, now=now, listed=LISTED_TODAY)
    run_due(now=now)


def found(company: Company, till: Till, first: date) -> None:
    """Take in the rest of the staff, and the customers who were there before."""
    now = company.at(first, time(7, 0))
    enrol(cast.staff_rows(cast.joined_on(company.today)), now=now, on=first)
    take(till.earlier(first, OLDER), name="历史客户.xlsx", now=now, history=True)


def live_a_day(company: Company, till: Till, on: date, *, is_tired: bool) -> None:
    """Bring the day's orders in, let the scheduler ring, and let everybody call."""
    bring(company, till, on, now=company.at(on, time(8, 30)))
    run_due(now=company.at(on, time(8, 31)))
    for spell in SPELLS:
        began = company.at(on, spell)
        run_waiting(now=began)
        for advisor in advisors(on):
            if is_tired and advisor.username in cast.SIGNED_IN:
                continue
            call_round(company, advisor, began)


def bring(company: Company, till: Till, on: date, *, now: datetime, listed: int | None = None) -> None:
    """Import the orders of the day before and the morning's list, as the shops send them."""
    services = [
        facts
        for back in range(1, 2 if listed is None else BACKLOG_DAYS)
        for facts in till.services(on - timedelta(back))
    ]
    called_for = till.listed(on, services, listed)
    take(services, name=f"维修完工{on:%m%d}.xlsx", now=now)
    take(called_for, name=f"回访清单{on:%m%d}.csv", now=now)


def take(told: Sequence[Facts], *, name: str, now: datetime, history: bool = False) -> None:
    """Take rows in as a file of that name."""
    options = Options(history=history)
    rows = (Row(number, [], dict(facts)) for number, facts in enumerate(told, 2))
    take_in(staging.stage(rows, file=staging.File(name, name), options=options, now=now), now=now)


def advisors(on: date) -> list[Employee]:
    """Return who calls on a day; of each shop somebody has it off."""
    names = [name for shop in cast.ADVISORS.values() for place, name in enumerate(shop) if (on.day + place) % 7]
    return list(Employee.objects.filter(username__in=names).order_by("username"))


def call_round(company: Company, advisor: Employee, began: datetime) -> None:
    """Let one advisor call the first of their queue, one after the other."""
    moment = began
    for row in queue(advisor, now=began, limit=CALLS_A_SPELL):
        moment += timedelta(minutes=company.dice.randint(3, 7))
        call(company, advisor, row.id, moment)


def call(company: Company, advisor: Employee, task_id: int, moment: datetime) -> None:
    """Make one call and log it as it ended; a call before that may have settled the task."""
    task = VisitTask.objects.select_related(*TOLD).get(pk=task_id)
    if task.status != TaskStatus.OPEN:
        return
    told = talking.contact(company.dice, terms_of(task), began=moment, channel=task.channel)
    logged_at = (told.ended_at or moment) + timedelta(seconds=company.dice.randint(5, 40))
    try:
        record_contact(task, told, advisor=advisor, now=logged_at)
    except (TakenByAnother, NotOneCall):
        return
