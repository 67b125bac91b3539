"""One inspected thing: the scorecard beside the record and its recording, the reply, the appeal, its answer."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.domain.inspecting.cards import card_of
from reports.domain.inspecting.listing import next_item
from reports.domain.inspecting.opening import assess_again
from reports.domain.inspecting.scoring import CannotScore, decide, may_score, reply, score
from reports.forms.inspecting import SayForm, ScoreForm
from reports.models import InspectionItem
from reports.views.inspection_words import item_told


@require_safe
def inspection_item(request, pk):
    """Show what is inspected, with the scorecard to fill in or its result."""
    return _page(request, _seen(request, pk))


@require_POST
def item_score(request, pk):
    """Write down the scores, and go on to what is scored next."""
    item = _seen(request, pk)
    form = ScoreForm(request.POST, card=card_of(item.inspection))
    try:
        if not form.is_valid():
            raise CannotScore(_("Judge every item: passed, failed, or does not apply."))
        score(item, form.scores(), actor=request.user, now=request.now)
    except CannotScore as refusal:
        return _page(request, item, form=form, refused=str(refusal), status=422)
    messages.success(request, _("The scores are written down."))
    return HttpResponseRedirect(_onward(request, item))


@require_POST
def item_reply(request, pk):
    """Let the inspected reply, or appeal."""
    item, form = _seen(request, pk), SayForm(request.POST)
    appeal = request.POST.get("deed") == "appeal"
    try:
        reply(item, form.data.get("text", "")[:2000], appeal=appeal, actor=request.user, now=request.now)
    except CannotScore as refusal:
        return _page(request, item, said=form, refused=str(refusal), status=422)
    words = _("Your appeal waits for its answer.") if appeal else _("Your reply was written down.")
    messages.success(request, words)
    return HttpResponseRedirect(reverse("reports:inspection_item", args=[pk]))


@require_POST
def item_decide(request, pk):
    """Answer an appeal: the result stands, or it is scored anew."""
    item, anew = _seen(request, pk), request.POST.get("deed") == "anew"
    form, said = ScoreForm(request.POST if anew else None, card=card_of(item.inspection)), SayForm(request.POST)
    try:
        if anew and not form.is_valid():
            raise CannotScore(_("Judge every item: passed, failed, or does not apply."))
        text, scores = said.data.get("text", "")[:2000], form.scores() if anew else None
        decide(item, text, scores=scores, actor=request.user, now=request.now)
    except CannotScore as refusal:
        shown = ScoreForm(request.POST, card=card_of(item.inspection))
        return _page(request, item, form=shown, said=said, refused=str(refusal), status=422)
    messages.success(request, _("The appeal was answered; both were told."))
    return HttpResponseRedirect(reverse("reports:inspection_item", args=[pk]))


@require_POST
def item_again(request, pk):
    """Assess the same person or unit once more in the same period."""
    item = _seen(request, pk)
    if item.record_id is not None or not may_score(item, request.user, on=request.today):
        messages.error(request, _("A further round is for assessments, by who assesses."))
        return HttpResponseRedirect(reverse("reports:inspection_item", args=[pk]))
    made = assess_again(item, now=request.now, actor=request.user)
    return HttpResponseRedirect(reverse("reports:inspection_item", args=[made.pk]))


def _seen(request, pk) -> InspectionItem:
    seen = InspectionItem.objects.visible_to(request.user, on=request.today)
    beside = ("inspection__release", "employee", "branch", "department", "inspector", "record", "second_of")
    return get_object_or_404(seen.select_related(*beside), pk=pk)


def _onward(request, item) -> str:
    """Return the address of what this person scores next, else that of the inspection."""
    follows = next_item(item.inspection, request.user, on=request.today, after=item.pk)
    if follows is not None:
        return reverse("reports:inspection_item", args=[follows.pk])
    return reverse("reports:inspection", args=[item.inspection_id])


def _page(request, item, *, form=None, said=None, refused="", status=200):
    context = item_told(item, request) | {"item": item, "refused": refused, "said": said}
    if context["may_score"] or context["may_decide"]:
        context["form"] = form or ScoreForm(card=context["card"], initial=context["initial"])
    return render(request, "reports/inspection_item.html", context, status=status)
