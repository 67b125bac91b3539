"""Public letters: the list, a new one, one letter with its cases, its publishing (K-12)."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.domain import letters
from complaints.domain.writing import CannotDo
from complaints.forms.letters import LetterForm
from complaints.models import Case, PublicLetter
from staff.domain.access import MANAGERS, scope_of

OFFERED = 200


@require_safe
def letter_list(request):
    """Show the letters that one sees, found by their words or by the number of a case."""
    q = request.GET.get("q", "").strip()[:60]
    found = letters.letters_seen_by(request.user, on=request.today).select_related("branch", "written_by")
    if q:
        said = Q(title__icontains=q) | Q(text__icontains=q)
        found = found.filter(said | Q(cases__number__icontains=q) | Q(cases__name__icontains=q))
    rows = found.annotate(count=Count("cases", distinct=True)).order_by("-pk")[:OFFERED]
    may_write = bool(request.user.base_roles & MANAGERS)
    return render(request, "complaints/letter_list.html", {"rows": rows, "q": q, "may_write": may_write})


@require_http_methods(["GET", "HEAD", "POST"])
def letter_new(request):
    """Write a letter."""
    form = LetterForm(request.POST or None, scope=scope_of(request.user, on=request.today))
    if request.method == "POST" and form.is_valid():
        try:
            made = letters.compose(**form.letter(), by=request.user, now=request.now)
            messages.success(request, _("Written. Put the cases under it that it answers, then publish it."))
            return HttpResponseRedirect(reverse("complaints:letter", args=[made.pk]))
        except CannotDo as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return render(request, "complaints/letter_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request, pk):
    """Show one letter with its cases; put cases under it, take them out, change it, publish it."""
    found = get_object_or_404(letters.letters_seen_by(request.user, on=request.today), pk=pk)
    if request.method != "POST":
        return shown(request, found)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        messages.success(request, deed(request, found))
    except CannotDo as refusal:
        return shown(request, found, fault=str(refusal), status=422)
    return HttpResponseRedirect(reverse("complaints:letter", args=[pk]))


def put_under(request, found: PublicLetter) -> str:
    """Put the ticked cases under the letter."""
    ticked = [key for key in request.POST.getlist("cases") if key.isdecimal()]
    chosen = letters.open_cases(request.user, on=request.today).filter(pk__in=ticked)
    count = letters.put_under(found, chosen, by=request.user, now=request.now)
    return _("%(count)s cases are answered by this letter as soon as it is published.") % {"count": count}


def take_out(request, found: PublicLetter) -> str:
    """Take one case out of the letter."""
    key = request.POST.get("case", "")
    mine = Case.objects.visible_to(request.user, on=request.today)
    case = get_object_or_404(mine, pk=int(key) if key.isdecimal() else 0, letter=found)
    letters.take_out(found, case, by=request.user, now=request.now)
    return _("The case is handled by itself again.")


def change(request, found: PublicLetter) -> str:
    """Write the letter anew."""
    form = LetterForm(request.POST, scope=scope_of(request.user, on=request.today))
    if not form.is_valid():
        raise CannotDo(" ".join(str(fault) for faults in form.errors.values() for fault in faults))
    letters.compose(**form.letter(), letter=found, by=request.user, now=request.now)
    return _("Saved.")


def publish(request, found: PublicLetter) -> str:
    """Publish the letter."""
    count = letters.publish(found, by=request.user, now=request.now)
    return _("Published. %(count)s cases are closed by it, and their visits with them.") % {"count": count}


DEEDS = {"put": put_under, "take": take_out, "change": change, "publish": publish}


def shown(request, found: PublicLetter, *, fault="", status=200):
    """Return the page of a letter."""
    scope = scope_of(request.user, on=request.today)
    mine = letters.may_write(found, by=request.user, on=request.today)
    may_write = mine and bool(request.user.base_roles & MANAGERS) and found.published_at is None
    given = {"title": found.title, "text": found.text, "unit": str(found.branch_id or "")}
    data = request.POST if fault and request.POST.get("deed") == "change" else None
    mine = Case.objects.visible_to(request.user, on=request.today).filter(letter=found)
    context = {
        "letter": found, "fault": fault, "may_write": may_write, "ticked": request.POST.getlist("cases"),
        "cases": list(mine.select_related("customer", "branch").order_by("number")), "all_cases": found.cases.count(),
        "form": LetterForm(data, scope=scope, initial=given) if may_write else None,
        "offered": letters.open_cases(request.user, on=request.today)[:OFFERED] if may_write else [],
    }  # fmt: skip
    return render(request, "complaints/letter.html", context, status=status)
