"""One report under review: its lines with differences and proof, and what its reviewer does about it (A-04, AF-08)."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.choices import ReportState
from reports.domain.reviewing import judging, piles, proposing
from reports.domain.reviewing.grid import cell
from reports.domain.reviewing.reading import read
from reports.domain.reviewing.reviewers import Reviewers, rule_of
from reports.forms.reviewing import ReviewForm
from reports.models import OwedReport, ReviewStep
from staff.domain.access import may_open
from staff.domain.conduct.naming import violation_words
from staff.models import Employee
from visits.views.proof_words import told

REFUSALS = (judging.CannotReview, proposing.CannotPropose)


@require_safe
def report_review(request, pk):
    """Show a report to its reviewer: what differs and what breaks a clause first."""
    return _page(request, _seen(request, pk))


@require_POST
def report_review_deed(request, pk, deed):
    """Approve, return, flag, advise or propose; what is refused comes back as it was typed."""
    if deed not in DEEDS:
        raise Http404
    report, form = _seen(request, pk), ReviewForm(request.POST)
    try:
        if not form.is_valid():
            raise judging.CannotReview(" ".join(form.faults()))
        said, onward = DEEDS[deed](report, form, by=request.user, now=request.now)
    except REFUSALS as refusal:
        if request.htmx:
            return render(request, "reports/review_marks.html", {"fault": str(refusal)}, status=422)
        return _page(request, _seen(request, pk), refused={"deed": deed, "fault": str(refusal)}, status=422)
    if request.htmx:  # a flag that is set beside words half written
        return _marks(request, report, form.cleaned_data["line"])
    messages.success(request, said)
    return HttpResponseRedirect(_next(request, report) if onward else reverse("reports:report_review", args=[pk]))


def _seen(request, pk) -> OwedReport:
    """Return the report if it is this person's to review; one's own is not."""
    seen = OwedReport.objects.visible_to(request.user, on=request.today).exclude(employee=request.user)
    return get_object_or_404(seen.select_related("employee", "release", "policy").distinct(), pk=pk)


def _page(request, report, *, refused=None, status=200):
    versions = list(report.versions.select_related("submitted_by").order_by("-number"))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), versions[0] if versions else None)
    reading = read(report, version, by=request.user, on=request.today) if version else None
    people = Reviewers.load(on=request.today).of(report)
    is_latest = bool(versions) and version == versions[0]
    penalties = proposing.penalties(report) if _may_propose(request, report) else ()
    context = {
        "report": report, "versions": versions, "version": version, "reading": reading, "latest": is_latest,
        "spec": rule_of(report.release, report.rule), "cell": cell(report, now=request.now),
        "files": _files(reading, request), "others": _others(request, report),
        "reviews": request.user.pk in people, "reviewers": _names(people),
        "may_approve": is_latest and request.user.pk in people and report.state == ReportState.SUBMITTED,
        "may_return": is_latest and request.user.pk in people and report.state in judging.REVIEWED,
        "penalties": penalties, "presupposing": any(one.presupposes for one in penalties),
        "proposed": _proposed(report, request),
        "refused": refused or {}, "typed": request.POST, "remarks": ReviewForm(request.POST).remarks(),
    }  # fmt: skip
    return render(request, "reports/report_review.html", context, status=status)


def _marks(request, report, line):
    """Return what was done about one line, for its head."""
    steps = ReviewStep.objects.filter(version__report=report, line=line, text="").select_related("by").order_by("pk")
    return render(request, "reports/review_marks.html", {"steps": steps})


def _may_propose(request, report) -> bool:
    may_post = may_open("reports:report_review_deed", "POST", request.user.base_roles)
    return may_post and proposing.may_propose(report, request.user, on=request.today)


def _proposed(report, request):
    """Return the violations about the report and its visits, each with what it is called."""
    found = proposing.known_of(report, by=request.user, on=request.today)
    for one in found:
        one.said = violation_words(one.violation) if one.violation else one.rule
    return found


def _files(reading, request):
    """Return the proof of each line as a template shows it, by the id of the line."""
    lines = reading.lines if reading else ()
    return {line.id: [told(one, request) for one in line.files] for line in lines}


def _others(request, report):
    """Return the reports of the same day, with the present one among them, and those before and after it."""
    found = list(piles.reports_of(request.user, report.covers_to, on=request.today).distinct())
    place = next((number for number, one in enumerate(found) if one.pk == report.pk), 0)
    return {
        "rows": [(one, cell(one, now=request.now)) for one in found],
        "before": found[place - 1] if place > 0 else None,
        "after": found[place + 1] if place + 1 < len(found) else None,
    }


def _names(people) -> str:
    return "、".join(str(one) for one in Employee.objects.filter(pk__in=people).order_by("pinyin", "username"))


def _next(request, report) -> str:
    """Return where a reviewer goes on: the next report of that day that waits, else the page of the day."""
    waiting = piles.reports_of(request.user, report.covers_to, on=request.today).filter(state=ReportState.SUBMITTED)
    following = waiting.exclude(pk=report.pk).first()
    if following:
        return reverse("reports:report_review", args=[following.pk])
    return f"{reverse('reports:review_list')}?day={report.covers_to}"


def _approve(report, form, *, by, now):
    judging.approve(report, form.cleaned_data["version"] or 0, by=by, now=now, text=form.cleaned_data["text"])
    return _("Approved: %(name)s, %(key)s.") % {"name": report.employee, "key": report.key}, True


def _return(report, form, *, by, now):
    told = form.cleaned_data
    judging.send_back(report, told["version"] or 0, text=told["text"], remarks=form.remarks(), by=by, now=now)
    return _("Returned: %(name)s was told.") % {"name": report.employee}, True


def _flag(report, form, *, by, now):
    version = get_object_or_404(report.versions, number=form.cleaned_data["version"] or 0)
    line = version.lines.filter(pk=form.cleaned_data["line"]).first() if form.cleaned_data["line"] else None
    judging.flag(version, line, form.cleaned_data["text"], by=by, now=now)
    return _("Flagged."), False


def _advise(report, form, *, by, now):
    version = get_object_or_404(report.versions, number=form.cleaned_data["version"] or 0)
    judging.advise(version, form.cleaned_data["text"], by=by, now=now)
    return _("Your guidance stands beside the report; %(name)s was told.") % {"name": report.employee}, False


def _propose(report, form, *, by, now):
    told = form.cleaned_data
    proposing.propose(report, told["penalty"], line=told["line"], text=told["text"], by=by, now=now,
                      presupposed=told["presupposed"])  # fmt: skip
    return _("Proposed. Who confirms it decides."), False


DEEDS = {"approve": _approve, "return": _return, "flag": _flag, "advise": _advise, "propose": _propose}
