"""Agreeing a time with a customer: when, by what, with whom; the queue sorts by it and rings before it (E-02, P-02)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from staff.domain.activity import log
from staff.domain.wording import local
from staff.models import Employee
from visits.choices import WORKABLE, Channel, Outcome, PromiseKind
from visits.domain.calling.contacts import Contact, MissingFact
from visits.domain.calling.terms import Terms, preferred_spans, terms_of, work_calendar
from visits.domain.contact.masking import mask_in_text
from visits.domain.promising import keeping
from visits.domain.timing.retrying import INSIDE, REFUSE, CallingHours, Search, permission
from visits.models import Customer, Promise, VisitTask

AT_MOST: Final = timedelta(days=366)


class CannotBook(ValueError):
    """The moment cannot be agreed; `messages` says of each field what is wrong."""

    def __init__(self, **messages: str) -> None:
        self.messages = messages
        super().__init__(" ".join(messages.values()))


@dataclass(frozen=True)
class Wish:
    """What was agreed. `reason` is needed where the moment lies outside the hours of the house or of the customer."""

    at: datetime | None
    channel: str = ""
    agreed_with: str = ""
    reason: str = ""


@transaction.atomic
def book(task: VisitTask, wish: Wish, *, by: Employee, now: datetime) -> Promise:
    """Write down the agreed time of a task instead of any other that waits; raises `CannotBook`."""
    terms = terms_of(task)
    at = _checked(task, terms, wish, now=now)
    if not keeping.book_on(task.pk, at):
        raise CannotBook(at=_("This visit is closed: no time can be agreed for it."))
    keeping.withdraw(task.pk, now=now)
    promise = Promise.objects.create(
        kind=PromiseKind.APPOINTMENT, task=task, promised_at=at, channel=wish.channel, made_by=by, made_at=now,
        agreed_with=wish.agreed_with.strip(), owner=task.assignee,
    )  # fmt: skip
    log(
        now=now, actor=by, verb="appointment_booked", subject=task, promise=promise.pk, at=at.isoformat(),
        reason=mask_in_text(wish.reason.strip()),
    )  # fmt: skip
    return promise


def check_call_back(contact: Contact, task: VisitTask, terms: Terms) -> None:
    """Refuse a call-back promised for hours in which nobody may call, or quiet ones without a reason (U-05)."""
    if contact.outcome != Outcome.CALL_BACK or contact.call_back_at is None:
        return
    if fault := hours_fault(contact.call_back_at, task.customer, terms, reason=contact.reason):
        raise MissingFact({"call_back_at": fault})


@transaction.atomic
def cancel(promise: Promise, *, by: Employee, now: datetime) -> bool:
    """Take an agreed time back; its task is in the queue again at once. False where it was settled meanwhile."""
    if not Promise.objects.waiting().filter(pk=promise.pk).exists():
        return False
    keeping.withdraw(promise.task_id, now=now)
    VisitTask.objects.filter(pk=promise.task_id, status__in=WORKABLE, call_back_at=promise.promised_at).update(
        next_attempt_at=None, call_back_at=None
    )
    log(now=now, actor=by, verb="appointment_cancelled", subject=promise.task, promise=promise.pk)
    return True


def first_wished(customer: Customer, terms: Terms, *, now: datetime) -> datetime:
    """Return the next moment, an hour from now or later, at which the customer likes to be called (P-02)."""
    search = Search(terms.hours, terms.zone, work_calendar(), preferred_spans(customer))
    return search.first_callable(now + timedelta(hours=1))


def hours_fault(at: datetime, customer: Customer, terms: Terms, *, reason: str) -> str:
    """Return what stands against a call at that moment: forbidden hours, or quiet ones without a reason (U-05)."""
    spans = preferred_spans(customer)
    verdict = permission(at, hours=terms.hours, zone=terms.zone, calendar=work_calendar(), customer_spans=spans)
    if verdict == INSIDE or (verdict != REFUSE and reason.strip()):
        return ""
    words = {"time": f"{local(at):%H:%M}", "hours": hours_words(terms.hours)}
    if verdict == REFUSE:
        return _("At %(time)s nobody may call: calls are allowed %(hours)s.") % words
    return _("At %(time)s the customer should be left in peace. Choose another time, or say why this one.") % words


def hours_words(hours: CallingHours) -> str:
    """Return the hours in which calls are allowed, such as ``08:00–21:00``."""
    spans = hours.spans or ((8 * 60, 21 * 60),)
    return ", ".join(f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}" for start, end in spans)


def _checked(task: VisitTask, terms: Terms, wish: Wish, *, now: datetime) -> datetime:
    if wish.at is None:
        raise CannotBook(at=_("Say when."))
    if not now < wish.at <= now + AT_MOST:
        raise CannotBook(at=_("An agreed time lies ahead, within a year."))
    if wish.channel and wish.channel not in terms.channels:
        allowed = " | ".join(str(Channel(code).label) for code in terms.channels)
        raise CannotBook(channel=_("The regulation allows for this visit: %(channels)s.") % {"channels": allowed})
    if fault := hours_fault(wish.at, task.customer, terms, reason=wish.reason):
        raise CannotBook(reason=fault)
    return wish.at
