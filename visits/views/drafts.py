"""What is typed into the call form, taken in while it is typed; and what somebody else left behind."""

from uuid import UUID

from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from staff.domain.wording import local
from visits.domain.calling import drafting
from visits.models import CallDraft
from visits.views.calls import another_words, seen_task, seen_tasks, written_by_another
from visits.views.cards import lease_words

CONFLICT, TOO_MUCH = 409, 413


@require_POST
def task_draft(request, pk):
    """Keep what is typed; answer when, under which token, and who else holds the task."""
    found = seen_task(request, pk)
    if written_by_another(request):
        return JsonResponse({"refused": another_words(request)}, status=CONFLICT)
    page, token = page_of(request), token_of(request)
    try:
        kept = drafting.keep(
            found, dict(request.POST.lists()), token=token, page=page, author=request.user, now=request.now
        )
    except drafting.TooMuchTyped as refusal:
        return JsonResponse({"refused": str(refusal)}, status=TOO_MUCH)
    found.refresh_from_db()
    return JsonResponse({
        "token": str(kept.token if kept else token), "turn": page.turn, "kept": kept is not None,
        "at": f"{local(request.now):%H:%M:%S}", "held_by": lease_words(found, request),
    })  # fmt: skip


@require_POST
def draft_take(request, pk):
    """Put what a colleague has left into one's own form of that task."""
    draft = seen_draft(request, pk)
    drafting.take_over(draft, by=request.user, now=request.now)
    return HttpResponseRedirect(f"/tasks/{draft.task_id}/")


@require_POST
def draft_discard(request, pk):
    """Throw one's own draft away; a colleague's looks as if it were not there."""
    draft = seen_draft(request, pk)
    if draft.author_id != request.user.pk:
        raise Http404
    drafting.discard(draft, by=request.user, now=request.now)
    return HttpResponseRedirect(f"/tasks/{draft.task_id}/")


def seen_draft(request, pk) -> CallDraft:
    """Return a draft about a task that this person may see."""
    return get_object_or_404(CallDraft.objects.select_related("task"), pk=pk, task__in=seen_tasks(request))


def page_of(request) -> drafting.Page:
    """Return which page writes, as the page's script told; nonsense counts as a page of its own."""
    told = request.POST
    return drafting.Page(told.get("page", "")[:36], number(told.get("turn")), told.get("since", "")[:36],
                         number(told.get("since_turn")))  # fmt: skip


def number(text: str | None) -> int:
    """Return a count that a script sends, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def token_of(request) -> UUID:
    """Return the token of the form; without one there is no such form."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError as error:
        raise Http404 from error
