"""Segments that are kept by hand: who is of which kind, as those who talk to the customer see it (AH-03).

Segments with conditions are judged every night and cannot be set by hand. Of one `set` a customer has one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from staff.domain.activity import log
from staff.models import Employee
from visits.domain.matching.segmenting import is_judged
from visits.models import Customer, CustomerSegment, Segment

TAGGED: Final = "customer_tagged"


class NotByHand(Exception):
    """The program keeps this segment itself, or there is none of that code."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One segment beside a customer: whether they are in it, and whether that is set by hand."""

    code: str
    title: str
    guidance: str
    set: str
    held: bool
    by_hand: bool


def tags_of(customer: Customer) -> list[Tag]:
    """Return the segments that the customer is in and those in which they can be put, by two queries."""
    held = set(CustomerSegment.objects.filter(customer=customer).values_list("segment", flat=True))
    found = (
        Tag(each.code, str(each), each.guidance, each.set, each.pk in held, not is_judged(each))
        for each in Segment.objects.order_by("position", "code")
    )
    return [each for each in found if each.held or each.by_hand]


@transaction.atomic
def put_tag(customer: Customer, code: str, *, held: bool, by: Employee, now: datetime) -> None:
    """Put the customer into a segment, out of the others of its set that are kept by hand, or take them out of it."""
    segment = Segment.objects.filter(code=code).first()
    if segment is None or is_judged(segment):
        raise NotByHand(code)
    mine = CustomerSegment.objects.filter(customer=customer)
    left: list[str] = []
    if held:
        rivals = Segment.objects.filter(set=segment.set).exclude(pk=segment.pk) if segment.set else ()
        others = mine.filter(segment__in=[each.pk for each in rivals if not is_judged(each)])
        left = list(others.values_list("segment__code", flat=True))
        others.delete()
        _joined, changed = CustomerSegment.objects.get_or_create(
            customer=customer, segment=segment, defaults={"since": now}
        )
    else:
        changed = bool(mine.filter(segment=segment).delete()[0])
    if changed or left:
        log(now=now, actor=by, verb=TAGGED, subject=customer, segment=code, held=held, instead_of=left)
