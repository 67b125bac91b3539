"""A customer calls us: what was said becomes a record, what they ask for a visit (Q-03, DECISIONS 26)."""

from datetime import datetime

from django.db import transaction

from staff.models import Employee
from visits.domain.calling.contacts import Contact
from visits.domain.calling.recording import Recorded, record_inbound
from visits.domain.origin.requesting import Wish, request_visit
from visits.models import Customer


@transaction.atomic
def take_call(customer: Customer, contact: Contact, *, wish: Wish | None, by: Employee, now: datetime) -> Recorded:
    """Save a call that belongs to no task and start the visit that the customer asks for.

    Raises what `record_inbound` and `request_visit` refuse; nothing is saved then, so that the form keeps it all.
    """
    recorded = record_inbound(customer, contact, advisor=by, now=now)
    if wish is not None:
        request_visit(wish, by=by, now=now)
    return recorded
