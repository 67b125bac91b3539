"""The page of one case, and what people do about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from complaints.domain.rights import NotYours, deeds_open
from complaints.domain.writing import CannotDo
from complaints.forms.desk import Desk
from complaints.models import Case
from complaints.views.deeds import DEEDS
from complaints.views.panels import panels_of
from config.uploads import DISK_FULL, TOO_LARGE, fault_of
from visits.domain.proof.taking import disk_full_words, too_large_words
from visits.models import Evidence
from visits.views.evidence import handed_out

RELATED = (
    "release", "policy", "customer", "vehicle", "event", "record", "branch", "department", "handler", "tracker",
    "coordinator", "registered_by", "merged_into", "origin",
)  # fmt: skip


OF_CASES = "case:"
FAULTS = {TOO_LARGE: too_large_words, DISK_FULL: disk_full_words}


@require_safe
def case(request, pk):
    """Show one case: what was said, who has it, its clocks, its timeline, and what can be done about it."""
    return page(request, seen(request, pk))


@require_POST
def case_deed(request, pk, deed):
    """Do one thing about a case; what is refused comes back as it was typed."""
    found = seen(request, pk)
    if deed not in DEEDS:
        raise Http404
    told = DEEDS[deed]
    form = told.form(request.POST, request.FILES, desk=Desk(found, request.user, request.today), deed=deed)
    if fault := fault_of(request):
        form.add_error(None, str(FAULTS[fault]()))
    elif form.is_valid():
        try:
            hand = {"by": request.user, "now": request.now, "version": form.cleaned_data["version"]}
            told.do(found, **form.arguments(), **hand)
            messages.success(request, told.said)
            return HttpResponseRedirect(reverse("complaints:case", args=[pk]))
        except NotYours as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except CannotDo as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(request, seen(request, pk), refused=(deed, form), status=422)


@require_safe
def case_file(request, pk):
    """Hand out one file of a case to whoever sees the case."""
    found = get_object_or_404(Evidence.objects.filter(subject__startswith=OF_CASES, purged_at=None), pk=pk)
    seen(request, int(found.subject.removeprefix(OF_CASES)))
    return handed_out(request, found)


def seen(request, pk) -> Case:
    """Return the case if it is this person's to see; what is not looks as if it were not there."""
    mine = Case.objects.visible_to(request.user, on=request.today).select_related(*RELATED)
    return get_object_or_404(mine.prefetch_related("departments", "accusations__employee"), pk=pk)


def page(request, found: Case, *, refused=None, status=200):
    """Return the page of a case; `refused` is a deed with its form as it was typed."""
    open_now = deeds_open(found, by=request.user, on=request.today)
    context = {
        "case": found,
        "panels": panels_of(found, request),
        "deeds": _deeds(found, request, open_now, refused),
        "penalise": "penalise" in open_now,
    }
    return render(request, "complaints/case.html", context | {"refused": refused and refused[0]}, status=status)


def _deeds(found: Case, request, open_now: list[str], refused) -> list[dict]:
    """Return what this person can do, each with its form; the first one is what comes next."""
    desk = Desk(found, request.user, request.today)
    open_now = [name for name in open_now if name in DEEDS and DEEDS[name].applies(desk)]
    open_now.sort(key=lambda name: _turn(name, desk))
    if refused and refused[0] not in open_now:
        open_now.insert(0, refused[0])
    forms = dict([refused]) if refused else {}
    return [
        {"name": name, "deed": DEEDS[name], "form": forms.get(name) or DEEDS[name].form(desk=desk, deed=name)}
        for name in open_now
    ]


def _turn(name: str, desk: Desk) -> int:
    """Return the turn of a deed: to take on, go on or close, to decide what waits for it, then what is due first."""
    if name in ("accept", "resume", "close") or (name == "decide" and name in desk.owed):
        return -1
    deed = "first_reply" if name == "reply" else name
    return desk.owed.index(deed) if deed in desk.owed else len(desk.owed)
