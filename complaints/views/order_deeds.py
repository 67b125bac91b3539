"""Doing something about a work order from its page."""

from django.contrib import messages
from django.http import Http404, HttpResponseForbidden, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.domain.orders.permitting import may
from complaints.domain.writing import CannotDo
from complaints.views.order_panels import PANELS, form_of
from complaints.views.orders import page, seen_order
from config.uploads import fault_of
from visits.domain.proof import taking


@require_POST
def order_deed(request, pk, deed):
    """Do one thing about a work order; what is refused comes back as it was typed."""
    order, panel = seen_order(request, pk), PANELS.get(deed)
    if panel is None:
        raise Http404
    if not may(order, panel.deed, request.user, on=request.today):
        return HttpResponseForbidden()
    form = form_of(deed, panel, order, request, request.POST, request.FILES)
    if fault_of(request):
        form.add_error(None, taking.too_large_words())
    if form.is_valid():
        order.version = form.cleaned_data["version"] or order.version
        try:
            panel.do(order, by=request.user, now=request.now, **form.arguments())
            messages.success(request, _("Written down."))
            return HttpResponseRedirect(reverse("complaints:order", args=[pk]))
        except CannotDo as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(request, seen_order(request, pk), refused=(deed, form), status=422)
