"""The list of customers, and one customer with everything that ever happened."""

from django.shortcuts import get_object_or_404, render

from staff.domain.access import may_open
from staff.domain.wording import day_words, local
from visits.domain.contact.masking import mask
from visits.domain.explaining import telling
from visits.domain.finding import browsing
from visits.domain.follow_up import wording
from visits.domain.follow_up.finding import of_customer
from visits.forms.finding import FindCustomers
from visits.models import Customer, Segment
from visits.views.contact_rules import restrictions_told
from visits.views.files import shown_value, told
from visits.views.paging import paged

CHANGES = 20


def customer_list(request):
    """Show the customers in the person's scope, found by the filters of the address."""
    segments = [(segment.code, str(segment)) for segment in Segment.objects.all()]
    form = FindCustomers(request.GET, segments=segments)
    page = browsing.customers(request.user, form.wanted(), on=request.today)
    rows = [_row(row) for row in page]
    may_plan = may_open("visits:campaign_new", "GET", request.user.base_roles)
    return render(request, "visits/customer_list.html", paged(request, form, page, rows) | {"may_plan": may_plan})


def customer(request, pk):
    """Show one customer: who it is, what is open, and the whole history."""
    seen = Customer.objects.visible_to(request.user, on=request.today).select_related("owner", "merged_into")
    found = get_object_or_404(seen, pk=pk)
    context = {
        "customer": found,
        "waiting": [wording.told(item, now=request.now) for item in of_customer(pk, waiting=True)],
        "told": telling.of_customer(found, now=request.now),
        **file_history(found),
        "refused": restrictions_told(found, request, standing=True),
        "may_correct": may_open("visits:number_correct", "POST", request.user.base_roles),
    }
    return render(request, "visits/customer.html", context)


def file_history(found) -> dict:
    """Return what was changed of the file, with which files it was merged, and the preferred channel in words."""
    changes = found.changes.select_related("customer", "made_by", "decided_by").order_by("-id")[:CHANGES]
    merges = found.absorbed.select_related("merged", "made_by", "split_by")
    channel = shown_value("preferred_channel", found.preferred_channel)
    return {"changes": [told(row) for row in changes], "merges": merges, "channel": channel}


def _row(row):
    return row | {
        "number": mask(row["number"] or ""),
        "last_event": day_words(local(row["last_event_at"]).date()) if row["last_event_at"] else "",
    }
