"""Two files that are one customer: compared, merged, taken apart again."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from visits.domain.contact.masking import mask
from visits.domain.finding.searching import customers_matching
from visits.domain.origin import merging
from visits.models import Customer, CustomerMerge
from visits.views.requesting import seen_customer

REASON = 200
MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def customer_merge(request, pk):
    """Choose the file that is merged into this one, and say why."""
    customer = seen_customer(request, pk)
    if customer.merged_into_id:
        raise Http404
    if request.method != "POST":
        return shown(request, customer)
    other, reason = request.POST.get("other", ""), request.POST.get("reason", "")[:REASON]
    merged = seen(request).filter(pk=other).first() if other.isascii() and other.isdigit() and len(other) < 19 else None
    if merged is None:
        return shown(request, customer, _("Choose the other file."), status=422)
    try:
        merging.merge(customer, merged, reason=reason, by=request.user, now=request.now)
    except merging.CannotMerge as refusal:
        return shown(request, customer, str(refusal), status=422)
    messages.success(request, _("The two files are one now. It can be taken apart again below."))
    return HttpResponseRedirect(f"/customers/{customer.pk}/")


@require_POST
def merge_split(request, pk):
    """Take a merge apart."""
    made = get_object_or_404(CustomerMerge.objects.filter(survivor__in=seen(request).values("pk")), pk=pk)
    try:
        merged = merging.split(made, by=request.user, now=request.now)
        messages.success(request, _("The two files are apart again: %(name)s has its own.") % {"name": merged.name})
    except merging.CannotSplit as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"/customers/{made.survivor_id}/")


def seen(request):
    """Return the customers whom this person may see."""
    return Customer.objects.visible_to(request.user, on=request.today)


def shown(request, customer, fault="", *, status=200):
    """Show who may be the same customer, and what was typed."""
    typed = request.POST if request.method == "POST" else request.GET
    words = typed.get("q", "")[:60]
    near = seen(request).filter(pk__in=merging.likely(customer).values("pk"))
    found = seen(request).filter(customers_matching(words), merged_into=None) if words.strip() else near
    others = [beside(one) for one in found.exclude(pk=customer.pk).distinct().order_by("pk")[:MOST]]
    context = {
        "customer": customer, "own": beside(customer), "others": others, "q": words, "fault": fault,
        "chosen": typed.get("other", ""), "reason": typed.get("reason", "")[:REASON],
    }  # fmt: skip
    return render(request, "visits/customer_merge.html", context, status=status)


def beside(customer) -> dict:
    """Return what two files are compared by."""
    numbers = customer.numbers.filter(valid_until=None).order_by("-is_primary", "pk")
    owned = customer.ownerships.filter(until_at=None).select_related("vehicle").order_by("pk")
    return {
        "id": customer.pk, "name": customer.name, "company": customer.company, "area": customer.area,
        "numbers": [mask(one.number) for one in numbers], "vehicles": [str(link.vehicle) for link in owned],
        "events": customer.events.count(), "records": customer.records.count(),
        "registered": customer.registered_at,
    }  # fmt: skip
