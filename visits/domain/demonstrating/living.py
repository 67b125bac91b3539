"""Weeks of the demo company, lived day by day through the program's own doors: import, jobs, calls.

The same seed and the same first day give the same company. Moments lie in the past; nothing is written around the
domain, so every figure and every line of history is what it would be in a real company.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils.module_loading import import_string

from config import wiring
from config.clock import local_day
from config.workbooks.rows import Row
from staff.domain import activity, outages
from staff.domain import company as named
from staff.domain.demo import BRANCH
from staff.domain.enrolling import enrol
from staff.domain.jobs import run_due, run_waiting
from staff.models import Branch, Employee
from visits.domain.demonstrating import asking, calling, cast, managing, office, proving
from visits.domain.demonstrating.happenings import happenings
from visits.domain.demonstrating.orders import Facts, Till
from visits.domain.demonstrating.ruling import introduce
from visits.domain.demonstrating.scene import BEGUN, LIVED, Company, luck
from visits.domain.intake import staging
from visits.domain.intake.judging import Options
from visits.domain.intake.taking import take_in
from visits.domain.planning.pooling import seeds_from

CUSTOMERS: Final = 800
OLDER: Final = 430  # of them: there before the regulation was
LISTED_TODAY: Final = 48
BACKLOG_DAYS: Final = 10  # that many mornings wait in one file today: the desk is full
SPELLS: Final = (time(9, 20), time(14, 10))  # when an advisor sits down to call
PROMISING_DAYS: Final = 4
MORNING: Final = time(8, 30)

Progress = Callable[[int], None]


def live(*, days: int, now: datetime, progress: Progress = lambda _day: None) -> None:
    """Live that many days up to the present morning; the sign-ins are there already."""
    company = Company(local_day(now), days, until=now)
    till = Till(company.dice, cast.clients(company.dice, CUSTOMERS), company.zone)
    seeds = luck("draws")
    with seeds_from(lambda: f"{seeds.getrandbits(128):032x}"):
        with transaction.atomic():
            found(company, till)
        for number in range(days):
            with transaction.atomic():
                live_a_day(company, till, company.first + timedelta(number))
            progress(number + 1)
        with transaction.atomic():
            open_today(company, till, now)


def found(company: Company, till: Till) -> None:
    """Take in the rest of the staff, the regulations, and the customers who were there before."""
    now = company.at(company.first, "07:00")
    activity.log(now=now, actor=None, verb=BEGUN, subject=named.the_company(), days=company.days)
    enrol(cast.staff_rows(cast.joined_on(company.today)), now=now, on=company.first)
    introduce(company, now)
    take(company, till.earlier(company.first, OLDER), name="历史客户.xlsx", now=now, history=True)


def live_a_day(company: Company, till: Till, on: date) -> None:
    """Bring the day's orders in, let the scheduler ring, let everybody call, and what else a day brings."""
    company.said.clear()
    bring(company, till, on, now=company.at(on, MORNING))
    run_due(now=company.at(on, "08:31"))
    continue_with(wiring.DEMO_MORNINGS, company, on)
    asking.answer_words(company, on)
    managing.decide_changes(company, on)
    happen(company, on)
    callers = present(company, on)
    call_through(company, on, callers)
    asking.afternoon(company, on, callers)
    managing.explain(company, on)
    managing.follow_up(company, on)
    if company.ago(on) % PROMISING_DAYS == 1:
        calling.promise(company, on, callers)
    proving.prove(company, on)
    proving.look_through(company, on)
    continue_with(wiring.DEMO_EVENINGS, company, on)


def call_through(company: Company, on: date, callers: Sequence[Employee]) -> None:
    """Let everybody sit down to call, twice a day, and ring when they said they would."""
    for spell in SPELLS:
        began = company.at(on, spell)
        if not company.has_come(began):
            return
        if spell != SPELLS[0]:  # before the first one everything has just been run
            run_waiting(now=began)
        for caller in callers:
            calling.call_round(company, caller, began)
        calling.keep_promises(company, began)


def continue_with(others: Sequence[str], company: Company, on: date) -> None:
    """Let the other apps live their part of the day."""
    for path in others:
        import_string(path)(company, on)


def open_today(company: Company, till: Till, now: datetime) -> None:
    """Bring in what this morning has brought, and let the others work until the visitor comes, whatever the hour."""
    on = company.today
    bring(company, till, on, now=min(now, company.at(on, MORNING)), listed=LISTED_TODAY)
    run_due(now=min(now, company.at(on, "08:31")))
    continue_with(wiring.DEMO_MORNINGS, company, on)
    call_through(company, on, present(company, on))
    proving.prove(company, on)
    continue_with(wiring.DEMO_EVENINGS, company, on)
    run_due(now=now)
    outages.beat(now=now)  # from here on it is noticed when nobody switches the demo on for days
    office.read_mail(company, now)
    activity.log(now=now, actor=None, verb=LIVED, subject=named.the_company(), days=company.days)


def happen(company: Company, on: date) -> None:
    """Let happen what the calendar of the company has for that day."""
    for number, happening in enumerate(happenings(company, on)):
        happening(company, company.at(on, time(10, 5 + number)))


def bring(company: Company, till: Till, on: date, *, now: datetime, listed: int | None = None) -> None:
    """Import the orders of the day before and the morning's list, as the shops send them."""
    services = [
        facts
        for back in range(1, 2 if listed is None else BACKLOG_DAYS)
        for facts in till.services(on - timedelta(back))
    ]
    called_for = till.listed(on, services, listed)
    take(company, [*services, *till.unreadable(on)], name=f"维修完工{on:%m%d}.xlsx", now=now)
    take(company, called_for, name=f"回访清单{on:%m%d}.csv", now=now)


def take(company: Company, told: Sequence[Facts], *, name: str, now: datetime, history: bool = False) -> None:
    """Take rows in as a file of that name."""
    options = Options(history=history, branch=Branch.objects.get(name=BRANCH).pk)
    rows = (Row(number, [str(value) for value in facts.values()], dict(facts)) for number, facts in enumerate(told, 2))
    actor = company.person("lina")
    take_in(staging.stage(rows, file=staging.File(name, name), options=options, now=now, actor=actor), now=now)


def present(company: Company, on: date) -> list[Employee]:
    """Return who calls on a day; of each shop somebody has it off."""
    names = [name for shop in cast.ADVISORS.values() for place, name in enumerate(shop) if (on.day + place) % 7]
    return [company.person(name) for name in (*sorted(names), *cast.OFFICE_CALLERS)]
