"""Written reports of single visits (`per = "visit"`; AF-07, G-05): owed by who made a visit in which it was reached.

One is noted half a minute after the visit was saved, when it can no longer be taken back. Without `due` nobody has to
write anything: the program hands it in as it stands, and whom the rule names has it in the inbox.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from config.packs.duties import ReportSpec
from reports.choices import ReportState
from reports.domain.daily.cutoff import cutoff
from reports.domain.daily.owing import Ground, active_reports, keep_new
from reports.domain.daily.submitting import CannotSubmit, submit
from reports.models import OwedReport
from staff.domain.calendar import local_date
from staff.domain.policies import idle_in, latest_release, release_in_force, spec_of
from staff.models import Policy, Release
from visits.choices import Outcome, RecordKind
from visits.domain.calling.undoing import UNDO_WITHIN
from visits.models import RecordTask, VisitRecord

VISIT: Final = "visit"


def note_visits(*, now: datetime) -> Counter[str]:
    """Note the reports of visits that owe one and have none; hand in those that nobody has to write."""
    found: Counter[str] = Counter()
    for policy in Policy.objects.order_by("pk"):
        latest = latest_release(policy)
        for spec in active_reports(latest) if latest else ():
            if spec.per == VISIT:
                found["owed"] += _note(policy, spec.code, now=now)
    found["sent"] += sum(_hand_in(report, now=now) for report in _unwritten())
    return found


def visits_owing(policy: Policy, rule: str, *, now: datetime) -> QuerySet[VisitRecord]:
    """Return the visits of a policy that can no longer be taken back and have no such report yet."""
    done = RecordTask.objects.filter(record=OuterRef("pk"), completes=True, task__release__policy=policy)
    noted = OwedReport.objects.filter(record=OuterRef("pk"), policy=policy, rule=rule)
    settled = VisitRecord.objects.filter(
        Exists(done), ~Exists(noted), kind=RecordKind.CONTACT, outcome=Outcome.REACHED, logged_at__lt=now - UNDO_WITHIN
    )
    first_day = min(policy.releases.filter(in_force_seq__isnull=False).values_list("effective_from", flat=True))
    return settled.exclude(superseded_by__kind=RecordKind.VOID).filter(logged_at__date__gte=first_day).order_by("pk")


def _note(policy: Policy, rule: str, *, now: datetime) -> int:
    ground = Ground()
    rows = [
        row for record in visits_owing(policy, rule, now=now) for row in _row(policy, rule, record, ground, now=now)
    ]
    return keep_new(rows)


def _row(policy: Policy, rule: str, record: VisitRecord, ground: Ground, *, now: datetime) -> Iterator[OwedReport]:
    """Yield the report that a visit owes by the release in force on its day; none where that one asks for none."""
    on = local_date(record.logged_at, ZoneInfo(policy.timezone))
    release = release_in_force(policy, on)
    spec = _spec(release, rule) if release else None
    if release is None or spec is None:
        return
    employee = _author(spec, record, ground, on=on)
    post = ground.workforce.post(employee, on=on)
    bound = cutoff(
        spec, covers_to=on, ended_at=record.ended_at or record.started_at, days=ground.own_days(employee),
        zone=ZoneInfo(spec_of(release).policy.timezone),
    )  # fmt: skip
    yield OwedReport(
        policy=policy, release=release, rule=rule, employee_id=employee, branch_id=record.branch_id or post.branch,
        department_id=post.department, key=f"visit:{record.pk}", covers_from=on, covers_to=on, record=record,
        due_at=bound.due_at, inclusive=bound.inclusive, day_ends_at=bound.day_ends_at, made_at=now,
    )  # fmt: skip


def _spec(release: Release, rule: str) -> ReportSpec | None:
    found = spec_of(release).entry("report", rule)
    if not isinstance(found, ReportSpec) or found.per != VISIT or ("report", rule, "") in idle_in(release):
        return None
    return found


def _author(spec: ReportSpec, record: VisitRecord, ground: Ground, *, on: date) -> int:
    """Return who writes the report: the nearest holder of a role that the rule names, else who made the visit."""
    unit = ground.workforce.post(record.advisor_id, on=on)
    for person in spec.by:
        if person.kind == "role":
            holders = ground.workforce.holders(person.code, on=on)
            if record.advisor_id in holders:
                return record.advisor_id
            if groups := ground.workforce.groups(holders, unit, on=on):
                return groups[0][0]
    return record.advisor_id


def _unwritten() -> QuerySet[OwedReport]:
    """Return the reports of visits that the program hands in by itself: those that nothing bounds."""
    waiting_ones = OwedReport.objects.filter(state=ReportState.DUE, due_at=None, record__isnull=False)
    return waiting_ones.select_related("employee").order_by("pk")


def _hand_in(report: OwedReport, *, now: datetime) -> int:
    """Hand one in as it stands; one that lacks what the rule requires waits until its record is put right."""
    try:
        submit(report, by=report.employee, now=now)
    except CannotSubmit:
        return 0
    return 1
