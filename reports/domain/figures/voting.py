"""Elections: who is voted for, one vote each of staff and customers, secret, and what came of it (AE-19).

A reward on votes is elected during its period; the tally is told when the period has ended. Nothing but the uniqueness
of a vote ever asks who voted, and no page tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from config.packs.consequences import RewardSpec
from reports.domain.figures.attaining import VOTES, attainment, group_of, staff_of
from staff.domain.activity import log
from staff.domain.conduct.rules import Rule, entries_of, in_force
from staff.domain.periods import Period, period_of
from staff.domain.policies import spec_of
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Ballot, Employee, Violation
from visits.choices import Outcome
from visits.models import VisitRecord

STAFF, CUSTOMERS = "staff", "customers"
TOLD_BACK = 6  # elections that are told after their end
CALLS_BACK = 50  # visits among which one looks for the customer whose vote is entered


class CannotVote(Exception):
    """Why a vote does not count, in words."""


@dataclass(frozen=True)
class Election:
    """One reward on votes over one period, as one person meets it. `key` is by what a form names it."""

    rule: Rule
    spec: RewardSpec
    period: Period
    candidates: tuple[Employee, ...] = ()
    voted: bool = False
    turnout: int = 0

    @property
    def key(self) -> str:
        """Return policy, reward and period."""
        return f"{self.rule.release.policy_id}/{self.spec.code}/{self.period.key}"

    @property
    def title(self) -> str:
        """Return what the regulation calls the prize."""
        return self.spec.title or self.spec.code

    @property
    def of_staff(self) -> bool:
        """Whether colleagues vote; without a word about voters they do."""
        return not self.spec.voters or STAFF in self.spec.voters

    @property
    def of_customers(self) -> bool:
        """Whether customers vote."""
        return CUSTOMERS in self.spec.voters


@dataclass(frozen=True, slots=True)
class Tally:
    """What one candidate got. `state` is that of the award where there is one, empty otherwise."""

    employee: Employee
    votes: int
    state: str = ""


@dataclass(frozen=True)
class Outcomes:
    """One election that is over, with its tally, the most votes first."""

    election: Election
    tallies: tuple[Tally, ...]


def elections(voter: Employee, *, on: date) -> list[Election]:
    """Return the elections that are open on that day, with those for whom this person may vote."""
    workforce = load_workforce()
    return [_open(rule, spec, voter, workforce, on=on) for rule, spec in _rewards(on=on)]


def cast(voter: Employee, key: str, choice: int, *, on: date, now: datetime) -> Ballot:
    """Cast one's own vote. Raises `CannotVote`: a second time, for oneself, for nobody of the list."""
    election = election_of(voter, key, on=on)
    if not election.of_staff:
        raise CannotVote(_("Customers alone elect here."))
    chosen = candidate(election, choice)
    ballot = write(election, chosen, now=now, voter=voter)
    log(now=now, actor=voter, verb="vote.cast", rule=election.spec.code, period=election.period.key)
    return ballot


def enter(by: Employee, key: str, record: int, choice: int, *, on: date, now: datetime) -> Ballot:
    """Enter the vote that a customer gave in a call, for somebody else than who enters it. Raises `CannotVote`."""
    election = election_of(by, key, on=on)
    if not election.of_customers:
        raise CannotVote(_("Customers have no vote here."))
    call = calls_of(by, election).filter(pk=record).first()
    if call is None:
        raise CannotVote(_("Choose one of your own calls of this period."))
    ballot = write(election, candidate(election, choice), now=now, customer=call.customer_id)
    facts = {"rule": election.spec.code, "period": election.period.key}
    log(now=now, actor=by, verb="vote.entered", subject=call, **facts)
    return ballot


def calls_of(by: Employee, election: Election) -> QuerySet[VisitRecord]:
    """Return the visits of the period in which that person reached a customer who has not voted yet."""
    return of_period(VisitRecord.objects.filter(advisor=by), election)


