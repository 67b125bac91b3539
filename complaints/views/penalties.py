"""Proposing a penalty about a case by hand: neglect, a false report, whatever the regulation prices (AE-17, AE-18)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.domain import conducting
from complaints.domain.writing import CannotDo
from complaints.forms.conduct import PenaltyForm
from complaints.forms.desk import Desk
from complaints.views.cases import seen


@require_http_methods(["GET", "HEAD", "POST"])
def case_penalty(request, pk):
    """Show the form, and propose what it says; whoever decides about it finds it in the ledger."""
    found = seen(request, pk)
    desk = Desk(found, request.user, request.today)
    form = PenaltyForm(request.POST or None, desk=desk, deed="penalise")
    if request.method == "POST" and form.is_valid():
        try:
            told = form.arguments()
            conducting.penalise(found, by=request.user, now=request.now, **told)
            messages.success(request, _("Proposed. Whoever decides about such proposals does so in the ledger."))
            return HttpResponseRedirect(reverse("complaints:case", args=[pk]))
        except CannotDo as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(request, "complaints/case_penalty.html", {"case": found, "form": form}, status=status)
