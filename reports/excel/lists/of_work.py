"""What people arrange and bring in, as files: plans, filters, proposed changes, goals, imports, numbers, outages."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from reports.excel.lists.listing import Asking, Listing, Wanted, col, of, text_of
from staff.choices import OutageCause
from staff.domain.pages import cut
from staff.forms.finding import day_named
from staff.models import Outage
from visits.choices import BatchState, ChangeState, Channel
from visits.domain.calling import guarding
from visits.domain.contact.masking import mask_in_text
from visits.domain.origin import campaigning, filtering
from visits.domain.quotas.listing import groups
from visits.forms.customers import EditForm
from visits.models import CustomerChange, ImportBatch


def _campaigns(asking: Asking, wanted: Wanted) -> Any:
    def told(rows: list[Any]) -> list[Any]:
        return list(zip(rows, campaigning.progress_of(rows), strict=True))

    return cut(campaigning.campaigns_seen(asking.employee, on=asking.on), wanted["page"], told=told)


def _first(path: str) -> Callable[[Any], Any]:
    read = of(path)
    return lambda row: read(row[0])


CAMPAIGNS: Final = Listing(
    "visits:campaign_list",
    _("Campaigns"),
    (
        col("title", _("Plan"), _first("title")), col("aim", _("Aim"), _first("aim")),
        col("from_on", _("From"), _first("starts_on")), col("until_on", _("Until"), _first("ends_on")),
        col("way", _("Channel"), _first("way"), Channel.choices), col("customers", _("Customers"), _first("customers")),
        col("answered", _("Answered"), lambda row: row[1].answered),
        col("counted", _("Visits that count"), lambda row: row[1].counted),
        col("made_by", _("Planned by"), lambda row: str(row[0].made_by)), col("made_at", _("At"), _first("made_at")),
    ),
    _campaigns,
)  # fmt: skip

FILTERS: Final = Listing(
    "visits:filter_list",
    _("Filters of customers"),
    (
        col("name", _("Name"), of("name")), col("conditions", _("Conditions"), filtering.words_of),
        col("owner", _("Owner"), text_of("owner")), col("shared", _("shared"), of("shared")),
        col("made_at", _("At"), of("made_at")),
    ),
    lambda asking, wanted: cut(filtering.visible_filters(asking.employee), wanted["page"]),
)  # fmt: skip

FIELDS: Final = {name: field.label for name, field in EditForm.base_fields.items()}
PROPOSED: Final = (ChangeState.PROPOSED, ChangeState.APPROVED, ChangeState.REJECTED)


def _changes(asking: Asking, wanted: Wanted) -> Any:
    """Return the proposals, those that wait and those decided, as the two tables of the page."""
    seen = CustomerChange.objects.visible_to(asking.employee, on=asking.on).filter(state__in=PROPOSED)
    return cut(seen.select_related("customer", "made_by", "decided_by").order_by("-pk"), wanted["page"])


def _value(name: str) -> Callable[[Any], str]:
    def read(row: Any) -> str:
        value = getattr(row, name)
        known = dict(Channel.choices) if row.field == "preferred_channel" else {}
        return mask_in_text(str(known.get(value, value)))

    return read


CHANGES: Final = Listing(
    "visits:change_list",
    _("Changes to approve"),
    (
        col("customer", _("Customer"), of("customer.name")), col("field", _("Change"), of("field"), FIELDS),
        col("before", _("Former value"), _value("before")), col("after", _("New value"), _value("after")),
        col("made_by", _("Proposed by"), text_of("made_by")), col("made_at", _("At"), of("made_at")),
        col("state", _("State"), of("state"), ChangeState.choices),
        col("decided_by", _("Decided by"), text_of("decided_by")), col("decided_at", _("Decided at"), of("decided_at")),
        col("reason", _("Reason"), lambda row: mask_in_text(row.reason)),
    ),
    _changes,
)  # fmt: skip


def _goals(asking: Asking, _wanted: Wanted) -> Any:
    of_day = day_named(asking.query.get("of", ""), today=asking.on)
    return [(one, row) for one in groups(asking.employee, of=of_day, on=asking.on) for row in one.rows]


def _tally(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row[1].tally, name)


GOALS: Final = Listing(
    "visits:quota_list",
    _("Visit targets"),
    (
        col("goal", _("Target"), lambda row: row[0].title), col("period", _("Period"), _first("goal.period.key")),
        col("whose", _("Whose"), lambda row: row[1].name or str(_("the whole company"))),
        *(
            col(name, label, _tally(name))
            for name, label in (("made", _("Visits made")), ("wanted", _("Wanted")), ("left", _("Still to make")))
        ),
        col("days", _("Working days left"), _first("days")),
    ),
    _goals,
)  # fmt: skip


def _count(name: str) -> Callable[[Any], Any]:
    return lambda batch: batch.counts.get(name, 0) if batch.counts else None


IMPORTS: Final = Listing(
    "visits:import_list",
    _("Imports"),
    (
        col("file", _("File"), of("filename")), col("state", _("State"), of("state"), BatchState.choices),
        col("rows", _("Rows"), lambda one: one.counts.get("read") or one.reading.get("rows")),
        col("created", _("new"), _count("created")), col("updated", _("changed"), _count("updated")),
        col("unchanged", _("unchanged"), _count("unchanged")), col("rejected", _("refused"), _count("rejected")),
        col("source", _("Source system"), of("source")), col("branch", _("Branch"), text_of("branch")),
        col("by", _("Brought by"), text_of("started_by")), col("at", _("At"), of("started_at")),
    ),
    lambda asking, wanted: cut(
        ImportBatch.objects.visible_to(asking.employee, on=asking.on).select_related("started_by", "branch"),
        wanted["page"],
    ),
)  # fmt: skip


def _thing(line: dict[str, Any]) -> str:
    return line["customer"].name if line["customer"] else str(line["thing"].words) if line["thing"] else ""


NUMBERS: Final = Listing(
    "visits:number_watch",
    _("Numbers shown"),
    (
        col("at", _("When")), col("who", _("Who"), lambda line: str(line["who"])),
        col("customer", _("Customer"), _thing), col("reason", _("Reason"), lambda line: mask_in_text(line["reason"])),
    ),
    lambda asking, _wanted: guarding.lines(asking.employee, now=asking.now, limit=None),
)  # fmt: skip


def _minutes(outage: Any) -> int:
    return int((outage.to_at - outage.from_at).total_seconds() // 60)


OUTAGES: Final = Listing(
    "visits:outage_list",
    _("Outages"),
    (
        col("from_at", _("From"), of("from_at")), col("until_at", _("Until"), of("to_at")),
        col("minutes", _("Length in minutes"), _minutes),
        col("cause", _("Cause"), of("cause"), OutageCause.choices),
    ),
    lambda _asking, wanted: cut(Outage.objects.all(), wanted["page"]),
)  # fmt: skip

OF_WORK: Final = (CAMPAIGNS, FILTERS, CHANGES, GOALS, IMPORTS, NUMBERS, OUTAGES)
