"""Who may see and do what, as of a day: roles, the scope they open, and the table of URL × method × role.

Objects reach a view only through `visible_to(employee, on=day)`; a URL that the table lacks opens for nobody
(RELIABILITY, T01, T02).
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from staff.choices import BaseRole
from staff.domain.case_access import case_pages
from staff.domain.export_access import export_pages
from staff.domain.figure_access import figure_pages
from staff.domain.ledger_access import ledger_pages
from staff.domain.open_access import PUBLIC as PUBLIC
from staff.domain.report_access import report_pages
from staff.models import Employee, Posting, RoleAssignment

ADVISOR = BaseRole.SERVICE_ADVISOR.value
QUALITY = BaseRole.QUALITY_MANAGER.value
DEPARTMENT = BaseRole.DEPARTMENT_MANAGER.value
SUPERVISOR = BaseRole.CS_SUPERVISOR.value
GENERAL = BaseRole.GENERAL_MANAGER.value
ADMINISTRATOR = BaseRole.ADMINISTRATOR.value

EVERYBODY = frozenset(BaseRole.values)
CALLERS = frozenset({ADVISOR, QUALITY, DEPARTMENT, SUPERVISOR})
READERS = frozenset({ADVISOR, QUALITY, DEPARTMENT, SUPERVISOR, GENERAL})
MANAGERS = frozenset({QUALITY, DEPARTMENT, SUPERVISOR, GENERAL})
OVERSEERS = MANAGERS | {ADMINISTRATOR}  # of people, not of customers
APPROVERS = frozenset({QUALITY, SUPERVISOR, GENERAL})  # of files with whole numbers: who answers for a branch
IMPORTERS = frozenset({QUALITY, SUPERVISOR})

# Where a person lands: the first of these that is theirs.
HOMES = ("visits:workbench", "admin:index")

SIGNING_IN = (
    "account_change_password", "account_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_reauthenticate", "mfa_generate_recovery_codes",
)  # fmt: skip

# URL name (or namespace:*) -> method -> roles (by their rights, `Role.like`). HEAD follows GET; anything not named
# here is refused.
ACCESS: dict[str, dict[str, frozenset[str]]] = {
    "visits:workbench": {"GET": READERS},
    "visits:queue_news": {"GET": READERS},
    "visits:queue_print": {"GET": READERS},
    "visits:script_list": {"GET": READERS},
    "visits:task_print": {"GET": READERS},
    "visits:customer_tag": {"POST": CALLERS},
    "visits:task": {"GET": READERS},
    "visits:task_lease": {"POST": CALLERS},
    "visits:task_record": {"POST": CALLERS},
    "visits:task_skip": {"POST": CALLERS},
    "visits:task_draft": {"POST": CALLERS},
    "visits:draft_take": {"POST": CALLERS},
    "visits:draft_discard": {"POST": CALLERS},
    "visits:task_reassign": {"POST": MANAGERS},
    "visits:task_take": {"POST": CALLERS},
    "visits:task_stage": {"POST": CALLERS},
    "visits:task_why": {"GET": READERS},
    "visits:task_known": {"GET": READERS},
    "visits:record_undo": {"POST": CALLERS},
    "visits:task_evidence": {"POST": CALLERS},
    "visits:evidence_file": {"GET": READERS},
    "visits:evidence_remove": {"POST": CALLERS},
    "visits:record_proof": {"GET": READERS, "POST": CALLERS},
    "visits:record_judge": {"POST": MANAGERS},
    "visits:proof_list": {"GET": READERS},
    "visits:record_correct": {"GET": READERS, "POST": READERS},
    "visits:number_correct": {"POST": CALLERS},
    "visits:number_reveal": {"POST": CALLERS},
    "visits:task_appointment": {"GET": CALLERS, "POST": CALLERS},
    "visits:task_pass_on": {"GET": CALLERS, "POST": CALLERS},
    "visits:promise_list": {"GET": READERS},
    "visits:promise_cancel": {"POST": CALLERS},
    "visits:quota_list": {"GET": READERS},
    "visits:obligation_list": {"GET": READERS},
    "visits:obligation_done": {"POST": CALLERS},
    "visits:customer_restrict": {"GET": READERS, "POST": CALLERS},
    "visits:restriction_lift": {"POST": READERS},
    "visits:word_list": {"GET": READERS},  # whom it was passed on to need not make calls
    "visits:word": {"GET": READERS},
    "visits:word_read": {"POST": READERS},
    "visits:word_handle": {"POST": READERS},
    "visits:outage_list": {"GET": OVERSEERS},
    "visits:outage": {"GET": OVERSEERS},
    "visits:number_watch": {"GET": MANAGERS},
    "visits:number_unlock": {"POST": MANAGERS},
    "visits:task_list": {"GET": READERS},
    "visits:customer_list": {"GET": READERS},
    "visits:customer": {"GET": READERS},
    "visits:customer_new": {"GET": CALLERS, "POST": CALLERS},
    "visits:customer_edit": {"GET": CALLERS, "POST": CALLERS},
    "visits:customer_basics": {"POST": CALLERS},
    "visits:customer_merge": {"GET": MANAGERS, "POST": MANAGERS},
    "visits:merge_split": {"POST": MANAGERS},
    "visits:change_list": {"GET": MANAGERS},
    "visits:change_decide": {"POST": MANAGERS},
    "visits:request_list": {"GET": READERS},
    "visits:filter_list": {"GET": READERS},
    "visits:filter_new": {"GET": READERS, "POST": READERS},
    "visits:filter_page": {"GET": READERS, "POST": READERS},
    "visits:filter_delete": {"POST": READERS},
    "visits:campaign_list": {"GET": MANAGERS},
    "visits:campaign_new": {"GET": MANAGERS, "POST": MANAGERS},
    "visits:campaign": {"GET": MANAGERS},
    "visits:customer_visit": {"GET": CALLERS, "POST": CALLERS},
    "visits:customer_call": {"GET": CALLERS, "POST": CALLERS},
    "visits:customer_why_not": {"GET": READERS},
    "visits:record_list": {"GET": READERS},
    "visits:follow_up_list": {"GET": READERS},
    "visits:follow_up": {"GET": READERS},
    "visits:follow_up_deed": {"POST": CALLERS},
    "visits:vehicle": {"GET": READERS},
    "visits:event_list": {"GET": READERS},
    "visits:event": {"GET": READERS},
    "visits:import_list": {"GET": IMPORTERS},
    "visits:import_new": {"GET": IMPORTERS, "POST": IMPORTERS},
    "visits:import_template": {"GET": IMPORTERS},
    "visits:import_page": {"GET": IMPORTERS, "POST": IMPORTERS},
    "visits:import_columns": {"GET": IMPORTERS, "POST": IMPORTERS},
    "visits:import_progress": {"GET": IMPORTERS},
    "visits:import_rejects": {"GET": IMPORTERS},
    "visits:import_deed": {"POST": IMPORTERS},
    "visits:person_list": {"GET": OVERSEERS},
    "visits:person": {"GET": OVERSEERS},
    "visits:person_resign": {"POST": OVERSEERS},
    "visits:person_stay": {"POST": OVERSEERS},
    "visits:person_capacity": {"POST": OVERSEERS},
    "visits:redistribution": {"GET": MANAGERS, "POST": MANAGERS},
    "visits:participation": {"GET": MANAGERS},
    "visits:plan": {"GET": READERS},
    "visits:plan_day": {"GET": READERS},
    # who reviews a report, the domain says
    **{
        f"reports:{page}": {"GET": MANAGERS}
        for page in ("review_list", "review_today", "review_grid", "report_review", "opinion_list")
    },
    **{f"reports:{deed}": {"POST": MANAGERS} for deed in ("review_approve", "review_remind", "review_ask")},
    "reports:report_review_deed": {"POST": MANAGERS},
    "reports:opinion": {"GET": READERS, "POST": MANAGERS},
    **figure_pages(READERS),
    **dict.fromkeys(("reports:metric_list", "reports:metric"), {"GET": EVERYBODY}),
    "reports:vote_cast": {"POST": READERS},
    "reports:vote_enter": {"POST": CALLERS},
    "reports:vote_invite": {"POST": READERS},
    "reports:inspection_list": {"GET": READERS},  # to who is inspected, their own results
    "reports:inspection_draw": {"POST": READERS},  # who draws and scores, the scorecard says
    "reports:inspection_begin": {"POST": READERS},
    "reports:doubt_list": {"GET": MANAGERS},
    "reports:record_inspect": {"POST": READERS},
    "reports:inspection": {"GET": READERS},
    "reports:inspection_publish": {"POST": READERS},
    "reports:inspection_item": {"GET": READERS},
    **{f"reports:item_{deed}": {"POST": READERS} for deed in ("score", "reply", "decide", "again")},
    **export_pages(EVERYBODY, APPROVERS),
    **report_pages(READERS, MANAGERS),
    "staff:policy_list": {"GET": EVERYBODY},
    "staff:policy": {"GET": EVERYBODY},
    "staff:clause": {"GET": EVERYBODY},
    "staff:release_decide": {"POST": EVERYBODY},  # whom the release waits for, the domain decides
    "staff:health": {"GET": frozenset({ADMINISTRATOR})},
    "staff:api_client_list": {"GET": frozenset({ADMINISTRATOR}), "POST": frozenset({ADMINISTRATOR})},
    "staff:backup_list": {"GET": frozenset({ADMINISTRATOR})},
    "staff:backup_ask": {"POST": frozenset({ADMINISTRATOR})},
    "staff:health_ring": {"POST": frozenset({ADMINISTRATOR})},
    "staff:job_retry": {"POST": frozenset({ADMINISTRATOR})},
    "staff:quarantine_retry": {"POST": frozenset({ADMINISTRATOR})},
    "staff:session_stay": {"POST": EVERYBODY},
    "staff:bell": {"GET": EVERYBODY},
    "staff:notification_list": {"GET": EVERYBODY},
    "staff:notification_read": {"POST": EVERYBODY},
    "staff:notification_read_all": {"POST": EVERYBODY},
    "staff:paper_list": {"GET": EVERYBODY},
    "staff:paper_sign": {"POST": EVERYBODY},
    "staff:training_list": {"GET": OVERSEERS},
    "staff:training_enter": {"POST": OVERSEERS},
    "staff:training_revoke": {"POST": OVERSEERS},
    **ledger_pages(READERS, MANAGERS, EVERYBODY),
    **case_pages(READERS, CALLERS, MANAGERS),
    **dict.fromkeys(("staff:duty", "staff:duty_day"), {"GET": EVERYBODY}),  # whose desks, the domain says
    **dict.fromkeys(("staff:duty_enter", "staff:duty_repeat", "staff:duty_take_back"), {"POST": OVERSEERS}),
    "staff:leave_list": {"GET": EVERYBODY},
    "staff:leave_ask": {"POST": EVERYBODY},
    "staff:leave_calendar": {"GET": EVERYBODY},
    "staff:leave_decide": {"POST": EVERYBODY},  # whose decision it is, the domain says
    "staff:leave_withdraw": {"POST": EVERYBODY},
    **dict.fromkeys(SIGNING_IN, {"GET": EVERYBODY, "POST": EVERYBODY}),
    "staff:account": {"GET": EVERYBODY},
    "staff:session_end": {"POST": EVERYBODY},
    "staff:session_end_others": {"POST": EVERYBODY},
    "staff:help_list": {"GET": EVERYBODY},
    "staff:help_topic": {"GET": EVERYBODY},
    "mfa_index": {"GET": EVERYBODY},
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_download_recovery_codes"), {"GET": EVERYBODY}),
    "staff:people_import": {"GET": frozenset({ADMINISTRATOR}), "POST": frozenset({ADMINISTRATOR})},
    "staff:people_template": {"GET": frozenset({ADMINISTRATOR})},
    "staff:people_links": {"POST": frozenset({ADMINISTRATOR})},
    **{
        f"setup:{step}": {"GET": frozenset({ADMINISTRATOR}), "POST": frozenset({ADMINISTRATOR})}
        for step in ("company", "units", "administrator", "regulation", "calendar", "people", "events")
    },  # before anybody works here, staff.doorstep opens the first of them
    "setup:overview": {"GET": frozenset({ADMINISTRATOR})},
    "setup:finish": {"POST": frozenset({ADMINISTRATOR})},
    "admin:*": {"GET": frozenset({ADMINISTRATOR}), "POST": frozenset({ADMINISTRATOR})},
}


# What holds data of customers, and the pages among it that show none: a gate of the regulation shuts the rest (W-07).
WITH_CUSTOMERS = ("visits:", "complaints:", "reports:", "staff:notification")
WITHOUT_CUSTOMERS = frozenset(
    {
        "visits:plan", "visits:participation", "visits:person_list", "visits:person", "visits:person_resign",
        "visits:person_stay", "visits:person_capacity", "visits:outage_list", "visits:outage",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What one person may see on one day. `own`: the person's id where own work counts; `pools`: roles held."""

    everything: bool = False
    own: int | None = None
    branches: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    pools: frozenset[str] = frozenset()
    home_branches: frozenset[int] = field(default=frozenset())
    home_departments: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Standing:
    """What a person is and may see on one day; a person without a role on it is nobody."""

    base_roles: frozenset[str] = frozenset()
    scope: Scope = field(default_factory=Scope)


