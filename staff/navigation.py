"""The navigation: one table of entries, each shown to those for whom `staff.domain.access.ACCESS` opens its address.

A new screen adds one line to `ENTRIES` and nothing else. The first few of what a person may open stand in the bar, the
rest, by groups, in the menu beside it; on a phone the menu holds all of them.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.domain.access import EVERYBODY, MANAGERS, may_open

CALLS, CUSTOMERS = _("Calls"), _("Customers and events")
CASES = _("Complaints")
RESULTS = _("Reports and conduct")
PEOPLE, RULES = _("People and plan"), _("Regulation and configuration")
IN_BAR = 6


@dataclass(frozen=True)
class Entry:
    """One place to go: the URL name of its page, its words, its icon, its group, and the pages that belong to it.

    `first` are the entries that stand in the bar where there are more than fit; `roles` those with whose rights it is
    offered, where its address opens for others too, who come to it from elsewhere.
    """

    name: str
    words: Any
    icon: str
    group: Any
    pages: tuple[str, ...] = ()
    first: bool = False
    roles: frozenset[str] = EVERYBODY


PAGES_OF_CUSTOMER = (
    "visits:customer", "visits:vehicle", "visits:customer_new", "visits:customer_edit", "visits:customer_visit",
    "visits:customer_call", "visits:customer_merge",
)  # fmt: skip

SET_UP = (
    "setup:company", "setup:units", "setup:administrator", "setup:regulation", "setup:calendar", "setup:people",
    "setup:events",
)  # fmt: skip

ENTRIES = (
    Entry("visits:workbench", _("Workbench"), "phone", CALLS, ("visits:task",), first=True),
    Entry("visits:task_list", _("Tasks"), "checklist", CALLS, first=True),
    Entry("visits:follow_up_list", _("Follow-ups"), "list-check", CALLS, ("visits:follow_up",), first=True),
    Entry(
        "reports:daily_list",
        _("Daily reports"),
        "report",
        CALLS,
        ("reports:daily_report", "reports:daily_version"),
        first=True,
    ),
    Entry(
        "complaints:board",
        _("Complaints"),
        "message-report",
        CALLS,
        (
            "complaints:case",
            "complaints:case_list",
            "complaints:case_new",
            "complaints:case_edit",
            "complaints:case_merge",
            "complaints:case_clock",
        ),
        first=True,
    ),
    Entry("visits:record_list", _("Archive of contacts"), "archive", CALLS),
    Entry("visits:obligation_list", _("Owed"), "clock-check", CALLS),
    Entry("visits:promise_list", _("Agreed times"), "calendar-time", CALLS),
    Entry("visits:proof_list", _("Proof"), "shield-check", CALLS, ("visits:record_proof",)),
    Entry("visits:word_list", _("Passed on"), "send", CALLS, ("visits:word",)),
    Entry("visits:script_list", _("Scripts"), "message-2", CALLS),
    Entry("visits:customer_list", _("Customers"), "users", CUSTOMERS, PAGES_OF_CUSTOMER, first=True),
    Entry("visits:event_list", _("Events"), "tools", CUSTOMERS, ("visits:event",)),
    Entry(
        "visits:import_list",
        _("Imports"),
        "database-import",
        CUSTOMERS,
        ("visits:import_new", "visits:import_page", "visits:import_columns"),
    ),
    Entry("visits:request_list", _("Requests of customers"), "phone-incoming", CUSTOMERS),
    Entry(
        "visits:campaign_list", _("Campaigns"), "speakerphone", CUSTOMERS, ("visits:campaign_new", "visits:campaign")
    ),
    Entry(
        "visits:filter_list",
        _("Filters of customers"),
        "filter",
        CUSTOMERS,
        ("visits:filter_new", "visits:filter_page"),
    ),
    Entry("visits:change_list", _("Changes to approve"), "user-check", CUSTOMERS),
    Entry("complaints:link_list", _("Links for customers"), "qrcode", CUSTOMERS),
    Entry(
        "complaints:book_list",
        _("Books"),
        "notebook",
        CASES,
        ("complaints:book", "complaints:book_print", "complaints:entry_new", "complaints:entry"),
    ),
    Entry("complaints:letter_list", _("Public letters"), "mail", CASES, ("complaints:letter_new", "complaints:letter")),
    Entry("complaints:register_print", _("Register on paper"), "printer", CASES, ("complaints:case_print",)),
    Entry("complaints:article_list", _("Knowledge"), "bulb", CASES, ("complaints:article_new", "complaints:article")),
    Entry(
        "complaints:order_list",
        _("Work orders"),
        "tool",
        CASES,
        ("complaints:order", "complaints:order_new"),
    ),
    Entry(
        "reports:dashboard",
        _("Dashboard"),
        "dashboard",
        RESULTS,
        (
            "reports:dashboard_comparisons",
            "reports:dashboard_contacts",
            "reports:dashboard_questions",
            "reports:dashboard_units",
            "reports:dashboard_spans",
            "reports:figure_behind",
        ),
        roles=MANAGERS,
    ),
    Entry("reports:my_figures", _("My figures"), "target", RESULTS),
    Entry("reports:figure_list", _("Figures"), "chart-bar", RESULTS, ("reports:figure",)),
    Entry("reports:metric_list", _("Dictionary of metrics"), "book", RESULTS, ("reports:metric",)),
    Entry("reports:export_list", _("Exports"), "table-export", RESULTS, ("reports:export_progress",)),
    Entry("reports:restatement_list", _("Restatements"), "history", RESULTS),
    Entry(
        "reports:service_report_list",
        _("Service-quality reports"),
        "file-text",
        RESULTS,
        (
            "reports:service_report_month",
            "reports:service_report_month_print",
            "reports:service_report",
            "reports:service_report_print",
        ),
    ),
    Entry("reports:vote_list", _("Votes"), "star", RESULTS),
    Entry(
        "reports:review_list",
        _("Reviews"),
        "checks",
        RESULTS,
        ("reports:review_today", "reports:review_grid", "reports:report_review"),
        first=True,
    ),
    Entry("reports:opinion_list", _("Opinions of visits"), "signature", RESULTS, ("reports:opinion",)),
    Entry(
        "reports:inspection_list",
        _("Inspections"),
        "clipboard-list",
        RESULTS,
        ("reports:inspection", "reports:inspection_item", "reports:doubt_list"),
    ),
    Entry(
        "reports:improvement_list",
        _("Improvement actions"),
        "trending-up",
        RESULTS,
        ("reports:improvement_new", "reports:improvement"),
    ),
    Entry(
        "staff:ledger",
        _("Ledger"),
        "clipboard-list",
        RESULTS,
        ("staff:violation", "staff:violation_new"),
        roles=MANAGERS,
    ),
    Entry(
        "staff:month_list",
        _("Ledger by month"),
        "calendar-stats",
        RESULTS,
        ("staff:month",),
        roles=MANAGERS,
    ),
    Entry("complaints:branch_report", _("Complaints by branch"), "report", RESULTS),
    Entry("complaints:compensation_list", _("Compensations"), "heart-handshake", RESULTS),
    Entry("staff:measure_list", _("Measures"), "school", RESULTS, roles=MANAGERS),
    Entry("staff:own_ledger", _("My ledger"), "report", RESULTS, ("staff:statement",)),
    Entry("staff:notice_list", _("Notices"), "speakerphone", RESULTS, ("staff:notice",)),
    Entry("visits:person_list", _("People"), "users", PEOPLE, ("visits:person",)),
    Entry("visits:redistribution", _("Redistribution"), "arrow-forward-up", PEOPLE),
    Entry("visits:participation", _("Units"), "building", PEOPLE),
    Entry("visits:plan", _("Plan"), "calendar-stats", PEOPLE, ("visits:plan_day",)),
    Entry("visits:quota_list", _("Visit targets"), "target", PEOPLE),
    Entry("visits:outage_list", _("Outages"), "hourglass", PEOPLE, ("visits:outage",)),
    Entry("staff:duty", _("Duty roster"), "calendar-time", PEOPLE, ("staff:duty_day",)),
    Entry("staff:leave_list", _("Leave"), "beach", PEOPLE, ("staff:leave_calendar",)),
    Entry("visits:number_watch", _("Numbers shown"), "eye", PEOPLE),
    Entry("staff:notification_list", _("Notifications"), "bell", PEOPLE),
    Entry("staff:training_list", _("Trainings and tests"), "checks", PEOPLE),
    Entry("staff:paper_list", _("My papers and tests"), "writing", PEOPLE),
    Entry("staff:policy_list", _("Regulations"), "notebook", RULES, ("staff:policy", "staff:clause"), first=True),
    Entry("staff:health", _("System health"), "progress-check", RULES),
    Entry("staff:backup_list", _("Backups"), "archive", RULES),
    Entry("staff:api_client_list", _("Other systems"), "key", RULES),
    Entry("setup:overview", _("Set-up"), "list-numbers", RULES, SET_UP),
    Entry("staff:people_import", _("Staff list"), "user-plus", RULES),
    Entry("admin:index", _("Configuration"), "settings", RULES),
)


def navigation(base_roles: frozenset[str], here: str) -> dict[str, Any]:
    """Return what somebody with these rights is offered on the page of the URL name `here`.

    `bar` are the entries of the bar, `groups` all entries by group, `more` says whether the menu holds any that the
    bar does not.
    """
    mine = [entry for entry in ENTRIES if base_roles & entry.roles and may_open(entry.name, "GET", base_roles)]
    crowded = len(mine) > IN_BAR
    shown = [_told(entry, here, in_bar=entry.first or not crowded) for entry in mine]
    titles = list(dict.fromkeys(entry["group"] for entry in shown))
    return {
        "bar": [entry for entry in shown if entry["in_bar"]],
        "groups": [(title, [entry for entry in shown if entry["group"] == title]) for title in titles],
        "more": any(not entry["in_bar"] for entry in shown),
        "here_in_more": any(entry["here"] and not entry["in_bar"] for entry in shown),
    }


def _told(entry: Entry, here: str, *, in_bar: bool) -> dict[str, Any]:
    return {
        "url": reverse(entry.name),
        "words": entry.words,
        "icon": entry.icon,
        "group": entry.group,
        "here": here == entry.name or here in entry.pages,
        "in_bar": in_bar,
    }
