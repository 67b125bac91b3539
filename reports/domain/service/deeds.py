"""What people do with a service-quality report: submit, return, review, publish (K-18, AK-12, AK-25).

Each deed claims the row by a conditional UPDATE, so that of two at once one wins and the other hears of it. Publishing
the month's report asks every department below a target for one improvement action, whatever version is published.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from reports.choices import ServiceDeed, ServiceKind, ServiceState
from reports.domain.improving.owed import begin_owed
from reports.domain.service import making, sending
from reports.domain.service.content import thawed
from reports.domain.service.tables import name_of
from reports.models import ImprovementAction, ServiceReport, ServiceReportStep
from staff.domain.access import GENERAL, QUALITY, SUPERVISOR, roles_of, scope_of
from staff.domain.activity import log
from staff.domain.oversight import in_charge_of
from staff.models import Department, Employee

SUBMITTERS: Final = frozenset({SUPERVISOR, QUALITY})
REVIEWERS: Final = frozenset({GENERAL, QUALITY, SUPERVISOR})
PUBLISHERS: Final = frozenset({GENERAL, QUALITY})
LONGEST_TITLE: Final = 120


class CannotDo(Exception):
    """The deed is refused; the text says why. Nothing has changed."""


def manages(report: ServiceReport, by: Employee, *, on: date) -> bool:
    """Say whether the units of the report are the person's to manage, so that they see who did what."""
    scope = scope_of(by, on=on)
    mine = scope.everything or (report.branch_id is not None and report.branch_id in scope.branches)
    return mine and bool(roles_of(by, on=on) & REVIEWERS)


def may_rank(report: ServiceReport, by: Employee, *, on: date) -> bool:
    """Say whether the person sees the ranking by name: general and quality managers of the report's units."""
    return manages(report, by, on=on) and bool(roles_of(by, on=on) & PUBLISHERS)


def offered(report: ServiceReport, by: Employee, *, on: date) -> list[str]:
    """Return what the person can do with the report as it stands: names of deeds."""
    return [deed for deed in DEEDS if _fault(report, deed, by, on=on) == ""]


@transaction.atomic
def do(report: ServiceReport, deed: str, note: str, *, by: Employee, now: datetime) -> None:
    """Do one thing with a report. Raises `CannotDo`."""
    if fault := _fault(report, deed, by, on=local_day(now)):
        raise CannotDo(fault)
    if deed == ServiceDeed.RETURNED and not note.strip():
        raise CannotDo(_("Write what is to be looked at again."))
    before, _rights, after = DEEDS[deed]
    if not ServiceReport.objects.filter(pk=report.pk, state=before).update(state=after):
        raise CannotDo(_("Somebody has dealt with this in the meantime. Look at it again."))
    report.state = after
    _write(report, deed, note, by=by, now=now)
    _tell(report, deed, by=by, now=now)
    if deed == ServiceDeed.PUBLISHED and report.kind == ServiceKind.MONTHLY:
        ask_for_improvement(report, by=by, now=now)


# deed -> the state before it, whose deed it is, the state after it
DEEDS: Final[dict[str, tuple[str, frozenset[str], str]]] = {
    ServiceDeed.SUBMITTED.value: (ServiceState.MADE, SUBMITTERS, ServiceState.SUBMITTED),
    ServiceDeed.RETURNED.value: (ServiceState.SUBMITTED, REVIEWERS, ServiceState.MADE),
    ServiceDeed.REVIEWED.value: (ServiceState.SUBMITTED, REVIEWERS, ServiceState.REVIEWED),
    ServiceDeed.PUBLISHED.value: (ServiceState.REVIEWED, PUBLISHERS, ServiceState.PUBLISHED),
}


def _fault(report: ServiceReport, deed: str, by: Employee, *, on: date) -> str:
    """Return why the person cannot do that now; nothing where they can."""
    state, rights, _after = DEEDS[deed]
    if not manages(report, by, on=on) or not roles_of(by, on=on) & rights:
        return _("Somebody else does this: look at who is named for it.")
    if report.state != state:
        return _("Somebody has dealt with this in the meantime. Look at it again.")
    if hasattr(report, "restated_by"):
        return _("There is a newer version of this report.")
    if state == ServiceState.SUBMITTED and _submitter(report) == by.pk:
        return _("Somebody other than who submitted it reviews it.")
    return ""


def _submitter(report: ServiceReport) -> int | None:
    last = report.steps.filter(deed=ServiceDeed.SUBMITTED).order_by("-pk").first()
    return last.by_id if last else None


def _tell(report: ServiceReport, deed: str, *, by: Employee, now: datetime) -> None:
    on = local_day(now)
    match deed:
        case ServiceDeed.SUBMITTED:
            leaders = [one for one in sending.leaders(report, on=on) if one.pk != by.pk]
            sending.give(report, leaders, sending.SUBMITTED, now=now, name=str(by))
        case ServiceDeed.RETURNED:
            back = Employee.objects.filter(pk=_submitter(report) or 0)
            sending.tell(report, back, sending.RETURNED, now=now, name=str(by))
        case ServiceDeed.REVIEWED:
            sending.give(report, sending.department_heads(report, on=on), sending.FORWARDED, now=now)
        case ServiceDeed.PUBLISHED:
            sending.tell(report, sending.readers(report, on=on), sending.PUBLISHED, now=now)


def restate(report: ServiceReport, *, by: Employee, now: datetime) -> ServiceReport:
    """Make the next version of a report. Raises `CannotDo` for who does not manage it, and `CannotRestate`."""
    if not manages(report, by, on=local_day(now)):
        raise CannotDo(_("Somebody else does this: look at who is named for it."))
    return making.restate(report, by=by, now=now)


def ask_for_improvement(report: ServiceReport, *, by: Employee, now: datetime) -> int:
    """Ask every department below a target of the report for one improvement action; return how many are new (AK-25).

    Once for each department and period: a second publication, or a later version, asks for nothing more.
    """
    content, made = thawed(report.content), 0
    names = {one.key: name_of(one) for one in content.figures}
    for row in content.departments:
        unit = Department.objects.filter(pk=row["id"]).first() if row["missed"] else None
        owner = next(iter(in_charge_of(unit.pk, unit.branch_id, on=local_day(now))), None) if unit else None
        subject = f"service_report:{report.policy_id}/{report.period}/{row['id']}"
        if unit is None or owner is None or ImprovementAction.objects.filter(subject=subject).exists():
            continue
        missed = " · ".join(names[key] for key in row["missed"])
        facts = {"unit": row["name"], "period": report.period, "missed": missed}
        title = (_("%(unit)s %(period)s: below target: %(missed)s") % facts)[:LONGEST_TITLE]
        begin_owed(subject=subject, title=title, owner_id=owner.pk, due_at=None, violation_id=None, now=now)
        _write(report, ServiceDeed.ORDERED, row["name"], by=by, now=now)
        made += 1
    return made


def _write(report: ServiceReport, deed: str, note: str, *, by: Employee, now: datetime) -> None:
    ServiceReportStep.objects.create(report=report, deed=deed, at=now, by=by, text=note.strip())
    log(now=now, actor=by, verb=f"service_report.{deed}", subject=report, period=report.period)
