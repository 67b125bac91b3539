"""Opening what is due: a planned task becomes open at the first tick at or after its opening."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from visits.choices import TaskStatus
from visits.models import VisitTask

CHUNK = 5000


def open_due(*, now: datetime) -> int:
    """Open planned tasks whose opening has come, in committed chunks; what waits for a draw stays planned."""
    opened = 0
    while found := _open_chunk(now):
        opened += found
    return opened


@transaction.atomic
def _open_chunk(now: datetime) -> int:
    drawn = Q(pool=None) | Q(sampled=True)
    due = VisitTask.objects.filter(drawn, status=TaskStatus.PLANNED, opens_at__lte=now).order_by("opens_at")
    ids = list(due.values_list("pk", flat=True)[:CHUNK])
    return VisitTask.objects.filter(pk__in=ids, status=TaskStatus.PLANNED).update(status=TaskStatus.OPEN)
