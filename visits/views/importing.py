"""The import wizard: a file is brought, its columns are settled, what it would do is shown, and it is taken in."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.celery import ring
from config.workbooks.refusals import Unreadable
from visits.domain.intake import steering
from visits.excel import bringing
from visits.excel.columns import EVENTS
from visits.forms.importing import FROM_TODAY, BringForm, ColumnsForm, StartForm
from visits.models import ImportBatch
from visits.views import import_told
from visits.views import import_words as words
from visits.views.import_words import branches_for, home_branch, kinds

SHOWN = 50


@require_safe
def import_list(request):
    """Show the imports that this person may see, latest first."""
    seen_ones = seen(request).select_related("started_by", "branch")[:SHOWN]
    return render(request, "visits/import_list.html", {"rows": [words.line(batch) for batch in seen_ones]})


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request):
    """Take in a file and look at its first rows; one that cannot be read is refused with the reason."""
    form = BringForm(request.POST or None, request.FILES or None, initial={"source": request.GET.get("source", "")})
    if request.method == "POST" and (batch := brought(request, form)):
        return HttpResponseRedirect(reverse("visits:import_columns", args=[batch.pk]))
    context = {"form": form, "sources": words.known_sources(), "branch": home_branch(request)}
    return render(request, "visits/import_new.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request, pk):
    """Show what each column means and let it be corrected; then the file is read in the background."""
    batch = get_object_or_404(seen(request).filter(state__in=steering.CHANGEABLE).exclude(file=""), pk=pk)
    form = columns_form(request, batch)
    if request.method == "POST":
        if "look" in request.POST:
            return look_again(request, batch)
        if form.is_valid() and settled(request, batch, form):
            ring()
            return HttpResponseRedirect(address(batch))
    context = {"batch": batch, "form": form, **words.columns(batch, form)}
    return render(request, "visits/import_columns.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request, pk):
    """Show where an import stands; where it has been read, what it would do, and let it be taken in."""
    batch = get_object_or_404(seen(request).select_related("started_by", "branch"), pk=pk)
    conflicting = batch.foreseen.get("conflicting", 0)
    start = {"visits": FROM_TODAY, "conflicts": "ours"}
    form = StartForm(request.POST or None, today=request.today, conflicting=conflicting, initial=start)
    if request.method == "POST" and form.is_valid() and started(request, batch, form):
        ring()
        return HttpResponseRedirect(address(batch))
    context = {"batch": batch, "form": form, **import_told.page(batch)}
    return render(request, "visits/import_page.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def import_progress(request, pk):
    """Show how far an import is, as a part of its page; one that has ended sends the browser to the whole page."""
    batch = get_object_or_404(seen(request), pk=pk)
    response = render(request, "visits/import_progress.html", {"batch": batch, "progress": import_told.progress(batch)})
    if batch.state not in steering.BUSY:
        response["HX-Redirect"] = address(batch)
    return response


@require_POST
def import_deed(request, pk, deed):
    """Stop an import, go on with it, take it back, or drop it before anything of it was taken in."""
    batch = get_object_or_404(seen(request), pk=pk)
    if deed not in DEEDS:
        raise Http404
    do, message = DEEDS[deed]
    try:
        do(batch, by=request.user, now=request.now)
    except steering.CannotBe as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(address(batch))
    messages.success(request, _(message))
    ring()
    return HttpResponseRedirect(reverse("visits:import_list") if deed == "discard" else address(batch))


DEEDS = {
    "stop": (steering.stop, words.STOPPED),
    "go-on": (steering.go_on, words.GOES_ON),
    "take-back": (steering.take_back, words.TAKEN_BACK),
    "discard": (steering.discard, words.DISCARDED),
}


def seen(request):
    """Return the imports that this person may see."""
    return ImportBatch.objects.visible_to(request.user, on=request.today)


def address(batch) -> str:
    """Return the address of the import's page."""
    return reverse("visits:import_page", args=[batch.pk])


def brought(request, form) -> ImportBatch | None:
    """Keep the file of the form and return its import; hang what is wrong with it on the field."""
    if fault := words.fault_of_upload(request):
        form.fields["file"].required = False
        form.add_error("file", fault)
    if not form.is_valid():
        return None
    try:
        return bringing.bring(
            form.cleaned_data["file"], source=form.cleaned_data["source"].strip(), branch=home_branch(request),
            by=request.user, now=request.now,
        )  # fmt: skip
    except bringing.CannotTake as refusal:
        form.add_error("file", str(refusal))
        return None


def columns_form(request, batch) -> ColumnsForm:
    """Return the form of the columns as the import proposes them."""
    proposed = {f"column{place}": key for place, key in enumerate(batch.reading["proposed"])}
    start = proposed | {"source": batch.source, "kind": batch.options["kind"], "branch": batch.options["branch"]}
    return ColumnsForm(
        request.POST if request.method == "POST" and "look" not in request.POST else None, initial=start,
        titles=batch.reading["titles"], kinds=kinds(), branches=branches_for(request),
    )  # fmt: skip


def settled(request, batch, form) -> bool:
    """Settle the columns; say at the form what is missing."""
    typed = form.cleaned_data
    home = home_branch(request)
    options = steering.options_of(
        batch, source=typed["source"].strip(), kind=typed["kind"], branch=home or typed["branch"], within=home
    )
    try:
        steering.settle_columns(batch, form.keys(), EVENTS, options=options, by=request.user, now=request.now)
    except steering.NotSettled as problem:
        for fault in words.column_faults(problem.faults):
            form.add_error(None, fault)
    except steering.CannotBe as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def look_again(request, batch):
    """Take another sheet or another row for the header."""
    try:
        bringing.look_again(batch, sheet=request.POST.get("sheet", ""), row=request.POST.get("row", ""))
    except (Unreadable, steering.CannotBe) as refusal:
        messages.error(request, words.refusal(refusal))
    return HttpResponseRedirect(reverse("visits:import_columns", args=[batch.pk]))


def started(request, batch, form) -> bool:
    """Let the rows be taken in; say at the form where somebody was faster."""
    try:
        steering.start(batch, options=steering.options_of(batch, **form.changes()), by=request.user, now=request.now)
    except steering.CannotBe as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
