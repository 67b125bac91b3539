"""The ledger: proposals with clause, evidence and tier, and what people decide about them, one or many at once."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.choices import ViolationState
from staff.domain.conduct import browsing, deciding, scope
from staff.domain.conduct.card import card, choices_of, range_of, spec_for
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.forms.ledger import BulkForm, DecisionForm, FindViolations
from staff.models import Violation
from staff.views.ledger_words import row_words, step_words, told_card
from staff.views.paging import framed


@require_safe
def ledger(request):
    """Show violations and rewards in the person's scope, found by the filters of the address."""
    return _list(request)


@require_POST
def ledger_bulk(request):
    """Confirm or waive all that are ticked; what cannot be decided stays ticked and is named, the others are."""
    form = BulkForm(request.POST, keys=BulkForm.picked(request.POST))
    if not form.is_valid():
        return _list(request, bulk=form, ticked=form.keys, status=422)
    chosen = scope.violations(request.user, on=request.today).filter(pk__in=form.cleaned_data["pick"])
    done, refused = _each(
        request, chosen.select_related(*browsing.RELATED).order_by("occurred_on", "pk"), form.cleaned_data
    )
    if done:
        messages.success(request, _("%(count)d decided.") % {"count": done})
    if refused:
        return _list(request, bulk=form, ticked=[one.pk for one, _words in refused], refused=refused, status=422)
    return HttpResponseRedirect(f"{reverse('staff:ledger')}?{request.GET.urlencode()}")


@require_safe
def violation(request, pk):
    """Show one violation or reward: clause, rule, evidence, explanation, people, steps, and what it posted."""
    return _page(request, seen(request, pk))


@require_POST
def violation_deed(request, pk, deed):
    """Confirm, waive, appeal or decide; what is refused comes back as it was typed."""
    found = seen(request, pk)
    form = DecisionForm(request.POST, choices=choices_of(spec_for(found)))
    if deed not in DEEDS:
        raise Http404
    if not form.is_valid():
        return _page(request, found, form=form, deed=deed, fault=" ".join(form.faults()), status=422)
    try:
        messages.success(request, DEEDS[deed](found, form, actor=request.user, now=request.now))
    except Refused as refusal:
        return _page(request, seen(request, pk), form=form, deed=deed, fault=refusal.words, status=422)
    return HttpResponseRedirect(reverse("staff:violation", args=[pk]))


def seen(request, pk):
    """Return the violation if it is this person's to see; what is not looks as if it were not there."""
    mine = scope.violations(request.user, on=request.today).select_related(*browsing.RELATED)
    return get_object_or_404(mine, pk=pk)


def _list(request, *, bulk=None, ticked=(), refused=(), status=200):
    people, rules, months = browsing.choices(request.user, on=request.today)
    form = FindViolations(request.GET, people=people, rules=rules, months=months)
    page = browsing.violations(request.user, form.wanted(), on=request.today)
    rights = Rights(request.user, request.today)
    rows = [row_words(row, rights) | {"ticked": row.pk in ticked} for row in page]
    context = framed(request, form, page, rows, path=reverse("staff:ledger"))
    piles = browsing.piles(request.user, on=request.today)
    context |= {
        "piles": piles,
        "is_empty": not any(piles.values()),
        "narrowed": context["narrowed"] and any(piles.values()),
        "any_open": any(row["may_decide"] for row in rows),
        "bulk": bulk,
        "refused": [(one, browsing.rule_title(one), words) for one, words in refused],
    }
    return render(request, "staff/ledger.html", context, status=status)


def _page(request, found, *, form=None, deed="", fault="", status=200):
    told = card(found, actor=request.user, on=request.today)
    spec = told.spec
    rights = Rights(request.user, request.today)
    before, after = browsing.beside(request.user, found, on=request.today)
    context = {
        "before": before,
        "after": after,
        "card": told,
        "told": told_card(told),
        "steps": [step_words(step) for step in told.steps],
        "form": form or DecisionForm(choices=choices_of(spec)),
        "deed": deed,
        "fault": fault,
        "range": range_of(spec),
        "may": deciding.deeds_open(found, rights, now=request.now),
        "appeal_until": deciding.appeal_until(found),
    }
    return render(request, "staff/violation.html", context, status=status)


def _each(request, chosen, typed):
    """Decide on each by itself, so that one that cannot be decided holds no other back."""
    decide = deciding.confirm if typed["deed"] == "confirm" else deciding.waive
    done, refused = 0, []
    for one in chosen:
        try:
            decide([one], actor=request.user, now=request.now, text=typed["text"])
            done += 1
        except Refused as refusal:
            if _went_with_another(one, refusal):
                done += 1
            else:
                refused.append((one, refusal.words))
    return done, refused


def _went_with_another(one, refusal) -> bool:
    """Say whether it was waiting when this began: who answers jointly is let go together with whom they answer for."""
    waited = one.state == ViolationState.PROPOSED and refusal.code == "state"
    return waited and Violation.objects.filter(pk=one.pk, state=ViolationState.WAIVED).exists()


def _confirm(found, form, *, actor, now):
    typed = form.cleaned_data
    deciding.confirm(
        [found], actor=actor, now=now, amount=form.hundredths(), text=typed["text"], choose=tuple(typed["choose"])
    )
    return _("Confirmed.")


def _waive(found, form, *, actor, now):
    deciding.waive([found], actor=actor, now=now, text=form.cleaned_data["text"])
    return _("Waived.")


def _appeal(found, form, *, actor, now):
    deciding.appeal(found, actor=actor, now=now, text=form.cleaned_data["text"])
    return _("Appealed. Somebody other than who confirmed it decides.")


def _uphold(found, form, *, actor, now):
    deciding.decide_appeal(found, uphold=True, actor=actor, now=now, text=form.cleaned_data["text"])
    return _("Upheld.")


def _reverse(found, form, *, actor, now):
    deciding.decide_appeal(found, uphold=False, actor=actor, now=now, text=form.cleaned_data["text"])
    return _("Taken back: a counter-entry makes it undone.")


def _take_back(found, form, *, actor, now):
    deciding.take_back(found, actor=actor, now=now, text=form.cleaned_data["text"])
    return _("Taken back: a counter-entry makes it undone.")


def _remark(found, form, *, actor, now):
    deciding.remark(found, actor=actor, now=now, text=form.cleaned_data["text"])
    return _("Written down.")


DEEDS = {
    "confirm": _confirm, "waive": _waive, "appeal": _appeal, "uphold": _uphold, "reverse": _reverse,
    "take_back": _take_back, "remark": _remark,
}  # fmt: skip
