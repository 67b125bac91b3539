"""The election of the month in the demo company: staff vote in its first days, customers are asked in calls."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from reports.domain.figures.voting import CannotVote, Election, calls_of, cast, elections, enter
from staff.models import Employee
from visits.domain.demonstrating.cast import ADVISORS, SIGNED_IN
from visits.domain.demonstrating.scene import Company, luck

LAST_DAY: Final = 10  # of the month: by then everybody who votes has voted
MANAGERS: Final = ("lina", "sunli", "zhangwei", "hejun")
POPULAR: Final = 2  # so many of each list get most of the votes


def vote(company: Company, on: date) -> None:
    """Let those vote whose day it is; this month whoever signs in has left it to the visitor."""
    if on.day > LAST_DAY:
        return
    this_month = (on.year, on.month) == (company.today.year, company.today.month)
    for name in (*MANAGERS, *(name for shop in ADVISORS.values() for name in shop)):
        day = luck("vote", name, f"{on:%Y-%m}").randint(1, LAST_DAY)
        if day == on.day and not (this_month and name in SIGNED_IN):
            _vote(company, company.person(name), on)


def _vote(company: Company, voter: Employee, on: date) -> None:
    """Cast one's own vote, and enter that of a customer whom one has called."""
    now = company.at(on, "09:52")
    for election in elections(voter, on=on):
        choice = _choice(election, voter, on)
        if election.of_staff and not election.voted:
            _try(partial(cast, voter, election.key, choice, on=on, now=now))
        call = calls_of(voter, election).first() if election.of_customers else None
        if call is not None:
            _try(partial(enter, voter, election.key, call.pk, choice, on=on, now=now))


def _choice(election: Election, voter: Employee, on: date) -> int:
    """Return for whom a vote is: mostly for one of the few whom everybody likes that month."""
    people = [one.pk for one in election.candidates]
    liked = luck("liked", f"{on:%Y-%m}").sample(people, min(POPULAR, len(people)))
    dice = luck("choice", voter.username, f"{on:%Y-%m}")
    return dice.choice(liked if dice.random() < 0.7 else people)


def _try(deed: Callable[[], object]) -> None:
    """Vote, unless the program says no."""
    try:
        deed()
    except CannotVote:
        return
