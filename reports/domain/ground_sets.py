"""What figures are made of besides visits, cases and reports: duties, problems, inspections, money that was given.

Rows as they stand; whoever has them can count the figures again.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce

from complaints.choices import CaseState
from complaints.models import CaseDeed, Compensation, Entry
from reports.domain.figures.calls_in import RINGS
from reports.domain.figures.duties import DONE_IN_TIME
from reports.domain.figures.selling import WORTH
from reports.domain.period import Dataset, Period, Row, plain_rows
from reports.models import InspectionItem
from staff.domain.conditions import as_number
from visits.choices import FollowUpKind
from visits.models import FollowUpItem, Obligation

OBLIGATION_FIELDS: Final = (
    "employee", "policy", "rule", "branch", "due_at", "done_at", "paused_at", "state", "in_time", "inclusive",
)  # fmt: skip
PROBLEM_FIELDS: Final = ("problem", "owner", "branch", "record", "opened_at", "state", "closed_at")
INSPECTION_FIELDS: Final = (
    "policy", "scorecard", "period", "employee", "branch", "record", "logged_at", "state", "accurate", "result",
    "second_of",
)  # fmt: skip
COMPENSATION_FIELDS: Final = ("no", "employee", "branch", "amount", "state", "decided_at")
STEP_FIELDS: Final = ("no", "kind", "at", "logged_at", "of_its_master", "waited")
ENTRY_FIELDS: Final = (
    "entry",
    "policy",
    "book",
    "employee",
    "branch",
    "at",
    "logged_at",
    "replaced_at",
    "rings",
    "worth",
)


def obligations(period: Period) -> Iterator[Row]:
    """Yield the deeds that fall due in the period, with whether they were done in time."""
    found = Obligation.objects.filter(period.of_bounds("due_at", "inclusive")).annotate(
        in_time=Case(When(DONE_IN_TIME, then=True), default=False)
    )
    yield from plain_rows(
        found, "employee__username", "policy__slug", "rule", "branch__name", "due_at", "done_at", "paused_at", "state",
        "in_time", "inclusive",
    )  # fmt: skip


def problems(period: Period) -> Iterator[Row]:
    """Yield the problems that were reported in the period, those taken back left out."""
    found = FollowUpItem.objects.standing().filter(period.of_moments("opened_at"), kind=FollowUpKind.PROBLEM)
    yield from plain_rows(
        found, "id", "owner__username", "branch__name", "record_id", "opened_at", "state", "closed_at"
    )


def inspections(period: Period) -> Iterator[Row]:
    """Yield what was drawn for inspection, records by the moment of the visit; `result` in per cent."""
    of_records = Q(record__isnull=False) & period.of_moments("record__logged_at")
    found = InspectionItem.objects.filter(of_records | Q(record=None))
    for row in plain_rows(
        found, "inspection__policy__slug", "inspection__scorecard", "inspection__period", "employee__username",
        "branch__name", "record_id", "record__logged_at", "state", "accurate", "result", "second_of_id",
    ):  # fmt: skip
        yield (*row[:9], None if row[9] is None else Decimal(row[9]) / 100, row[10])


def compensations(period: Period) -> Iterator[Row]:
    """Yield what was decided in the period to make good, in yuan."""
    found = Compensation.objects.filter(period.of_moments("decided_at"), decided_at__isnull=False)
    for row in plain_rows(
        found, "case__number", "proposed_by__username", "case__branch__name", "amount", "state", "decided_at"
    ):
        yield (*row[:3], Decimal(row[3]) / 100, *row[4:])


def case_steps(period: Period) -> Iterator[Row]:
    """Yield the lines of the cases that were told of in the period.

    `of_its_master`: it is about another case, merged into this one; `waited`: it stood still when it was merged.
    """
    found = CaseDeed.objects.filter(period.of_moments("case__opened_at"))
    for row in plain_rows(found, "case__number", "kind", "at", "logged_at", "facts"):
        yield (*row[:4], "merged" in row[4] or "unmerged" in row[4], row[4].get("state") == CaseState.WAITING)


def entries(period: Period) -> Iterator[Row]:
    """Yield every version of the entries of own books, with the numbers in them that figures count.

    `entry` is its first version, `employee` who wrote that one; a version held from `logged_at` until `replaced_at`.
    """
    found = Entry.objects.filter(period.of_moments("at")).annotate(
        root=Coalesce("first", "pk"), written_by=Coalesce("first__by__username", "by__username"),
        replaced_at=F("replaced_by__logged_at"),
    )  # fmt: skip
    for row in plain_rows(
        found, "root", "policy__slug", "form", "written_by", "branch__name", "at", "logged_at", "replaced_at", "values"
    ):
        yield (*row[:8], as_number(row[8].get(RINGS)), as_number(row[8].get(WORTH)))


GROUNDS: Final = (
    Dataset("obligations", OBLIGATION_FIELDS, obligations),
    Dataset("problems", PROBLEM_FIELDS, problems),
    Dataset("inspections", INSPECTION_FIELDS, inspections),
    Dataset("compensations", COMPENSATION_FIELDS, compensations),
    Dataset("case_steps", STEP_FIELDS, case_steps),
    Dataset("entries", ENTRY_FIELDS, entries),
)
