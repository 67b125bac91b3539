"""Cases in the API: registered and fetched by other systems, through the doors that people use."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from complaints.domain import exchanging
from complaints.domain.registering import Told
from complaints.domain.writing import CannotDo, MeanwhileChanged
from complaints.forms import api as shapes
from complaints.models import Case
from staff.views.api_door import Call, Operation, resource
from staff.views.api_faults import Fault, Refused

READ, WRITE = "cases:read", "cases:write"
AS_TOLD = ("summary", "type", "source", "reference", "name", "contact", "demand", "cause", "level", "category")
GRADES = ("severity", "importance", "urgency")


@contextmanager
def refusals(place: str) -> Iterator[None]:
    """Turn what the domain refuses into an answer that says where and how."""
    try:
        yield
    except (MeanwhileChanged, exchanging.Unlike) as refusal:
        raise Refused(409, Fault("conflict", str(refusal), _at(place, refusal))) from refusal
    except CannotDo as refusal:
        raise Refused(422, Fault("refused", str(refusal), _at(place, refusal))) from refusal


def _at(place: str, refusal: CannotDo) -> str:
    return f"{place}.{refusal.field}" if refusal.field else place


def find(call: Call) -> Case:
    """Return the case of the address, if the client may see it."""
    case = exchanging.cases_of(call.client).filter(number=call.keys["number"]).first()
    if case is None:
        raise Http404
    return case


def register(call: Call) -> shapes.CaseShown:
    """Register a case."""
    told = call.body
    with refusals("body"):
        branch, department = exchanging.unit_of(call.client, told.branch, told.department)
        event = exchanging.order_of(call.client, told.order_no)
        facts = {name: getattr(told, name) for name in AS_TOLD} | {name: getattr(told, name) or "" for name in GRADES}
        case = exchanging.bring(
            Told(**facts, opened_at=told.opened_at or call.now, branch=branch, department=department, event=event,
                 customer=exchanging.customer_of(event, told.contact),
                 vehicle=event.vehicle if event else None),
            client=call.client, now=call.now,
        )  # fmt: skip
    return shapes.shown(exchanging.cases_of(call.client).get(pk=case.pk), site=call.site)


def changes(call: Call) -> shapes.CasesChanged:
    """Return what has changed."""
    with refusals("query"):
        found = exchanging.changes_since(call.client, call.query.since, limit=call.query.limit, now=call.now)
    return shapes.changed(found, site=call.site)


def one(call: Call) -> shapes.CaseWithLines:
    """Return one case with its timeline."""
    return shapes.with_lines(find(call), site=call.site)


def add(call: Call) -> shapes.LineShown:
    """Put a line on the timeline."""
    with refusals("body"):
        deed = exchanging.add(
            find(call), call.body.text, told_customer=call.body.told_customer, client=call.client, now=call.now
        )
    return shapes.line(deed)


api_cases = resource(
    GET=Operation(_("Cases that have changed"), READ, shapes.CasesChanged, changes, asks=shapes.Since),
    POST=Operation(_("Register a case"), WRITE, shapes.CaseShown, register, takes=shapes.NewCase, status=201),
)
api_case = resource(GET=Operation(_("One case with its timeline"), READ, shapes.CaseWithLines, one))
api_case_lines = resource(
    POST=Operation(_("Add a line to a case"), WRITE, shapes.LineShown, add, takes=shapes.NewWord, status=201)
)
