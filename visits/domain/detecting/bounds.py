"""Bounds: when a thing falls due, which moment counts for a contact, how a bound is written. Pure.

A bound of days is exclusive, one of minutes or hours inclusive (DECISIONS 13): what is in time at the bound itself
falls due a moment later. A detector that has looked until `since` looks at (`since`, `until`].
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from staff.domain.calendar import local_date
from visits.models import VisitRecord

INSTANT: Final = timedelta(microseconds=1)
# A contact is stamped when its request begins and seen when it is saved, and can be taken back for half a minute:
# a detector looks this far back again. What it finds twice is proposed once.
OVERLAP: Final = timedelta(minutes=2)


def is_past(moment: datetime, bound: datetime, *, inclusive: bool) -> bool:
    """Say whether `moment` is too late for the bound; at an inclusive one it is not."""
    return moment > bound if inclusive else moment >= bound


def fell_due(bound: datetime, *, inclusive: bool, since: datetime, until: datetime) -> bool:
    """Say whether the first moment that is too late lies in (`since`, `until`]."""
    late = bound + INSTANT if inclusive else bound
    return since < late <= until


def due_between(field: str, since: datetime, until: datetime, *, inclusive: bool) -> Q:
    """Return the condition of rows whose bound in `field` is over in (`since`, `until`], as `fell_due` says."""
    if inclusive:
        return Q(**{f"{field}__gte": since, f"{field}__lt": until})
    return Q(**{f"{field}__gt": since, f"{field}__lte": until})


def last_moment(bound: datetime, *, inclusive: bool) -> datetime:
    """Return the last moment that is in time: whoever answers for the thing then answers for the bound."""
    return bound if inclusive else bound - INSTANT


def counted_at(record: VisitRecord) -> datetime:
    """Return the moment of a contact that counts: a telephone system's, else that of saving (DECISIONS 12)."""
    return record.started_at if record.reported_by_system else record.logged_at


def house() -> ZoneInfo:
    """Return the zone of the house."""
    return ZoneInfo(settings.TIME_ZONE)


def moment_text(moment: datetime) -> str:
    """Return ``2026-11-21 09:14``, with its seconds where it has any."""
    here = moment.astimezone(house())
    return f"{here:%Y-%m-%d %H:%M:%S}" if here.second else f"{here:%Y-%m-%d %H:%M}"


def bound_text(bound: datetime, *, inclusive: bool) -> str:
    """Return a bound as a regulation writes it: ``2026-11-20 24:00`` for the end of a day."""
    here = bound.astimezone(house())
    if not inclusive and not (here.hour or here.minute or here.second):
        return f"{local_date(bound - INSTANT, house())} 24:00"
    return moment_text(bound)
