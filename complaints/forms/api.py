"""The shapes of cases in the API: what is sent, what is answered (docs/api.md)."""

from datetime import datetime
from typing import Any

from pydantic import Field

from complaints.choices import CaseType, Grade, Severity, Source
from complaints.domain.exchanging import Changes
from complaints.domain.feedback import address_key, for_customer
from complaints.domain.ruling import category_words
from complaints.models import Case, CaseDeed
from staff.forms.api import Moment, Shape
from visits.domain.contact.masking import mask_contact, mask_in_text

PLAIN = (
    "number", "type", "state", "round", "level", "category", "severity", "importance", "urgency", "source",
    "reference", "name", "measure", "satisfied", "escalations", "opened_at", "registered_at", "changed_at",
    "replied_at", "informed_at", "resolved_at", "verified_at", "closed_at", "version",
)  # fmt: skip
TEXTS = ("summary", "demand", "cause", "solution", "result", "opinion")


class NewCase(Shape):
    """A case to be registered. What is left out the regulation proposes, or the house fills in."""

    summary: str = Field(min_length=1, max_length=8000, description="The customer's own words.")
    type: CaseType = CaseType.COMPLAINT
    source: Source = Field(Source.API, description="By which way it came to you.")
    reference: str = Field("", max_length=80, description="Your number; the same once more is the same case.")
    opened_at: Moment | None = Field(None, description="When the customer told of it; now, where left out.")
    name: str = Field("", max_length=60)
    contact: str = Field("", max_length=120, description="Telephone or address; a number on file finds the customer.")
    demand: str = Field("", max_length=4000)
    cause: str = Field("", max_length=4000)
    level: str = Field("", max_length=60)
    category: str = Field("", max_length=60)
    severity: Severity | None = None
    importance: Grade | None = None
    urgency: Grade | None = None
    branch: str = Field("", max_length=60, description="By its name; one's own for an account of one branch.")
    department: str = Field("", max_length=60)
    order_no: str = Field("", max_length=80, description="The order that it is about, as you brought it in.")


class NewWord(Shape):
    """A line for the timeline."""

    text: str = Field(min_length=1, max_length=4000)
    told_customer: bool = Field(False, description="The customer was told so; he reads it on his page.")


class Since(Shape):
    """Which changes are asked for."""

    since: str = Field("", max_length=80, description="`next` of the last answer, or a moment with its offset.")
    limit: int = Field(100, ge=1, le=500)


class CaseShown(Shape):
    """A case. Numbers in texts and contacts are masked; `page` is the customer's own page."""

    number: str
    type: str
    state: str
    round: int
    level: str
    category: str
    category_title: str
    severity: str
    importance: str
    urgency: str
    source: str
    reference: str
    branch: str | None
    department: str | None
    handler: str | None
    customer: int | None
    name: str
    contact: str
    summary: str
    demand: str
    cause: str
    solution: str
    measure: str
    result: str
    opinion: str
    satisfied: bool | None
    escalations: int
    order_no: str | None
    duplicates_of: str | None
    opened_at: datetime
    registered_at: datetime
    changed_at: datetime
    replied_at: datetime | None
    informed_at: datetime | None
    resolved_at: datetime | None
    verified_at: datetime | None
    closed_at: datetime | None
    version: int
    page: str


class LineShown(Shape):
    """A line of the timeline; `for_customer`: the customer reads it as well."""

    kind: str
    at: datetime
    logged_at: datetime
    by: str | None
    text: str
    for_customer: bool


class CaseWithLines(CaseShown):
    """A case with its timeline."""

    timeline: list[LineShown]


class CasesChanged(Shape):
    """Changed cases, the oldest change first. Ask again with `next`, at once while there is `more`."""

    cases: list[CaseShown]
    next: str
    more: bool


def facts_of(case: Case, site: str) -> dict[str, Any]:
    """Return what is told of a case."""
    return {
        **{name: getattr(case, name) for name in PLAIN},
        **{name: mask_in_text(getattr(case, name)) for name in TEXTS},
        "contact": mask_contact(case.contact),
        "category_title": category_words(case.release, case.category),
        "branch": case.branch.name if case.branch else None,
        "department": case.department.name if case.department else None,
        "handler": case.handler.username if case.handler else None,
        "customer": case.customer_id,
        "order_no": case.event.order_no if case.event else None,
        "duplicates_of": case.merged_into.number if case.merged_into else None,
        "page": f"{site}feedback/case/{address_key(case)}/",
    }


def shown(case: Case, *, site: str) -> CaseShown:
    """Return a case as it goes out."""
    return CaseShown(**facts_of(case, site))


def with_lines(case: Case, *, site: str) -> CaseWithLines:
    """Return a case with its timeline."""
    lines = case.deeds.select_related("by").order_by("pk")
    return CaseWithLines(**facts_of(case, site), timeline=[line(one) for one in lines])


def line(deed: CaseDeed) -> LineShown:
    """Return a line of the timeline."""
    return LineShown(
        kind=deed.kind, at=deed.at, logged_at=deed.logged_at, by=deed.by.username if deed.by else None,
        text=mask_in_text(deed.text), for_customer=for_customer(deed),
    )  # fmt: skip


def changed(found: Changes, *, site: str) -> CasesChanged:
    """Return a page of changes."""
    return CasesChanged(cases=[shown(case, site=site) for case in found.cases], next=found.next, more=found.more)
