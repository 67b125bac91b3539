"""The lists of reports as files: daily reports, opinions, doubts, improvement actions, inspections, data sets."""

from operator import itemgetter
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from reports.choices import ActionState, Doubt, ReportFate, ReportState, ServiceKind, ServiceState
from reports.domain.daily import browsing, showing
from reports.domain.dataset_words import DATASET_WORDS
from reports.domain.datasets import DATASETS, Dataset, Period
from reports.domain.facts import telling
from reports.domain.figures.measured import Measured, shown, sides
from reports.domain.figures.uses import saying, uses
from reports.domain.improving import listing as improving
from reports.domain.inspecting import listing as inspecting
from reports.domain.reviewing import opinions
from reports.domain.service import listing as service
from reports.excel.lists.listing import Asking, Column, Listing, NotThere, Wanted, col, lean, of, page_by_page, text_of
from reports.forms.daily import FindReports
from reports.forms.exporting import DatasetForm
from reports.forms.improving import FindActions
from reports.forms.inspecting import FindDoubts
from reports.forms.restating import FindRestated
from reports.forms.reviewing import FindUnsigned
from reports.forms.service import FindServiceReports
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
    titled=lambda asking: str(DATASET_WORDS[_dataset(asking).name]),
)  # fmt: skip


def _metrics(asking: Asking, _wanted: Wanted) -> Any:
    used = uses(on=asking.on)
    return [(one, used.get(one.metric, ())) for one in saying(asking.query.get("q", "").strip(), used)]


def _says(name: str) -> Any:
    return lambda row: str(getattr(row[0], name))


METRICS: Final = Listing(
    "reports:metric_list",
    _("Dictionary of metrics"),
    (
        col("metric", _("Metric"), _says("metric")), col("name", _("Name"), _says("name")),
        col("group", _("Group"), _says("group")), col("meaning", _("Definition"), _says("meaning")),
        col("numerator", _("Numerator"), _says("numerator")),
        col("denominator", _("Denominator"), _says("denominator")),
        col("excluded", _("Left out"), _says("excluded")), col("whose", _("Counts for"), _says("whose")),
        col("placed", _("Placed by"), _says("placed")), col("unit", _("Told in"), _says("unit")),
        col("used_by", _("Used by"), lambda row: "；".join(f"{use.title} {use.saying.bar}".strip() for use in row[1])),
    ),
    _metrics,
)  # fmt: skip


def _of_both(side: str, what: Any) -> Any:
    return lambda row: what(row[side], row["metric"])


def _figure(figure: Measured, metric: str) -> str:
    return shown(figure.value, metric)


RESTATED: Final = Listing(
    "reports:restatement_list",
    _("Restatements"),
    (
        col("month", _("Month"), _of("row", "period")), col("figure", _("Figure"), "title"),
        col("policy", _("Policy"), _of("policy", "slug")), col("person", _("Name"), _text("row", "employee")),
        col("branch", _("Branch"), _text("row", "branch")), col("was", _("As closed"), _of_both("was", _figure)),
        col("was_sides", _("Numerator and denominator as closed"), _of_both("was", sides)),
        col("is_now", _("As of today"), _of_both("is_now", _figure)),
        col("sides", _("Numerator and denominator"), _of_both("is_now", sides)),
        col("found_at", _("Noticed"), _of("row", "found_at")),
    ),
    lambda asking, wanted: page_by_page(
        lambda one: telling.page_of(asking.employee, one, on=asking.on, now=asking.now), wanted
    ),
    lambda asking: FindRestated(asking.query, months=telling.months_of(asking.employee, on=asking.on)),
)  # fmt: skip

SERVICE: Final = Listing(
    "reports:service_report_list",
    _("Service-quality reports"),
    (
        col("period", _("Period"), of("period")), col("kind", _("Report"), of("kind"), ServiceKind.choices),
        col("branch", _("Branch"), text_of("branch")), col("version", _("Version"), of("number")),
        col("from_on", _("Covers"), of("covers_from")), col("until_on", _("Until"), of("covers_to")),
        col("state", _("State"), of("state"), ServiceState.choices), col("made_at", _("Made"), of("made_at")),
        col("as_of", _("As of"), of("as_of")), col("policy", _("Policy"), of("policy.slug")),
    ),
    lambda asking, wanted: service.reports(asking.employee, wanted, on=asking.on),
    lambda asking: FindServiceReports(asking.query, branches=service.branches(asking.employee, on=asking.on)),
)  # fmt: skip

OF_REPORTS: Final = (DAILY, OPINIONS, DOUBTS, IMPROVEMENTS, INSPECTIONS, DATASET, METRICS, RESTATED, SERVICE)
