"""The duty roster: a week of the desks that regulations ask to be staffed, and putting people on duty."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.clock import local_day
from staff.domain.access import OVERSEERS
from staff.domain.duty import planning
from staff.domain.duty.showing import day_numbered, monday_of, week_at
from staff.domain.oversight import overseen_by
from staff.domain.wording import day_words
from staff.forms.duty import ShiftForm, TakeBackForm, key_of
from staff.models import Shift


@require_safe
def duty(request):
    """Lead to the week of today."""
    return _to(request.today)


@require_safe
def duty_day(request, day):
    """Show the week of a day, such as 20260302; with `shift`, what can be done about one of its shifts."""
    return _page(request, _day(day))


@require_POST
def duty_enter(request, day):
    """Put somebody on duty."""
    on = _day(day)
    form = _form(request, week_at(request.user, monday_of(on), on=request.today), on, request.POST)
    if not form.is_valid():
        return _page(request, on, form=form, status=422)
    try:
        made = planning.enter(form.wanted(), actor=request.user, on=request.today, now=request.now)
    except planning.Refused as refusal:
        form.add_error("reason" if refusal.why in ("lacks", "reason") else None, refusal_words(refusal))
        return _page(request, on, form=form, status=422)
    messages.success(request, _("Entered: %(count)s shifts.") % {"count": len(made)})
    return _to(on)


@require_POST
def duty_take_back(request, pk):
    """Take a shift back, or give it to somebody else."""
    shift = get_object_or_404(_seen(request), pk=pk)
    on = local_day(shift.starts_at)
    form = TakeBackForm(request.POST, people=_people(request))
    if not form.is_valid():
        return _page(request, on, shift=shift, taking=form, status=422)
    told = {"heir": form.cleaned_data["heir"], "reason": form.cleaned_data["reason"]}
    try:
        planning.take_back(shift, actor=request.user, on=request.today, now=request.now, **told)
    except planning.Refused as refusal:
        form.add_error("reason" if refusal.why in ("lacks", "reason") else None, refusal_words(refusal))
        return _page(request, on, shift=shift, taking=form, status=422)
    messages.success(request, _("Taken back."))
    return _to(on)


@require_POST
def duty_repeat(request, day):
    """Put everybody of a desk on duty as in the week before."""
    on = _day(day)
    desks = {key_of(one.desk): one.desk for one in week_at(request.user, monday_of(on), on=request.today)}
    desk = desks.get(request.POST.get("desk", ""))
    if desk is None:
        raise Http404
    count = planning.repeat_week(desk, monday_of(on), actor=request.user, on=request.today, now=request.now)
    if count:
        messages.success(request, _("Entered: %(count)s shifts.") % {"count": count})
    else:
        nothing = _("Nothing to repeat: the week before has no shift of your people that is not here yet.")
        messages.error(request, nothing)
    return _to(on)


def refusal_words(refusal: planning.Refused) -> str:
    """Say what stands against it, and how to go on."""
    person, hours = refusal.facts.get("person", ""), refusal.facts.get("hours")
    told = {"name": person, "hours": f"{day_words(hours.begins.date())} {hours.words}" if hours else ""}
    match refusal.why:
        case "lacks":
            told["papers"] = ", ".join(map(str, refusal.facts["codes"]))
            return _("%(name)s has not passed %(papers)s. Choose somebody else, or say why it has to be.") % told
        case "gap":
            words = _("Nobody would be on duty: %(hours)s. Say who takes it over, or put somebody else on duty first.")
            return words % told
        case "away":
            return _("%(name)s is not at work on that day: %(hours)s.") % told
        case "twice":
            return _("%(name)s is on duty there already: %(hours)s.") % told
        case "role":
            return _("%(name)s does not hold the role that this desk asks for on that day: %(hours)s.") % told
        case "absent":
            return _("%(name)s is not on duty then, and cannot be stood in for: %(hours)s.") % told
    return {
        "order": _("The last day lies before the first."),
        "long": _("Enter at most two months at once."),
        "nobody": _("You do not look after this person."),
        "desk": _("No regulation asks for this desk on these days."),
        "reason": _("Say why."),
        "gone": _("This shift was taken back meanwhile."),
    }[refusal.why]


def _day(number: int) -> date:
    found = day_numbered(number)
    if found is None:
        raise Http404
    return found


def _to(on: date) -> HttpResponseRedirect:
    return redirect(reverse("staff:duty_day", args=[f"{on:%Y%m%d}"]))


def _people(request):
    return overseen_by(request.user, on=request.today).filter(is_active=True)


def _seen(request):
    return Shift.objects.standing().filter(employee__in=_people(request).order_by().values("pk"))


def _form(request, desks, on, data=None) -> ShiftForm:
    named = [(key_of(one.desk), " · ".join(filter(None, (one.title, one.branch)))) for one in desks]
    start = {"first": on, "last": on, "desk": named[0][0] if named else ""}
    return ShiftForm(data, desks=named, people=_people(request), initial=start)


def _shift(request):
    asked = request.GET.get("shift", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    return get_object_or_404(_seen(request), pk=int(asked))


def _page(request, on, *, form=None, shift=None, taking=None, status=200):
    monday = monday_of(on)
    desks = week_at(request.user, monday, on=request.today)
    may_plan = bool(request.user.base_roles & OVERSEERS)
    shift = shift or (_shift(request) if may_plan else None)
    context = {
        "desks": [(key_of(one.desk), one) for one in desks],
        "on": on,
        "monday": monday,
        "sunday": monday + timedelta(6),
        "before": f"{monday - timedelta(7):%Y%m%d}",
        "after": f"{monday + timedelta(7):%Y%m%d}",
        "number": f"{on:%Y%m%d}",
        "today": request.today,
        "may_plan": may_plan,
        "mine": set(_people(request).values_list("pk", flat=True)) if may_plan else set(),
        "form": form or (_form(request, desks, on) if may_plan else None),
        "shift": shift,
        "taking": taking or (TakeBackForm(people=_people(request)) if shift else None),
    }
    return render(request, "staff/duty_day.html", context, status=status)
