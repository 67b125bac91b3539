"""Visits that people ask for: by hand for a customer, and what a customer said who called."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.wiring import COMPLAINT_CHOICES, COMPLAINT_TOLD
from staff.domain.access import may_open
from staff.domain.wording import bound_words, moment_words
from staff.models import Employee
from visits.choices import Channel
from visits.domain.assigning import reassigning
from visits.domain.calling import recording
from visits.domain.calling.contacts import MissingFact
from visits.domain.explaining import telling
from visits.domain.origin import answered, requesting
from visits.domain.origin.answering import take_call
from visits.forms.requesting import InboundForm, VisitForm, fresh_token
from visits.models import Customer, Vehicle, VisitTask
from visits.views.calls import case_words


@require_http_methods(["GET", "HEAD", "POST"])
def customer_visit(request, pk):
    """Start a visit by hand: assigned by the house, or asked for by the customer."""
    customer = seen_customer(request, pk)
    offered = offers(request, customer)
    if request.method != "POST":
        return visit_shown(request, customer, VisitForm(initial=first(request), **offered))
    form = VisitForm(request.POST, **offered)
    if not form.is_valid():
        return visit_shown(request, customer, form, status=422)
    try:
        event = requesting.request_visit(wish_of(form, customer, request), by=request.user, now=request.now)
    except requesting.CannotBe as refusal:
        form.add_error(refusal.field, str(refusal))
        return visit_shown(request, customer, form, status=422)
    except requesting.NoRule as refusal:
        form.add_error(None, str(refusal))
        return visit_shown(request, customer, form, status=422)
    return made(request, customer, event)


@require_http_methods(["GET", "HEAD", "POST"])
def customer_call(request, pk):
    """Write down a call of the customer that belongs to no task, with the visit that they ask for."""
    customer = seen_customer(request, pk)
    form = inbound_form(request, customer)
    if request.method != "POST":
        return call_shown(request, customer, form)
    if not form.is_valid():
        return call_shown(request, customer, form, status=422)
    try:
        wish = form.wish(customer, advisor=request.user, now=request.now)
        taken = take_call(customer, form.contact(), wish=wish, by=request.user, now=request.now)
    except REFUSALS as refusal:
        refuse(form, refusal)
        return call_shown(request, customer, form, status=422)
    told = _("The call is on file, and the visit is planned.") if wish else _("The call is on file.")
    messages.success(request, " ".join([told, *case_words(import_string(COMPLAINT_TOLD)(taken.record))]))
    return HttpResponseRedirect(f"/customers/{customer.pk}/")


def inbound_form(request, customer) -> InboundForm:
    """Return the form of a call, with what a complaint of this customer may be called."""
    place = requesting.place_of(customer, request.user, request.now)
    offered = import_string(COMPLAINT_CHOICES)(
        branch=place["branch_id"], department=place["department_id"], on=request.today
    )
    if request.method == "POST":
        return InboundForm(request.POST, offered=offered)
    start = fresh_token() | {"started_at": request.now, "channel": Channel.DESK_PHONE}
    return InboundForm(initial=start, offered=offered)


REFUSALS = (MissingFact, recording.TokenReused, requesting.CannotBe, requesting.NoRule)


def refuse(form, refusal):
    """Hang what the domain refuses on the field that it is about."""
    if isinstance(refusal, MissingFact):
        for name, words in refusal.messages.items():
            form.add_error(name if name in form.fields else None, words)
    else:
        form.add_error(getattr(refusal, "field", None), str(refusal))


@require_safe
def request_list(request):
    """Show what customers asked for and how fast it was met, beside how much of this month's work it is."""
    found = answered.requests(request.user, on=request.today)
    rows = [
        {
            "task": one.task, "hours": one.hours, "asked": moment_words(one.task.event.happened_at),
            "due": bound_words(one.task.closes_at, one.task.closes_inclusive),
            "visited": moment_words(one.task.completed_at), "state": one.task.get_status_display(),
        }
        for one in found
    ]  # fmt: skip
    first = request.today.replace(day=1)
    counts = answered.share(request.user, first=first, last=request.today, on=request.today)
    context = {"rows": rows, "average": answered.average(found), "share": counts, "first": first}
    return render(request, "visits/request_list.html", context)


def seen_customer(request, pk) -> Customer:
    """Return the customer if it is this person's to see; what is not looks as if it were not there."""
    return get_object_or_404(Customer.objects.visible_to(request.user, on=request.today).distinct(), pk=pk)


def first(request) -> dict:
    """Return what the form of a visit holds when it is opened."""
    on = requesting.next_workday(request.now)
    return fresh_token() | {"kind": requesting.ASSIGNED, "due_on": on, "advisor": request.user.pk}


def offers(request, customer) -> dict:
    """Return whom, which vehicle and which regulation the form lets choose."""
    people = [(request.user.pk, str(request.user))]
    if may_open("visits:task_reassign", "POST", request.user.base_roles):
        others = reassigning.candidates(request.user, now=request.now)
        people = [(one.id, f"{one.name} ({one.open_tasks})") for one in others]
    owned = Vehicle.objects.filter(ownerships__customer=customer, ownerships__until_at=None).distinct()
    listening = {one.policy: one for kind in requesting.PREFIX for one in requesting.listeners(kind)}
    return {
        "people": people,
        "vehicles": [(vehicle.pk, f"{vehicle} {vehicle.model}".strip()) for vehicle in owned],
        "policies": [(one.policy, one.title) for one in listening.values()],
    }


def wish_of(form, customer, request) -> requesting.Wish:
    """Return what is asked for, with person and vehicle."""
    typed = form.cleaned_data
    return form.wish(
        customer=customer,
        advisor=Employee.objects.filter(pk=typed["advisor"]).first(),
        vehicle=Vehicle.objects.filter(pk=typed.get("vehicle")).first(),
        now=request.now,
    )


def made(request, customer, event):
    """Say who has the new task; open it where it is one's own."""
    tasks = requesting.tasks_of([event.pk])
    mine = next((task for task in tasks if task.assignee_id == request.user.pk), None)
    names = "、".join(dict.fromkeys(str(task.assignee or _("nobody yet")) for task in tasks))
    messages.success(request, _("The visit is in the queue of: %(names)s.") % {"names": names})
    return HttpResponseRedirect(f"/tasks/{mine.pk}/" if mine else f"/customers/{customer.pk}/")


def visit_shown(request, customer, form, *, status=200):
    """Show the form of a visit by hand."""
    kinds = {kind: requesting.listeners(kind) for kind in requesting.PREFIX}
    context = {"customer": customer, "form": form, "ruled": any(kinds.values())}
    return render(request, "visits/customer_visit.html", context, status=status)


def call_shown(request, customer, form, *, status=200):
    """Show the form of a call, with the visits that the same call may complete."""
    waiting = VisitTask.objects.visible_to(request.user, on=request.today).open().filter(customer=customer)
    tasks = [
        {
            "id": task.pk,
            "words": telling.step_words(task.step),
            "bound": bound_words(task.closes_at, task.closes_inclusive),
        }
        for task in waiting.select_related("step__rule").distinct().order_by("closes_at")
    ]
    context = {"customer": customer, "form": form, "tasks": tasks}
    return render(request, "visits/customer_call.html", context, status=status)
