"""What own books say against members of staff, read a second time: the last version of each entry."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from complaints.models import Entry
from reports.domain.auditing.company import day_of
from reports.domain.auditing.ground import Ground
from reports.domain.auditing.visits import Known
from staff.models import Employee

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
