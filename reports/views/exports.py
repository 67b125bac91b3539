"""Files of lists: asking for one, those that were asked for, how far one is, taking it."""

from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.celery import ring
from reports.choices import ExportContacts, ExportForm, ExportState
from reports.domain.exports import approving, shelf, steering
from reports.excel.exporting import NoRight, asked, found
from reports.excel.lists.listing import NotThere
from reports.excel.watermark import file_name
from reports.forms.exporting import AskForm, DatasetForm
from reports.models import Export
from reports.models.export import TO_DO
from staff.domain.access import scope_of
from staff.domain.notifying import withdraw

SHOWN = 100
PIECE = 64 * 1024  # bytes
KINDS = {
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.JSON: "application/json",
}
TONES = {
    ExportState.ASKED: "open", ExportState.RUNNING: "open", ExportState.DONE: "done", ExportState.FAILED: "late",
    ExportState.REFUSED: "late",
}  # fmt: skip


@require_safe
def export_list(request):
    """Show the files that this person asked for; to who answers for quality, those of their people too."""
    return _listed(request, DatasetForm())


@require_POST
def export_ask(request):
    """Ask for a file of a list with its filters, or of a data set; it is written in the background."""
    query = request.POST.get("query", "")
    if "dataset" in request.POST:
        days = DatasetForm(request.POST)
        if not days.is_valid():
            return _listed(request, days, status=422)
        query = urlencode({name: value for name, value in days.cleaned_data.items() if value})
    form = AskForm({**request.POST.dict(), "query": query})
    if not form.is_valid():
        raise Http404
    typed = form.cleaned_data
    try:
        listing, asking = found(typed["path"], query, by=request.user, now=request.now)
        title = listing.title_for(asking)
    except (NotThere, NoRight):
        raise Http404 from None
    wish = steering.Wish(listing.page, title, typed["path"], query, typed["form"], get_language())
    if typed["contacts"] == ExportContacts.WHOLE:
        return _asked_whole(request, replace(wish, reason=typed["reason"]), listing, asking)
    made = steering.ask(wish, by=request.user, now=request.now)
    ring()
    return _to(made)


def _asked_whole(request, wish, listing, asking):
    if not listing.shows_numbers_to(request.user.base_roles):
        raise Http404
    expected = len(listing.rows(asking))
    try:
        made = steering.ask_whole(wish, by=request.user, rows=expected, now=request.now, on=request.today)
    except steering.CannotAsk as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(f"{wish.path}?{wish.query}")
    return _to(made)


@require_POST
def export_decide(request, pk):
    """Approve or refuse whole telephone numbers that somebody else asked for."""
    export = get_object_or_404(_seen(request), pk=pk)
    facts = {"by": request.user, "now": request.now, "on": request.today}
    try:
        if request.POST.get("approve") == "yes":
            approving.approve(export, **facts)
            ring()
        else:
            approving.refuse(export, reason=request.POST.get("reason", ""), **facts)
    except approving.CannotDecide as problem:
        messages.error(request, str(problem))
    return _to(export)


@require_safe
def export_progress(request, pk):
    """Show one file: how far it is written, then what it holds and where to take it."""
    export = get_object_or_404(_seen(request), pk=pk)
    row = _row(request, export)
    filters = _filters(request, export, decides=row["decides"])
    context = {"row": row, "export": export, "filters": filters, "live": bool(request.htmx)}
    template = "reports/export_progress.html#state" if request.htmx else "reports/export_progress.html"
    return render(request, template, context)


@require_POST
def export_cancel(request, pk):
    """Give a file up that is not written yet."""
    export = get_object_or_404(Export.objects.filter(asked_by=request.user), pk=pk)
    if steering.cancel(export, by=request.user, now=request.now):
        messages.success(request, _("Cancelled. Nothing of it is kept."))
    return HttpResponseRedirect(reverse("reports:export_list"))


@require_safe
def export_file(request, pk):
    """Hand the file out to who asked for it, as long as they may see what they might see then."""
    export = get_object_or_404(Export.objects.filter(asked_by=request.user, state=ExportState.DONE), pk=pk)
    path = shelf.path_of(export.file)
    if export.expires_at <= request.now or not path.exists():
        messages.error(request, _("The time of this file is over: ask for it anew."))
        return _to(export)
    if not _may_still(request, export):
        messages.error(request, _("What you may see has changed since this file was written: ask for it anew."))
        return _to(export)
    steering.hand_out(export, by=request.user, now=request.now)
    withdraw(key=f"export:{export.pk}", now=request.now)
    kind = KINDS[ExportForm(export.form)]
    headers = {
        "Content-Length": str(export.size), "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(True, file_name(export)) or "attachment",
    }  # fmt: skip
    return StreamingHttpResponse(_bytes(path), content_type=kind, headers=headers)


def _to(export):
    return HttpResponseRedirect(reverse("reports:export_progress", args=[export.pk]))


def _bytes(path):
    """Yield the file piece by piece; it is opened when somebody begins to read it, and not before."""
    with path.open("rb") as file:
        yield from iter(partial(file.read, PIECE), b"")


def _may_still(request, export) -> bool:
    try:
        asked(export, now=request.now)
    except (NoRight, NotThere):
        return False
    return steering.fingerprint(request.user, on=request.today) == export.standing


def _listed(request, form, *, status=200):
    rows = [_row(request, export) for export in _seen(request).select_related("asked_by")[:SHOWN]]
    sees_all = scope_of(request.user, on=request.today).everything
    context = {
        "rows": rows, "form": form if sees_all else None, "forms": ExportForm.choices,
        "awaiting": [_row(request, export) for export in _awaiting(request)],
    }  # fmt: skip
    return render(request, "reports/export_list.html", context, status=status)


def _seen(request):
    waits = Export.objects.filter(pk__in=[export.pk for export in _awaiting(request)])
    return Export.objects.visible_to(request.user, on=request.today) | waits


def _awaiting(request):
    return approving.awaiting(request.user, now=request.now, on=request.today)


def _row(request, export) -> dict:
    """Return one file in words, with how far it is."""
    done, total = shelf.noted(export.file) if export.state == ExportState.RUNNING else (0, 0)
    over = export.state == ExportState.DONE and export.expires_at <= request.now
    return {
        "export": export, "state": ExportState(ExportState.EXPIRED if over else export.state).label,
        "tone": "" if over else TONES.get(export.state, ""), "busy": export.state in TO_DO,
        "done": done, "total": total, "percent": min(done * 100 // total, 100) if total else 0,
        "mine": export.asked_by_id == request.user.pk, "ready": export.state == ExportState.DONE and not over,
        "kind": ExportForm(export.form).label, "asks": export.state == ExportState.ASKED,
        "decides": export.state == ExportState.ASKED and _decides(request, export),
        "whole": export.contacts == ExportContacts.WHOLE,
    }  # fmt: skip


def _decides(request, export) -> bool:
    """Say whether it waits for this person's word."""
    in_time = export.decide_until > request.now
    return in_time and approving.may_approve(request.user, export.asked_by, on=request.today)


def _filters(request, export, *, decides) -> list:
    """Return the filters in words: to who asked, and to who must know what they approve."""
    if export.asked_by_id != request.user.pk and not decides:
        return []
    try:
        listing, asking = asked(export, now=request.now)
    except (NoRight, NotThere):
        return []
    return listing.filters(asking)
