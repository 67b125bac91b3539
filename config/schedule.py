"""What runs when: the periodic jobs, in the order of their run (`config.wiring` names them all)."""

from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext_noop as _


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
        "cover_absent_cases",
        "complaints.domain.leaving.cover_absent_cases",
        at=time(0, 22),
        title=_("Give the cases and work orders of absent people to others"),
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
        "purge_exports",
        "reports.domain.exports.purging.purge_exports",
        at=time(3, 50),
        title=_("Delete files of old exports"),
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
        "restate_months",
        "reports.domain.facts.closing.restate_months",
        at=time(4, 10),
        title=_("Compare closed months with their rows"),
        each_day=False,
    ),
    Job(
        "make_service_reports",
        "reports.domain.service.making.make_service_reports",
        at=time(7, 0),
        title=_("Make the service-quality reports that are due"),
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
        "propose_duplicates",
        "complaints.domain.suspecting.propose_duplicates",
        at=time(4, 0),
        title=_("Look for cases that tell of the same matter"),
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
    Job("run_exports", "reports.excel.exporting.run_exports", title=_("Write the files of exports")),
    Job("roll_facts", "reports.domain.facts.rolling.roll_facts", title=_("Add up what each day brought")),
    # The last one: it judges what all others have brought about.
    Job("find_violations", "staff.domain.conduct.detecting.find_violations", title=_("Look for broken clauses")),
)
