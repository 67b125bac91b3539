"""The register of improvement actions: the list, a new one, the page of one, and what people do about it (A-04)."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.choices import ActionState
from reports.domain.dashboard.naming import departments_seen
from reports.domain.improving import deeds, listing
from reports.forms.improving import DeedForm, FindActions, PlanForm
from reports.models import ImprovementAction
from staff.domain.access import may_open
from staff.domain.conduct.subjects import reference, told
from staff.domain.oversight import overseen_by
from staff.domain.seeing import violations_seen_by
from staff.views.paging import framed

STATES = dict(ActionState.choices)
USUAL_SPAN = timedelta(14)


@require_safe
def improvement_list(request):
    """Show the actions in the person's scope, what is due first."""
    form = FindActions(request.GET, people=listing.owners(request.user, on=request.today))
    page = listing.actions(request.user, form.wanted(), on=request.today)
    rows = [_row(row, request.today) for row in page]
    shown = framed(request, form, page, rows) | {"counts": listing.counts(request.user, on=request.today)}
    return render(request, "reports/improvement_list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def improvement_new(request):
    """Plan an action, of its own or because of a violation; what is refused comes back as it was typed."""
    chosen_from = {
        "people": overseen_by(request.user, on=request.today).filter(is_active=True),
        "departments": departments_seen(request.user, on=request.today),
    }
    if request.method != "POST":
        start = {"due_on": request.today + USUAL_SPAN} | {name: request.GET[name] for name in request.GET}
        return render(request, "reports/improvement_new.html", {"form": PlanForm(initial=start, **chosen_from)})
    form = PlanForm(request.POST, **chosen_from)
    if form.is_valid():
        try:
            made = deeds.begin(form.plan(_violation(request, form)), by=request.user, now=request.now)
            messages.success(request, _("The action stands in the register; its owner was told."))
            return HttpResponseRedirect(reverse("reports:improvement", args=[made.pk]))
        except deeds.CannotImprove as refusal:
            form.add_error(None, str(refusal))
    return render(request, "reports/improvement_new.html", {"form": form}, status=422)


@require_safe
def improvement(request, pk):
    """Show one action: what, who, until when, its history, and what can be done about it."""
    return _page(request, _seen(request, pk))


@require_POST
def improvement_deed(request, pk, deed):
    """Do one thing about an action; what is refused comes back as it was typed."""
    action, form = _seen(request, pk), DeedForm(request.POST)
    if deed not in DEEDS:
        raise Http404
    try:
        if not form.is_valid():
            raise deeds.CannotImprove(" ".join(form.faults()))
        messages.success(request, DEEDS[deed](action, form.cleaned_data, by=request.user, now=request.now))
    except deeds.CannotImprove as refusal:
        refused = {"deed": deed, "fault": str(refusal), "typed": request.POST}
        return _page(request, _seen(request, pk), refused=refused, status=422)
    return HttpResponseRedirect(reverse("reports:improvement", args=[pk]))


def _seen(request, pk) -> ImprovementAction:
    mine = ImprovementAction.objects.visible_to(request.user, on=request.today)
    return get_object_or_404(mine.select_related("owner", "made_by", "checked_by", "branch", "department"), pk=pk)


def _violation(request, form):
    """Return the violation that the action is begun because of, where it is one that this person sees."""
    wanted = form.cleaned_data["violation"]
    return violations_seen_by(request.user, on=request.today).filter(pk=wanted).first() if wanted else None


def _page(request, action, *, refused=None, status=200):
    may_post = may_open("reports:improvement_deed", "POST", request.user.base_roles)
    steps = action.steps.select_related("by").order_by("-pk")
    context = {
        "action": action,
        "overdue": action.state == ActionState.OPEN and action.due_on < request.today,
        "deeds": _open_deeds(action, request) if may_post else (),
        "steps": steps,
        "about": told([reference(action.subject)], actor=request.user, on=request.today).values(),
        "refused": refused or {},
    }
    return render(request, "reports/improvement.html", context, status=status)


def _open_deeds(action, request) -> list[str]:
    """Return what this person can do about the action now, the next step of its way first."""
    manages = deeds.may_manage(action, request.user, on=request.today)
    if action.state == ActionState.OPEN:
        return ["done" if action.measure else "plan", "note", *(("postpone", "drop") if manages else ())]
    if action.state == ActionState.DONE:
        return [*(("effective", "ineffective") if manages else ()), "note", *(("drop",) if manages else ())]
    return []


def _row(row, today):
    is_open = row["state"] == ActionState.OPEN
    return row | {"state_words": STATES[row["state"]], "late": is_open and row["due_on"] < today}


def _note(action, typed, *, by, now):
    deeds.note(action, typed["text"], by=by, now=now)
    return _("Written down.")


def _plan(action, typed, *, by, now):
    deeds.plan(action, typed["text"], by=by, now=now)
    return _("Planned. Carry it out until the day that is agreed.")


def _done(action, typed, *, by, now):
    deeds.carry_out(action, typed["text"], by=by, now=now)
    return _("Done. Somebody else checks whether it helped.")


def _effective(action, typed, *, by, now):
    deeds.check_effect(action, typed["text"], holds=True, by=by, now=now)
    return _("Closed as effective.")


def _ineffective(action, typed, *, by, now):
    deeds.check_effect(action, typed["text"], holds=False, by=by, now=now)
    return _("Closed as without effect. Begin another action from here.")


def _postpone(action, typed, *, by, now):
    deeds.postpone(action, typed["on"], typed["text"], by=by, now=now)
    return _("The new day is agreed.")


def _drop(action, typed, *, by, now):
    deeds.drop(action, typed["text"], by=by, now=now)
    return _("Pursued no further.")


DEEDS = {
    "plan": _plan, "note": _note, "done": _done, "effective": _effective, "ineffective": _ineffective,
    "postpone": _postpone, "drop": _drop,
}  # fmt: skip
