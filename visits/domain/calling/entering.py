"""How soon after a call its record is entered: "at once" means so many minutes, and what is later is told (U-04)."""

from datetime import datetime
from typing import Final

from config.packs.duration import Duration
from visits.domain.calling.contacts import Contact

SECONDS: Final = {"min": 60, "h": 3600}


def late_by(contact: Contact, within: Duration | None, *, now: datetime) -> int | None:
    """Return the seconds from the end of the call to its entry where they exceed `within`; None where they do not.

    Where the end was not told the call counts from its beginning. A telephone system enters its calls itself.
    """
    ended = contact.ended_at or contact.started_at
    if within is None or ended is None or contact.reported_by_system:
        return None
    seconds = int((now - ended).total_seconds())
    return seconds if seconds > within.count * SECONDS[within.unit] else None
