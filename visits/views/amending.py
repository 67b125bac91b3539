"""A saved record put right: the same questions as in the call, what was said in them, and why it is corrected."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.wiring import REPORTED
from staff.domain.wording import moment_words
from visits.choices import RecordKind
from visits.domain.calling import amending
from visits.domain.calling import card as calling
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.questioning import InvalidAnswers
from visits.domain.calling.retelling import content_of
from visits.domain.follow_up.handling import CannotHandle
from visits.forms.contact import CorrectionForm, retold
from visits.models import VisitRecord
from visits.views.calls import faults_of
from visits.views.cards import asked_of, form_card


@require_http_methods(["GET", "HEAD", "POST"])
def record_correct(request, pk):
    """Show a record as a form, or write its correction; an older version leads to the one that stands."""
    record = seen_record(request, pk)
    context = calling.context_of(amending.tasks_of_record(record)[0], now=request.now)
    if request.method != "POST":
        if later := VisitRecord.objects.filter(supersedes=record, kind=RecordKind.CORRECTION).first():
            return HttpResponseRedirect(f"/records/{later.pk}/correct/")
        return shown(request, record, context, fresh(record, context))
    form = CorrectionForm(request.POST, asked=asked_of(context))
    if form.is_valid() and (made := written(request, record, form)):
        messages.success(request, _("Corrected. The first version stays in the history."))
        return HttpResponseRedirect(f"/customers/{made.customer_id}/")
    return shown(request, record, context, form, status=422)


def written(request, record: VisitRecord, form: CorrectionForm) -> VisitRecord | None:
    """Return the correction, or hang on the form what stands against it."""
    contact = form.contact(further=record.answers)
    reason = form.cleaned_data["correction_reason"]
    try:
        return amending.amend(record, contact, reason=reason, by=request.user, now=request.now)
    except (MissingFact, InvalidAnswers) as refusal:
        form.refuse(faults_of(refusal))
    except (amending.NotAmendable, CannotHandle) as refusal:
        form.refuse({"": str(refusal)})
    return None


def seen_record(request, pk) -> VisitRecord:
    """Return a record of a visit that this person sees and may put right; any other looks as if it were missing."""
    seen = VisitRecord.objects.visible_to(request.user, on=request.today).exclude(kind=RecordKind.VOID)
    record = get_object_or_404(seen.filter(links__isnull=False).distinct().select_related("customer", "advisor"), pk=pk)
    if not amending.may_amend(record, request.user, now=request.now):
        raise Http404
    return record


def fresh(record: VisitRecord, context) -> CorrectionForm:
    """Return the form as the record tells it."""
    form = CorrectionForm(asked=asked_of(context))
    form.initial = retold(content_of(record), form.fields) | {"token": uuid4()}
    return form


def shown(request, record: VisitRecord, context, form: CorrectionForm, *, status: int = 200):
    """Show the form of a correction."""
    card = form_card(context, form, request.now) | {
        "task": context.task,
        "outcome": record.get_outcome_display(),
        "saved": moment_words(record.logged_at),
        "reason": form.value("correction_reason"),
    }
    shown = {"record": record, "card": card, "form": form, "reported": import_string(REPORTED)(record)}
    return render(request, "visits/record_correct.html", shown, status=status)
