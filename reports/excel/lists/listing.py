"""What a list is that can be exported: the rows of its page, by the page's own function, and the file's columns."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, reduce
from operator import itemgetter
from typing import Any, Final

from django import forms
from django.utils.choices import BlankChoiceIterator
from django.utils.translation import gettext_lazy as _

from staff.domain.access import may_open
from staff.domain.pages import EVERY, Page, Stream
from staff.domain.wording import day_words, house_zone, local
from staff.models import Employee
from visits.domain.contact.masking import mask_in_text

Wanted = dict[str, Any]
REMEMBERED: Final = 1_000  # values of a column whose words are looked up once


class NotThere(Exception):
    """The list that the address names is not there, or not this person's to see."""


@dataclass(frozen=True)
class Asking:
    """Who asks for which list: the filters of its address, what its path names, the moment and the local day.

    `query` has the last value of each filter, `address` all of them as they stand.
    """

    employee: Employee
    now: datetime
    on: date
    query: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True)
class Column:
    """One column: its name in JSON, its words above a sheet, what reads it from a row, and a value in words.

    JSON has the values as they are stored; sheets have `words` in their place where there are any. A column of numbers
    reads them masked; `whole` reads them as they are, `customer` whose they are (None: of nobody on file).
    """

    key: str
    label: Any
    read: Callable[[Any], Any]
    words: Callable[[Any], Any] | None = None
    whole: Callable[[Any], str] | None = None
    customer: Callable[[Any], int | None] = lambda _row: None

    def unmasked(self, but: Collection[int]) -> "Column":
        """Return the column with its numbers whole, those of the customers `but` excepted; others as they are."""
        if self.whole is None:
            return self
        masked, whole, customer = self.read, self.whole, self.customer
        return replace(self, read=lambda row: masked(row) if customer(row) in but else whole(row))


@dataclass(frozen=True)
class Listing:
    """One list: the URL name of its page, its title, its columns and rows, and the form that reads its filters.

    `found` gets the filters as the page's form reads them, and the number of a page that stands for all of them.
    `reveals`: the URL name by which a single number of it is shown whole; empty where it has no column of numbers.
    `chosen`: what puts the filters into words where no form does.
    """

    page: str
    title: Any
    columns: Sequence[Column] | Callable[[Asking], Sequence[Column]]
    found: Callable[[Asking, Wanted], Iterable[Any]]
    form: Callable[[Asking], Any] | None = None
    titled: Callable[[Asking], str] | None = None
    reveals: str = ""
    chosen: Callable[[Asking], list[tuple[str, str]]] | None = None

    def shows_numbers_to(self, base_roles: frozenset[str]) -> bool:
        """Say whether these rights may ask for the list with whole numbers: who may see a single one may."""
        return bool(self.reveals) and may_open(self.reveals, "POST", base_roles)

    def rows(self, asking: Asking) -> Iterable[Any]:
        """Return all rows of the list, streamed where there may be many."""
        wanted = self.form(asking).wanted() if self.form else {}
        return self.found(asking, {**wanted, "page": EVERY})

    def page_of(self, asking: Asking, number: int) -> Sequence[Any]:
        """Return the rows of one page, cut as the page cuts them."""
        wanted = self.form(asking).wanted() if self.form else {}
        return list(self.found(asking, {**wanted, "page": number}))

    def columns_for(self, asking: Asking) -> Sequence[Column]:
        """Return its columns; those of a book are its regulation's."""
        return self.columns(asking) if callable(self.columns) else self.columns

    def title_for(self, asking: Asking) -> str:
        """Return what it is called."""
        return self.titled(asking) if self.titled else str(self.title)

    def filters(self, asking: Asking) -> list[tuple[str, str]]:
        """Return the filters in words, numbers of customers masked: name and what was chosen."""
        if self.chosen is not None:
            return self.chosen(asking)
        if self.form is None:
            return [(name, mask_in_text(value)) for name, value in asking.query.items() if value and name != "page"]
        form = self.form(asking)
        form.is_valid()
        given = ((name, form.cleaned_data.get(name)) for name in form.fields if name != "page")
        return [
            (str(form.fields[name].label or name), _told(form.fields[name], value)) for name, value in given if value
        ]


