"""One vehicle: what is recommended for it, what was promised, what happened."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from visits.choices import FollowUpKind
from visits.domain.explaining import telling
from visits.domain.follow_up import wording
from visits.models import Customer, FollowUpItem, Ownership, ServiceEvent, Vehicle

SHOWN = 50


@require_safe
def vehicle(request, pk):
    """Show a vehicle with its repairs, its owners as far as one may see them, and its events."""
    found = get_object_or_404(Vehicle.objects.visible_to(request.user, on=request.today), pk=pk)
    kept = FollowUpItem.objects.visible_to(request.user, on=request.today).standing().filter(vehicle=found)
    items = kept.select_related("owner", "vehicle").order_by("-opened_at", "-pk")[:SHOWN]
    rows = [wording.told(item, now=request.now) for item in items]
    customers = Customer.objects.visible_to(request.user, on=request.today)
    owners = Ownership.objects.filter(vehicle=found, customer__in=customers).select_related("customer")
    events = ServiceEvent.objects.visible_to(request.user, on=request.today).filter(vehicle=found)
    context = {
        "vehicle": found,
        "repairs": [row for row in rows if row["kind"] == FollowUpKind.RECOMMENDED_REPAIR],
        "others": [row for row in rows if row["kind"] != FollowUpKind.RECOMMENDED_REPAIR],
        "owners": owners.order_by("-from_at", "-pk"),
        "events": telling.events_told(events, limit=SHOWN),
    }
    return render(request, "visits/vehicle.html", context)
