"""Data sets in the API: visits to be made and visits that were made, as `manage.py export` writes them."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.domain.datasets import DATASETS
from reports.domain.period import Period
from reports.forms.api import Days, Rows
from staff.views.api_door import Call, Operation, resource
from staff.views.api_faults import Fault, Refused


def reader(name: str):
    """Return what answers with the rows of a data set."""

    def rows(call: Call) -> Rows:
        if call.client.branch_id is not None:
            how = _("Ask an administrator for an account of the whole company.")
            raise Refused(403, Fault("branch", _("An account of one branch does not read data sets."), how=how))
        dataset = DATASETS[name]
        found = dataset.read(Period(call.query.first, call.query.last))
        return Rows(rows=[dict(zip(dataset.fields, map(plain, row), strict=True)) for row in found])

    return rows


def plain(value):
    """Return a value as JSON holds it: figures as numbers."""
    return float(value) if isinstance(value, Decimal) else value


api_tasks = resource(
    GET=Operation(gettext_lazy("Visits that open on these days"), "tasks:read", Rows, reader("tasks"), asks=Days)
)
api_records = resource(
    GET=Operation(gettext_lazy("Contacts that began on these days"), "records:read", Rows, reader("records"), asks=Days)
)
