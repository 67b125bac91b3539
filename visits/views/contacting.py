"""What a customer does not want: written down at one press of a key, lifted with a reason."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visits.choices import Purpose
from visits.domain.calling import restricting
from visits.forms.contacting import RefusalForm
from visits.models import ContactRestriction, Customer
from visits.views.calls import seen_tasks
from visits.views.contact_rules import restrictions_told
from visits.views.deeds import answered, asked


def customer_restrict(request, pk):
    """Show what the customer has refused, and write a further refusal down: at once, with its reason."""
    seen = Customer.objects.visible_to(request.user, on=request.today)
    customer = get_object_or_404(seen, pk=pk)
    form = RefusalForm(request.POST or None, initial={"purpose": Purpose.ALL})
    if request.method == "POST" and form.is_valid():
        try:
            restricting.restrict(customer, **form.cleaned_data, by=request.user, now=request.now)
            return _written_down(request, customer)
        except restricting.CannotRestrict as refusal:
            form.refuse({"reason" if form.cleaned_data["purpose"] else "purpose": str(refusal)})
    context = {"form": form, "customer": customer, "task_id": _task_id(request), "purposes": Purpose.choices}
    context["refused"] = restrictions_told(customer, request)
    return asked(request, "visits/customer_restrict.html", context, status=422 if form.errors else 200)


@require_POST
def restriction_lift(request, pk):
    """Lift a refusal because the customer allows contacts again."""
    seen = ContactRestriction.objects.visible_to(request.user, on=request.today).select_related("customer")
    found = get_object_or_404(seen, pk=pk)
    try:
        again = restricting.lift(found, reason=request.POST.get("reason", ""), by=request.user, now=request.now)
        messages.success(request, _("Lifted. Visits that are called for again: %(count)d.") % {"count": again})
    except restricting.CannotRestrict as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"/customers/{found.customer_id}/do-not-contact/")


def _written_down(request, customer):
    """Say that it was written down: on the card in its place, else on the customer's page."""
    words = _("Written down. Nobody calls about it any more; what it covers was cancelled.")
    task = seen_tasks(request).filter(customer=customer, pk=_task_id(request) or 0).first()
    if task:
        return answered(request, task, words)
    messages.success(request, words)
    return HttpResponseRedirect(f"/customers/{customer.pk}/do-not-contact/")


def _task_id(request) -> int | None:
    given = request.POST.get("task") or request.GET.get("task") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
