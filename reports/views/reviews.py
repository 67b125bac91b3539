"""The nine o'clock page: the piles of a day, its reports for approval, the day so far; the grid of people and days."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from reports.choices import ReportState
from reports.domain.reviewing import asking, grid, judging, opinions, piles
from reports.domain.reviewing.comparing import red_lines
from reports.domain.reviewing.reviewers import Reviewers, rule_of
from reports.forms.reviewing import DayForm
from reports.models import OwedReport
from staff.domain.oversight import overseen_by
from staff.domain.wording import bound_words
from visits.domain.contact.masking import mask_in_text

MONTH = timedelta(30)


@require_safe
def review_list(request):
    """Show what is to be asked about before the reports of a day are approved."""
    day = _day(request)
    found = piles.piles(request.user, day, now=request.now, on=request.today)
    reviewers = Reviewers.load(on=request.today)
    rows = [_row(report, found, reviewers, request) for report in found.reports]
    context = {
        "day": day, "piles": found, "rows": rows, "silent": [_silent(record) for record in found.silent],
        "late": [_late(task) for task in found.overdue],
        "begun": list(piles.begun(request.user, day, on=request.today)[: piles.SHOWN]),
        "handed_in": sum(row["state"] != ReportState.DUE for row in rows),
        "approvable": [row for row in rows if row["may_approve"]],
        "before": piles.last_day(request.user, before=day, on=request.today),
        "after": piles.next_day(request.user, after=day, on=request.today),
    }  # fmt: skip
    return render(request, "reports/review_list.html", context)


@require_safe
def review_today(request):
    """Show how today stands, and what of the last month nobody has signed an opinion of.

    The page of nine o'clock fetches this part once it stands: it counts whatever is open, and all visits of a month.
    """
    first = request.today - MONTH
    context = {
        "progress": piles.progress(request.user, now=request.now, on=request.today),
        "unsigned": opinions.unsigned_count(request.user, first=first, last=request.today, on=request.today),
    }
    part = "#today" if request.htmx else ""
    return render(request, f"reports/review_today.html{part}", context)


@require_safe
def review_grid(request):
    """Show people × days: which reports came, late, not at all, which were returned and approved."""
    last = _day(request, usual=request.today)
    rows = grid.grid(request.user, last=last, now=request.now, on=request.today)
    step = timedelta(grid.DAYS)
    days = [last - timedelta(grid.DAYS - 1 - number) for number in range(grid.DAYS)]
    shown = {"rows": rows, "days": days, "today": request.today, "before": last - step, "after": last + step}
    return render(request, "reports/review_grid.html", shown)


@require_POST
def review_approve(request):
    """Approve the ticked reports, each as it was seen."""
    wanted = dict(_pair(value) for value in request.POST.getlist("report") if _pair(value))
    reports = _seen(request).filter(pk__in=wanted)
    done = judging.approve_many([(one, wanted[one.pk]) for one in reports], by=request.user, now=request.now)
    if done.count:
        said = ngettext("%(n)d report approved.", "%(n)d reports approved.", done.count)
        messages.success(request, said % {"n": done.count})
    for report, why in done.refused:
        messages.error(request, f"{report.employee} {report.key}: {why}")
    if not wanted:
        messages.error(request, _("Tick the reports that you approve."))
    return _back(request)


@require_POST
def review_remind(request):
    """Remind people of reports that are not handed in."""
    wanted = [int(value) for value in request.POST.getlist("report") if value.isdecimal() and len(value) < 19]
    heard = asking.remind(_seen(request).filter(pk__in=wanted), by=request.user, now=request.now)
    _say_heard(request, heard)
    return _back(request)


@require_POST
def review_ask(request):
    """Ask people why visits of theirs are overdue."""
    wanted = [int(value) for value in request.POST.getlist("person") if value.isdecimal() and len(value) < 19]
    people = overseen_by(request.user, on=request.today).filter(pk__in=wanted)
    _say_heard(request, asking.ask_why(people, by=request.user, now=request.now))
    return _back(request)


def _day(request, usual=None):
    """Return the day of the address, else the last one before today for which somebody owed a report."""
    form = DayForm(request.GET)
    asked = form.cleaned_data["day"] if form.is_valid() else None
    usual = usual or piles.last_day(request.user, before=request.today, on=request.today)
    return asked or usual or request.today - timedelta(1)


def _seen(request):
    seen = OwedReport.objects.visible_to(request.user, on=request.today).exclude(employee=request.user)
    return seen.select_related("employee", "release").distinct()


def _row(report, found, reviewers, request):
    version, spec = found.versions.get(report.pk), rule_of(report.release, report.rule)
    differing = found.differing.get(report.pk, [])
    red = red_lines(version) if version else 0
    cell = grid.cell(report, now=request.now)
    waits = report.state == ReportState.SUBMITTED
    return {
        "report": report, "name": str(report.employee), "title": (spec and spec.title) or report.rule, "cell": cell,
        "state": report.state, "version": version, "red": red,
        "told": version.content if version else {}, "differs": len({one.line for one in differing}),
        "may_approve": waits and request.user.pk in reviewers.of(report),
        "clean": not differing and not red and not cell.late,
    }  # fmt: skip


def _silent(record):
    said = mask_in_text(record.displeasure or record.problem or record.suggestion or record.summary)
    return {"record": record, "said": said}


def _late(task):
    task.until = bound_words(task.closes_at, task.closes_inclusive)
    return task


def _pair(value: str) -> tuple[int, int] | None:
    """Return the report and the version that a tick stands for."""
    report, _dash, version = value.partition("-")
    fits = report.isdecimal() and version.isdecimal() and len(report) < 19 and len(version) < 6
    return (int(report), int(version)) if fits else None


def _say_heard(request, heard: int) -> None:
    if heard:
        said = ngettext("%(n)d person was asked.", "%(n)d people were asked.", heard) % {"n": heard}
        messages.success(request, said)
    else:
        messages.info(request, _("They were asked today already."))


def _back(request):
    form = DayForm(request.POST)
    day = form.cleaned_data["day"] if form.is_valid() else None
    return HttpResponseRedirect(reverse("reports:review_list") + (f"?day={day}" if day else ""))
