"""The lists of reports as files: daily reports, opinions, doubts, improvement actions, inspections, data sets."""

from operator import itemgetter
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from reports.choices import ActionState, Doubt, ReportFate, ReportState
from reports.domain.daily import browsing, showing
from reports.domain.datasets import DATASETS, Dataset, Period
from reports.domain.improving import listing as improving
from reports.domain.inspecting import listing as inspecting
from reports.domain.reviewing import opinions
from reports.excel.lists.listing import Asking, Column, Listing, NotThere, col, lean, of, text_of
from reports.forms.daily import FindReports
from reports.forms.exporting import DatasetForm
from reports.forms.improving import FindActions
from reports.forms.inspecting import FindDoubts
from reports.forms.reviewing import FindUnsigned
from staff.domain.access import scope_of
from visits.choices import Outcome
from visits.domain.contact.masking import mask_in_text

SAID: Final = ("problem", "rectification", "need", "suggestion", "displeasure", "summary")


def _of(name: str, path: str) -> Any:
    read = of(path)
    return lambda row: read(row[name])


def _text(name: str, path: str) -> Any:
    read = text_of(path)
    return lambda row: read(row[name])


def _daily_form(asking: Asking) -> FindReports:
    start = (
        "mine" if browsing.owes_any(asking.employee) else "sent" if browsing.unread_count(asking.employee) else "all"
    )
    return FindReports(asking.query, people=browsing.owners(asking.employee, on=asking.on), start=start)


DAILY: Final = Listing(
    "reports:daily_list",
    _("Daily reports"),
    (
        col("covers_from", _("Covers"), _of("report", "covers_from")),
        col("covers_to", _("Until"), _of("report", "covers_to")),
        col("report", _("Report"), lambda row: showing.spec_title(row["report"])[1]),
        col("person", _("Person"), _text("report", "employee")), col("branch", _("Branch"), _text("report", "branch")),
        col("state", _("State"), _of("report", "state"), ReportState.choices),
        col("fate", _("At the cut-off"), _of("report", "fate"), ReportFate.choices),
        col("due_at", _("Cut-off"), _of("report", "due_at")),
        col("handed_in_at", _("Handed in"), _of("report", "first_submitted_at")),
    ),
    lambda asking, wanted: lean(
        browsing.page_of(asking.employee, wanted, on=asking.on), "release__content", "listing"
    ),
    _daily_form,
)  # fmt: skip


def _said(row: dict[str, Any]) -> str:
    record = row["record"]
    return "；".join(mask_in_text(getattr(record, name)) for name in SAID if getattr(record, name))


OPINIONS: Final = Listing(
    "reports:opinion_list",
    _("Opinions of visits"),
    (
        col("logged_at", _("Visit"), _of("record", "logged_at")),
        col("advisor", _("Made by"), _text("record", "advisor")),
        col("customer", _("Customer"), _of("record", "customer.name")),
        col("outcome", _("Outcome"), _of("record", "outcome"), Outcome.choices), col("said", _("What was said"), _said),
        col("opinion", _("Opinion"), _of("opinion", "opinion")), col("by", _("Signed by"), _text("opinion", "by")),
        col("at", _("Signed at"), _of("opinion", "at")),
    ),
    lambda asking, wanted: opinions.page_of(asking.employee, wanted, on=asking.on),
    lambda asking: FindUnsigned(asking.query, people=opinions.advisors(asking.employee, on=asking.on)),
)  # fmt: skip


def _doubts(row: dict[str, Any]) -> str:
    return "、".join(str(Doubt(one.kind).label) for one in row["doubts"])


DOUBTS: Final = Listing(
    "reports:doubt_list",
    _("Visits in doubt"),
    (
        col("customer", _("Customer"), "customer_name"), col("logged_at", _("Saved")),
        col("advisor", _("Made by"), "advisor_name"),
        col("doubts", _("What is hard to believe"), _doubts),
        col("weight", _("Weight")),
    ),
    lambda asking, wanted: inspecting.doubtful(asking.employee, wanted, on=asking.on),
    lambda asking: FindDoubts(asking.query, people=inspecting.doubted_people(asking.employee, on=asking.on)),
)  # fmt: skip

IMPROVEMENTS: Final = Listing(
    "reports:improvement_list",
    _("Improvement actions"),
    (
        col("due_on", _("To be done until")), col("title", _("Action")), col("measure", _("Measure")),
        col("state", _("State"), words=ActionState.choices), col("check_on", _("Effect checked on")),
        col("owner", _("Responsible"), "owner_name"),
        col("unit", _("Unit"), lambda row: row["part"] or row["unit"] or ""),
        col("maker", _("Begun by")),
    ),
    lambda asking, wanted: improving.actions(asking.employee, wanted, on=asking.on),
    lambda asking: FindActions(asking.query, people=improving.owners(asking.employee, on=asking.on)),
)  # fmt: skip

INSPECTIONS: Final = Listing(
    "reports:inspection_list",
    _("Inspections"),
    (
        col("period", _("Period"), of("inspection.period")),
        col("scorecard", _("Scorecard"), of("inspection.scorecard")),
        col("items", _("To inspect"), of("items")), col("waiting", _("Not scored"), of("waiting")),
        col("appeals", _("Appeals"), of("appeals")), col("findings", _("Below full marks"), of("findings")),
    ),
    lambda asking, _wanted: inspecting.inspections(asking.employee, on=asking.on),
)  # fmt: skip


def _dataset(asking: Asking) -> Dataset:
    """Return the data set that is asked for: of the whole company, so only for who sees all of it."""
    dataset = DATASETS.get(asking.query.get("dataset", ""))
    if dataset is None or not scope_of(asking.employee, on=asking.on).everything:
        raise NotThere
    return dataset


def _days(asking: Asking) -> Period:
    form = DatasetForm(asking.query)
    if not form.is_valid():
        raise NotThere
    return Period(form.cleaned_data["first"], form.cleaned_data["last"], asking.now)


def _dataset_columns(asking: Asking) -> list[Column]:
    return [col(name, name, itemgetter(number)) for number, name in enumerate(_dataset(asking).fields)]


DATASET: Final = Listing(
    "reports:export_list",
    _("Data set"),
    _dataset_columns,
    lambda asking, _wanted: _dataset(asking).read(_days(asking)),
    titled=lambda asking: _dataset(asking).name,
)  # fmt: skip

OF_REPORTS: Final = (DAILY, OPINIONS, DOUBTS, IMPROVEMENTS, INSPECTIONS, DATASET)
