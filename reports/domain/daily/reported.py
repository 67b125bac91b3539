"""What was reported stays as it was: a reported visit is not taken back, and its correction is told to the reviewer."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.choices import ReportState
from reports.domain.reviewing.reviewers import Reviewers
from reports.models import ReportLine
from staff.domain.notifying import notify
from staff.domain.policies import spec_of
from staff.domain.wording import moment_words
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.domain.calling.amending import NotAmendable
from visits.domain.calling.undoing import NotUndoable
from visits.domain.calling.versioning import earlier_versions
from visits.models import VisitRecord


def refuse_undo(*, record: VisitRecord, now: datetime) -> None:
    """Raise `NotUndoable` for a visit that stands in a report that was handed in (DECISIONS 29)."""
    del now
    if line_of(record):
        raise NotUndoable(_("This contact stands in a report that was handed in: correct it instead."))


def keep_verbatim(*, record: VisitRecord, by: Employee, now: datetime) -> None:
    """Raise `NotAmendable` where a correction changes a customer's own words after the report was approved (AJ-07)."""
    del by, now
    before, line = record.supersedes, line_of(record)
    if before is None or line is None or line.version.report.state != ReportState.APPROVED:
        return
    packs = (spec_of(link.task.release) for link in record.links.select_related("task__release"))
    asked = {one.code: one for pack in packs for questions in pack.questionnaire for one in questions.question}
    for code, question in asked.items():
        if question.verbatim and record.answers.get(code) != before.answers.get(code):
            words = _("“%s” holds the customer's own words: they stay as they are once the report is approved.")
            raise NotAmendable(words % (question.title or code))


def tell_corrected(*, record: VisitRecord, by: Employee, now: datetime) -> None:
    """Tell the reviewers that a line of a report differs from its record now; the report itself stays as it is."""
    line = line_of(record)
    if line is None:
        return
    report = line.version.report
    people = frozenset(Reviewers(load_workforce(), local_day(now)).of(report)) - {by.pk}
    notify(
        Employee.objects.filter(pk__in=people),
        kind="report_line_corrected",
        message=gettext_noop("%(name)s corrected line %(line)s of the report of %(owner)s for %(key)s"),
        facts={"name": by.name, "line": line.position, "owner": report.employee.name, "key": report.key},
        url=f"/reviews/reports/{report.pk}/",
        key=f"report-line-{line.pk}-{record.pk}",
        now=now,
    )


def told_of(record: VisitRecord) -> str:
    """Return in words that a visit was reported, for whoever is about to correct it; nothing where it was not."""
    line = line_of(record)
    if line is None:
        return ""
    facts = {"key": line.version.report.key, "moment": moment_words(line.version.submitted_at)}
    words = _(
        "This visit stands in the report for %(key)s, handed in %(moment)s. The report stays as it is; its reviewer is "
        "told of the correction."
    )
    return words % facts


def line_of(record: VisitRecord) -> ReportLine | None:
    """Return the last line of a report in which a visit stands, in this version or an earlier one of its record."""
    found = ReportLine.objects.filter(record__in=earlier_versions(record)).order_by("-pk")
    return found.select_related("version__report__release", "version__report__employee").first()
