"""The customer's own word about a repair: the link that the technician shows, and the page behind it (V-04)."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints.choices import Confirmed, WorkOrderState
from complaints.domain.feedback import KEPT_AFTER_END
from complaints.domain.orders import ending
from complaints.domain.writing import CannotDo
from complaints.models import WorkOrder

LONGEST = 1000
GOOD, BAD = "yes", "no"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def public_confirm(request, token):
    """Ask the customer whether the repair is settled; whoever is signed in here is no customer.

    The page ends as long after the order as the customer's page of a case does after that.
    """
    order = WorkOrder.objects.select_related("case__handler", "case__release", "assignee").filter(token=token).first()
    if order is None or (order.closed_at and order.closed_at + KEPT_AFTER_END < request.now):
        raise Http404
    if request.user.is_authenticated:
        words = _("You are signed in. This page is for the customer: send the link to them.")
        return shown(request, order, refused=words)
    if request.method != "POST" or order.state != WorkOrderState.REPORTED:
        return shown(request, order)
    text, answer = request.POST.get("text", "").strip()[:LONGEST], request.POST.get("answer")
    try:
        answered(order, answer, text, now=request.now)
    except CannotDo as refusal:
        return shown(request, order, refused=str(refusal), text=text, status=422)
    messages.success(request, _("Thank you, this was written down."))
    return HttpResponseRedirect(reverse("complaints:public_confirm", args=[token]))


def answered(order, answer, text, *, now):
    """Take the customer's word: settled, or not and why."""
    if answer == GOOD:
        return ending.confirm(order, Confirmed.LINK, by=None, now=now, text=text)
    if answer == BAD and text:
        return ending.not_solved(order, by=None, now=now, text=text)
    why = _("Write in a few words what is not settled.")
    raise CannotDo(why if answer == BAD else _("Choose one of the two answers."))


def shown(request, order, *, refused="", text="", status=200):
    """Show what was done about the order, and what the customer can answer now."""
    context = {
        "order": order, "refused": refused, "text": text, "asks": order.state == WorkOrderState.REPORTED,
        "settled": order.confirmed_at, "again": order.reopened and not order.is_ended,
    }  # fmt: skip
    return render(request, "complaints/public_confirm.html", context, status=status)
