"""Handing a report in: its lines freeze with a hash and the release they were judged by (DECISIONS 34; A-06, A-09).

Whether it is late is decided by the first version alone. A returned report is handed in again as a further version;
what stood before stays. Whoever hands in twice by accident hands in once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reports.choices import LineKind, ReportState
from reports.domain.daily.composing import Draft, Line, compose
from reports.domain.daily.cutoff import Cutoff
from reports.domain.daily.telling import send_out
from reports.models import OpenReason, OwedReport, ReportLine, ReportVersion
from staff.domain.activity import log
from staff.models import Employee

REMARK_LENGTH: Final = 2000
REASON_LENGTH: Final = 200
OPEN_TO_HAND_IN: Final = (ReportState.DUE, ReportState.RETURNED, ReportState.SUBMITTED)


class CannotSubmit(Exception):
    """The report is not handed in; `lines` are those that lack what must not be blank, in order."""

    def __init__(self, message: str, lines: Iterable[Line] = ()) -> None:
        super().__init__(message)
        self.lines = tuple(lines)


def may_submit(report: OwedReport, by: Employee) -> bool:
    """Say whether this person may hand the report in: its owner alone, until it is approved."""
    return report.employee_id == by.pk and report.state in OPEN_TO_HAND_IN


def submit(report: OwedReport, *, by: Employee, now: datetime, remark: str = "") -> ReportVersion:
    """Hand a report in as it stands and return its new version; one that says nothing new is the version before.

    Raises `CannotSubmit` where a line lacks what the regulation requires, an untried visit has no reason, the report
    is not this person's, or it was approved.
    """
    if report.employee_id != by.pk:
        raise CannotSubmit(_("Only who owes a report may hand it in."))
    try:
        with transaction.atomic():
            return _hand_in(report.pk, by, now, remark.strip()[:REMARK_LENGTH])
    except IntegrityError as error:  # the same version number twice: two windows at once
        raise CannotSubmit(_("Another window handed this report in meanwhile. Please look again.")) from error


def _hand_in(pk: int, by: Employee, now: datetime, remark: str) -> ReportVersion:
    locked = OwedReport.objects.select_for_update(of=("self",)).select_related("release", "policy", "employee")
    report = locked.get(pk=pk)
    if report.state not in OPEN_TO_HAND_IN:
        raise CannotSubmit(_("This report is approved and stands as it is."))
    draft = compose(report, now=now)
    if draft.blocked:
        words = _("%(count)d lines lack what the regulation requires; nothing was handed in.")
        raise CannotSubmit(words % {"count": len(draft.blocked)}, draft.blocked)
    content = content_of(report, draft, remark)
    last = report.versions.order_by("-number").first()
    digest = digest_of(content, draft.lines)
    if last is not None and report.state == ReportState.SUBMITTED:
        if last.sha256 == digest:
            return last
        if bound_of(report).is_over(now=now):
            raise CannotSubmit(_("After the cut-off a report changes only when its reviewer returns it."))
    version = ReportVersion.objects.create(
        report=report, number=last.number + 1 if last else 1, release=report.release, submitted_at=now,
        submitted_by=by, remark=remark, content=content, sha256=digest,
    )  # fmt: skip
    ReportLine.objects.bulk_create(_row(version, place, line) for place, line in enumerate(draft.lines, 1))
    _move(report, now)
    log(now=now, actor=by, verb="report_submitted", subject=report, version=version.number, lines=len(draft.lines))
    send_out(version, draft.spec, now=now)
    return version


def _move(report: OwedReport, now: datetime) -> None:
    """Write where the report stands; what the cut-off found of the first version is written once."""
    facts: dict[str, Any] = {"state": ReportState.SUBMITTED}
    if report.first_submitted_at is None:
        facts |= {"first_submitted_at": now, "fate": report.fate or bound_of(report).fate(now, now=now)}
    OwedReport.objects.filter(pk=report.pk).update(**facts)


def bound_of(report: OwedReport) -> Cutoff:
    """Return the cut-off of a report as its row holds it."""
    return Cutoff(report.due_at, report.inclusive, report.day_ends_at)


def _row(version: ReportVersion, place: int, line: Line) -> ReportLine:
    return ReportLine(
        version=version, position=place, kind=line.kind, record=line.record, task=line.task,
        content=dict(line.content), lacks=list(line.lacks),
    )  # fmt: skip


def content_of(report: OwedReport, draft: Draft, remark: str) -> dict[str, Any]:
    """Return the head of a version: what it covers, under which rule, how much of the list was covered."""
    return {
        "report": report.rule, "title": draft.spec.title or report.rule, "policy": draft.pack.policy.slug,
        "release": report.release.number, "key": report.key, "covers_from": report.covers_from.isoformat(),
        "covers_to": report.covers_to.isoformat(), "listed": draft.listed, "covered": draft.covered,
        "visits": sum(line.kind == LineKind.VISIT for line in draft.lines),
        "open": sum(line.kind == LineKind.OPEN for line in draft.lines),
        "red": sum(bool(line.lacks) for line in draft.lines), "nil": draft.is_nil,
        "tables": [dict(table) for table in draft.tables], "remark": remark,
    }  # fmt: skip


def digest_of(content: Mapping[str, Any], lines: Iterable[Line]) -> str:
    """Return the SHA-256 of what is handed in, as canonical JSON: head and lines, each with what it lacks."""
    told = [[str(line.kind), line.record and line.record.pk, line.task and line.task.pk, dict(line.content),
             list(line.lacks)] for line in lines]  # fmt: skip
    return hashlib.sha256(canonical([dict(content), told])).hexdigest()


def canonical(value: Any) -> bytes:
    """Return a value as JSON that is always written alike: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def is_whole(version: ReportVersion) -> bool:
    """Say whether a stored version still has the hash that it was handed in with."""
    told = [[row.kind, row.record_id, row.task_id, row.content, row.lacks] for row in version.lines.all()]
    return hashlib.sha256(canonical([version.content, told])).hexdigest() == version.sha256


def give_reasons(report: OwedReport, reasons: Mapping[int, str], *, by: Employee, now: datetime) -> int:
    """Write down why listed tasks are not done, by task; an empty text takes a reason back. Returns how many stand.

    Raises `CannotSubmit` where the report is not this person's or was approved; other tasks than the listed are left.
    """
    if not may_submit(report, by):
        raise CannotSubmit(_("Only who owes a report may hand it in."))
    known = set(report.listing)
    with transaction.atomic():
        for task, text in reasons.items():
            if task not in known:
                continue
            if short := text.strip()[:REASON_LENGTH]:
                facts = {"text": short, "by": by, "at": now}
                OpenReason.objects.update_or_create(report=report, task_id=task, defaults=facts)
            else:
                OpenReason.objects.filter(report=report, task=task).delete()
    return OpenReason.objects.filter(report=report).count()
