"""Setting by hand of which kind a customer is."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from visits.domain.matching.tagging import NotByHand, put_tag, tags_of
from visits.models import Customer
from visits.views.knowing import tag_groups


@require_POST
def customer_tag(request, pk):
    """Put the customer into a segment that is kept by hand, or take them out of it."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user, on=request.today), pk=pk)
    code, held = request.POST.get("tag", ""), request.POST.get("held") != "no"
    if code.startswith("-"):
        code, held = code[1:], False
    try:
        put_tag(customer, code, held=held, by=request.user, now=request.now)
    except NotByHand:
        raise Http404 from None
    if not request.htmx:
        return HttpResponseRedirect(f"/customers/{customer.pk}/")
    tags = tags_of(customer)
    guidance = [tag.guidance for tag in tags if tag.held and tag.guidance]
    return render(request, "visits/tags.html", {"customer": customer, "tags": tag_groups(tags), "guidance": guidance})
