"""Correcting a number: the old one is closed and kept, the new one opened, waiting tasks are called again (A-10)."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from staff.domain.activity import log
from staff.models import Employee
from visits.choices import TaskStatus
from visits.domain.contact.numbers import last_four, normalise
from visits.models import ContactNumber, Customer, VisitRecord, VisitTask

CORRECTED: Final = gettext_noop("corrected")
NUMBER_CORRECTED: Final = "number_corrected"


class NotANumber(ValueError):
    """What was typed is no single telephone number, or is the wrong one again."""


class NumberTaken(ValueError):
    """The number belongs to another customer (DECISIONS 32: a phone is a customer)."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This number belongs to another customer. Check the digits. If it is right, save without it and ask "
                "the customer-service supervisor to merge the two customers."
            )
        )


def current_number(customer: Customer) -> ContactNumber | None:
    """Return the number that is dialled first, None where the customer has none."""
    return ContactNumber.objects.filter(customer=customer, valid_until=None, is_primary=True).first()


@transaction.atomic
def correct_number(
    customer: Customer, text: str, *, by: Employee, now: datetime, record: VisitRecord | None = None
) -> ContactNumber:
    """Give the customer the number in `text` instead of the one dialled so far, and requeue what waited for it.

    Attempts made so far are kept. `record`: the contact in which it was told. Raises `NotANumber` or `NumberTaken`;
    nothing has changed then.
    """
    wanted = one_number(text)
    old = current_number(customer)
    if old and old.number == wanted:
        raise NotANumber(_("This is the number that the customer already has."))
    holder = ContactNumber.objects.filter(number=wanted, valid_until=None).first()
    if holder and holder.customer_id != customer.pk:
        raise NumberTaken
    if old:
        _close(old, now)
    new = _promoted(holder) if holder else _opened(customer, wanted, now)
    log(
        now=now, actor=by, verb=NUMBER_CORRECTED, subject=customer, old=old.pk if old else None, new=new.pk,
        requeued=requeue(customer, now=now), record=record.pk if record else None,
    )  # fmt: skip
    return new


def one_number(text: str) -> str:
    """Return the one telephone number in `text`; refuse none and several."""
    found = normalise(text)
    if len(found) != 1:
        raise NotANumber(
            _("This is no telephone number. Write 11 digits, or area code and number.")
            if not found
            else _("Write one number only.")
        )
    return found[0]


def requeue(customer: Customer, *, now: datetime) -> list[int]:
    """Put the customer's tasks that waited for a right number back into the queue; return their ids."""
    waiting = VisitTask.objects.filter(customer=customer, status=TaskStatus.INVALID_NUMBER)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    found = waiting.filter(pk__in=ids)
    found.filter(opens_at__gt=now).update(status=TaskStatus.PLANNED, next_attempt_at=None)
    found.filter(opens_at__lte=now).update(status=TaskStatus.OPEN, next_attempt_at=None)
    return ids


def _close(number: ContactNumber, now: datetime) -> None:
    """End a number's time; if somebody else has just ended it, theirs is the correction that holds."""
    open_one = ContactNumber.objects.filter(pk=number.pk, valid_until=None)
    if not open_one.update(valid_until=max(now, number.valid_from), closed_reason=CORRECTED, is_primary=False):
        raise NotANumber(_("Somebody has corrected this number in the meantime. Look at it again."))


def _promoted(number: ContactNumber) -> ContactNumber:
    """Make a further number of the customer the one that is dialled first."""
    ContactNumber.objects.filter(pk=number.pk).update(is_primary=True)
    number.is_primary = True
    return number


def _opened(customer: Customer, number: str, now: datetime) -> ContactNumber:
    try:
        with transaction.atomic():
            return ContactNumber.objects.create(
                customer=customer, number=number, last_four=last_four(number), valid_from=now
            )
    except IntegrityError as error:  # somebody took it between the look and the deed
        raise NumberTaken from error
