"""One call: open a task, hold it, show the number, save what was said, take it back."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from config.wiring import COMPLAINT_TOLD
from staff.domain.access import may_open
from visits.domain.calling import card as calling
from visits.domain.calling import drafting, recording
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.correcting import NotANumber, NumberTaken
from visits.domain.calling.questioning import InvalidAnswers
from visits.domain.explaining import answering as explaining
from visits.domain.finding import queueing
from visits.forms.contact import ContactForm, opening, retold
from visits.models import ServiceEvent, VisitTask
from visits.views.asking import lacks_told
from visits.views.cards import asked_of, card_of, closed_words, known_card, lease_words
from visits.views.workbench import ROWS, queue_shown

TRIES = 5  # of the next tasks that somebody quicker may have taken
RELATED = ("customer", "step__rule", "release__policy", "leased_by", "assignee")
# By a query of its own: two joins of seven tables are planned in a fraction of the time that one of fourteen takes.
EVENT = Prefetch(
    "event",
    ServiceEvent.objects.select_related("kind", "vehicle", "customer", "advisor", "branch", "department"),
)


@require_safe
def task(request, pk):
    """Show one task: its card alone to the page's script, else the whole workbench with it."""
    card = opened(request, seen_task(request, pk))
    if request.htmx:
        return render(request, "visits/card.html", card)
    return render(request, "visits/task.html", queue_shown(request, pk) | card)


@require_safe
def task_known(request, pk):
    """Show what is known of the customer beside the form; without the page's script it stands on the card itself."""
    if not request.htmx:
        return task(request, pk)
    card = known_card(seen_task(request, pk), request)
    return render(request, "visits/task_known.html", {"card": card})


@require_POST
def task_lease(request, pk):
    """Hold the task for a quarter of an hour, or say who holds it, or that it is settled by now."""
    found = seen_task(request, pk)
    calling.lease(found, request.user, now=request.now)
    found.refresh_from_db()
    held_by = closed_words(found) or lease_words(found, request)
    return render(request, "visits/task_lease.html", {"held_by": held_by})


@require_safe
def task_why(request, pk):
    """Explain why the task is there: clause, rule, event, calendar, person."""
    found = seen_task(request, pk)
    context = {"why": explaining.why(found, now=request.now), "task": found}
    return render(request, "visits/task_why.html#why" if request.htmx else "visits/task_why.html", context)


@require_POST
def task_record(request, pk):
    """Save the contact and go on to the next task; what cannot be saved comes back as it was typed."""
    found = seen_task(request, pk)
    context = calling.context_of(found, now=request.now)
    form = ContactForm(request.POST, asked=asked_of(context))
    if written_by_another(request):
        return another_person(request)
    if not form.is_valid():
        return again(request, context, form)
    also = seen_tasks(request).filter(customer=found.customer, pk__in=form.cleaned_data["also"])
    try:
        saved = recording.record_contact(found, form.contact(), advisor=request.user, now=request.now, also=also)
    except REFUSALS as refusal:
        form.refuse(faults_of(refusal))
        return again(request, context, form)
    except recording.TokenReused as lost:
        return kept_apart(request, found, str(lost))
    except recording.TakenByAnother as lost:
        return onward(request, done={"message": str(lost), "seconds": 12})
    lacks, case = lacks_told(saved.record.incomplete, context), import_string(COMPLAINT_TOLD)(saved.record)
    done = {"message": saved.message, "record": saved.record.pk, "case": case, "lacks": lacks, "seconds": 30}
    return onward(request, done=done)


REFUSALS = (MissingFact, InvalidAnswers, NumberTaken, NotANumber, recording.NotOneCall)


def faults_of(refusal: Exception) -> dict[str, str]:
    """Return what the domain refused, by field."""
    if isinstance(refusal, MissingFact):
        return refusal.messages
    if isinstance(refusal, InvalidAnswers):
        return refusal.faults
    return {"new_number" if isinstance(refusal, NumberTaken | NotANumber) else "": str(refusal)}


