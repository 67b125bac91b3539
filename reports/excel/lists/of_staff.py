"""The lists of staff as files: the ledger, what it posts each month, measures, leave, trainings, notices, the log."""

from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from reports.excel.lists.listing import Asking, Listing, NotThere, Wanted, col, lean, of, text_of
from staff.admin.activity import detail_words, log_found
from staff.admin.deeds import deed_words, subject_words
from staff.choices import LeaveKind, LeaveState, MeasureState, TrainingWay, Unit, ViolationState
from staff.domain import notifying, qualifying
from staff.domain.conduct import browsing, months, noticing, scope
from staff.domain.conduct.naming import exempt_words, measure_words
from staff.domain.demanding import demands
from staff.domain.duty.showing import day_numbered, lines_of, monday_of, week_at
from staff.domain.oversight import requests_seen_by
from staff.domain.pages import cut
from staff.forms.ledger import FindViolations
from staff.models import Notification, Violation

HUNDREDTHS: Final = 100


def _ledger_form(asking: Asking) -> FindViolations:
    people, rules, known = browsing.choices(asking.employee, on=asking.on)
    return FindViolations(asking.query, people=people, rules=rules, months=known)


def _amount(one: Any) -> Decimal | None:
    return None if one.amount is None else Decimal(one.amount) / HUNDREDTHS


def _unit(one: Any) -> str:
    return str(one.department or one.branch or "")


LEDGER: Final = Listing(
    "staff:ledger",
    _("Ledger"),
    (
        col("occurred_on", _("Day"), of("occurred_on")), col("person", _("Person"), text_of("employee")),
        col("username", _("User name"), of("employee.username")), col("policy", _("Policy"), of("policy.slug")),
        col("rule", _("Rule"), browsing.rule_title), col("clause", _("Clause"), of("clause")),
        col("amount", _("Amount"), _amount), col("counted_in", _("Unit of the amount"), of("unit"), Unit.choices),
        col("tier", _("Tier"), of("tier")), col("state", _("State"), of("state"), ViolationState.choices),
        col("exempt", _("Exempt"), of("exempt"), lambda why: str(exempt_words(why)) if why else ""),
        col("unit", _("Unit"), _unit), col("subject", _("About"), of("subject")),
    ),
    lambda asking, wanted: lean(browsing.violations(asking.employee, wanted, on=asking.on), "release__content"),
    _ledger_form,
)  # fmt: skip


def _months(asking: Asking, _wanted: Wanted) -> Any:
    return months.months(asking.employee, on=asking.on)


def _month_state(one: Any) -> str:
    return pgettext("month", "closed") if one.is_closed else pgettext("month", "open")


def _sum(side: str) -> Any:
    def read(month: Any) -> str:
        parts = [(one.unit, getattr(one, side)) for one in month.sums if getattr(one, side)]
        return "、".join(f"{Decimal(value) / HUNDREDTHS:f} {Unit(unit).label}" for unit, value in parts)

    return read


MONTHS: Final = Listing(
    "staff:month_list",
    _("Ledger by month"),
    (
        col("month", _("Month"), of("period")),
        col("state", _("State"), _month_state),
        col("penalties", _("Penalties"), _sum("penalties")), col("rewards", _("Rewards"), _sum("rewards")),
        col("postings", _("Postings"), of("entries")), col("waiting", _("Waits for a decision"), of("waiting")),
    ),
    _months,
)  # fmt: skip


def _own(asking: Asking, wanted: Wanted) -> Any:
    own = Violation.objects.filter(employee=asking.employee).select_related(*browsing.RELATED)
    return lean(cut(own.order_by("-occurred_on", "-pk"), wanted["page"]), "release__content")


OWN: Final = Listing("staff:own_ledger", _("My ledger"), LEDGER.columns, _own)


def _measures(asking: Asking, wanted: Wanted) -> Any:
    found = scope.measures(asking.employee, on=asking.on)
    related = found.select_related("employee", "violation__policy", "violation__release", "closed_by")
    return lean(cut(related.order_by("-pk"), wanted["page"]), "violation__release__content")


MEASURES: Final = Listing(
    "staff:measure_list",
    _("Measures"),
    (
        col("what", _("What"), lambda one: measure_words(one.what)), col("person", _("Person"), text_of("employee")),
        col("rule", _("Rule"), lambda one: browsing.rule_title(one.violation)),
        col("due_on", _("Due"), of("due_on")), col("state", _("State"), of("state"), MeasureState.choices),
        col("closed_at", _("Closed at"), of("closed_at")), col("closed_by", _("Closed by"), text_of("closed_by")),
        col("note", _("Note"), of("note")),
    ),
    _measures,
)  # fmt: skip


