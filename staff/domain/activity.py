"""Writing down who did what, in the transaction of the deed."""

from datetime import datetime
from typing import Any

from django.db import models

from staff.models import Activity, Employee


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
