"""Putting a service-quality report together: which parts a kind of report has, counted as of one moment."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from reports.choices import ServiceKind
from reports.domain.service import blaming, measuring, saying, settling
from reports.domain.service.content import Content, Figure
from reports.domain.service.measuring import Subject
from staff.domain.policies import spec_of
from staff.models import Branch

WHOLE: Final = (
    "visits", "clauses", "complaints", "hours", "people", "departments", "ledger", "actions", "rounds", "books",
    "restated",
)  # fmt: skip
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    ServiceKind.MONTHLY.value: WHOLE,
    ServiceKind.BRANCH.value: WHOLE,
    ServiceKind.WEEKLY.value: (
        "visits", "clauses", "complaints", "hours", "people", "departments", "actions", "books",
    ),
    ServiceKind.DAILY.value: ("visits", "clauses", "complaints", "actions", "books"),
    ServiceKind.CATEGORY.value: ("visits", "complaints", "opinions"),
}  # fmt: skip
# What a report by category measures: what customers thought and complained of.
BY_CATEGORY: Final = frozenset(
    {
        "visit_count", "satisfaction_rate", "css_average", "nps", "resolution_rate", "complaint_count", "reply_rate",
        "reopen_rate", "response_time", "solve_time",
    }
)  # fmt: skip


def compose(kind: str, about: Subject, figures: Iterable[Figure]) -> Content:
    """Return the content of a report of that kind, with the figures that were measured for it."""
    found = tuple(figures)
    if kind == ServiceKind.CATEGORY:
        found = tuple(one for one in found if one.metric in BY_CATEGORY)
    return Content(found, **{name: _part(name, about, found) for name in PARTS[kind]})


def _part(name: str, about: Subject, found: tuple[Figure, ...]) -> Any:
    match name:
        case "people":
            return measuring.people(about, found)
        case "departments":
            return measuring.departments(about, found)
        case "clauses":
            return blaming.clauses(about)
        case "ledger" | "actions" | "rounds" | "restated":
            return getattr(settling, name)(about)
        case _:
            return getattr(saying, name)(about)


def branches_of(about: Subject) -> list[Branch]:
    """Return the branches that the policy rules; none where the company has but one, whose report is the company's."""
    found = list(Branch.objects.order_by("name"))
    if len(found) < 2:
        return []
    names = spec_of(about.release).policy.departments
    if not names:
        return found
    with_unit = set(Branch.objects.filter(department__name__in=names).values_list("pk", flat=True))
    return [one for one in found if one.name in names or one.pk in with_unit]
