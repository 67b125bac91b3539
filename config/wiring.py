"""How the apps are wired together, by dotted name: what runs when, what follows what, who owns which section.

`config` imports no app; these tables, `urls.py` and the settings are all the arrows that point upwards.
"""

from config.detectors import DETECTORS as DETECTORS
from config.detectors import OWED_ABOUT as OWED_ABOUT
from config.detectors import SUBJECTS as SUBJECTS
from config.detectors import Detector as Detector
from config.keepers import COMPANY_CODES as COMPANY_CODES
from config.keepers import POLICY_SECTIONS as POLICY_SECTIONS
from config.looking import BACKLOGS as BACKLOGS
from config.looking import CHECKS as CHECKS
from config.looking import GROUND as GROUND
from config.looking import INSTALLATION as INSTALLATION
from config.looking import VITAL as VITAL
from config.schedule import JOBS as JOBS
from config.schedule import Job as Job

# Says whether a demo that is being started still lacks its company.
DEMO_WANTED = "visits.domain.demonstrating.restarting.is_wanted"

# What else a day of the demo company brings, before its calls and after them: each `live(company, on)`.
DEMO_MORNINGS: tuple[str, ...] = (
    "reports.domain.demonstrating.living.begin_day",
    "complaints.domain.demonstrating.living.begin_day",
)
DEMO_EVENINGS: tuple[str, ...] = (
    "complaints.domain.demonstrating.living.end_day",
    "reports.domain.demonstrating.living.end_day",
)

# What happens across apps when something has happened, in this order, in the caller's transaction.
HANDOVERS: dict[str, tuple[str, ...]] = {
    "policy_published": ("visits.domain.planning.events.revisit_events",),
    "employee_away": (
        "visits.domain.assigning.deciding.move_work",
        "visits.domain.follow_up.owners.move_follow_ups",
        "complaints.domain.leaving.move_cases",  # with their clocks, before all other deeds
        "visits.domain.obliging.handing_on.move_obligations",
        "reports.domain.leaving.lift_reports",
        "reports.domain.leaving.move_improvements",
        "staff.domain.conduct.carrying_out.drop_of_leaver",
    ),
    # `employee`, `from_on`: what was found before of days that are over may be excused now.
    "leave_granted": (
        "reports.domain.daily.excusing.follow_leave",
        "staff.domain.conduct.releasing.follow_leave",
    ),
    "visit_taken_back": (  # raises what keeps it from being so
        "reports.domain.daily.reported.refuse_undo",
        "complaints.domain.verdicts.follow_undone",
        "complaints.domain.orders.checked_back.follow_undo",
    ),
    "visit_corrected": (
        "reports.domain.daily.reported.keep_verbatim",  # raises what keeps it from being so
        "reports.domain.daily.reported.tell_corrected",
        "complaints.domain.verdicts.follow_corrected",
    ),
    # `tasks`: a contact about them is going to be saved; what it may change is held first, in one order for all.
    "visit_begins": ("complaints.domain.holding.hold_before_visit",),
    # `record`, `tasks` that it completes, `by`: a contact was saved.
    "visit_recorded": (
        "complaints.domain.verdicts.follow_visit",
        "complaints.domain.orders.checked_back.follow_visit",
    ),
    # `item`: the follow-up of a visit, `grievance`: what was told of the complaint beside it
    "complaint_raised": ("complaints.domain.raising.follow_raised",),
    "complaint_withdrawn": ("complaints.domain.raising.follow_withdrawn",),  # `item`: its visit was taken back
    # `result`: the KpiResult of an employee whose figure missed its target; `on`: the last day.
    "kpi_missed": ("visits.domain.obliging.owing.note_kpi_missed",),
    "obligation_late": ("complaints.domain.holding.hold_before_escalating",),  # `obligation` that escalates
    # `obligation` that is not done, `to`: whom the regulation has told just now.
    "obligation_escalated": ("complaints.domain.escalating.follow_clock",),
    # An obligation of the regulation: `subject`, `title`, `owner_id`, `due_at`, `violation_id`.
    "improvement_owed": ("reports.domain.improving.owed.begin_owed",),
    # An obligation of the regulation that the program does itself: `spec`, `release_id`, `occasion`.
    "complaint_owed": ("complaints.domain.drafting.draft_complaint",),
    "work_order_owed": ("complaints.domain.drafting.draft_work_order",),
    "quarantine_left": ("visits.domain.planning.events.plan_again",),
    # `violation`: a new proposal, joint ones too
    "violation_found": ("complaints.domain.consequences.tell_deciders",),
    "month_closing": (  # `period`: a month that is about to close
        "reports.domain.figures.rewarding.judge_month",
        "reports.domain.facts.closing.freeze_month",
    ),
}

