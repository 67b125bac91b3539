"""A customer votes by a link of their own: signed, for one election and one visit, spent with the vote (AE-19).

Nothing is kept for a link. It names the visit by which the customer is known; the vote itself is unique by customer,
whether it came by a link or was entered from a call. Whoever made the link cannot be elected by it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reports.domain.figures.voting import CannotVote, Election, ballots_of, candidate, election_of, of_period, write
from staff.domain.activity import log
from staff.models import Ballot, Employee
from visits.models import VisitRecord

SALT: Final = "customer-vote"


@dataclass(frozen=True)
class Invitation:
    """What a link opens: the election, as whoever made the link meets it, and the customer who votes."""

    election: Election
    record: VisitRecord


def invitable(by: Employee, election: Election, *, on: date) -> QuerySet[VisitRecord]:
    """Return the visits of the period, among those that the person sees, whose customers have not voted yet."""
    return of_period(VisitRecord.objects.visible_to(by, on=on), election)


def invite(by: Employee, key: str, record: int, *, on: date, now: datetime) -> str:
    """Return the token of a link by which the customer of that visit votes. Raises `CannotVote`."""
    election = _of_customers(by, key, on=on)
    visit = invitable(by, election, on=on).filter(pk=record).first()
    if visit is None:
        raise CannotVote(_("Choose a visit of this period whose customer has not voted yet."))
    facts = {"rule": election.spec.code, "period": election.period.key}
    log(now=now, actor=by, verb="vote.invited", subject=visit, **facts)
    return signing.dumps([election.key, visit.pk, by.pk], salt=SALT)


def invitation(token: str, *, on: date) -> Invitation:
    """Return what a link opens. Raises `CannotVote`: it is not whole, the election is over, the customer has voted."""
    try:
        key, record, maker = signing.loads(token, salt=SALT)
    except signing.BadSignature as broken:
        raise CannotVote(_("This link opens no vote. Check that it was copied whole.")) from broken
    by, visit = Employee.objects.filter(pk=maker).first(), VisitRecord.objects.filter(pk=record).first()
    if by is None or visit is None:
        raise CannotVote(_("This election is not open."))
    election = _of_customers(by, key, on=on)
    if ballots_of(election).filter(customer=visit.customer_id).exists():
        raise CannotVote(_("This vote was given before; each voter has one."))
    return Invitation(election, visit)


def cast_by_customer(token: str, choice: int, *, on: date, now: datetime) -> Ballot:
    """Cast the vote of the customer whom the link was made for. Raises `CannotVote`."""
    found = invitation(token, on=on)
    chosen = candidate(found.election, choice)
    ballot = write(found.election, chosen, now=now, customer=found.record.customer_id)
    facts = {"rule": found.election.spec.code, "period": found.election.period.key}
    log(now=now, actor=None, verb="vote.by_customer", subject=found.record, **facts)
    return ballot


def _of_customers(by: Employee, key: str, *, on: date) -> Election:
    election = election_of(by, key, on=on)
    if not election.of_customers:
        raise CannotVote(_("Customers have no vote here."))
    return election
