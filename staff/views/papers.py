"""Papers to sign, and the trainings and tests that managers enter."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain import qualifying
from staff.domain.demanding import demands
from staff.domain.oversight import overseen_by
from staff.domain.skills import matrix, own_standings
from staff.domain.wording import figure_words
from staff.domain.workforce import load_workforce
from staff.forms.papers import SignForm, TrainingForm

LATEST_SHOWN = 20
REFUSALS = (
    qualifying.MayNotEnter, qualifying.NotYet, qualifying.UnknownQualification, qualifying.ScoreNeeded,
    qualifying.NotAPaper, qualifying.HeldAlready, qualifying.RevokedAlready,
)  # fmt: skip


@require_safe
def paper_list(request):
    """Show what is demanded of this person, what is missing first, with the papers to sign."""
    return _own_page(request, SignForm())


@require_POST
def paper_sign(request, code):
    """Sign a paper for oneself."""
    form = SignForm(request.POST)
    if not form.is_valid():
        return _own_page(request, form, code, status=422)
    try:
        qualifying.sign(request.user, code, now=request.now)
        messages.success(request, _("Signed. Thank you."))
    except REFUSALS as refusal:
        messages.error(request, refusal_words(refusal))
    return HttpResponseRedirect(reverse("staff:paper_list"))


@require_safe
def training_list(request):
    """Show who holds what, and the form for a training or test."""
    return _managers_page(request, _form(request))


@require_POST
def training_enter(request):
    """Enter a training or test of somebody whom one looks after."""
    form = _form(request, request.POST)
    if form.is_valid():
        person = form.cleaned_data["employee"]
        try:
            record = qualifying.enter_training(person, form.training(), actor=request.user, now=request.now)
            told = {"name": person, "result": _("passed") if record.passed else _("not passed")}
            messages.success(request, _("Entered: %(name)s, %(result)s.") % told)
            return HttpResponseRedirect(reverse("staff:training_list"))
        except REFUSALS as refusal:
            form.add_error(None, refusal_words(refusal))
    return _managers_page(request, form, status=422)


@require_POST
def training_revoke(request, pk):
    """Take a wrong entry back."""
    record = get_object_or_404(qualifying.entries(request.user, on=request.today), pk=pk)
    try:
        qualifying.revoke(record, actor=request.user, now=request.now)
        messages.success(request, _("The entry was revoked."))
    except REFUSALS as refusal:
        messages.error(request, refusal_words(refusal))
    return HttpResponseRedirect(reverse("staff:training_list"))


def refusal_words(refusal: Exception) -> str:
    """Say what stands against it."""
    match refusal:
        case qualifying.ScoreNeeded(mark=mark):
            return _("Enter the score: %(mark)s is the mark to reach.") % {"mark": figure_words(mark)}
        case qualifying.NotYet():
            return _("The day lies ahead: enter it when it has taken place.")
        case qualifying.MayNotEnter():
            return _("Nobody enters trainings and tests for themself; your manager does.")
        case qualifying.HeldAlready():
            return _("You have signed this already.")
        case qualifying.NotAPaper():
            return _("This is no paper to sign: your manager enters it after the training or test.")
        case qualifying.RevokedAlready():
            return _("This entry was revoked before.")
    return _("No regulation in force asks for this.")


def _own_page(request, form, code="", status=200):
    standings = own_standings(request.user, on=request.today)
    context = {
        "standings": standings,
        "shut": [one for one in standings if one.demand.gate and one.state in ("missing", "failed")],
        "form": form,
        "code": code,
    }
    return render(request, "staff/paper_list.html", context, status=status)


def _managers_page(request, form, status=200):
    people = overseen_by(request.user, on=request.today).filter(is_active=True)
    found = matrix(people, load_workforce(), on=request.today)
    titles = {one.code: one.title for one in demands(on=request.today)}
    records = list(qualifying.entries(request.user, on=request.today)[:LATEST_SHOWN])
    for record in records:
        record.title = titles.get(record.code, record.code)
    context = {"matrix": found, "form": form, "records": records, "user": request.user}
    return render(request, "staff/training_list.html", context, status=status)


def _form(request, data=None) -> TrainingForm:
    people = overseen_by(request.user, on=request.today).filter(is_active=True).exclude(pk=request.user.pk)
    codes = {one.code: one.title for one in demands(on=request.today)}
    return TrainingForm(data, people=people, codes=list(codes.items()), initial={"on": request.today})
