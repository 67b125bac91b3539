"""The public form and the customer's own page: phone first, without an account, without a word about anybody else."""

from allauth.core import ratelimit
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints.domain import feedback
from complaints.domain.forms_asked import required_at
from complaints.domain.linking import open_link
from complaints.domain.ruling import ruling_book
from complaints.domain.writing import CannotDo
from complaints.forms.feedback import TRAP, FeedbackForm, WordForm
from config.clock import local_day

FORM, STATUS = "complaints/public_form.html", "complaints/public_status.html"
METHODS = ["GET", "HEAD", "POST"]
NEW = "new"


@never_cache
@require_http_methods(METHODS)
def public_form(request, token):
    """Show the form of a link, and register what a customer hands in by it."""
    link = open_link(token)
    if link is None:
        return closed(request, FORM)
    asked = {"types": link.offered(), "asks_demand": asks_demand(link, request.now)}
    if request.method != "POST":
        return shown(request, link, FeedbackForm(**asked))
    form = FeedbackForm(request.POST, **asked)
    if request.user.is_authenticated:
        form.add_error(None, _("You are signed in. Register what customers tell you on the page for it."))
    if not form.is_valid():
        return shown(request, link, emptied(form), status=422)
    if not ratelimit.consume(request, action="feedback", key=token):
        return shown(request, link, form, crowded=True, status=429)
    try:
        case = feedback.hand_in(link, form.said(), now=request.now)
    except feedback.AlreadyHandedIn as refusal:
        return shown(request, link, anew(form, asked), refused=str(refusal), status=409)
    return HttpResponseRedirect(f"{address_of(case)}?{NEW}")


def emptied(form):
    """Return the form with its trap empty, so that a person whose browser filled it gets through by a second press."""
    form.data = form.data.copy()
    form.data[TRAP] = ""
    return form


def anew(form, asked):
    """Return the form with what was typed, as a form that was not handed in yet."""
    typed = {name: value for name, value in form.cleaned_data.items() if name != "form"}
    return FeedbackForm(initial=typed, **asked)


def asks_demand(link, now) -> bool:
    """Say whether the regulation wants to know what the customer demands."""
    book = ruling_book(local_day(now), department=link.department)
    return "demand" in required_at(book.pack if book else None, "register", {})


def shown(request, link, form, *, refused="", crowded=False, status=200):
    """Show the form with what was typed."""
    context = {"link": link, "form": form, "refused": refused, "crowded": crowded}
    return render(request, FORM, context, status=status)


def closed(request, template):
    """Say that this address leads nowhere any more; the same words whatever was wrong with it."""
    return render(request, template, {"closed": True}, status=410)


def address_of(case) -> str:
    """Return the customer's own page of a case."""
    return reverse("complaints:public_status", args=[feedback.address_key(case)])


@never_cache
@require_http_methods(METHODS)
def public_status(request, token):
    """Show the customer how his case stands, and take a further word of his."""
    case = feedback.case_behind(token, now=request.now)
    if case is None:
        return closed(request, STATUS)
    form, status = WordForm(request.POST or None), 200
    if request.method == "POST":
        status = taken(request, case, form)
        if status == 302:
            return HttpResponseRedirect(f"{request.path}#words")
    context = {"standing": feedback.standing(case), "form": form, "is_new": NEW in request.GET}
    return render(request, STATUS, context | {"address": request.build_absolute_uri(request.path)}, status=status)


def taken(request, case, form) -> int:
    """Put the word on the timeline; return the number that answers: 302 where it stands there."""
    if request.user.is_authenticated:
        form.add_error("text", _("You are signed in. Write on the page of the case instead."))
    if not form.is_valid():
        return 422
    if not ratelimit.consume(request, action="feedback", key=str(case.pk)):
        form.add_error("text", _("That was a lot in a short time. Try again in an hour, or call us."))
        return 429
    try:
        feedback.add_word(case, form.cleaned_data["text"], now=request.now)
    except CannotDo as refusal:
        form.add_error("text", str(refusal))
        return 422
    return 302
