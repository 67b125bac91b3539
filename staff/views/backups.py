"""The page of backups: which there are, how they are made, and one more by hand."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.celery import ring
from staff.choices import BackupState
from staff.domain.backing import checking, making
from staff.domain.checking import Level, worst
from staff.models import Backup

SHOWN = 60
UNDER_WAY = (BackupState.ASKED, BackupState.RUNNING)


@require_safe
def backup_list(request):
    """Show the book of backups with what the checks say of them."""
    found = list(checking.backups_made(now=request.now))
    context = {
        "worst": worst(found),
        "wrong": [finding for finding in found if finding.level is not Level.OK],
        "well": [finding for finding in found if finding.level is Level.OK],
        "backups": Backup.objects.all()[:SHOWN],
        "under_way": Backup.objects.filter(state__in=UNDER_WAY).exists(),
        "folder": making.folder(),
        "newest": Backup.objects.kept().first(),
        "is_nightly": settings.BACKUP_NIGHTLY,
        "keeps": making.terms(),
    }
    return render(request, "staff/backup_list.html", context)


@require_POST
def backup_ask(request):
    """Ask the worker for a backup."""
    making.ask(actor=request.user, now=request.now)
    ring()
    messages.success(request, _("The backup was asked for. It is made and restored on trial; look again in a minute."))
    return HttpResponseRedirect(reverse("staff:backup_list"))