# Says in words, for whoever is about to correct a record, that it was reported: `told_of(record)`, nothing where not.
REPORTED = "reports.domain.daily.reported.told_of"

# What a complaint that is raised in a visit may be called: `choices(*, branch, department, on)` of severities,
# categories, departments; and what was registered of it: `told_of(record)`, nothing where nothing was.
COMPLAINT_CHOICES = "complaints.domain.raising.choices"
OPEN_COMPLAINTS = "complaints.domain.counting.open_complaints"  # of customers: `(customers, *, until)`, by their ids
COMPLAINT_TOLD = "complaints.domain.raising.told_of"

# Who was given a report with a table for a period: `delivered(table, *, first, last)` (AE-13).
REPORTS_DELIVERED = "reports.domain.daily.delivering.delivered"

# When records are judged where a report covers them: `cut_offs(*, due=None, days=None)` of visits.domain.detecting.
RECORD_CUT_OFFS = "reports.domain.cut_offs.cut_offs"

# Who judges a restored copy, `judge(now=…, files=…)`, each in a transaction that is taken back; faults are raised.
JUDGES: tuple[str, ...] = ("visits.domain.proof.restoring.judge_evidence",)

# The fields that a form for conditions offers: a function that returns them with their words.
CONDITION_FIELDS = "visits.domain.matching.offering.offered"

# What the program does under every policy (`feature:<name>` of a clause), as far as it is there.
FEATURES_THERE: frozenset[str] = frozenset(
    {
        "access",
        "archive",
        "audit",
        "duplicates",
        "improvement",
        "knowledge",
        "numbers",
        "participants",
        "plans",
        "print",
        "privacy",
        "promises",
        "public_pages",
        "questions",
        "releases",
        "routing",
        "scheduling",
        "vehicles",
        "work_orders",
        "workbench",
    }
)

# Sections whose behaviour is there; any other loads, is kept and dumped, and is shown as "not yet enforced".
ENFORCED: frozenset[str] = frozenset(
    {
        "policy",
        "clause",
        "role",
        "event_kind",
        "segment",
        "qualification",
        "calling_hours",
        "roster",
        "return_appointment",
        "visit_rule",
        "quota",
        "report",
        "questionnaire",
        "kpi",
        "reward",
        "scorecard",
        "complaints",
        "complaint_level",
        "category",
        "penalty",
        "ledger",
    }
)

# What of an enforced section is not there yet: scorecards are scored on contacts, and over a period.
LATER: dict[str, frozenset[str]] = {
    "scorecard": frozenset({"complaint", "work_order"}),
    "roster": frozenset({"handover"}),  # with a `log` that is handed over, or `checklists`
}

# What a form may be of (`[[form]]`, `of`) so that the program asks for it; forms of anything else come with it.
FORMS_THERE: frozenset[str] = frozenset({"visit_record", "complaint", "register", "work_order"})

# What may be spent (`[[allowance]]`, `of`) under a limit that the program keeps.
ALLOWANCES_THERE: frozenset[str] = frozenset({"compensation"})

# The deeds of obligations (`[[obligation]]`, `deed`) that the program notes and knows to be done.
DEEDS_THERE: frozenset[str] = frozenset(
    {
        "record",
        "attempt",
        "tell_customer",
        "onsite_visit",
        "correct_number",
        "todo",
        "notify",
        "improvement_action",
        "draft_complaint",
        "draft_work_order",
        "first_reply",
        "department_reply",
        "progress",
        "resolve",
        "decide",
        "complaint",
        "work_order",
        "close_entry",
        "archive",
    }
)
