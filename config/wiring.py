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


@dataclass(frozen=True)
class Job:
    """A periodic job: `run(now=…)` at every tick, or once a day at `at`, then `run(now=…, on=business day)`.

    `title` is what the page of health calls it. Without `each_day`, one run does for all the days before it: after a
    standstill a day's job then runs once, not once for every day.
    """

    name: str
    run: str
    at: time | None = None
    title: str = ""
    each_day: bool = True


JOBS: tuple[Job, ...] = (
    Job("note_reports", "reports.domain.daily.owing.note_owed", at=time(0, 0), title=_("Note who owes a report")),
    Job(
        "close_accounts",
        "staff.domain.people.close_accounts",
        at=time(0, 1),
        title=_("Close the accounts of who has left"),
        each_day=False,
    ),
    Job(
        "purge_notifications",
        "staff.domain.notifying.purge_notifications",
        at=time(0, 3),
        title=_("Delete old notifications"),
        each_day=False,
    ),
    Job(
        "break_promises",
        "visits.domain.promising.ringing.break_promises",
        at=time(0, 2),
        title=_("Note broken promises"),
    ),
    Job(
        "judge_segments",
        "visits.domain.matching.segmenting.judge_segments",
        at=time(0, 5),
        title=_("Sort customers into segments"),
    ),
    Job(
        "judge_customers",
        "visits.domain.planning.judging.judge_customers",
        at=time(0, 10),
        title=_("Begin visits of rules on customers"),
    ),
    Job(
        "hold_campaigns",
        "visits.domain.planning.campaigning.hold_campaigns",
        at=time(0, 15),
        title=_("Begin visits of campaigns and plans"),
    ),
    Job(
        "cover_absent",
        "visits.domain.follow_up.owners.cover_absent",
        at=time(0, 20),
        title=_("Give the follow-ups of absent people to others"),
        each_day=False,
    ),
    Job(
        "remind_of_improvements",
        "reports.domain.improving.reminding.remind",
        at=time(0, 25),
        title=_("Remind of improvement actions"),
        each_day=False,
    ),
    Job(
        "make_backup",
        "staff.domain.backing.making.make_nightly",
        at=time(1, 30),
        title=_("Make the nightly backup"),
        each_day=False,
    ),
    Job(
        "doubt_records",
        "reports.domain.inspecting.doubting.doubt_records",
        at=time(0, 40),
        title=_("Look for visits that are hard to believe"),
    ),
    Job(
        "draw_inspections",
        "reports.domain.inspecting.opening.draw_inspections",
        at=time(0, 50),
        title=_("Draw what is inspected"),
    ),
    Job(
        "check_evidence",
        "visits.domain.proof.keeping.check_files",
        at=time(2, 30),
        title=_("Compare proof with its files"),
        each_day=False,
    ),
    Job(
        "purge_evidence",
        "visits.domain.proof.keeping.purge_files",
        at=time(3, 0),
        title=_("Delete proof that is kept no longer"),
        each_day=False,
    ),
    Job(
        "purge_drafts",
        "visits.domain.calling.drafting.purge_drafts",
        at=time(3, 30),
        title=_("Delete old drafts"),
        each_day=False,
    ),
    Job(
        "purge_api_answers",
        "staff.domain.api_clients.purge_answers",
        at=time(3, 35),
        title=_("Delete old answers of the API"),
        each_day=False,
    ),
    Job(
        "purge_rehearsals",
        "visits.domain.rehearsing.running.purge_rehearsals",
        at=time(3, 40),
        title=_("Delete old rehearsals"),
        each_day=False,
    ),
    Job(
        "warn_quotas",
        "visits.domain.quotas.warning.warn_quotas",
        at=time(8, 0),
        title=_("Warn of targets that are hardly reached"),
        each_day=False,
    ),
    Job(
        "purge_imports",
        "visits.domain.intake.purging.purge_imports",
        at=time(3, 45),
        title=_("Delete files of old imports"),
        each_day=False,
    ),
    Job(
        "judge_periods",
        "reports.domain.figures.rewarding.judge_periods",
        at=time(0, 30),
        title=_("Judge the figures of periods that ended"),
        each_day=False,
    ),
    Job(
        "warn_inspections",
        "reports.domain.inspecting.warning.warn_inspections",
        at=time(9, 0),
        title=_("Warn of inspections that lack on the last day of their period"),
    ),
    Job(
        "remind_of_cases",
        "complaints.domain.reminding.remind_of_cases",
        at=time(8, 30),
        title=_("Remind those who keep track of cases"),
        each_day=False,
    ),
    Job(
        "remind_of_orders",
        "complaints.domain.orders.reminding.remind_of_orders",
        at=time(8, 5),
        title=_("Remind of work orders that are late"),
        each_day=False,
    ),
    Job("watch_returns", "visits.domain.follow_up.arriving.watch_returns", title=_("Notice cars that came back")),
    Job("run_imports", "visits.excel.background.run_imports", title=_("Carry imports on")),
    Job("plan_events", "visits.domain.planning.events.plan_events", title=_("Make visits of events")),
    Job(
        "change_over",
        "visits.domain.switching.changing_over.change_over",
        title=_("Let open visits follow a new release"),
    ),
    Job("continue_series", "visits.domain.planning.sweeping.continue_all", title=_("Make the next visits of series")),
    Job("assign_waiting", "visits.domain.assigning.deciding.assign_waiting", title=_("Give visits to people")),
    Job(
        "drop_unwanted",
        "visits.domain.calling.restricting.drop_unwanted",
        title=_("Cancel visits that customers refused"),
    ),
    Job(
        "follow_verifications",
        "complaints.domain.verifying.follow_all",
        title=_("Note which solved cases are asked after"),
    ),
    Job("open_due", "visits.domain.planning.opening.open_due", title=_("Open visits whose time has come")),
    Job("settle_opened", "visits.domain.assigning.deciding.settle_opened", title=_("Settle who makes opened visits")),
    Job("compare_images", "visits.domain.proof.doubting.compare_images", title=_("Look for pictures handed in twice")),
    Job("make_asked_backup", "staff.domain.backing.making.make_asked", title=_("Make backups that were asked for")),
    Job("ring_promises", "visits.domain.promising.ringing.ring_promises", title=_("Remind of agreed times")),
    Job("judge_reports", "reports.domain.daily.judging.judge_reports", title=_("Judge reports at their cut-off")),
    Job("rehearse", "visits.domain.rehearsing.running.run_waiting", title=_("Rehearse rules")),
    Job("note_obligations", "visits.domain.obliging.owing.note_obligations", title=_("Note what is owed after events")),
    Job("settle_owed_complaints", "complaints.domain.owed.settle_all", title=_("Look which owed complaints are there")),
    Job("watch_obligations", "visits.domain.obliging.watching.watch_obligations", title=_("Look what owed was done")),
    # The last one: it judges what all others have brought about.
    Job("find_violations", "staff.domain.conduct.detecting.find_violations", title=_("Look for broken clauses")),
)

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
    "month_closing": ("reports.domain.figures.rewarding.judge_month",),  # `period`: a month that is about to close
}

# Says in words, for whoever is about to correct a record, that it was reported: `told_of(record)`, nothing where not.
REPORTED = "reports.domain.daily.reported.told_of"

# What a complaint that is raised in a visit may be called: `choices(*, branch, department, on)` of severities,
# categories, departments; and what was registered of it: `told_of(record)`, nothing where nothing was.
COMPLAINT_CHOICES = "complaints.domain.raising.choices"
OPEN_COMPLAINTS = "complaints.domain.counting.open_complaints"  # of customers: `(customers, *, until)`, by their ids
COMPLAINT_TOLD = "complaints.domain.raising.told_of"

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
        "improvement",
        "knowledge",
        "numbers",
        "participants",
        "plans",
        "print",
        "privacy",
        "promises",
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
