"""A new customer, written by hand."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visits.domain.origin import registering
from visits.forms.customers import NewCustomerForm
from visits.models import Customer


@require_http_methods(["GET", "HEAD", "POST"])
def customer_new(request):
    """Register a customer; a number that is on file leads to who has it, a known name is asked about once."""
    if request.method != "POST":
        return shown(request, NewCustomerForm(initial={"name": request.GET.get("name", "")[:80]}))
    form = NewCustomerForm(request.POST)
    if not form.is_valid():
        return shown(request, form, status=422)
    same = seen_namesakes(request, form.cleaned_data["name"])
    if same and not form.cleaned_data["sure"]:
        return shown(request, NewCustomerForm(request.POST, asks_sure=True), same=same, status=422)
    try:
        customer = registering.register(form.registration(), by=request.user, now=request.now)
    except registering.NotNumbers as refusal:
        form.add_error("numbers", str(refusal))
    except registering.NumberHeld as refusal:
        return taken(request, form, refusal)
    else:
        messages.success(request, _("The customer is on file now."))
        return HttpResponseRedirect(f"/customers/{customer.pk}/")
    return shown(request, form, status=422)


def taken(request, form, refusal):
    """Say whose number it is, as far as this person may know."""
    seen = Customer.objects.visible_to(request.user, on=request.today).filter(pk=refusal.customer.pk)
    words = str(refusal)
    if not seen:
        words = _("This number belongs to a customer of another unit. Ask the customer-service supervisor to help.")
    form.add_error("numbers", words)
    return shown(request, form, same=list(seen), status=422)


def seen_namesakes(request, name):
    """Return customers of that name whom this person may see."""
    found = [one.pk for one in registering.namesakes(name)]
    return list(Customer.objects.visible_to(request.user, on=request.today).filter(pk__in=found).distinct())


def shown(request, form, *, same=(), status=200):
    """Show the form with what was typed, and whom it may be."""
    return render(request, "visits/customer_new.html", {"form": form, "same": same}, status=status)
