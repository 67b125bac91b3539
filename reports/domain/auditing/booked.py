"""What own books say, read a second time: against members of staff, and how soon calls were answered."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

from complaints.models import Entry
from reports.domain.auditing.company import day_of
from reports.domain.auditing.further import number
from reports.domain.auditing.ground import Ground
from reports.domain.auditing.visits import Known
from staff.models import Employee

if TYPE_CHECKING:
    from reports.domain.auditing.metrics import Asked, Row

KIND: Final = "entry"


def entered(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield what each entry, named by its first version, holds against somebody; penalties ask its own fields."""
    for first in Entry.objects.filter(pk__in=pks, first=None).order_by("pk"):
        last = Entry.objects.filter(first=first).order_by("pk").last() or first
        who = _answers_for(first, last)
        if who is not None:
            on = day_of(last.at)
            yield Ground(
                kind=KIND, subject=f"entry:{first.pk}", employee=who, on=on, since=last.logged_at, last=last.at,
                release=last.release_id, sections=(f"form:{last.form}",), told=partial(dict, last.values),
                department=known.company.place(who, on).department or last.department_id,
            )  # fmt: skip


def _answers_for(first: Entry, last: Entry) -> int | None:
    """Return whom the entry names, by user name or a name of one person alone; else who wrote it down first."""
    if "staff" not in last.values:
        return first.by_id
    named = str(last.values["staff"]).strip()
    by_user_name = Employee.objects.filter(username=named)
    found = list((by_user_name if by_user_name.exists() else Employee.objects.filter(name=named)).order_by("pk")[:2])
    return found[0].pk if len(found) == 1 else None


def answered(asked: "Asked") -> "Iterator[Row]":
    """Calls of the books that tell of rings, by who wrote them down: answered within the limit among all."""
    if "limit" in asked.spec:
        limit = Fraction(str(asked.spec["limit"]))
        yield from ((who, what, int(rings <= limit), 1) for who, what, rings in _numbers(asked, "rings"))


def worth(asked: "Asked") -> "Iterator[Row]":
    """What the chances to sell are worth that the books tell of, by who wrote them down."""
    yield from ((who, what, yuan, 1) for who, what, yuan in _numbers(asked, "worth"))


def _numbers(asked: "Asked", field: str) -> Iterator[tuple[int, int, Fraction]]:
    """Yield who wrote an entry first, the entry, and the number that it held in the field at the end of the period."""
    books = asked.named("form")
    for first in Entry.objects.filter(policy=asked.policy, first=None, logged_at__lt=asked.until).order_by("pk"):
        versions = [first, *Entry.objects.filter(first=first, logged_at__lt=asked.until).order_by("pk")]
        told = versions[-1]
        wanted = field in told.values and (not books or told.form in books)
        if wanted and asked.since <= told.at < asked.until and (value := number(told.values[field])) is not None:
            yield first.by_id, first.pk, value
