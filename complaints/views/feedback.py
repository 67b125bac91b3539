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
from complaints.forms.feedback import PICTURES, TRAP, FeedbackForm, WordForm, paths_of
from config.clock import local_day
from config.uploads import DISK_FULL, MEGABYTE, Room, fault_of, takes_files

LOST = "photographs"
ROOM = Room(files=PICTURES + 1, size=64 * MEGABYTE)
FORM, STATUS = "complaints/public_form.html", "complaints/public_status.html"
METHODS = ["GET", "HEAD", "POST"]
NEW = "new"


@takes_files(ROOM)
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
    form = FeedbackForm(request.POST, request.FILES, **asked)
    check_files(request, form)
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
    lost = feedback.add_photographs(case, paths_of(form.cleaned_data[LOST]), now=request.now, is_new=True)
    return HttpResponseRedirect(f"{address_of(case)}?{NEW}{f'&{LOST}' if lost else ''}")


def check_files(request, form) -> None:
    """Say of files that were too many, or that the disk has no room for, what became of them."""
    if fault := fault_of(request):
        large = _("These photographs are too large together. Choose fewer of them.")
        full = _("There is no room for files at present. Send the words alone.")
        form.add_error(LOST, full if fault == DISK_FULL else large)


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


@takes_files(ROOM)
@never_cache
@require_http_methods(METHODS)
def public_status(request, token):
    """Show the customer how his case stands, and take a further word of his."""
    case = feedback.case_behind(token, now=request.now)
    if case is None:
        return closed(request, STATUS)
    form, status = WordForm(*(request.POST, request.FILES) if request.method == "POST" else ()), 200
    if request.method == "POST":
        status = taken(request, case, form)
        if status == 302:
            return HttpResponseRedirect(f"{request.path}#words")
    context = {
        "standing": feedback.standing(case), "form": form, "is_new": NEW in request.GET, "lost": LOST in request.GET,
        "address": request.build_absolute_uri(request.path),
    }  # fmt: skip
    return render(request, STATUS, context, status=status)


def taken(request, case, form) -> int:
    """Put the word on the timeline; return the number that answers: 302 where it stands there."""
    if request.user.is_authenticated:
        form.add_error("text", _("You are signed in. Write on the page of the case instead."))
    check_files(request, form)
    if not form.is_valid():
        return 422
    if not ratelimit.consume(request, action="feedback", key=str(case.pk)):
        form.add_error("text", _("That was a lot in a short time. Try again in an hour, or call us."))
        return 429
    try:
        if form.cleaned_data["text"]:
            feedback.add_word(case, form.cleaned_data["text"], now=request.now)
    except CannotDo as refusal:
        form.add_error("text", str(refusal))
        return 422
    for fault in feedback.add_photographs(case, paths_of(form.cleaned_data[LOST]), now=request.now):
        form.add_error(LOST, fault)
    return 422 if form.errors else 302
