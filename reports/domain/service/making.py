"""Making the service-quality reports that are due, once each, and a new version where figures have changed since.

However often and late the job runs, and whoever runs it at the same time: one report for each kind, policy, branch and
period. Its content is frozen; people are told in the same transaction.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reports.choices import ServiceDeed, ServiceKind
from reports.domain.service import composing, measuring, saying
from reports.domain.service.content import Content, Figure, differing, frozen, thawed
from reports.domain.service.due import due_periods
from reports.domain.service.measuring import Subject
from reports.domain.service.sending import send
from reports.models import ServiceReport, ServiceReportStep
from staff.domain.absences import working_calendar
from staff.domain.activity import log
from staff.domain.calendar import WorkCalendar
from staff.domain.periods import Period, period_named
from staff.domain.policies import releases_of, ruling
from staff.models import Employee, Policy

Known = dict[tuple[int, str], tuple[Figure, ...]]
# Of a regulation without figures of its own only these are made.
OF_MONTHS: Final = (ServiceKind.MONTHLY, ServiceKind.BRANCH, ServiceKind.CATEGORY)


class CannotRestate(Exception):
    """There is nothing to state anew, or somebody has done it; the text says which."""


def make_service_reports(*, now: datetime, on: date) -> Counter[str]:
    """Make every report that is due on the day `on` and is not there (a daily job); return how many of each kind."""
    counts: Counter[str] = Counter()
    calendar, known = working_calendar(), dict[tuple[int, str], tuple[Figure, ...]]()
    for policy in Policy.objects.order_by("pk"):
        releases = list(releases_of(policy))
        for kind in ServiceKind.values:
            for period in due_periods(kind, _newest(policy, kind), calendar, on=on):
                release = ruling(releases, period.last)
                if release is not None and (kind in OF_MONTHS or measuring.has_own(release)):
                    counts[kind] += _make(kind, Subject(release, period, now), calendar, known)
    return +counts


def _newest(policy: Policy, kind: str) -> Period | None:
    found = ServiceReport.objects.filter(policy=policy, kind=kind).order_by("-covers_to").first()
    return period_named(found.period) if found else None


def _make(kind: str, about: Subject, calendar: WorkCalendar, known: Known) -> int:
    """Make the reports of one kind and period that are not there yet; return how many were made.

    `known` are figures that were measured for another kind in the same run: each is measured once.
    """
    same = ServiceReport.objects.filter(kind=kind, policy=about.release.policy_id, period=about.period.key)
    there: set[int | None] = set(same.values_list("branch", flat=True))
    if (not there and not saying.has_begun(about)) or _is_still_day_off(about, calendar):
        return 0
    found = _subjects(kind, about, there, known)
    return sum(_keep(kind, one, composing.compose(kind, one, figures)) is not None for one, figures in found)


def _is_still_day_off(about: Subject, calendar: WorkCalendar) -> bool:
    """Say whether the period is one day on which nobody works and nobody was called: it needs no report."""
    day = about.period
    return day.per == "day" and not calendar.is_workday(day.first) and not saying.contacts(about).exists()


def _subjects(
    kind: str, about: Subject, there: set[int | None], known: Known
) -> Iterator[tuple[Subject, tuple[Figure, ...]]]:
    """Yield what lacks a report of that kind: the policy's units as a whole, or each of its branches."""
    if kind != ServiceKind.BRANCH:
        key = (about.release.pk, about.period.key)
        if None not in there:
            yield about, known.get(key) or known.setdefault(key, measuring.figures(about))
        return
    lacking = [one.pk for one in composing.branches_of(about) if one.pk not in there]
    found = measuring.figures_of_branches(about, lacking) if lacking else {}
    for branch in lacking:
        yield Subject(about.release, about.period, about.now, branch), found.get(branch, ())


def _keep(
    kind: str, about: Subject, content: Content, *, before: ServiceReport | None = None, by: Employee | None = None
) -> ServiceReport | None:
    """Keep a version and tell who it is for; None where another process was quicker."""
    kept = frozen(content)
    try:
        with transaction.atomic():
            report = ServiceReport.objects.create(
                kind=kind, policy_id=about.release.policy_id, release=about.release, branch_id=about.branch,
                period=about.period.key, covers_from=about.period.first, covers_to=about.period.last,
                number=before.number + 1 if before else 1, restates=before, content=kept, sha256=_sha256(kept),
                made_at=about.now, as_of=about.now, made_by=by,
            )  # fmt: skip
            deed = ServiceDeed.RESTATED if before else ServiceDeed.MADE
            ServiceReportStep.objects.create(report=report, deed=deed, at=about.now, by=by)
            log(now=about.now, actor=by, verb=f"service_report.{deed}", subject=report, period=report.period)
            send(report, now=about.now)
    except IntegrityError:
        return None
    return report


def _sha256(kept: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def subject_of(report: ServiceReport, *, now: datetime) -> Subject:
    """Return what a report is about, as of another moment."""
    return Subject(report.release, period_named(report.period), now, report.branch_id)


def changed_since(report: ServiceReport, *, now: datetime) -> list[tuple[Figure, Figure | None]]:
    """Return the figures of a report that are not the same any more: as they were, and as they are now."""
    about, old = subject_of(report, now=now), thawed(report.content)
    return differing(old, measuring.present(about))


def restate(report: ServiceReport, *, by: Employee, now: datetime) -> ServiceReport:
    """Make the next version of a report from the figures as they are now. Raises `CannotRestate`."""
    if ServiceReport.objects.filter(restates=report).exists():
        raise CannotRestate(_("There is a newer version of this report."))
    if not changed_since(report, now=now):
        raise CannotRestate(_("No figure has changed since this report was made."))
    about = subject_of(report, now=now)
    content = composing.compose(report.kind, about, measuring.figures(about))
    made = _keep(report.kind, about, content, before=report, by=by)
    if made is None:
        raise CannotRestate(_("There is a newer version of this report."))
    return made
