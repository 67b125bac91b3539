"""What the small deeds beside a call have in common: their form opens below the number, and closes when it is done."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render

from visits.views.contact_rules import contact_of


def asked(request, template: str, context: dict, *, status: int = 200):
    """Show the form of a deed: below the number for the page's script, else on a page of its own."""
    response = render(request, f"{template}#form" if request.htmx else template, context, status=status)
    if request.htmx:  # what was refused comes back into its place, not into that of the rules of contact
        response["HX-Retarget"], response["HX-Reswap"] = "#deed", "innerHTML"
    return response


def answered(request, task, message: str):
    """Say what was done and show the rules of contact anew, with the number as they leave it."""
    if not request.htmx:
        messages.success(request, message)
        return HttpResponseRedirect(f"/tasks/{task.pk}/")
    task.refresh_from_db()
    card = {"task": task, "customer": task.customer, "may_call": True}
    shown = {"contact": contact_of(task, request), "card": card, "done": {"message": message, "seconds": 8}}
    return render(request, "visits/deed_done.html", shown)
