"""What a reviewer does with a report: approve, return with remarks on its lines, flag a line, give guidance (A-04).

Each deed is about the version that the reviewer has read: where another one has come, or somebody else was quicker, it
is refused. Steps are appended only; a return leaves both versions (DECISIONS 34).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.choices import ReportState, ReviewDeed
from reports.domain.daily.telling import send_approved
from reports.domain.reviewing.reviewers import Reviewers, may_review, rule_of
from reports.models import OwedReport, ReportLine, ReportVersion, ReviewStep
from staff.domain.access import MANAGERS, roles_of
from staff.domain.activity import log
from staff.domain.notifying import notify, withdraw
from staff.models import Employee

REVIEWED: Final = (ReportState.SUBMITTED, ReportState.APPROVED)


class CannotReview(Exception):
    """The deed is refused; the text says why and what to do. Nothing has changed."""


class Outdated(CannotReview):
    """Another version has come, or somebody else has decided in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("This report has changed in the meantime. Look at it again."))


@dataclass(frozen=True)
class Approved:
    """What became of a bulk approval: how many were approved, and what was refused with its reason."""

    count: int
    refused: tuple[tuple[OwedReport, str], ...] = ()


@transaction.atomic
def approve(report: OwedReport, version: int, *, by: Employee, now: datetime, text: str = "") -> ReviewStep:
    """Approve a report as its version `version` stands. Raises `CannotReview`."""
    _check_reviewer(report, by, now)
    return _approve(report, version, by=by, now=now, text=text)


@transaction.atomic
def approve_many(reports: Iterable[tuple[OwedReport, int]], *, by: Employee, now: datetime) -> Approved:
    """Approve many reports, each with the version that was seen; what is refused stays as it is and is told."""
    reviewers, refused, count = Reviewers.load(on=local_day(now)), [], 0
    for report, version in reports:
        try:
            if by.pk not in reviewers.of(report):
                raise CannotReview(_("Somebody else reviews this report."))
            with transaction.atomic():
                _approve(report, version, by=by, now=now, text="")
            count += 1
        except CannotReview as refusal:
            refused.append((report, str(refusal)))
    return Approved(count, tuple(refused))


@transaction.atomic
def send_back(
    report: OwedReport, version: int, *, text: str, remarks: Mapping[int, str], by: Employee, now: datetime
) -> list[ReviewStep]:
    """Return a report to its owner with a remark, on the whole or on lines (`remarks` by the id of the line)."""
    _check_reviewer(report, by, now)
    said = {line: remark.strip() for line, remark in remarks.items() if remark.strip()}
    if not text.strip() and not said:
        raise CannotReview(_("Say what is to be mended: on a line, or on the whole report."))
    read = _claim(report, version, REVIEWED, ReportState.RETURNED)
    steps = [_step(read, ReviewDeed.RETURNED, by=by, now=now, text=text)] if text.strip() else []
    for line in ReportLine.objects.filter(version=read, pk__in=said).order_by("position"):
        steps.append(_step(read, ReviewDeed.RETURNED, by=by, now=now, text=said[line.pk], line=line))
    if not steps:
        raise CannotReview(_("Say what is to be mended: on a line, or on the whole report."))
    withdraw(key=f"report-{report.pk}-{version}", now=now)
    log(now=now, actor=by, verb="report.returned", subject=report, version=version, lines=len(said))
    notify(
        [report.employee], kind="report_returned", urgent=True, url=f"/daily-reports/{report.pk}/", now=now,
        message=gettext_noop("Your report %(key)s was returned: see the remarks and hand it in again"),
        facts={"key": report.key}, key=f"report-{report.pk}-returned-{version}",
    )  # fmt: skip
    return steps


@transaction.atomic
def flag(version: ReportVersion, line: ReportLine | None, text: str, *, by: Employee, now: datetime) -> ReviewStep:
    """Mark a line, or the whole version, for a second look by others who review or inspect; its owner sees it."""
    _check_manager(version.report, by, now)
    step = _step(version, ReviewDeed.FLAGGED, by=by, now=now, text=text, line=line)
    log(now=now, actor=by, verb="report.flagged", subject=version.report, line=line and line.position)
    return step


@transaction.atomic
def advise(version: ReportVersion, text: str, *, by: Employee, now: datetime) -> ReviewStep:
    """Write guidance on a report for its owner, whatever becomes of it otherwise (AF-08)."""
    _check_manager(version.report, by, now)
    if not text.strip():
        raise CannotReview(_("Write your guidance."))
    step = _step(version, ReviewDeed.OPINION, by=by, now=now, text=text)
    log(now=now, actor=by, verb="report.advised", subject=version.report)
    notify(
        [version.report.employee], kind="report_advised", url=f"/daily-reports/{version.report_id}/", now=now,
        message=gettext_noop("%(name)s gave guidance on your report %(key)s"),
        facts={"name": str(by), "key": version.report.key},
    )  # fmt: skip
    return step


def _approve(report: OwedReport, version: int, *, by: Employee, now: datetime, text: str) -> ReviewStep:
    read = _claim(report, version, (ReportState.SUBMITTED,), ReportState.APPROVED)
    step = _step(read, ReviewDeed.APPROVED, by=by, now=now, text=text)
    log(now=now, actor=by, verb="report.approved", subject=report, version=version)
    withdraw(key=f"report-{report.pk}-{version}", now=now)
    send_approved(read, rule_of(report.release, report.rule), now=now)
    return step


def _claim(report: OwedReport, version: int, states: Iterable[str], state: str) -> ReportVersion:
    """Move the report where it stands in one of `states` and `version` is its latest; return that version."""
    if not OwedReport.objects.filter(pk=report.pk, state__in=list(states)).update(state=state):
        raise Outdated
    # Only now: whoever hands in at this moment waits for the row, and what came before it is seen.
    latest = ReportVersion.objects.filter(report=report).order_by("-number").first()
    if latest is None or latest.number != version:
        raise Outdated
    report.state = state
    return latest


def _step(
    version: ReportVersion, deed: str, *, by: Employee, now: datetime, text: str, line: ReportLine | None = None
) -> ReviewStep:
    return ReviewStep.objects.create(version=version, line=line, deed=deed, by=by, at=now, text=text.strip())


def _check_reviewer(report: OwedReport, by: Employee, now: datetime) -> None:
    if not may_review(report, by, on=local_day(now)):
        raise CannotReview(_("Somebody else reviews this report."))


def _check_manager(report: OwedReport, by: Employee, now: datetime) -> None:
    if by.pk == report.employee_id or not roles_of(by, on=local_day(now)) & MANAGERS:
        raise CannotReview(_("Nobody reviews his own reports."))