def _leave(asking: Asking, wanted: Wanted) -> Any:
    """Return what the page shows in three tables: what waits, one's own, and granted leave of others to come."""
    shown = Q(employee=asking.employee) | Q(state=LeaveState.ASKED)
    shown |= Q(state=LeaveState.GRANTED, absence__until_on__gte=asking.on)
    found = requests_seen_by(asking.employee, on=asking.on).filter(shown)
    return cut(found.select_related("employee", "substitute", "decided_by", "absence"), wanted["page"])


def _duty(asking: Asking, _wanted: Wanted) -> Any:
    """Return who is on duty and who is lacking in the week of the address, desk by desk."""
    on = day_numbered(asking.named["day"])
    if on is None:
        raise NotThere
    return [line for desk in week_at(asking.employee, monday_of(on), on=asking.on) for line in lines_of(desk)]


DUTY: Final = Listing(
    "staff:duty_day",
    _("Duty roster"),
    (
        col("policy", _("Policy"), of("desk.policy")), col("desk", _("Desk"), of("desk.title")),
        col("branch", _("Branch"), of("desk.branch")), col("day", _("Day"), of("on")),
        col("hours", _("Hours"), of("hours")), col("person", _("Person"), of("name")),
        col("in_place_of", _("In place of"), of("in_place_of")), col("reason", _("Reason"), of("reason")),
    ),
    _duty,
)  # fmt: skip


LEAVE: Final = Listing(
    "staff:leave_list",
    _("Leave"),
    (
        col("person", _("Person"), text_of("employee")), col("kind", _("Kind"), of("kind"), LeaveKind.choices),
        col("from_on", _("From"), of("from_on")), col("until_on", _("Until"), of("until_on")),
        col("substitute", _("Substitute"), text_of("substitute")), col("reason", _("Reason"), of("reason")),
        col("state", _("State"), of("state"), LeaveState.choices), col("asked_at", _("Asked at"), of("asked_at")),
        col("decided_by", _("Decided by"), text_of("decided_by")), col("remark", _("Remark"), of("remark")),
    ),
    _leave,
)  # fmt: skip


def _notifications(asking: Asking, wanted: Wanted) -> Any:
    found = Notification.objects.visible_to(asking.employee, on=asking.on)
    return cut(found, wanted["page"], told=lambda rows: [notifying.told(row) for row in rows])


NOTIFICATIONS: Final = Listing(
    "staff:notification_list",
    _("Notifications"),
    (
        col("at", _("At"), of("at")), col("text", _("Text"), of("text")), col("read", _("Read"), of("read")),
    ),
    _notifications,
)  # fmt: skip


def _trainings(asking: Asking, wanted: Wanted) -> Any:
    """Return what was entered of one's people, all of it: the page shows the latest."""
    titles = {one.code: one.title for one in demands(on=asking.on)}
    found = qualifying.entries(asking.employee, on=asking.on)
    return cut(found, wanted["page"], told=lambda rows: [(one, titles.get(one.code, one.code)) for one in rows])


def _entry(path: str) -> Any:
    read = of(path)
    return lambda row: read(row[0])


TRAININGS: Final = Listing(
    "staff:training_list",
    _("Trainings and tests"),
    (
        col("person", _("Person"), lambda row: str(row[0].employee)),
        col("title", _("Name"), lambda row: str(row[1])), col("way", _("Way"), _entry("way"), TrainingWay.choices),
        col("on", _("Day"), _entry("on")), col("score", _("Score"), _entry("score")),
        col("passed", _("passed"), _entry("passed")), col("topic", _("Topic"), _entry("note")),
        col("entered_by", _("Entered by"), lambda row: str(row[0].entered_by)),
        col("entered_at", _("Entered at"), _entry("entered_at")),
        col("revoked_at", _("Revoked at"), _entry("revoked_at")),
    ),
    _trainings,
)  # fmt: skip

NOTICES: Final = Listing(
    "staff:notice_list",
    _("Notices"),
    (
        col("month", _("Month"), of("close.period")), col("published_at", _("Published"), of("published_at")),
        col("by", _("Published by"), text_of("published_by")),
    ),
    lambda _asking, wanted: cut(noticing.published(), wanted["page"]),
)  # fmt: skip

ACTIVITY: Final = Listing(
    "admin:staff_activity_changelist",
    _("Activity log"),
    (
        col("at", _("At"), of("at")), col("actor", _("Person"), text_of("actor")),
        col("verb", _("Deed"), of("verb"), deed_words), col("subject", _("Kind"), of("subject_type"), subject_words),
        col("number", _("Number of the subject"), of("subject_id")), col("details", _("Details"), detail_words),
    ),
    lambda asking, wanted: cut(log_found(asking.employee, asking.query), wanted["page"]),
)  # fmt: skip

OF_STAFF: Final = (LEDGER, OWN, MONTHS, MEASURES, DUTY, LEAVE, NOTIFICATIONS, TRAININGS, NOTICES, ACTIVITY)
