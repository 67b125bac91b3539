"""Data sets in the API: visits to be made and visits that were made, as `manage.py export` writes them."""

from decimal import Decimal

from django.utils.translation import gettext_lazy

from reports.domain.datasets import RECORD_FIELDS, TASK_FIELDS, records, tasks
from reports.domain.period import Period
from reports.forms.api import Days, Rows
from staff.views.api_door import Call, Operation, resource
from visits.views.api import RECORD


def reader(fields, read):
    """Return what answers with the rows of a data set; an account of one branch gets that branch's alone."""

    def rows(call: Call) -> Rows:
        found = read(Period(call.query.first, call.query.last), branch=call.client.branch_id)
        return Rows(rows=[dict(zip(fields, map(plain, row), strict=True)) for row in found])

    return rows


def plain(value):
    """Return a value as JSON holds it: figures as numbers."""
    return float(value) if isinstance(value, Decimal) else value


TASKS, RECORDS = reader(TASK_FIELDS, tasks), reader(RECORD_FIELDS, records)
api_tasks = resource(
    GET=Operation(gettext_lazy("Visits that open on these days"), "tasks:read", Rows, TASKS, asks=Days)
)
api_records = resource(
    GET=Operation(gettext_lazy("Contacts that began on these days"), "records:read", Rows, RECORDS, asks=Days),
    POST=RECORD,
)
