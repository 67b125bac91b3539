"""What a customer does not want to be contacted for: written down at one press, and nobody calls about it any more.

A refusal of every contact covers every task; that of one purpose the tasks whose step has that purpose. Covered tasks
are cancelled at once, those in somebody's hands when they are let go; new ones by the next tick (T31, T32, I7).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from staff.domain.access import MANAGERS, roles_of
from staff.domain.activity import log, log_many
from staff.domain.calendar import local_date
from staff.models import Employee
from visits.choices import WORKABLE, Purpose, TaskStatus
from visits.domain.calling.terms import terms_of_all
from visits.domain.contact.masking import mask_in_text
from visits.models import ContactRestriction, Customer, VisitTask

UNWANTED: Final = gettext_noop("the customer does not want this contact")
REASON_LENGTH: Final = 200


class Unwanted(Exception):
    """The customer has refused this contact: its number is neither shown nor dialled."""


class CannotRestrict(ValueError):
    """A refusal, or its end, that says too little or is not this person's to write down."""


def refused_purposes(customer: Customer) -> frozenset[str]:
    """Return the purposes for which the customer does not want to be contacted."""
    return frozenset(ContactRestriction.objects.standing().filter(customer=customer).values_list("purpose", flat=True))


def refusing_all() -> frozenset[int]:
    """Return the ids of the customers who want no contact whatever it is for."""
    standing = ContactRestriction.objects.standing().filter(purpose=Purpose.ALL)
    return frozenset(standing.values_list("customer", flat=True))


def covers(refused: frozenset[str], purpose: str | None) -> bool:
    """Say whether a contact for `purpose` is refused; without one, only a refusal of every contact covers it."""
    return Purpose.ALL in refused or purpose in refused


def check_wanted(customer: Customer, purpose: str | None) -> None:
    """Raise `Unwanted` where the customer has refused contacts for that purpose."""
    refused = refused_purposes(customer)
    if covers(refused, purpose):
        words = ", ".join(str(Purpose(code).label) for code in sorted(refused))
        raise Unwanted(_("The customer does not want to be contacted: %(purposes)s.") % {"purposes": words})


@transaction.atomic
def restrict(customer: Customer, purpose: str, *, reason: str, by: Employee, now: datetime) -> ContactRestriction:
    """Write down that the customer refuses contacts for `purpose`; cancel what it covers. Raises `CannotRestrict`.

    Twice the same is once. The task that one holds in hand stays, so that the call can be written down.
    """
    if purpose not in Purpose.values:
        raise CannotRestrict(_("Say what the customer does not want."))
    if not reason.strip():
        raise CannotRestrict(_("Say in what words the customer refused, or why."))
    found, made = ContactRestriction.objects.get_or_create(
        customer=customer, purpose=purpose, lifted_at=None,
        defaults={"reason": mask_in_text(reason.strip())[:REASON_LENGTH], "since": now, "set_by": by},
    )  # fmt: skip
    if made:
        log(now=now, actor=by, verb="contact_restricted", subject=customer, purpose=purpose, restriction=found.pk)
        _cancel(VisitTask.objects.filter(customer=customer), now=now)
    return found


@transaction.atomic
def lift(restriction: ContactRestriction, *, reason: str, by: Employee, now: datetime) -> int:
    """End a refusal because the customer allows contacts again; return how many visits are called for again.

    For managers, and on the same day for whoever wrote it down. Raises `CannotRestrict`.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    today = local_date(now, zone)
    own = restriction.set_by_id == by.pk and local_date(restriction.since, zone) == today
    if not own and not roles_of(by, on=today) & MANAGERS:
        raise CannotRestrict(_("Only a manager can lift this. Ask yours."))
    if not reason.strip():
        raise CannotRestrict(_("Say how you know that the customer allows contacts again."))
    ended = (
        ContactRestriction.objects.standing()
        .filter(pk=restriction.pk)
        .update(lifted_at=now, lifted_by=by, lift_reason=mask_in_text(reason.strip())[:REASON_LENGTH])
    )
    if not ended:
        return 0
    again = _reopen(restriction.customer, now=now)
    facts = {"restriction": restriction.pk, "tasks": again}
    log(now=now, actor=by, verb="contact_allowed", subject=restriction.customer, **facts)
    return len(again)


def drop_unwanted(*, now: datetime) -> int:
    """Cancel what has come up for customers who refuse it, and what was let go meanwhile; return how many (a job)."""
    refusing = ContactRestriction.objects.standing().values("customer")
    with transaction.atomic():
        return len(_cancel(VisitTask.objects.filter(customer__in=refusing), now=now))


def _cancel(tasks: QuerySet[VisitTask], *, now: datetime) -> list[int]:
    """Cancel those of the tasks that their customers refuse and nobody has in hand; return their ids."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = list(tasks.filter(free, status__in=WORKABLE))
    ids = [task.pk for task in _unwanted(waiting)]
    cancelled = VisitTask.objects.filter(free, pk__in=ids, status__in=WORKABLE)
    cancelled.update(status=TaskStatus.CANCELLED, closed_reason=UNWANTED, next_attempt_at=None, call_back_at=None)
    log_many(now=now, actor=None, model=VisitTask, deeds=[("unwanted", pk, {}) for pk in ids])
    return ids


def _reopen(customer: Customer, *, now: datetime) -> list[int]:
    """Bring back what was cancelled for the refusal and is neither over nor still refused; return its ids."""
    ended = VisitTask.objects.filter(customer=customer, status=TaskStatus.CANCELLED, closed_reason=UNWANTED)
    found = list(ended.filter(closes_at__gt=now))
    still = {task.pk for task in _unwanted(found)}
    again = [task for task in found if task.pk not in still]
    for task in again:
        status = TaskStatus.OPEN if task.opens_at <= now else TaskStatus.PLANNED
        VisitTask.objects.filter(pk=task.pk, status=TaskStatus.CANCELLED).update(status=status, closed_reason="")
    return [task.pk for task in again]


def _unwanted(tasks: Sequence[VisitTask]) -> Iterator[VisitTask]:
    """Yield the tasks that their customers have refused."""
    refused: dict[int, set[str]] = defaultdict(set)
    standing = ContactRestriction.objects.standing().filter(customer__in={task.customer_id for task in tasks})
    for customer, purpose in standing.values_list("customer", "purpose"):
        refused[customer].add(purpose)
    partly = [task for task in tasks if task.customer_id in refused and Purpose.ALL not in refused[task.customer_id]]
    terms = terms_of_all(partly)
    for task in tasks:
        purpose = terms[task.pk].step.purpose if task.pk in terms else None
        if covers(frozenset(refused[task.customer_id]), purpose):
            yield task