def _told(asked: Any, value: Any) -> str:
    if isinstance(asked, forms.ChoiceField):
        choices: Any = asked.choices
        flat = choices if not isinstance(choices, BlankChoiceIterator) else list(choices)
        return str(dict(flat).get(value, value))
    return day_words(value) if isinstance(value, date) else mask_in_text(str(value))


def col(key: str, label: Any, read: Callable[[Any], Any] | str = "", words: Any = None) -> Column:
    """Return a column: of a row's value under `key` or under another name, or by what reads it.

    `words`: choices as (value, words), a mapping, or what puts a value into words.
    """
    told = words if words is None or callable(words) else Chosen(dict(words))
    return Column(key, label, read if callable(read) else itemgetter(read or key), told)


def number_col(
    key: str, label: Any, read: Callable[[Any], str], hide: Callable[[str], str], whose: Callable[[Any], int | None]
) -> Column:
    """Return a column of telephone numbers: `hide` masks what `read` reads, `whose` says of which customer it is."""
    return Column(key, label, lambda row: hide(read(row)), whole=read, customer=whose)


class Chosen:
    """What puts a stored value into words, in the language of the moment; nothing for none."""

    def __init__(self, table: Mapping[Any, Any]) -> None:
        self.table = table

    def __call__(self, value: Any) -> str:
        """Return the words of one value."""
        return str(self.table.get(value, value)) if value not in (None, "") else ""

    def now(self) -> Callable[[Any], str]:
        """Return the same for many values, in the language of this moment: each is looked up once."""
        return lru_cache(maxsize=REMEMBERED)(self)


def of(path: str) -> Callable[[Any], Any]:
    """Return what reads an attribute of an attribute (``case.customer.name``); nothing where one of them is none."""
    names = path.split(".")

    def read(row: Any) -> Any:
        return reduce(lambda one, name: None if one is None else getattr(one, name), names, row)

    return read


def text_of(path: str) -> Callable[[Any], str]:
    """Return what reads an attribute of an attribute as text, empty for none."""
    read = of(path)
    return lambda row: "" if (value := read(row)) is None else str(value)


def masked(key: str) -> Callable[[Any], str]:
    """Return what reads a text with every number in it masked."""
    return lambda row: mask_in_text(row[key] or "")


def day_of(key: str) -> Callable[[Any], date | None]:
    """Return what reads a moment as the local day that it lies in."""
    return lambda row: local(row[key]).date() if row[key] else None


def lean(page: Page, *fields: str) -> Page:
    """Return all rows of a list without these fields: the text of a regulation is not read anew for every row."""
    if isinstance(page.rows, Stream):
        return Page(Stream(page.rows.found.defer(*fields), page.rows.told), EVERY, more=False)
    return page


def page_by_page(read: Callable[[Wanted], Page], wanted: Wanted) -> Iterator[Any]:
    """Yield all rows of a list that knows pages only: for lists that stay short."""
    number, more = 1, True
    while more:
        page = read({**wanted, "page": number})
        yield from page
        number, more = number + 1, page.more


def cells(columns: Sequence[Column], rows: Iterable[Any], *, worded: bool, mark: str) -> Iterator[tuple[Any, ...]]:
    """Yield each row as the cells of a file, moments on the clock of the house, with the mark of the export last."""
    readers = [_reader(column, worded=worded) for column in columns]
    for row in rows:
        yield (*[read(row) for read in readers], mark)


def _reader(column: Column, *, worded: bool) -> Callable[[Any], Any]:
    """Return what reads a column's cell from a row."""
    read, zone = column.read, house_zone()
    words = column.words.now() if isinstance(column.words, Chosen) else column.words

    def plain(row: Any) -> Any:
        value = read(row)
        return value.astimezone(zone) if type(value) is datetime else value

    def told(row: Any) -> Any:
        value = read(row)
        return value.astimezone(zone) if type(value) is datetime else words(value) if words else value

    return told if worded and words else plain


MARK: Final = Column("export", _("Export"), lambda _row: "")  # above what `cells` puts last
