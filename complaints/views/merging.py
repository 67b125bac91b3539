"""Laying cases of one matter together, and taking them apart again."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.choices import ENDED
from complaints.domain import duplicates, listing, merging
from complaints.domain.announcing import url_of
from complaints.domain.rights import is_theirs
from complaints.domain.writing import CannotDo
from complaints.models import Case
from complaints.views.editing import seen_case

MOST, REASON = 20, 400


@require_http_methods(["GET", "HEAD", "POST"])
def case_merge(request, pk):
    """Choose what tells of the same matter as this case, or take a merged case out again."""
    case = seen_case(request, pk)
    if request.method != "POST":
        return shown(request, case)
    try:
        if not is_theirs(case, "merge", by=request.user, on=request.today):
            raise CannotDo(_("Only who has a part in %s or looks after its unit may merge it.") % case.number)
        words = apart(request, case) if "apart" in request.POST else together(request, case)
    except CannotDo as refusal:
        return shown(request, seen_case(request, pk), fault=str(refusal), status=422)
    messages.success(request, words)
    return HttpResponseRedirect(url_of(case))


def together(request, case: Case) -> str:
    """Merge the chosen cases into this one, or this one into the chosen one."""
    keys = [key for key in request.POST.getlist("other") if key.isascii() and key.isdecimal() and len(key) < 19]
    chosen = list(seen(request).filter(pk__in=keys))
    told = {"by": request.user, "now": request.now, "text": request.POST.get("reason", "")[:REASON]}
    if request.POST.get("way") != "into":
        merging.merge(chosen, into=case, **told)
        return _("The chosen cases count with this one now.")
    if len(chosen) != 1:
        raise CannotDo(_("Choose the one case that this one is to be merged into."))
    merging.merge([case], into=chosen[0], **told)
    return _("This case counts with %s now.") % chosen[0].number


def apart(request, case: Case) -> str:
    """Take out the named case: this one, or one that was merged into it."""
    key = request.POST["apart"]
    merged = seen(request).filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if merged is None or case.pk not in (merged.pk, merged.merged_into_id):
        raise CannotDo(_("This case is not merged here."))
    back = merging.unmerge(merged, by=request.user, now=request.now, text=request.POST.get("reason", "")[:REASON])
    return _("%s is a case of its own again, its clocks run on.") % back.number


def seen(request):
    """Return the cases that this person may see."""
    return Case.objects.visible_to(request.user, on=request.today)


def shown(request, case: Case, *, fault: str = "", status: int = 200):
    """Show what is merged here, what may be the same matter, and what was found."""
    typed = request.POST if request.method == "POST" else request.GET
    words = typed.get("q", "")[:60]
    likely = duplicates.likely(case, among=seen(request))
    others = [(one.case, one.reasons) for one in likely]
    if words.strip():
        found = seen(request).filter(listing.words(words)).exclude(pk=case.pk).exclude(state__in=ENDED)
        others = [(one, ()) for one in found.select_related("customer").order_by("-opened_at")[:MOST]]
    context = {
        "case": case, "others": others, "merged": case.duplicates.order_by("opened_at", "pk"), "q": words,
        "fault": fault, "reason": typed.get("reason", "")[:REASON], "url": url_of(case),
        "chosen": request.POST.getlist("other"), "may": is_theirs(case, "merge", by=request.user, on=request.today),
    }  # fmt: skip
    return render(request, "complaints/case_merge.html", context, status=status)
