"""What other systems do with cases: bring them, add to them, fetch what has changed since they last asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind
from complaints.domain.announcing import done
from complaints.domain.feedback import leading
from complaints.domain.registering import Told, read_numbers_of, register
from complaints.domain.ruling import categories_of, levels_of, ruling_book
from complaints.domain.waiting import informed, told
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Case, CaseDeed
from config.clock import local_day
from staff.domain.activity import log
from staff.domain.calendar import YEARS
from staff.models import ApiClient, Branch, Department, Release
from visits.domain.origin.registering import holder_of
from visits.models import Customer, ServiceEvent

OVERLAP: Final = timedelta(minutes=1)  # a deed that is being written now may bear an earlier moment than this one
SIGN: Final = "~"


class Unlike(CannotDo):
    """The number at its source belongs to a case with other words, or of another branch."""

    def __init__(self) -> None:
        super().__init__(
            _("This source has numbered another case so before. Send another number, or none."), field="reference"
        )


def cases_of(client: ApiClient) -> QuerySet[Case]:
    """Return the cases that a client may see."""
    found = Case.objects.select_related(
        "branch", "department", "handler", "merged_into", "release", "event"
    )  # fmt: skip
    return found if client.branch_id is None else found.filter(branch=client.branch_id)


@transaction.atomic
def bring(told: Told, *, client: ApiClient, now: datetime) -> Case:
    """Register a case that a client has brought; its own number once more is the case on file (`Unlike`: is not it)."""
    book = ruling_book(local_day(told.opened_at), department=told.department)
    release = Release.objects.filter(pk=book.release_id).first() if book else None
    _check_code(told.category, [one.code for one in categories_of(release)], "category")
    _check_code(told.level, [one.code for one in levels_of(release)], "level")
    case = register(told, by=None, now=now)
    if case.summary != told.summary.strip() or not cases_of(client).filter(pk=case.pk).exists():
        raise Unlike
    log(now=now, actor=None, verb="case_brought", subject=case, client=client.pk)
    return case


def _check_code(code: str, known: list[str], field: str) -> None:
    if code and code not in known:
        raise CannotDo(_("The regulation knows: %(codes)s.") % {"codes": "、".join(known) or "—"}, field=field)


@transaction.atomic
def add(case: Case, text: str, *, told_customer: bool, client: ApiClient, now: datetime) -> CaseDeed:
    """Put what another system tells on the timeline; what it told the customer answers what was owed to him."""
    found = locked(leading(case).pk)
    if found.is_ended:
        raise CannotDo(_("This case is over. Register another, or ask for it to be taken up again."))
    kind = CaseDeedKind.TOLD_CUSTOMER if told_customer else CaseDeedKind.PROGRESS
    changes = informed(found, now=now) if told_customer else {}
    facts = {"client": client.name}
    deed = write(found, kind, by=None, now=now, line=Line(text=text, facts=facts), **changes)
    if told_customer:
        told(found, by=None, now=now)
    else:
        done(found, "progress", by=None, now=now)
    return deed


def unit_of(client: ApiClient, branch: str, department: str) -> tuple[Branch | None, Department | None]:
    """Return the units of these names; a client of one branch has no other. Raises `CannotDo`."""
    found = client.branch or _named(Branch.objects.all(), branch, "branch")
    if client.branch and branch not in ("", client.branch.name):
        raise CannotDo(_("This account belongs to “%(name)s”.") % {"name": client.branch.name}, field="branch")
    within = Department.objects.filter(branch=found) if found else Department.objects.all()
    unit = _named(within, department, "department")
    return (unit.branch if unit else found), unit


def _named(units: QuerySet, name: str, field: str):
    if not name:
        return None
    found = list(units.filter(name=name)[:2])
    if len(found) != 1:
        names = "、".join(units.order_by("name").values_list("name", flat=True)[:40]) or "—"
        words = _("There are several of this name: say the branch as well.") if found else _("There are: %(names)s.")
        raise CannotDo(words % {"names": names}, field=field)
    return found[0]


def order_of(client: ApiClient, order_no: str) -> ServiceEvent | None:
    """Return the order of that number in the client's sight; one that is not there is refused."""
    if not order_no:
        return None
    found = ServiceEvent.objects.filter(order_no=order_no).select_related("customer", "vehicle", "branch", "department")
    if client.branch_id is not None:
        found = found.filter(branch=client.branch_id)
    event = found.order_by("-happened_at").first()
    if event is None:
        raise CannotDo(
            _("There is no order of this number. Leave it out, or bring the order in first."), field="order_no"
        )
    return event


def customer_of(event: ServiceEvent | None, contact: str) -> Customer | None:
    """Return who told of it: whose number it is, else whose order; somebody else may ring about it."""
    return holder_of(read_numbers_of(contact)) or (event.customer if event else None)


@dataclass(frozen=True)
class Changes:
    """Cases that have changed, the oldest change first; `next` is what to ask with the next time."""

    cases: list[Case]
    next: str
    more: bool


def changes_since(client: ApiClient, since: str, *, limit: int, now: datetime) -> Changes:
    """Return what has changed since the last answer's `next`, or since a moment; from the beginning for nothing.

    At the end `next` goes back a minute: a case may come twice, so that none is missed; its `version` tells.
    """
    found = cases_of(client).order_by("changed_at", "pk")
    if since:
        at, pk = read_sign(since)
        found = found.filter(Q(changed_at__gt=at) | Q(changed_at=at, pk__gt=pk))
    cases = list(found[: limit + 1])
    more, cases = len(cases) > limit, cases[:limit]
    if more:
        return Changes(cases, f"{cases[-1].changed_at.isoformat()}{SIGN}{cases[-1].pk}", True)
    return Changes(cases, f"{(now - OVERLAP).isoformat()}{SIGN}0", False)


def read_sign(since: str) -> tuple[datetime, int]:
    """Return the moment and number that a sign names. Raises `CannotDo`."""
    moment, _sign, pk = since.partition(SIGN)
    try:
        at, number = datetime.fromisoformat(moment), int(pk or 0)
    except ValueError:
        at, number = None, 0
    if at is None or at.tzinfo is None or at.year not in YEARS or number >= 2**63:
        raise CannotDo(
            _("Send `next` of the last answer, or a moment with its offset, encoded for an address."), field="since"
        )
    return at, number
