"""Entries of own books that a regulation prices (POLICY_PACK `entry`: a register entry under the penalty's `when`).

An entry is judged in its last version, on the day that it tells of. Whom its field ``staff`` names, by user name or by
a name that only one has, answers for it (nobody where it names nobody); without that field, who wrote it down first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.domain.books import book_of
from complaints.models import Entry
from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.rules import still_called_for
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Violation
from visits.domain.detecting.bounds import OVERLAP, house, moment_text

KIND: Final = "entry"
STAFF: Final = "staff"  # the field of a book that names who answers for what the entry tells


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield a breach for each entry that was written, or of which a version was, in (`since`, `until`]."""
    del now
    touched = Entry.objects.filter(logged_at__gt=since - OVERLAP, logged_at__lte=until).values_list("pk", "first")
    yield from _breaches({first or pk for pk, first in touched})


def mended(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose entry was corrected so that it is not priced, or names somebody else."""
    rows = [row for row in violations if row.subject.startswith("entry:")]  # others were proposed by hand
    found = {(one.subject, one.employee): one for one in _breaches({int(row.subject[6:]) for row in rows})}
    return frozenset(row.pk for row in rows if not still_called_for(row, found.get((row.subject, row.employee_id))))


def explain(facts: Mapping[str, Any]) -> str:
    """Return ``entry in “Deposits” of 2026-03-02 09:00.``"""
    told = {"book": facts["book"], "moment": moment_text(datetime.fromisoformat(facts["at"]))}
    return _("entry in “%(book)s” of %(moment)s.") % told


def _breaches(first_versions: set[int]) -> Iterator[Breach]:
    if not first_versions:
        return
    versions = Q(pk__in=first_versions) | Q(first__in=first_versions)
    standing = Entry.objects.filter(versions, replaced_by=None).select_related("first", "release__policy")
    workforce = load_workforce()
    names = Counter(one.name for one in workforce.people.values())
    known = {one.name: pk for pk, one in workforce.people.items() if names[one.name] == 1}
    known |= {one.username: pk for pk, one in workforce.people.items()}
    for entry in standing.order_by("pk"):
        named = entry.values.get(STAFF)
        who = (entry.first or entry).by_id if named is None else known.get(str(named).strip())
        if who is not None:
            yield _breach(entry, who, workforce)


def _breach(entry: Entry, who: int, workforce: Workforce) -> Breach:
    on, root, book = local_date(entry.at, house()), entry.first_id or entry.pk, book_of(entry.release, entry.form)
    post = workforce.post(who, on=on)
    return Breach(
        violation=KIND, subject=f"entry:{root}", employee=who, on=on, at=entry.at, release=entry.release_id,
        of=frozenset({entry.form, f"form:{entry.form}"}), fields=entry.values,
        facts={"entry": root, "book": book.title if book else entry.form, "at": entry.at.isoformat()},
        evidence=({"kind": "entry", "id": root},), branch=post.branch or entry.branch_id,
        department=post.department or entry.department_id, again=True,
    )  # fmt: skip