def standing_of(employee: Employee, *, on: date) -> Standing:
    """Return rights and scope together, by one query; administrators see no customer data (DECISIONS 5)."""
    if _has_left(employee, on=on):
        return Standing()
    posting = Posting.objects.on(on).filter(employee=OuterRef("employee")).order_by("-from_on")
    held = list(
        RoleAssignment.objects.on(on)
        .filter(employee=employee)
        .values_list(
            "role__like",
            "role__code",
            Subquery(posting.values_list(Coalesce("branch", "department__branch"))[:1]),
            Subquery(posting.values("department")[:1]),
        )
    )
    if not held:
        return Standing()
    likes = frozenset(like for like, _code, _branch, _department in held)
    branch, department = held[0][2:]
    company_wide = likes & {QUALITY, SUPERVISOR} and branch is None
    scope = Scope(
        everything=GENERAL in likes or bool(company_wide),
        own=employee.pk if likes & CALLERS else None,
        branches=frozenset({branch} if likes & {QUALITY, SUPERVISOR} and branch else ()),
        departments=frozenset({department} if DEPARTMENT in likes and department else ()),
        pools=frozenset(code for _like, code, _branch, _department in held),
        home_branches=frozenset({branch} if branch else ()),
        home_departments=frozenset({department} if department else ()),
    )
    return Standing(likes, scope)


def roles_of(employee: Employee, *, on: date) -> frozenset[str]:
    """Return the rights that the person's roles give on that day, as base roles; none to whoever has left."""
    return standing_of(employee, on=on).base_roles


def scope_of(employee: Employee, *, on: date) -> Scope:
    """Return what the person may see on that day; within a request the gate has asked it already."""
    asked_on, standing = employee.standing
    return standing.scope if asked_on == on else standing_of(employee, on=on).scope


def _has_left(employee: Employee, *, on: date) -> bool:
    return not employee.is_active or (employee.left_on is not None and employee.left_on < on)


def may_open(url_name: str, method: str, base_roles: frozenset[str]) -> bool:
    """Say whether these rights open that URL by that method; what the table lacks is closed."""
    methods = ACCESS.get(url_name) or ACCESS.get(url_name.split(":")[0] + ":*", {})
    return bool(methods.get("GET" if method == "HEAD" else method, frozenset()) & base_roles)


def shows_customers(url_name: str) -> bool:
    """Say whether a page may hold data of customers."""
    return url_name.startswith(WITH_CUSTOMERS) and url_name not in WITHOUT_CUSTOMERS
