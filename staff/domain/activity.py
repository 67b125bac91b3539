"""Writing down who did what, in the transaction of the deed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from staff.models import Activity, Employee

LINES_AT_ONCE = 1000


def log(
    *, now: datetime, actor: Employee | None, verb: str, subject: models.Model | None = None, **data: Any
) -> Activity:
    """Append one line of activity. `data` carries ids and figures only: no name, no number of a customer."""
    return Activity.objects.create(
        at=now,
        actor=actor,
        verb=verb,
        subject_type=str(subject._meta.model_name) if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        data=data,
    )


def log_many(
    *,
    now: datetime,
    actor: Employee | None,
    model: type[models.Model],
    deeds: Iterable[tuple[str, int, dict[str, Any]]],
) -> None:
    """Append a line for each deed (verb, id of the row of `model`, data) with as few statements as can be."""
    kind = model._meta.model_name or ""
    lines = [
        Activity(at=now, actor=actor, verb=verb, subject_type=kind, subject_id=subject, data=data)
        for verb, subject, data in deeds
    ]
    Activity.objects.bulk_create(lines, batch_size=LINES_AT_ONCE)
