"""The page of health, and what an administrator can do there: have work tried again."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from config import wiring
from config.celery import ring
from staff.domain import installation, jobs, quarantine
from staff.domain.activity import log
from staff.domain.checking import Level, findings, worst
from staff.domain.job_ledger import standings, title_of
from staff.models import Alarm, Backup, Outage, Quarantined

ROWS_SHOWN = 50
BACKUPS_SHOWN = 5
OUTAGES_SHOWN = 10


@require_safe
def health(request):
    """Show how the program is: what needs somebody, the jobs, what waits, what is held, room, backups, outages."""
    found = findings(now=request.now)
    since = dict(Alarm.objects.values_list("what", "since"))
    waiting = installation.backlogs(now=request.now)
    context = {
        "worst": worst(found),
        "wrong": [(finding, since.get(finding.what)) for finding in found if finding.level is not Level.OK],
        "well": [finding for finding in found if finding.level is Level.OK],
        "jobs": standings(now=request.now),
        "work": [(one, int(one.lag(now=request.now).total_seconds() // 60)) for one in waiting],
        "held": [(row, title_of(row.job)) for row in Quarantined.objects.all()[:ROWS_SHOWN]],
        "held_count": Quarantined.objects.held().count(),
        "backups": Backup.objects.all()[:BACKUPS_SHOWN],
        "outages": Outage.objects.all()[:OUTAGES_SHOWN],
        "now": request.now,
    }
    return render(request, "staff/health.html", context | _installed(request))


def _installed(request) -> dict:
    return {
        "disk": installation.disk(),
        "database_size": installation.database_size(),
        "folders": installation.folders(),
        "about": installation.about(),
        "signed_in": installation.signed_in(now=request.now),
    }


@require_POST
def health_ring(request):
    """Ring the worker now instead of waiting for the minute."""
    ring()
    log(now=request.now, actor=request.user, verb="worker_rung")
    return _back(request, _("The worker was asked to look for work. Look again in a few seconds."))


@require_POST
def job_retry(request):
    """Have a failed job tried again at once."""
    name = request.POST.get("job", "")
    if name not in {job.name for job in wiring.JOBS}:
        raise Http404
    count = jobs.retry(name)
    log(now=request.now, actor=request.user, verb="job_retried", job=name, runs=count)
    ring()
    return _back(request, _("The job is tried again. Look again in a few seconds."))


@require_POST
def quarantine_retry(request):
    """Have rows that are held tried again: the one that is named, or all."""
    rows = Quarantined.objects.held()
    if row := request.POST.get("row", ""):
        rows = rows.filter(pk=row) if row.isdecimal() and len(row) < 19 else rows.none()
    count = quarantine.try_again(rows, actor=request.user, now=request.now)
    if not count:
        return _back(request, _("Nothing of that is in quarantine any more."))
    ring()
    told = ngettext("%(count)d row is tried again.", "%(count)d rows are tried again.", count)
    return _back(request, told % {"count": count})


def _back(request, said: str) -> HttpResponseRedirect:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("staff:health"))
