"""To whom service-quality reports go, once each, by the outbox of the program, and whether they were opened."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.choices import ServiceKind
from reports.models import ServiceReport, ServiceReportCopy
from staff.domain.access import DEPARTMENT, GENERAL, QUALITY, READERS, SUPERVISOR, scope_of
from staff.domain.notifying import notify
from staff.models import Employee, Posting, RoleAssignment

LEADERS: Final = (GENERAL, QUALITY, SUPERVISOR)
SUBMITTED, FORWARDED, PUBLISHED, RETURNED = "submitted", "forwarded", "published", "returned"
MESSAGES: Final = {
    ServiceKind.MONTHLY.value: gettext_noop("The service-quality report of %(period)s is there"),
    ServiceKind.WEEKLY.value: gettext_noop("The weekly service-quality report %(period)s is there"),
    ServiceKind.DAILY.value: gettext_noop("The service-quality report of the day %(period)s is there"),
    ServiceKind.BRANCH.value: gettext_noop("The service-quality report of %(branch)s for %(period)s is there"),
    ServiceKind.CATEGORY.value: gettext_noop("The report by category of %(period)s is there"),
    SUBMITTED: gettext_noop("%(name)s submitted the service-quality report of %(period)s"),
    RETURNED: gettext_noop("%(name)s returned the service-quality report of %(period)s"),
    FORWARDED: gettext_noop("A reviewed service-quality report for your department: %(period)s"),
    PUBLISHED: gettext_noop("The service-quality report of %(period)s was published"),
}


OF_MONTH: Final = (ServiceKind.MONTHLY, ServiceKind.CATEGORY)
MONTH: Final = gettext_noop("The service-quality reports of the month %(period)s are there")


def send(report: ServiceReport, *, now: datetime) -> None:
    """Give a new report to whom it is for: who leads the company, or the branch that it is about.

    Of the company's month, week or day they hear once, however many regulations it has a report of.
    """
    people = addressees(report, on=local_day(now))
    if report.branch_id is None and report.number == 1:
        hand(report, people, now=now)
        _tell_of_company(report, people, now=now)
    else:
        give(report, people, report.kind, now=now)


def _tell_of_company(report: ServiceReport, people: Iterable[Employee], *, now: datetime) -> None:
    of_month, period = report.kind in OF_MONTH, report.period
    message = MONTH if of_month else MESSAGES[report.kind]
    url = "/service-reports/month/?" if of_month else f"/service-reports/?kind={report.kind}&"
    notify(
        people, kind="service_report", message=message, facts={"period": period, "branch": "", "name": ""},
        url=f"{url}period={period}", key=f"service-month-{period}" if of_month else f"service-{report.kind}-{period}",
        now=now,
    )  # fmt: skip


def addressees(report: ServiceReport, *, on: date) -> list[Employee]:
    """Return who gets a report as it is made: general and quality managers and supervisors whose units it is about."""
    found = []
    for one in holders(LEADERS, on=on):
        scope = scope_of(one, on=on)
        mine = report.branch_id in scope.branches if report.branch_id else scope.everything
        found += [one] if mine else []
    return found


def holders(rights: Iterable[str], *, on: date) -> QuerySet[Employee]:
    """Return who has one of the rights on that day and an account."""
    held = RoleAssignment.objects.on(on).filter(role__like__in=list(rights)).values("employee")
    return Employee.objects.filter(pk__in=held, is_active=True).order_by("username")


def leaders(report: ServiceReport, *, on: date) -> list[Employee]:
    """Return to whom a report is submitted: general managers, and who leads quality in the units of the report."""
    return [one for one in addressees(report, on=on) if one in set(holders((GENERAL, QUALITY), on=on))]


def department_heads(report: ServiceReport, *, on: date) -> list[Employee]:
    """Return who manages a department, of its branch where the report is about one (AK-12)."""
    found = holders((DEPARTMENT,), on=on)
    if report.branch_id is None:
        return list(found)
    posted = Posting.objects.on(on).filter(department__branch=report.branch_id).values("employee")
    return list(found.filter(pk__in=posted))


def readers(report: ServiceReport, *, on: date) -> list[Employee]:
    """Return the staff who may read a published report: everybody, or those of its branch (AK-25)."""
    found = holders(READERS, on=on)
    if report.branch_id is None:
        return list(found)
    posted = Posting.objects.on(on)
    here = posted.filter(branch=report.branch_id) | posted.filter(department__branch=report.branch_id)
    return list(found.filter(pk__in=here.values("employee")))


def give(report: ServiceReport, people: Iterable[Employee], what: str, *, now: datetime, name: str = "") -> int:
    """Give people a copy, once each, and tell them; return how many had none before."""
    people = list(people)
    new = hand(report, people, now=now)
    tell(report, people, what, now=now, name=name)
    return new


def hand(report: ServiceReport, people: Iterable[Employee], *, now: datetime) -> int:
    """Give people a copy, once each, without a word; return how many had none before."""
    has = set(report.copies.values_list("recipient", flat=True))
    new = [one for one in people if one.pk not in has]
    ServiceReportCopy.objects.bulk_create([ServiceReportCopy(report=report, recipient=one, sent_at=now) for one in new])
    return len(new)


def tell(report: ServiceReport, people: Iterable[Employee], what: str, *, now: datetime, name: str = "") -> None:
    """Tell people what became of a report (a key of `MESSAGES`), once each."""
    facts = {"period": report.period, "branch": str(report.branch or ""), "name": name}
    key, url = f"service-report-{report.pk}-{what}", f"/service-reports/{report.pk}/"
    notify(people, kind="service_report", message=MESSAGES[what], facts=facts, url=url, key=key, now=now)


def read(report: ServiceReport, *, by: Employee, now: datetime) -> int:
    """Note that somebody opened the copy they were given; return how many were unread."""
    return ServiceReportCopy.objects.filter(report=report, recipient=by, read_at=None).update(read_at=now)
