"""An own book line by line, for paper and for a workbook: every field of its entries, each in its last version.

Numbers stay masked, as on every list.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.choices import EntryState
from complaints.domain.books import OwnBook
from complaints.domain.entering import plain
from complaints.models import Entry
from staff.domain.wording import minute_text
from visits.domain.contact.masking import mask_in_text


def headings(book: OwnBook) -> tuple[str, ...]:
    """Return the words above the columns, in the order of the cells of `lines`."""
    return (
        _("When"), *_fields(book).values(), _("Customer"), _("What was replied"), _("State"), _("Closed at"),
        _("Minutes"), _("Case"), _("Entered by"),
    )  # fmt: skip


def lines(book: OwnBook, found: QuerySet[Entry]) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of each entry; minutes are whole ones from its moment to its closing."""
    yield from told(book, found.select_related("customer", "case", "by").iterator(chunk_size=500))


def told(book: OwnBook, found: Iterable[Entry]) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of these entries, read with their customer, case and writer."""
    codes = tuple(_fields(book))
    for entry in found:
        ended = entry.closed_at
        yield (
            minute_text(entry.at), *(mask_in_text(plain(entry.values.get(code, ""))) for code in codes),
            entry.customer.name if entry.customer else "", mask_in_text(entry.reply),
            str(EntryState(entry.state).label), minute_text(ended),
            minutes_between(entry.at, ended) if ended else "", entry.case.number if entry.case else "", str(entry.by),
        )  # fmt: skip


def minutes_between(at: datetime, ended: datetime) -> int:
    """Return how many whole minutes lie between an entry's moment and its closing (AE-09)."""
    return int((ended - at).total_seconds() // 60)


def _fields(book: OwnBook) -> dict[str, str]:
    return {spec.code: str(spec.title or spec.code) for spec in (*book.fields, *book.closing_fields)}
