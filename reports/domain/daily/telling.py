"""Sending a handed-in report to its reviewer and to whom its rule names; reading and passing it on (G-05, AK-12)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from config.packs.duties import ReportSpec
from config.packs.persons import Person
from reports.domain.reviewing.reviewers import Reviewers
from reports.models import OwedReport, ReportCopy, ReportVersion
from staff.domain.access import READERS
from staff.domain.activity import log
from staff.domain.notifying import notify, withdraw
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, RoleAssignment

HANDED_IN, APPROVED = "handed_in", "approved"  # when those of `to` have a report


class CannotPassOn(Exception):
    """A report is passed on to at least one person, by somebody who may see it."""


def recipients(spec: ReportSpec, report: OwedReport, workforce: Workforce, *, on: date) -> frozenset[int]:
    """Return everybody whom `to` names: every holder of a role."""
    named = (_people(person, report, workforce, on=on) for person in spec.to)
    return frozenset().union(*named) - {report.employee_id}


def _people(person: Person, report: OwedReport, workforce: Workforce, *, on: date) -> frozenset[int]:
    if person.kind == "line_manager":
        manager = workforce.post(report.employee_id, on=on).line_manager
        return frozenset({manager} if manager else ())
    if person.kind != "role":
        return frozenset()
    return frozenset(one for one in workforce.holders(person.code, on=on) if not workforce.is_gone(one, on=on))


def reminder_key(report: int) -> str:
    """Return under which key the owner of a report is reminded of its cut-off."""
    return f"report-due-{report}"


def send_out(version: ReportVersion, spec: ReportSpec, *, now: datetime) -> None:
    """Tell the reviewers, and give a copy to everybody whom the rule names; nobody is reminded of the report any more.

    Where the rule sends a report only when it is approved, its reviewer does (`send_approved`).
    """
    report, workforce = version.report, load_workforce()
    withdraw(key=reminder_key(report.pk), now=now)
    facts = {"name": report.employee.name, "key": report.key, "title": version.content["title"]}
    notify(
        Employee.objects.filter(pk__in=Reviewers(workforce, local_day(now)).of(report)),
        kind="report_submitted",
        message=gettext_noop("%(name)s handed in “%(title)s” for %(key)s"),
        facts=facts,
        url=f"/reviews/reports/{report.pk}/",
        key=f"report-{report.pk}-{version.number}",
        now=now,
    )
    if spec.send == HANDED_IN:
        give(version, recipients(spec, report, workforce, on=report.covers_to), by=None, now=now)


def send_approved(version: ReportVersion, spec: ReportSpec | None, *, now: datetime) -> None:
    """Give a copy of an approved version to everybody whom its rule names, where it sends what is approved (AK-12)."""
    if spec is not None and spec.send == APPROVED:
        report = version.report
        give(version, recipients(spec, report, load_workforce(), on=report.covers_to), by=None, now=now)


def readers(*, on: date) -> QuerySet[Employee]:
    """Return whose rights on that day open reports at all: an administrator is sent none (DECISIONS 5)."""
    held = RoleAssignment.objects.on(on).filter(role__like__in=READERS).values("employee")
    return Employee.objects.filter(is_active=True, pk__in=held)


def give(version: ReportVersion, people: Iterable[int], *, by: Employee | None, now: datetime) -> int:
    """Give people a copy of a version, once each, and tell them; return how many are new."""
    has = set(version.copies.values_list("recipient", flat=True))
    new = list(readers(on=local_day(now)).filter(pk__in=set(people) - has).order_by("pk"))
    ReportCopy.objects.bulk_create(ReportCopy(version=version, recipient=one, sent_at=now, sent_by=by) for one in new)
    facts = {"name": version.report.employee.name, "title": version.content["title"], "key": version.report.key}
    notify(
        new,
        kind="report_sent",
        message=gettext_noop("A report for you: “%(title)s” of %(name)s for %(key)s"),
        facts=facts,
        url=f"/daily-reports/{version.report_id}/",
        key=f"report-copy-{version.pk}",
        now=now,
    )
    return len(new)


@transaction.atomic
def pass_on(version: ReportVersion, people: Iterable[int], *, by: Employee, now: datetime) -> int:
    """Pass a handed-in version on to people of other units; return how many had none before (AK-12)."""
    people = list(people)
    if not people:
        raise CannotPassOn(_("Choose at least one person."))
    count = give(version, people, by=by, now=now)
    log(now=now, actor=by, verb="report_passed_on", subject=version.report, version=version.number, people=count)
    return count


def read(report: OwedReport, *, by: Employee, now: datetime) -> int:
    """Note that somebody opened the copies he was given; return how many were unread."""
    return ReportCopy.objects.filter(version__report=report, recipient=by, read_at=None).update(read_at=now)