def of_period(records: QuerySet[VisitRecord], election: Election) -> QuerySet[VisitRecord]:
    """Keep the visits of the period in which a customer was reached who has not voted yet, the newest first."""
    zone = ZoneInfo(spec_of(election.rule.release).policy.timezone)
    voted = ballots_of(election).filter(customer__isnull=False).values("customer")
    found = VisitRecord.objects.current().filter(
        pk__in=records.values("pk"), outcome=Outcome.REACHED, logged_at__gte=election.period.starts_at(zone),
        logged_at__lt=election.period.ends_at(zone),
    )  # fmt: skip
    return found.exclude(customer__in=voted).select_related("customer").order_by("-pk")


def outcomes(viewer: Employee, *, on: date) -> list[Outcomes]:
    """Return the elections of late that are over, the newest first, as far as the viewer's unit took part."""
    workforce, found = load_workforce(), []
    for rule, spec in _rewards(on=on):
        period = period_of(attainment(spec, rule.release).per, on)
        for _back in range(TOLD_BACK):
            period = period.before()
            tallies = _tallies(Election(rule, spec, period), viewer, workforce)
            if tallies:
                found.append(Outcomes(Election(rule, spec, period), tallies))
    return sorted(found, key=lambda one: one.election.period.last, reverse=True)


def _tallies(election: Election, viewer: Employee, workforce: Workforce) -> tuple[Tally, ...]:
    on = election.period.last
    unit = group_of(viewer.pk, election.spec.within, workforce, on=on)
    votes = dict(ballots_of(election).order_by().values_list("choice").annotate(Count("pk")))
    states = dict(
        Violation.objects.filter(
            policy=election.rule.release.policy_id, rule=election.spec.code, subject=f"period:{election.period.key}"
        ).values_list("employee", "state")
    )
    here = [who for who in votes if unit is None or group_of(who, election.spec.within, workforce, on=on) == unit]
    people = Employee.objects.in_bulk(here)
    rows = [Tally(people[who], votes[who], states.get(who, "")) for who in here]
    return tuple(sorted(rows, key=lambda one: (-one.votes, one.employee.username)))


def _rewards(*, on: date) -> Iterator[tuple[Rule, RewardSpec]]:
    for release in in_force(on=on):
        for spec in entries_of(release).values():
            if isinstance(spec, RewardSpec) and spec.metric == VOTES:
                yield Rule(release, spec), spec


def _open(rule: Rule, spec: RewardSpec, voter: Employee, workforce: Workforce, *, on: date) -> Election:
    period = period_of(attainment(spec, rule.release).per, on)
    unit = group_of(voter.pk, spec.within, workforce, on=on)
    here = {
        who
        for who in staff_of(rule.pack, workforce, Period("day", on, on), anybody=True)
        if who != voter.pk and (unit is None or group_of(who, spec.within, workforce, on=on) == unit)
    }
    people = tuple(Employee.objects.filter(pk__in=here).order_by("pinyin", "username"))
    election = Election(rule, spec, period, people)
    ballots = ballots_of(election)
    voted = ballots.filter(voter=voter).exists()
    return Election(rule, spec, period, people, voted, ballots.count())


def election_of(voter: Employee, key: str, *, on: date) -> Election:
    """Return the open election of that key. Raises `CannotVote` where there is none."""
    found = next((one for one in elections(voter, on=on) if one.key == key), None)
    if found is None:
        raise CannotVote(_("This election is not open."))
    return found


def candidate(election: Election, choice: int) -> Employee:
    """Return whom a vote is for. Raises `CannotVote` for anybody who is not on the list."""
    found = next((one for one in election.candidates if one.pk == choice), None)
    if found is None:
        raise CannotVote(_("Choose one of the list; nobody votes for himself."))
    return found


def ballots_of(election: Election) -> QuerySet[Ballot]:
    """Return the votes of one election."""
    return Ballot.objects.filter(
        policy=election.rule.release.policy_id, rule=election.spec.code, period=election.period.key
    )


def write(
    election: Election, chosen: Employee, *, now: datetime, voter: Employee | None = None, customer: int | None = None
) -> Ballot:
    """Write a vote down. Raises `CannotVote` for a second one of the same voter, whoever was faster."""
    try:
        with transaction.atomic():
            return Ballot.objects.create(
                policy=election.rule.release.policy, rule=election.spec.code, period=election.period.key,
                voter=voter, customer=customer, choice=chosen, at=now,
            )  # fmt: skip
    except IntegrityError as twice:
        raise CannotVote(_("This vote was given before; each voter has one.")) from twice
