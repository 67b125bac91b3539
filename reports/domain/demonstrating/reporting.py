"""Reports of the demo company: handed in the same evening, before nine, after nine, or not at all; then reviewed."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from reports.choices import ReportState
from reports.domain.daily.composing import compose
from reports.domain.daily.submitting import CannotSubmit, give_reasons, submit
from reports.domain.reviewing.judging import CannotReview, approve, flag, send_back
from reports.domain.reviewing.opinions import CannotSign, sign
from reports.domain.reviewing.reviewers import Reviewers
from reports.models import OwedReport, ReportVersion
from staff.domain.absences import working_calendar
from staff.models import Employee
from visits.domain.demonstrating.cast import SIGNED_IN
from visits.domain.demonstrating.scene import Company

EVENING_CLOCK, EARLY_CLOCK, LATE_CLOCK = "18:40", "08:47", "09:06"
EVENING, EARLY, LATE = 0.86, 0.94, 0.975  # shares of reports that are there by then; the rest never comes
SURE: Final = (2, 3, 8, 15, 27)  # working days ago of which, whatever the dice say, one report came late and one never
REASONS: Final = (
    "客户出差，约好下周再打",
    "连打三次没有人接，明天换个时间",
    "客户在开会，让我们晚点再打",
    "轮休，次日补打",
)
REMARKS: Final = ("请写清楚问题怎么处理的", "客户为什么不满意？请补一句", "这一条的回厂时间和客户确认过吗")
OPINIONS: Final = ("沟通到位，继续保持。", "问得细，结果写得清楚。", "语气可以再耐心一些。", "下次先道歉，再解释原因。")


def hand_in(company: Company, on: date) -> None:
    """Let whoever is quick hand the report of the day in at the evening, and what was returned again."""
    now = company.at(on, EVENING_CLOCK)
    for report, chance in _owed(company, on):
        left = on == company.today and report.employee.username in SIGNED_IN  # the visitor's own
        if chance < EVENING and not left:
            _submit(company, report, now)
    for report in OwedReport.objects.filter(state=ReportState.RETURNED).select_related("employee").order_by("pk"):
        _submit(company, report, now)


def hand_in_early(company: Company, on: date) -> None:
    """Let others hand yesterday's in before nine."""
    for report, chance in _owed(company, on - timedelta(1)):
        if chance < EARLY:
            _submit(company, report, company.at(on, EARLY_CLOCK))


def hand_in_late(company: Company, on: date) -> None:
    """Let the last ones hand theirs in after the cut-off; some never do."""
    calendar, before = working_calendar(), on - timedelta(1)
    while not calendar.is_workday(before):
        before -= timedelta(1)
    for report, chance in _owed(company, before) if calendar.is_workday(on) else ():
        if chance < LATE:
            _submit(company, report, company.at(on, LATE_CLOCK))


def review(company: Company, on: date) -> None:
    """Let each reviewer read what was handed in: most is approved, a line now and then comes back, some are flagged."""
    now, dice = company.at(on, "09:08"), company.luck("review", on=on)
    reviewers = Reviewers.load(on=on)
    until = min(on, _last_workday(company))
    waiting = OwedReport.objects.filter(state=ReportState.SUBMITTED, covers_to__lt=until).select_related("employee")
    for report in waiting.order_by("covers_to", "pk"):
        version = report.versions.order_by("-number").first()
        person = min(reviewers.of(report), default=None)
        if version is None or person is None:
            continue
        by = company.by_id(person)
        lines = list(version.lines.order_by("position"))
        try:
            with transaction.atomic():
                if lines and version.number == 1 and dice.random() < 0.07:
                    remarks = {lines[0].pk: dice.choice(REMARKS)}
                    send_back(report, version.number, text="", remarks=remarks, by=by, now=now)
                else:
                    approve(report, version.number, by=by, now=now)
                    _look_closer(version, dice.random(), by, now, dice.choice(OPINIONS))
        except (CannotReview, CannotSign):
            continue


def _last_workday(company: Company) -> date:
    """Return the last working day before today: its reports are left for the visitor."""
    calendar, day = working_calendar(), company.today - timedelta(1)
    while not calendar.is_workday(day):
        day -= timedelta(1)
    return day


def _look_closer(version: ReportVersion, chance: float, by: Employee, now: datetime, opinion: str) -> None:
    """Flag a line of one report in twenty, and sign an opinion of a visit of one in six."""
    line = version.lines.filter(record__isnull=False).select_related("record").order_by("position").first()
    if line is None or line.record is None:
        return
    if chance < 0.05:
        flag(version, line, "通话时间和内容对不上，请抽查录音", by=by, now=now)
    elif chance < 0.2:
        sign(line.record, opinion, by=by, now=now)


def _owed(company: Company, on: date) -> list[tuple[OwedReport, float]]:
    """Return what nobody has handed in of the reports of a day, each with when it comes as a share of all.

    Whatever the dice say, on some days one comes late and one never.
    """
    reports = OwedReport.objects.filter(covers_from=on, covers_to=on, employee__is_active=True)
    owed = list(reports.select_related("employee").order_by("employee__username", "pk"))
    dice = {report.pk: company.luck("report", report.employee.username, report.rule, on=on).random() for report in owed}
    names = sorted({report.employee.username for report in owed} - set(SIGNED_IN))
    if len(names) > 1 and _workdays_ago(company, on) in SURE:
        late, never = company.luck("forgotten", on=on).sample(names, 2)
        sure = {late: (EARLY + LATE) / 2, never: 1.0}
        dice |= {report.pk: sure[report.employee.username] for report in owed if report.employee.username in sure}
    return [(report, dice[report.pk]) for report in owed if report.state == ReportState.DUE]


def _workdays_ago(company: Company, on: date) -> int:
    calendar = working_calendar()
    return sum(calendar.is_workday(on + timedelta(days)) for days in range(company.ago(on)))


def _submit(company: Company, report: OwedReport, now: datetime) -> None:
    """Say why what was not tried was not, and hand in; what the program refuses stays."""
    dice = company.luck("reason", report.employee.username, on=report.covers_to)
    try:
        with transaction.atomic():
            open_ones = [line.task.pk for line in compose(report, now=now).lines if line.owes_reason and line.task]
            give_reasons(report, {task: dice.choice(REASONS) for task in open_ones}, by=report.employee, now=now)
            submit(report, by=report.employee, now=now)
    except CannotSubmit:
        return
