"""Events in the API: orders and other happenings, by the door that files come in."""

import json
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.celery import ring
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.views.api_door import Call, Operation, resource
from staff.views.api_faults import Fault, Refused
from visits.domain.intake import summary
from visits.domain.intake.judging import Options
from visits.excel.receiving import take_rows
from visits.forms import api as shapes


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


api_events = resource(
    POST=Operation(_("Bring events in"), "events:write", shapes.EventsTaken, bring, takes=shapes.NewEvents)
)
