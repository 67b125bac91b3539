"""The board of open cases."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from complaints.domain.showing.board import board_of
from complaints.forms.board import FindOnBoard


@require_safe
def board(request):
    """Show the open cases in the person's scope by state, narrowed by the filters of the address."""
    form = FindOnBoard(request.GET)
    found = board_of(request.user, form.wanted(), now=request.now, on=request.today)
    context = {"board": found, "form": form, "narrowed": form.is_narrowed(), "path": reverse("complaints:board")}
    return render(request, "complaints/board.html", context)
