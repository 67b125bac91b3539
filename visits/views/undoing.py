"""Taking back what was just saved."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visits.domain.calling import undoing
from visits.models import VisitRecord


@require_POST
def record_undo(request, pk):
    """Take back one's own contact within half a minute, and open its task again."""
    seen = VisitRecord.objects.visible_to(request.user, on=request.today).select_related("customer")
    record = get_object_or_404(seen, pk=pk)
    try:
        undoing.undo(record, token=uuid4(), by=request.user, now=request.now)
    except undoing.NotUndoable as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect("/")
    messages.success(request, _("Taken back. The call is open again."))
    link = record.links.order_by("pk").first()
    return HttpResponseRedirect(f"/tasks/{link.task_id}/" if link else "/")
