"""The own books that regulations demand (`[[form]]`, ``of = "register"``): which there are, what stands in them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from complaints.choices import EntryState
from complaints.domain.ruling import books_on
from complaints.models import Entry
from config.packs.asking import FieldSpec, FormSpec
from config.packs.pack import Pack
from staff.domain.calendar import day_start
from staff.domain.pages import Page, cut
from staff.domain.policies import spec_of
from staff.domain.workforce import load_workforce
from staff.models import Department, Employee, Release
from visits.domain.detecting.bounds import house
from visits.domain.matching.fields import title_of

REGISTER: Final = "register"
ORDERS: Final = {"-at": ("-at", "-id"), "at": ("at", "id")}


@dataclass(frozen=True)
class OwnBook:
    """One book of one release. `form` says its fields, `closing` what closing an entry takes beside them."""

    policy_id: int
    release_id: int
    slug: str
    policy: str
    form: FormSpec
    closing: tuple[FormSpec, ...] = ()

    @property
    def title(self) -> str:
        """Return what the book is called."""
        return self.form.title or self.form.code

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        """Return what an entry is filled in with, each knowing whether it is needed."""
        return filled_with((self.form,))

    @property
    def closing_fields(self) -> tuple[FieldSpec, ...]:
        """Return what is filled in when an entry is closed."""
        return filled_with(self.closing)


def filled_with(forms: Sequence[FormSpec]) -> tuple[FieldSpec, ...]:
    """Return the fields of forms, and what they require beside them, as compulsory as the forms say."""
    found: dict[str, FieldSpec] = {}
    for form in forms:
        for spec in form.fields:
            found[spec.code] = spec.model_copy(update={"required": spec.required or spec.code in form.requires})
        for name in form.requires:
            found.setdefault(name, FieldSpec(code=name, kind="text", title=title_of(name), required=True))
    return tuple(found.values())


def offered(employee: Employee, *, on: date) -> tuple[OwnBook, ...]:
    """Return the books that the regulations of the employee's department keep on that day."""
    post = load_workforce().post(employee.pk, on=on).department
    department = Department.objects.select_related("branch").filter(pk=post).first() if post else None
    found: dict[tuple[int, str], OwnBook] = {}
    for book in books_on(on, department=department):
        for form in registers_of(book.pack):
            found[book.policy_id, form.code] = _own(book.pack, form, book.policy_id, book.release_id)
    return tuple(found.values())


def registers_of(pack: Pack) -> Iterator[FormSpec]:
    """Yield the forms of a regulation that are books of their own."""
    return (form for form in pack.form if form.of == REGISTER)


def book_of(release: Release, code: str) -> OwnBook | None:
    """Return a book as a release has it."""
    pack = spec_of(release)
    form = next((one for one in registers_of(pack) if one.code == code), None)
    return _own(pack, form, release.policy_id, release.pk) if form else None


def _own(pack: Pack, form: FormSpec, policy: int, release: int) -> OwnBook:
    closing = tuple(one for one in pack.form if one.of == f"entry:{form.code}")
    return OwnBook(policy, release, pack.policy.slug, pack.policy.title, form, closing)


def standing(employee: Employee, *, on: date) -> QuerySet[Entry]:
    """Return the entries in the employee's scope, each in its last version."""
    return Entry.objects.visible_to(employee, on=on).filter(replaced_by=None)


def entries_of(book: OwnBook, employee: Employee, *, on: date) -> QuerySet[Entry]:
    """Return the entries of one book in the employee's scope."""
    return standing(employee, on=on).filter(policy=book.policy_id, form=book.form.code)


def open_counts(employee: Employee, *, on: date) -> Counter[tuple[int, str]]:
    """Return how many open entries each book has, by policy and code."""
    rows = standing(employee, on=on).filter(state=EntryState.OPEN).values_list("policy", "form")
    return Counter(rows)


def entries(found: QuerySet[Entry], wanted: Mapping[str, Any]) -> Page:
    """Return a page of entries. `wanted`: q, state, month (its first day), sort, page."""
    rows: Any = matching(found, wanted).order_by(*ORDERS[wanted["sort"]]).values(
        "id", "values", "at", "state", "reply", "closed_at", "customer_id", "case_id", start=F("first"),
        customer_name=F("customer__name"), by_name=F("by__name"), number=F("case__number"),
    )  # fmt: skip
    return cut(rows, wanted["page"])


def matching(found: QuerySet[Entry], wanted: Mapping[str, Any]) -> QuerySet[Entry]:
    """Keep the entries that a list asks for."""
    if wanted["state"] in EntryState.values:
        found = found.filter(state=wanted["state"])
    if wanted["month"]:
        first = wanted["month"].replace(day=1)
        following = (first + timedelta(31)).replace(day=1)
        found = found.filter(at__gte=day_start(first, house()), at__lt=day_start(following, house()))
    if wanted["q"]:
        found = found.filter(Q(words__icontains=wanted["q"]) | Q(customer__name__icontains=wanted["q"]))
    return found


def tally(book: OwnBook, found: QuerySet[Entry]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return for each field with options how many entries chose which (X-01), most first; nothing is left out."""
    chosen = [spec for spec in book.fields if spec.options]
    if not chosen:
        return []
    counts: dict[str, Counter[str]] = {spec.code: Counter() for spec in chosen}
    for values in found.values_list("values", flat=True):
        for code, counter in counts.items():
            told = values.get(code)
            counter.update(told if isinstance(told, list) else [told] if told else [])
    return [
        (spec.title or spec.code, sorted(counts[spec.code].items(), key=lambda one: (-one[1], one[0])))
        for spec in chosen
        if counts[spec.code]
    ]


def versions_of(entry: Entry) -> list[Entry]:
    """Return every version of an entry, the first one first."""
    first = entry.first_id or entry.pk
    found = Entry.objects.filter(Q(pk=first) | Q(first=first)).select_related("by", "closed_by", "case")
    return list(found.order_by("pk"))
