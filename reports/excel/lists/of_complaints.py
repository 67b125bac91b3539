"""The lists of complaints as files: cases, the register, own books, work orders, letters, articles, compensations."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseState, CaseType, Severity, SpendingState, WorkOrderKind, WorkOrderState
from complaints.domain import book_lines, books, knowledge, letters, register, spent
from complaints.domain.listing import cases
from complaints.domain.orders import listing as orders
from complaints.domain.ruling import category_words, levels_of
from complaints.forms.books import FindEntries
from complaints.forms.finding import FindCases
from complaints.forms.finding_orders import FindOrders
from complaints.forms.knowledge import FindArticles
from complaints.forms.register import FindRegistered
from reports.excel.lists.listing import (
    Asking,
    Column,
    Listing,
    NotThere,
    Wanted,
    col,
    lean,
    masked,
    number_col,
    of,
    text_of,
)
from staff.domain.pages import EVERY, Page, Stream, cut
from staff.domain.periods import Period, period_named, period_of
from staff.models import Policy, Release
from visits.domain.contact.masking import mask_contact, mask_in_text
from visits.domain.follow_up.finding import colleagues
from visits.domain.planning.rulebook import load_rulebook

HUNDREDTHS: Final = 100


def offered(section: str) -> list[tuple[str, str]]:
    """Return the levels or categories of all regulations in force, each code once."""
    found = [one for book in load_rulebook().in_force() for one in book.pack.entries(section)]
    return list({one.code: str(one.title or one.code) for one in found}.items())


def _cases_form(asking: Asking) -> FindCases:
    people = [(str(pk), name) for pk, name in colleagues(None, on=asking.on)]
    return FindCases(
        asking.query, levels=offered("complaint_level"), categories=offered("category"), people=people
    )  # fmt: skip


def _cases(asking: Asking, wanted: Wanted) -> Any:
    """Return the cases with the release that each was opened under, which knows what its level is called."""
    page = cases(asking.employee, wanted, on=asking.on)
    known: dict[int, Release] = {}

    def told(rows: list[Any]) -> list[Any]:
        lacking = {row["release_id"] for row in rows if row["release_id"]} - set(known)
        known.update(Release.objects.in_bulk(lacking))
        return [row | {"release": known.get(row["release_id"])} for row in rows]

    if isinstance(page.rows, Stream):
        own = page.rows.told
        return Page(Stream(page.rows.found, lambda rows: told(own(rows))), EVERY, more=False)
    return told(list(page.rows))


def _priority(row: dict[str, Any]) -> int:
    return 1 if row["weight"] == 9 else 2 if row["weight"] == 6 else 3 if row["weight"] > 2 else 4


def _level(row: dict[str, Any]) -> str:
    level = next((one for one in levels_of(row["release"]) if one.code == row["level"]), None)
    return str(level.title or level.code) if level else row["level"]


def _category(row: dict[str, Any]) -> str:
    return category_words(row["release"], row["category"])


def _told_contact(row: dict[str, Any]) -> str:
    """Return what somebody left who is no customer on file; of a customer the list shows the name alone."""
    return "" if row["customer_name"] else row["contact"]


CASES: Final = Listing(
    "complaints:case_list",
    _("All cases"),
    (
        col("priority", _("Priority"), _priority), col("number", _("Case")),
        col("customer", _("Customer"), lambda row: row["customer_name"] or row["name"]),
        number_col("contact", _("Contact"), _told_contact, mask_contact, lambda _row: None),
        col("plate", _("Plate")), col("type", _("Kind"), words=CaseType.choices),
        col("level", _("Level"), _level), col("category", _("Category"), _category),
        col("severity", _("Severity"), words=Severity.choices), col("state", _("State"), words=CaseState.choices),
        col("summary", _("What was said"), masked("summary")), col("opened_at", _("Told at")),
        col("due_at", _("Next bound")), col("closed_at", _("Closed at")),
        col("handler", _("Handled by"), "handler_name"), col("branch", _("Branch"), "branch_name"),
        col("department", _("Department"), "department_name"),
    ),
    _cases,
    _cases_form,
    reveals="complaints:case_contact",
)  # fmt: skip

REGISTER_KEYS: Final = {
    "number": "case.number", "told_at": "when", "came_by": "way", "kind": "kind", "name": "who", "contact": "contact",
    "departments": "unit", "summary": "summary", "demand": "demand", "graded": "graded", "handler": "handler",
    "solution": "solution", "informed": "informed", "opinion": "opinion", "state": "state",
}  # fmt: skip


def place(number: int) -> Any:
    """Return what reads one cell of a line that is cells already."""
    return lambda line: line[number]


def _register_columns(_asking: Asking) -> Sequence[Column]:
    named = zip(REGISTER_KEYS.items(), register.headings(), strict=True)
    return [_register_contact(label) if key == "contact" else col(key, label, of(path)) for (key, path), label in named]


def _register_contact(label: str) -> Column:
    whole, whose = (lambda entry: register.told_contact(entry.case)), of("case.customer_id")
    return number_col("contact", label, whole, mask_contact, whose)


def _placed(keys: Sequence[str], headings: Sequence[str]) -> list[Column]:
    return [col(key, label, place(number)) for number, (key, label) in enumerate(zip(keys, headings, strict=True))]


def _register_form(asking: Asking) -> FindRegistered:
    first = date(asking.on.year, asking.on.month, 1).isoformat()
    return FindRegistered({"first": first, "last": asking.on.isoformat()} | dict(asking.query))


def _registered(asking: Asking, wanted: Wanted) -> Any:
    page = cut(register.registered(asking.employee, wanted, on=asking.on), wanted["page"], told=_register_lines)
    return lean(page, "release__content")


def _register_lines(found: list[Any]) -> list[Any]:
    return [register.entry_of(case) for case in found]


REGISTER: Final = Listing(
    "complaints:register_print", _("Register on paper"), _register_columns, _registered, _register_form,
    reveals="complaints:case_contact",
)  # fmt: skip


def _book(asking: Asking) -> books.OwnBook:
    slug, form = asking.named["slug"], asking.named["form"]
    for one in books.offered(asking.employee, on=asking.on):
        if (one.slug, one.form.code) == (slug, form):
            return one
    policy = Policy.objects.filter(slug=slug).first()
    standing = books.standing(asking.employee, on=asking.on)
    last = standing.filter(policy=policy, form=form).order_by("-pk").first() if policy else None
    known = books.book_of(last.release, form) if last else None
    if known is None:
        raise NotThere
    return known


def _book_columns(asking: Asking) -> Sequence[Column]:
    kept = _book(asking)
    fields = [spec.code for spec in (*kept.fields, *kept.closing_fields)]
    keys = ["at", *dict.fromkeys(fields), "customer", "reply", "state", "closed_at", "minutes", "case", "by"]
    return _placed(keys, book_lines.headings(kept))


def _entries(asking: Asking, wanted: Wanted) -> Any:
    kept = _book(asking)
    found = books.matching(books.entries_of(kept, asking.employee, on=asking.on), wanted)
    found = found.order_by(*books.ORDERS[wanted["sort"]]).select_related("customer", "case", "by")
    return cut(found, wanted["page"], told=lambda rows: list(book_lines.told(kept, rows)))


BOOK: Final = Listing(
    "complaints:book", _("Books"), _book_columns, _entries, lambda asking: FindEntries(asking.query),
    titled=lambda asking: _book(asking).title,
)  # fmt: skip


def _orders(asking: Asking, wanted: Wanted) -> Any:
    found = orders.orders(asking.employee, wanted, now=asking.now, on=asking.on).select_related(*orders.RELATED)
    return lean(cut(found, wanted["page"]), "case__release__content")


ORDERS: Final = Listing(
    "complaints:order_list",
    _("Work orders"),
    (
        col("number", _("Work order"), of("number")), col("case", _("Case"), of("case.number")),
        col("kind", _("Kind"), of("kind"), WorkOrderKind.choices),
        col("state", _("State"), of("state"), WorkOrderState.choices), col("urgent", _("Urgent"), of("urgent")),
        col("due_at", _("Due"), of("due_at")),
        col("customer", _("Customer"), lambda one: one.case.customer.name if one.case.customer else one.case.name),
        col("instruction", _("What is to be done"), lambda one: mask_in_text(one.instruction)),
        col("who", _("Who"), lambda one: str(one.partner or one.assignee or "")),
        col("department", _("Department"), text_of("department")),
        col("slot_from", _("Agreed time"), of("slot_from")), col("opened_at", _("Opened at"), of("opened_at")),
        col("arrived_at", _("Begun at"), of("arrived_at")), col("closed_at", _("Closed at"), of("closed_at")),
    ),
    _orders,
    lambda asking: FindOrders(asking.query),
)  # fmt: skip


def _letters(asking: Asking, wanted: Wanted) -> Any:
    found = letters.letters_seen_by(asking.employee, on=asking.on).select_related("branch", "written_by")
    if q := asking.query.get("q", "").strip()[:60]:
        said = Q(title__icontains=q) | Q(text__icontains=q)
        found = found.filter(said | Q(cases__number__icontains=q) | Q(cases__name__icontains=q))
    return cut(found.annotate(count=Count("cases", distinct=True)).order_by("-pk"), wanted["page"])


LETTERS: Final = Listing(
    "complaints:letter_list",
    _("Public letters"),
    (
        col("title", _("Letter"), of("title")), col("text", _("Text"), lambda one: mask_in_text(one.text)),
        col("branch", _("Unit"), text_of("branch")), col("cases", _("Cases"), of("count")),
        col("written_at", _("Written"), of("written_at")), col("written_by", _("Written by"), text_of("written_by")),
        col("published_at", _("Published"), of("published_at")),
    ),
    _letters,
)  # fmt: skip

ARTICLES: Final = Listing(
    "complaints:article_list",
    _("Knowledge"),
    (
        col("title", _("Article")), col("problem", _("Problem"), masked("problem")),
        col("method", _("Method"), masked("method")), col("category", _("Category")),
        col("minutes", _("Time used")), col("by", _("Entered by"), "by_name"), col("at", _("At")),
    ),
    lambda _asking, wanted: knowledge.articles(wanted),
    lambda asking: FindArticles(asking.query, categories=list(dict(knowledge.classes()).items())),
)  # fmt: skip


def _month(asking: Asking) -> Period:
    try:
        found = period_named(asking.query.get("month", ""))
    except ValueError:
        return period_of("month", asking.on)
    return found if found.per == "month" else period_of("month", asking.on)


def _compensations(asking: Asking, wanted: Wanted) -> Any:
    """Return what waits, and what was decided in the month, as the two tables of the page."""
    waiting = spent.waiting(asking.employee, on=asking.on)
    decided = spent.decided(asking.employee, _month(asking), on=asking.on)
    both = spent.compensations(asking.employee, on=asking.on).filter(
        Q(pk__in=waiting.order_by().values("pk")) | Q(pk__in=decided.order_by().values("pk"))
    )
    return lean(cut(both.order_by("-pk"), wanted["page"]), "case__release__content")


COMPENSATIONS: Final = Listing(
    "complaints:compensation_list",
    _("Compensations"),
    (
        col("case", _("Case"), of("case.number")), col("branch", _("Branch"), text_of("case.branch")),
        col("amount", _("Worth"), lambda one: Decimal(one.amount) / HUNDREDTHS),
        col("what", _("What"), lambda one: mask_in_text(one.text)),
        col("state", _("State"), of("state"), SpendingState.choices),
        col("proposed_by", _("Proposed by"), text_of("proposed_by")),
        col("decided_by", _("Decided by"), text_of("decided_by")), col("decided_at", _("Decided at"), of("decided_at")),
    ),
    _compensations,
)  # fmt: skip

OF_COMPLAINTS: Final = (CASES, REGISTER, BOOK, ORDERS, LETTERS, ARTICLES, COMPENSATIONS)
