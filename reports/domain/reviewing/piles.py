"""The four piles of nine o'clock: what is to be asked about before the reports of a day are approved (A-04).

Not handed in; figures that differ from the system; dissatisfied customers without a complaint; visits overdue without a
reason. Each pile is cut at `SHOWN` rows and tells how many there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from complaints.choices import CaseDeedKind
from complaints.models import CaseDeed
from reports.choices import ReportFate, ReportState
from reports.domain.reviewing.comparing import Difference, differences, latest_versions
from reports.models import OpenReason, OwedReport, ReportVersion
from staff.domain.calendar import day_end, day_start
from staff.models import Employee
from visits.choices import FollowUpKind, PromiseState, TaskStatus
from visits.models import CallDraft, FollowUpItem, Promise, RecordTask, VisitRecord, VisitTask

SHOWN: Final = 50
NOT_HANDED_IN: Final = (ReportState.DUE, ReportState.RETURNED)


@dataclass(frozen=True)
class Piles:
    """What waits on one day; `reports` are all that cover it, `differing` by the id of the report."""

    reports: Sequence[OwedReport]
    versions: Mapping[int, ReportVersion]
    differing: Mapping[int, list[Difference]]
    silent: Sequence[VisitRecord]
    silent_count: int
    overdue: Sequence[VisitTask]
    overdue_count: int

    @property
    def missing(self) -> list[OwedReport]:
        """Return the reports that are not handed in, or were returned and have not come again."""
        return [one for one in self.reports if one.state in NOT_HANDED_IN and one.fate != ReportFate.EXCUSED]

    @property
    def waiting(self) -> list[OwedReport]:
        """Return the reports that wait for their reviewer."""
        return [report for report in self.reports if report.state == ReportState.SUBMITTED]

    @property
    def doubtful(self) -> list[OwedReport]:
        """Return the reports in which something differs from the system."""
        return [report for report in self.reports if self.differing.get(report.pk)]


def piles(employee: Employee, day: date, *, now: datetime, on: date) -> Piles:
    """Return what the person may see of the day `day`; the queries do not grow with the people."""
    reports = list(reports_of(employee, day, on=on))
    versions = latest_versions(reports)
    silent = dissatisfied(employee, day, on=on)
    late = unexplained(employee, now=now, on=on)
    return Piles(
        reports, versions, differences(reports, versions),
        list(silent[:SHOWN]), silent.count(), list(late[:SHOWN]), late.count(),
    )  # fmt: skip


def reports_of(employee: Employee, day: date, *, on: date) -> QuerySet[OwedReport]:
    """Return the reports of others that end with `day`, the nearest cut-off first."""
    seen = OwedReport.objects.visible_to(employee, on=on).filter(covers_to=day).exclude(employee=employee)
    return seen.select_related("employee", "release", "policy").order_by("employee__pinyin", "employee__username", "pk")


def last_day(employee: Employee, *, before: date, on: date) -> date | None:
    """Return the last day before `before` for which anybody owed a report that the person sees."""
    seen = OwedReport.objects.visible_to(employee, on=on).filter(covers_to__lt=before).exclude(employee=employee)
    return seen.order_by("-covers_to").values_list("covers_to", flat=True).first()


def next_day(employee: Employee, *, after: date, on: date) -> date | None:
    """Return the first day after `after` for which anybody owes a report that the person sees."""
    seen = OwedReport.objects.visible_to(employee, on=on).filter(covers_to__gt=after).exclude(employee=employee)
    return seen.order_by("covers_to").values_list("covers_to", flat=True).first()


def dissatisfied(employee: Employee, day: date, *, on: date) -> QuerySet[VisitRecord]:
    """Return the visits logged on that day whose customer is dissatisfied, and nobody raised a complaint.

    A visit that has opened a case again is answered for by that case.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    of_visit = Q(record=OuterRef("pk")) | Q(record__superseded_by=OuterRef("pk"))
    complaint = FollowUpItem.objects.standing().filter(of_visit, kind=FollowUpKind.COMPLAINT)
    reopened = CaseDeed.objects.filter(of_visit, kind=CaseDeedKind.REOPENED, logged_at__gte=day_start(day, zone))
    seen = VisitRecord.objects.visible_to(employee, on=on).current()
    found = seen.filter(satisfied=False, logged_at__gte=day_start(day, zone), logged_at__lt=day_end(day, zone))
    alone = found.filter(~Exists(complaint), ~Exists(reopened))
    return alone.select_related("customer", "advisor").order_by("advisor", "pk")


def unexplained(employee: Employee, *, now: datetime, on: date) -> QuerySet[VisitTask]:
    """Return the visits that are overdue now and of which nobody has said why.

    A reason stands in a report of their holder, or is the wish of the customer: a call-back that is still to come.
    """
    reason = OpenReason.objects.filter(task=OuterRef("pk")).exclude(text="")
    promise = Promise.objects.filter(task=OuterRef("pk"), state=PromiseState.WAITING, promised_at__gt=now)
    found = VisitTask.objects.visible_to(employee, on=on).overdue(now=now).filter(assignee__isnull=False)
    found = found.exclude(call_back_at__gt=now).filter(~Exists(reason), ~Exists(promise))
    return found.select_related("customer", "assignee", "step__rule").order_by("assignee", "closes_at", "pk")


def begun(employee: Employee, day: date, *, on: date) -> QuerySet[CallDraft]:
    """Return what was typed about calls by the end of that day and never saved: each day is finished (AJ-07)."""
    seen = VisitTask.objects.visible_to(employee, on=on)
    found = CallDraft.objects.unsent().filter(saved_at__lt=day_end(day, ZoneInfo(settings.TIME_ZONE)), task__in=seen)
    return found.select_related("author", "task__customer").order_by("author__pinyin", "author__username", "saved_at")


def progress(employee: Employee, *, now: datetime, on: date) -> list[dict[str, Any]]:
    """Return how today stands for each person whom one looks after: listed, done, open, overdue, calls, reports."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begun, over = day_start(on, zone), day_end(on, zone)
    held = VisitTask.objects.visible_to(employee, on=on).filter(assignee__isnull=False).order_by().values("assignee")
    due = held.filter(status=TaskStatus.OPEN, opens_at__lt=over).annotate(
        open=Count("pk", filter=Q(closes_at__gt=now)), overdue=Count("pk", filter=Q(closes_at__lte=now)),
        untried=Count("pk", filter=Q(attempts=0)),
    )  # fmt: skip
    records = VisitRecord.objects.filter(logged_at__gte=begun, logged_at__lt=over)
    # What was completed today was told today: found by its records, as no index has the moments of completion.
    told = RecordTask.objects.filter(record__logged_at__gte=begun).order_by().values("task")
    completed = held.filter(pk__in=told, completed_at__gte=begun, completed_at__lt=over)
    done = completed.exclude(status=TaskStatus.OPEN).annotate(done=Count("pk"))
    calls = records.visible_to(employee, on=on).current().order_by().values("advisor").annotate(calls=Count("pk"))
    stands: dict[int, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(("open", "overdue", "untried", "done"), 0))
    for row in (*due, *done):
        stands[row["assignee"]] |= row
    called = dict(calls.values_list("advisor", "calls"))
    people = Employee.objects.filter(pk__in=stands).values_list("pk", "name", "username")
    rows = [
        stands[pk] | {"name": name, "username": username, "calls": called.get(pk, 0)} for pk, name, username in people
    ]
    for row in rows:
        row["all"] = row["done"] + row["open"] + row["overdue"]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["open"], row["name"]))
