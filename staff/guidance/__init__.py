"""The manual: one topic for every page, shown by the question mark on that page and together on the page of help.

A new page adds its topic to the file of its subject; a test holds the topics against `staff.domain.access.ACCESS`.
"""

from staff.guidance.after import AFTER
from staff.guidance.books import BOOKS
from staff.guidance.calls import CALLS
from staff.guidance.cases import CASES
from staff.guidance.customers import CUSTOMERS
from staff.guidance.dashboards import DASHBOARDS
from staff.guidance.doors import DOORS
from staff.guidance.exports import EXPORTS
from staff.guidance.figures import FIGURES
from staff.guidance.form import FORM
from staff.guidance.imports import IMPORTS
from staff.guidance.inspecting import INSPECTING
from staff.guidance.ledger import LEDGER
from staff.guidance.making_good import MAKING_GOOD
from staff.guidance.orders import ORDERS
from staff.guidance.origin import ORIGIN
from staff.guidance.people import PEOPLE
from staff.guidance.plan import PLAN
from staff.guidance.registering import REGISTERING
from staff.guidance.reporting import REPORTING
from staff.guidance.reviewing import REVIEWING
from staff.guidance.rules import RULES
from staff.guidance.service import SERVICE
from staff.guidance.set_up import SET_UP
from staff.guidance.topic import Topic
from staff.guidance.verifying import VERIFYING
from staff.guidance.works import WORKS

TOPICS: dict[str, Topic] = (
    CALLS
    | DOORS
    | ORDERS
    | EXPORTS
    | DASHBOARDS
    | FIGURES
    | FORM
    | CASES
    | AFTER
    | BOOKS
    | CUSTOMERS
    | IMPORTS
    | INSPECTING
    | ORIGIN
    | PEOPLE
    | PLAN
    | REPORTING
    | REVIEWING
    | LEDGER
    | MAKING_GOOD
    | REGISTERING
    | RULES
    | SERVICE
    | WORKS
    | SET_UP
    | VERIFYING
)

# Pages that are explained with another: the one that they open from.
WITH = {
    "reports:export_progress": "reports:export_list",
    "complaints:order_new": "complaints:order_list",
    "complaints:order": "complaints:order_list",
    "complaints:order_print": "complaints:order_list",
    "reports:daily_version": "reports:daily_report",
    "visits:task": "visits:workbench",
    "visits:queue_print": "visits:workbench",
    "complaints:letter": "complaints:letter_list",
    "complaints:letter_new": "complaints:letter_list",
    "complaints:case_print": "complaints:register_print",
    "visits:task_appointment": "visits:promise_list",
    "visits:task_pass_on": "visits:word_list",
    "visits:word": "visits:word_list",
    "visits:follow_up": "visits:follow_up_list",
    "visits:record_proof": "visits:proof_list",
    "visits:customer_restrict": "visits:customer",
    "visits:task_print": "visits:workbench",
    "visits:event": "visits:event_list",
    "visits:import_new": "visits:import_list",
    "visits:import_page": "visits:import_list",
    "visits:import_columns": "visits:import_list",
    "visits:filter_new": "visits:filter_list",
    "visits:filter_page": "visits:filter_list",
    "visits:campaign_new": "visits:campaign_list",
    "visits:campaign": "visits:campaign_list",
    "reports:review_grid": "reports:review_list",
    "reports:review_today": "reports:review_list",
    "reports:report_review": "reports:review_list",
    "reports:opinion": "reports:opinion_list",
    "reports:inspection": "reports:inspection_list",
    "reports:inspection_item": "reports:inspection_list",
    "reports:figure": "reports:figure_list",
    "reports:metric": "reports:metric_list",
    "reports:dashboard_comparisons": "reports:dashboard",
    "reports:figure_behind": "reports:dashboard",
    "reports:service_report_print": "reports:service_report",
    "reports:service_report_month_print": "reports:service_report_month",
    "reports:improvement_new": "reports:improvement_list",
    "reports:improvement": "reports:improvement_list",
    "complaints:book": "complaints:book_list",
    "complaints:book_print": "complaints:book_list",
    "complaints:entry_new": "complaints:book_list",
    "complaints:entry": "complaints:book_list",
    "complaints:article_new": "complaints:article_list",
    "complaints:article": "complaints:article_list",
    "staff:policy": "staff:policy_list",
    "staff:clause": "staff:policy_list",
    "staff:violation": "staff:ledger",
    "staff:month": "staff:month_list",
    "staff:notice": "staff:notice_list",
    "staff:statement": "staff:own_ledger",
    "visits:person": "visits:person_list",
    "visits:outage": "visits:outage_list",
    "visits:plan_day": "visits:plan",
    "staff:leave_calendar": "staff:leave_list",
    "staff:duty_day": "staff:duty",
    "account_change_password": "staff:account",
    "account_reauthenticate": "staff:account",
    "mfa_index": "staff:account",
    "mfa_activate_totp": "staff:account",
    "mfa_deactivate_totp": "staff:account",
    "mfa_reauthenticate": "staff:account",
    "mfa_view_recovery_codes": "staff:account",
    "mfa_generate_recovery_codes": "staff:account",
}


def topic_name(page: str) -> str | None:
    """Return the name of the topic that explains the page of that URL name, if one does."""
    name = WITH.get(page, page)
    return name if name in TOPICS else None
