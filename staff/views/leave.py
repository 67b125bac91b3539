"""Asking for leave, deciding on it, and the calendar of who is away."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.choices import LeaveState
from staff.domain import leave
from staff.domain.absences import month_of
from staff.domain.deputies import deputies_of
from staff.domain.oversight import overseen_by, requests_seen_by
from staff.domain.people import CannotStandIn, OnLeaveAlready
from staff.domain.wording import day_words, span_words
from staff.forms.leave import EARLIEST, LATEST, DecisionForm, LeaveForm

REFUSALS = (
    leave.CannotAsk, leave.AskedAlready, OnLeaveAlready, CannotStandIn, leave.SubstituteAway, leave.SubstituteNeeded,
)  # fmt: skip
OWN_SHOWN = 30
RELATED = ("employee", "substitute", "decided_by", "absence")


@require_safe
def leave_list(request):
    """Show what waits for this person's decision, their own requests, who is away, and the form."""
    return _page(request, _form(request))


@require_POST
def leave_ask(request):
    """Ask for leave for oneself, or enter it for somebody whom one looks after."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    person = form.cleaned_data["employee"] or request.user
    try:
        if person == request.user:
            leave.ask(person, form.wish(), now=request.now)
        else:
            leave.enter(person, form.wish(), actor=request.user, now=request.now)
    except REFUSALS as refusal:
        form.add_error(None, refusal_words(refusal))
        return _page(request, form, status=422)
    said = _("Asked. You are told here as soon as it is decided.") if person == request.user else _("Leave entered.")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("staff:leave_list"))


@require_POST
def leave_decide(request, pk):
    """Grant or refuse a request of somebody whom one looks after."""
    found = _seen(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
        return HttpResponseRedirect(reverse("staff:leave_list"))
    grant, remark = form.cleaned_data["decision"] == "grant", form.cleaned_data["remark"]
    try:
        leave.decide(found, grant=grant, remark=remark, actor=request.user, now=request.now)
        messages.success(request, _("Granted.") if grant else _("Refused."))
    except (*REFUSALS, leave.MayNotDecide, leave.NotWaiting) as refusal:
        messages.error(request, refusal_words(refusal))
    return HttpResponseRedirect(reverse("staff:leave_list"))


@require_POST
def leave_withdraw(request, pk):
    """Take a request back, or come back early."""
    found = _seen(request, pk)
    try:
        leave.withdraw(found, actor=request.user, now=request.now)
        messages.success(request, _("Taken back."))
    except (leave.MayNotDecide, leave.NotWaiting, leave.OverAlready) as refusal:
        messages.error(request, refusal_words(refusal))
    return HttpResponseRedirect(reverse("staff:leave_list"))


@require_safe
def leave_calendar(request):
    """Show who is away on which day of a month."""
    people = overseen_by(request.user, on=request.today).filter(is_active=True)
    month = month_of(_month(request), people)
    return render(request, "staff/leave_calendar.html", {"month": month, "today": request.today})


def refusal_words(refusal: Exception) -> str:
    """Say what stands against it, and how to go on."""
    match refusal:
        case leave.CannotAsk(why=why):
            return {
                "order": _("The last day lies before the first."),
                "long": _("One request covers at most a year: ask for the rest by another."),
                "past": _("The first day lies more than two months back: ask your manager to enter it."),
            }[why]
        case OnLeaveAlready(absence=taken):
            return _("On leave already: %(days)s.") % {"days": span_words(taken.from_on, taken.until_on)}
        case leave.AskedAlready(request=other):
            days = span_words(other.from_on, other.until_on)
            return _("A request for %(days)s waits already: take it back first.") % {"days": days}
        case leave.SubstituteAway(absence=away):
            told = {"name": away.employee, "days": span_words(away.from_on, away.until_on)}
            return _("%(name)s is away too: %(days)s. Choose another substitute.") % told
        case leave.SubstituteNeeded(hours=gap):
            words = _("Nobody would be on duty: %(hours)s. Choose a substitute, or put somebody else on duty first.")
            return words % {"hours": f"{day_words(gap.begins.date())} {gap.words}"}
    return {
        leave.NotWaiting: _("This request was decided meanwhile."),
        leave.OverAlready: _("This leave is over."),
        leave.MayNotDecide: _("You cannot decide this request: it is your own, or of somebody you do not look after."),
        CannotStandIn: _("Choose another substitute: somebody who works here, and not the person on leave."),
    }[type(refusal)]


def _seen(request, pk):
    return get_object_or_404(requests_seen_by(request.user, on=request.today).select_related(*RELATED), pk=pk)


def _form(request, data=None) -> LeaveForm:
    people = overseen_by(request.user, on=request.today).filter(is_active=True)
    start = {"employee": request.user, "from_on": request.today, "until_on": request.today}
    deputies = deputies_of(request.user, on=request.today)
    return LeaveForm(data, people=people, deputies=deputies, initial=start)


def _page(request, form, status=200):
    seen = requests_seen_by(request.user, on=request.today).select_related(*RELATED)
    waiting = seen.filter(state=LeaveState.ASKED).exclude(employee=request.user).order_by("from_on", "id")
    context = {
        "form": form,
        "today": request.today,
        "waiting": waiting,
        "own": [_own(row, request.today) for row in seen.filter(employee=request.user)[:OWN_SHOWN]],
        "others": _others(seen, request),
    }
    return render(request, "staff/leave_list.html", context, status=status)


def _own(row, today) -> dict:
    """Return a request with whether anything of it can be taken back."""
    runs = row.absence is not None and row.absence.until_on >= today
    return {"row": row, "begun": row.absence is not None and row.absence.from_on < today,
            "retractable": row.state == LeaveState.ASKED or (row.state == LeaveState.GRANTED and runs)}  # fmt: skip


def _others(seen, request):
    """Return the granted leave of others that is not over, the next first."""
    granted = seen.filter(state=LeaveState.GRANTED, absence__until_on__gte=request.today)
    return granted.exclude(employee=request.user).order_by("absence__from_on", "id")


def _month(request) -> date:
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return request.today
    return asked if EARLIEST < asked < LATEST.replace(day=1) else request.today
