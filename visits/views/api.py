"""Events and visits in the API: orders by the door of files, visits made elsewhere by that of the call form."""

import json
from dataclasses import replace
from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.celery import ring
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.domain.activity import log
from staff.models import Employee
from staff.views.api_door import Call, Operation, resource
from staff.views.api_faults import Fault, Refused
from visits.choices import WORKABLE
from visits.domain.calling import card as calling
from visits.domain.calling import recording
from visits.domain.intake import summary
from visits.domain.intake.judging import Options
from visits.domain.proof import taking
from visits.excel.receiving import take_rows
from visits.forms import api as shapes
from visits.forms.contact import ContactForm
from visits.models import VisitRecord, VisitTask
from visits.views.asking import lacks_told
from visits.views.calls import EVENT, REFUSALS, RELATED, faults_of
from visits.views.cards import asked_of

STATUSES = {taking.Unfit: 422, taking.TooMuch: 429, taking.DiskFull: 507}
KEY_FIELDS = {
    "policy": "release__policy__slug", "rule": "step__rule__code", "step": "step__code", "occurrence": "occurrence",
}  # fmt: skip


def bring(call: Call) -> shapes.EventsTaken:
    """Take events in, and let the worker plan their visits."""
    sent, branch = call.body, call.client.branch_id
    options = Options(source=sent.source, branch=branch, within=branch, kind=sent.kind, history=sent.history)
    rows = [event.cells() for event in sent.events]
    print_of = sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    try:
        batch = take_rows(rows, sha256=print_of, options=options, now=call.now, by=call.client.name)
    except Unreadable as refusal:
        raise Refused(422, Fault(refusal.code, sentence(refusal.code, refusal.details), "body.events")) from refusal
    transaction.on_commit(ring)
    return shapes.EventsTaken.model_validate(summary.of_batch(batch).as_json())


def record(call: Call) -> shapes.RecordTaken:
    """Save a visit that was made elsewhere, as its advisor would have on the page."""
    told = call.body
    token = uuid5(NAMESPACE_URL, f"{call.client.pk}:{told.reference}") if told.reference else uuid4()
    advisor = Employee.objects.filter(username=told.advisor, is_active=True).first()
    if advisor is None:
        raise refused(_("Nobody who works here has this user name."), "advisor")
    task = task_of(call, advisor, token)
    context = calling.context_of(task, now=call.now)
    asked = asked_of(context)
    if unknown := sorted({*told.answers, *told.why} - (codes := {one.code for one in asked.questions})):
        words = _("There is no question “%(code)s”. There are: %(codes)s.")
        raise refused(words % {"code": unknown[0], "codes": "、".join(sorted(codes)) or "—"}, f"answers.{unknown[0]}")
    form = ContactForm(told.typed(token), asked=asked)
    if not form.is_valid():
        raise Refused(422, *faults_by_place(form.errors))
    contact = replace(form.contact(), reported_by_system=told.measured)
    try:
        saved = recording.record_contact(task, contact, advisor=advisor, now=call.now)
    except REFUSALS as refusal:
        raise Refused(422, *faults_by_place({name: [text] for name, text in faults_of(refusal).items()})) from refusal
    except (recording.TokenReused, recording.TakenByAnother) as lost:
        raise Refused(409, Fault("conflict", str(lost), "body")) from lost
    log(now=call.now, actor=None, verb="record_brought", subject=saved.record, client=call.client.pk)
    return shapes.RecordTaken(
        record=saved.record.pk, message=saved.message, completes=task.pk in saved.completed,
        next_attempt_at=saved.next_attempt_at, lacks=lacks_told(saved.record.incomplete, context),
    )  # fmt: skip


def task_of(call: Call, advisor: Employee, token: UUID) -> VisitTask:
    """Return the task that the visit was about: one that the advisor may make, in the client's sight."""
    seen = VisitTask.objects.visible_to(advisor, on=call.on).select_related(*RELATED).prefetch_related(EVENT)
    if call.client.branch_id is not None:
        seen = seen.filter(branch=call.client.branch_id)
    if before := seen.filter(links__record__form_token=token).first():
        return before
    told = {column: getattr(call.body, name) for name, column in KEY_FIELDS.items()}
    keys = {column: value for column, value in told.items() if value not in ("", None)}
    found = list(seen.filter(event__order_no=call.body.order_no, **keys).order_by("pk")[: shapes.MOST])
    chosen = [task for task in found if task.status in WORKABLE] or found
    if len(chosen) != 1:
        several = _("The order has several visits: say policy, rule, step and occurrence as `tasks` has them.")
        raise refused(several if chosen else _("This person has no visit of this order to make."), "order_no")
    return chosen[0]


def refused(text: str, field: str) -> Refused:
    """Return the refusal of one field."""
    return Refused(422, Fault("refused", text, f"body.{field}"))


def faults_by_place(errors) -> list[Fault]:
    """Return what the call form refuses, at the places of the API."""
    places = {name: name.replace("answer.", "answers.", 1) for name in errors}
    return [
        Fault("refused", str(text), ".".join(filter(None, ("body", places[name].replace("__all__", "")))))
        for name, texts in errors.items()
        for text in texts
    ]


def put_file(call: Call) -> shapes.FileKept:
    """Keep a recording or picture that proves a visit; the same file once more is the one that is kept."""
    found = VisitRecord.objects.current().filter(pk=call.keys["pk"])
    if call.client.branch_id is not None:
        found = found.filter(branch=call.client.branch_id)
    proved = found.first()
    if proved is None:
        raise Http404
    try:
        kept = taking.take(taking.Upload(call.body), by=None, now=call.now, record=proved)
    except tuple(STATUSES) as refusal:
        raise Refused(STATUSES[type(refusal)], Fault("unfit", str(refusal), "body")) from refusal
    return shapes.FileKept(file=kept.pk, kind=kept.kind, media=kept.media, size=kept.size, seconds=kept.seconds)


RECORD = Operation(
    gettext_lazy("Bring a visit that was made elsewhere"), "records:write", shapes.RecordTaken, record,
    takes=shapes.NewRecord, status=201,
)  # fmt: skip
api_events = resource(
    POST=Operation(gettext_lazy("Bring events in"), "events:write", shapes.EventsTaken, bring, takes=shapes.NewEvents)
)
api_record_file = resource(
    PUT=Operation(
        gettext_lazy("Keep a recording or picture of a visit"), "records:write", shapes.FileKept, put_file, file=True
    )
)
