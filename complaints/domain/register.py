"""The register of what came in (来电来访登记表): one line for each case in one's scope, for paper and for a workbook.

A duplicate stands in its master's line, not in one of its own (K-14). Numbers stay masked, as on every list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext as _

from complaints.choices import ENDED, CaseState, CaseType, Source
from complaints.domain.ruling import category_words, level_of
from complaints.models import Case
from staff.domain.calendar import day_end, day_start
from staff.domain.wording import minute_text
from staff.models import Employee
from visits.domain.contact.masking import mask_contact, mask_in_text
from visits.domain.detecting.bounds import house
from visits.models import ContactNumber


@dataclass(frozen=True)
class Entry:
    """One line of the register, in words; moments as the screen shows them, empty where there is none."""

    case: Case
    when: str
    way: str
    kind: str
    who: str
    contact: str
    unit: str
    summary: str
    demand: str
    graded: str
    handler: str
    solution: str
    informed: str
    opinion: str
    state: str

    def cells(self) -> tuple[str, ...]:
        """Return the line as the columns of a table hold it."""
        return (
            self.case.number, self.when, self.way, self.kind, self.who, self.contact, self.unit, self.summary,
            self.demand, self.graded, self.handler, self.solution, self.informed, self.opinion, self.state,
        )  # fmt: skip


def headings() -> tuple[str, ...]:
    """Return the words above the columns, in the order of `Entry.cells`."""
    return (
        _("Case number"), _("Told at"), _("Came by"), _("Kind"), _("Name"), _("Telephone or address"),
        _("Departments concerned"),
        _("In the customer's words"),
        _("Demand"), _("Level and category"), _("Handled by"), _("Solution and result"), _("Customer told"),
        _("Customer's opinion"), _("State"),
    )  # fmt: skip


def registered(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> QuerySet[Case]:
    """Return the cases in the person's scope that the filters ask for, in the order in which they were told.

    Filters: `first` and `last` (local days of the telling), `type`, `source`, `state` (open, ended, archived).
    """
    found = Case.objects.visible_to(employee, on=on).counted()
    if wanted.get("first"):
        found = found.filter(opened_at__gte=day_start(wanted["first"], house()))
    if wanted.get("last"):
        found = found.filter(opened_at__lt=day_end(wanted["last"], house()))
    found = found.filter(**{name: wanted[name] for name in ("type", "source") if wanted.get(name)})
    match wanted.get("state"):
        case "open":
            found = found.exclude(state__in=ENDED)
        case "ended":
            found = found.filter(state__in=ENDED)
        case "archived":
            found = found.filter(archived_at__isnull=False)
    related = found.select_related("customer", "branch", "department", "handler", "release")
    return with_numbers(related.prefetch_related("departments")).order_by("opened_at", "pk")


def with_numbers(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Let each case bring the number of its customer on file (`own_number`)."""
    own = ContactNumber.objects.filter(customer=OuterRef("customer"), valid_until=None, is_primary=True)
    return cases.annotate(own_number=Subquery(own.values("number")[:1]))


def lines(cases: QuerySet[Case]) -> Iterator[Entry]:
    """Yield the lines of these cases."""
    for case in cases.iterator(chunk_size=500):
        yield entry_of(case)


def told_contact(case: Case) -> str:
    """Return how the customer is reached, whole: as it was told, else by the number on file (`with_numbers`)."""
    return case.contact or getattr(case, "own_number", None) or ""


def entry_of(case: Case) -> Entry:
    """Return the line of one case."""
    level = level_of(case.release, case.level)
    graded = [str((level.title or level.code) if level else case.level), category_words(case.release, case.category)]
    solution = [text for text in (case.solution, case.result) if text]
    places = [str(case.department or case.branch or ""), *(one.name for one in case.departments.all())]
    return Entry(
        case=case, when=minute_text(case.opened_at), way=_said(Source, case.source),
        kind=_said(CaseType, case.type), who=case.name or (case.customer.name if case.customer else _("anonymous")),
        contact=mask_contact(told_contact(case)), unit="、".join(dict.fromkeys(filter(None, places))),
        summary=mask_in_text(case.summary),
        demand=mask_in_text(case.demand), graded=" · ".join(text for text in graded if text),
        handler=case.handler.name if case.handler else "", solution=mask_in_text("；".join(solution)),
        informed=minute_text(case.informed_at), opinion=mask_in_text(case.opinion), state=_said(CaseState, case.state),
    )  # fmt: skip


def _said(words: type[TextChoices], code: str) -> str:
    return str(words(code).label)
