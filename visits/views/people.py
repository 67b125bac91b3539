"""The people one looks after: who is here with how much, and letting somebody go."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain import people as staffing
from staff.domain.deputies import deputies_of
from staff.domain.oversight import overseen_by
from staff.domain.workforce import load_workforce
from staff.models import Absence, Department, Employee
from visits.domain.staffing.burden import burdens, members
from visits.forms.people import CapacityForm, ResignForm


@require_safe
def person_list(request):
    """Show the people whom one looks after, where they are today and what they have in hand."""
    people = overseen_by(request.user, on=request.today).filter(is_active=True)
    found = members(people, load_workforce(), on=request.today, now=request.now)
    context = {"members": found, "departments": dict(Department.objects.values_list("pk", "name"))}
    return render(request, "visits/person_list.html", context)


@require_safe
def person(request, pk):
    """Show one person: roles and posts with their days, leave, work in hand, and the form for the last day."""
    found = _seen(request, pk)
    return _page(request, found, _form(request, found), CapacityForm(initial={"capacity": found.capacity}))


@require_POST
def person_resign(request, pk):
    """Record somebody's last day and who takes over."""
    found = _seen(request, pk, besides=request.user)
    form = _form(request, found, request.POST)
    if form.is_valid():
        heir, last = form.cleaned_data["hand_over_to"], form.cleaned_data["left_on"]
        try:
            staffing.resign(found, hand_over_to=heir, left_on=last, actor=request.user, now=request.now)
            messages.success(request, _("Recorded. Open work goes over when the last day has passed."))
            return HttpResponseRedirect(reverse("visits:person_list"))
        except staffing.AlreadyLeft:
            form.add_error(None, _("This person has left before."))
        except staffing.CannotStandIn:
            form.add_error("hand_over_to", _("Choose somebody else who works here."))
    return _page(request, found, form, CapacityForm(initial={"capacity": found.capacity}), status=422)


@require_POST
def person_stay(request, pk):
    """Take a resignation back before its last day."""
    found = _seen(request, pk, besides=request.user)
    try:
        staffing.stay(found, actor=request.user, now=request.now)
        messages.success(request, _("The resignation was taken back."))
    except staffing.AlreadyLeft:
        messages.error(request, _("There is no resignation that could be taken back."))
    return HttpResponseRedirect(reverse("visits:person", args=[found.pk]))


@require_POST
def person_capacity(request, pk):
    """Write down how many visits somebody can make in a day."""
    found = _seen(request, pk)
    form = CapacityForm(request.POST)
    if not form.is_valid():
        return _page(request, found, _form(request, found), form, status=422)
    staffing.set_capacity(found, form.cleaned_data["capacity"], actor=request.user, now=request.now)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("visits:person", args=[found.pk]))


def _seen(request, pk, besides: Employee | None = None) -> Employee:
    """Return a person whom one looks after; others look as if they were not there, and so does `besides`."""
    people = overseen_by(request.user, on=request.today)
    return get_object_or_404(people.exclude(pk=besides.pk) if besides else people, pk=pk)


def _form(request, found, data=None) -> ResignForm:
    start = {"left_on": found.left_on or request.today, "hand_over_to": found.hand_over_to}
    return ResignForm(data, heirs=deputies_of(found, on=request.today), initial=start)


def _page(request, found, form, capacity, status=200):
    coming = Absence.objects.filter(until_on__gte=request.today).select_related("employee", "substitute")
    context = {
        "person": found,
        "form": form,
        "capacity": capacity,
        "burden": burdens([found.pk], now=request.now)[found.pk],
        "assignments": found.assignments.select_related("role").order_by("-from_on"),
        "postings": found.postings.select_related("branch", "department", "line_manager").order_by("-from_on"),
        "absences": coming.filter(employee=found).order_by("from_on"),
        "stands_in": coming.filter(substitute=found).order_by("from_on"),
        "leaving": found.is_active and found.left_on,
        "today": request.today,
    }
    return render(request, "visits/person.html", context, status=status)
