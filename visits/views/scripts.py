"""The library of scripts for everybody to read."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from visits.domain.explaining.scripts import library


@require_safe
def script_list(request):
    """Show what is said on which occasion, with the versions before."""
    return render(request, "visits/script_list.html", {"occasions": library()})