def seen_task(request, pk) -> VisitTask:
    """Return the task if it is this person's to see; what is not looks as if it were not there."""
    request.may_record = may_open("visits:task_record", "POST", request.user.base_roles)
    return get_object_or_404(seen_tasks(request), pk=pk)


def seen_tasks(request):
    """Return the tasks that this person may see, with what a card shows of them."""
    return VisitTask.objects.visible_to(request.user, on=request.today).select_related(*RELATED).prefetch_related(EVENT)


def opened(request, found: VisitTask, *, leased: bool = False) -> dict:
    """Return the card of a task with an empty form, or with what this person typed into it and did not save."""
    context = calling.context_of(found, now=request.now)
    start = opening(context.channels[0].code, found.attempts, now=request.now)
    start["inbound"] = request.GET.get("inbound") == "1"
    form = ContactForm(initial=start, asked=asked_of(context))
    if draft := drafting.of_task(found, request.user):
        form.initial |= retold(draft.content, form.fields) | {"token": draft.token}
    return {"card": card_of(context, form, request, draft), "form": form, "leased": leased}


def again(request, context, form):
    """Show the card with everything that was typed and what is wrong with it."""
    draft = drafting.of_task(context.task, request.user)
    card = {"card": card_of(context, form, request, draft), "form": form}
    if request.htmx:
        return render(request, "visits/card.html", card, status=422)
    return render(request, "visits/task.html", queue_shown(request, context.task.pk) | card, status=422)


def kept_apart(request, found: VisitTask, words: str):
    """Keep what came under a token that was used before, and open the task again with it."""
    drafting.keep_apart(found, dict(request.POST.lists()), author=request.user, now=request.now)
    messages.warning(request, words)
    response = HttpResponse(status=204) if request.htmx else HttpResponseRedirect(f"/tasks/{found.pk}/")
    if request.htmx:
        response["HX-Redirect"] = f"/tasks/{found.pk}/"
    return response


def another_person(request):
    """Refuse a form that somebody else has filled in at this browser: it stays on the screen, and in their drafts."""
    if not request.htmx:
        messages.error(request, another_words(request))
        return HttpResponseRedirect("/")
    response = HttpResponse(status=204)
    return trigger_client_event(response, "huifang:another", {"words": another_words(request)})


def written_by_another(request) -> bool:
    """Say whether the form was opened by somebody else than who is signed in by now at this browser."""
    return request.POST.get("typed_by", "") not in ("", str(request.user.pk))


def another_words(request) -> str:
    """Return what to say to somebody whose browser is signed in as another person by now."""
    return _(
        "At this browser %(name)s is signed in by now. What you typed is kept here; sign in yourself and save it again."
    ) % {"name": request.user}


def onward(request, *, done: dict):
    """Open the task that comes next, held for this person, and say what was done."""
    rows = queueing.queue(request.user, now=request.now, limit=ROWS)
    row = next(
        (row for row in rows[:TRIES] if calling.lease(VisitTask(pk=row.id), request.user, now=request.now)), None
    )
    if not request.htmx:
        messages.success(request, " ".join([done["message"], *case_words(done.get("case")), *done.get("lacks", ())]))
        return HttpResponseRedirect(f"/tasks/{row.id}/" if row else "/")
    shown = queue_shown(request, row.id if row else None, rows=rows) | {"done": done}
    if row:
        shown |= opened(request, seen_task(request, row.id), leased=True)
    response = render(request, "visits/saved.html", shown)
    response["HX-Push-Url"] = f"/tasks/{row.id}/" if row else "/"
    return response


def case_words(case: dict | None) -> list[str]:
    """Return what was registered of a complaint, in words; nothing where nobody complained."""
    return [_("Complaint registered: %s.") % case["number"]] if case else []
