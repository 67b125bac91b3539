"""Whether the clocks agree: the program decides who was late, so it does nothing by a clock that stands alone.

The clock of this host is held against the database's, and where both are one clock, against the time since the
machine was started (RELIABILITY, F23). While they disagree the tick does no work; it goes on by itself afterwards.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from config import clock, witness
from config.clock import AGREE_SECONDS, ClocksDisagree
from staff.domain.checking import Finding, Level
from staff.models import Heartbeat

PART: Final = "clocks"  # of the heartbeat that a tick leaves which refused to work
FRESH: Final = timedelta(minutes=5)


def require_agreement() -> None:
    """Return where the clocks agree; else raise ClocksDisagree, and leave a note for the page of health."""
    ahead = disagreement()
    if abs(ahead) <= AGREE_SECONDS:
        Heartbeat.objects.filter(part=PART).delete()
        return
    refusal = {"at": clock.machine_now(), "heard_at": Now()}
    Heartbeat.objects.update_or_create(part=PART, defaults=refusal)
    raise ClocksDisagree(told(ahead))


def disagreement() -> float:
    """Return by how many seconds this host's clock is ahead of the other, negative where it is behind."""
    ahead = clock.apart(connection)
    if abs(ahead) > AGREE_SECONDS or not is_own_host():
        return ahead
    return witness.moved(settings.DATA_DIR / "clock.json")


def is_own_host() -> bool:
    """Say whether the database goes by this host's clock: a file, or a server on this host."""
    host = str(connection.settings_dict["HOST"])
    return connection.vendor == "sqlite" or host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")


def told(ahead: float) -> str:
    """Say in one sentence how far the clocks are apart."""
    if ahead > 0:
        words = _("The clock of this host is %(seconds)d seconds ahead: no work is done until the clocks agree again.")
    else:
        words = _("The clock of this host is %(seconds)d seconds behind: no work is done until the clocks agree again.")
    return words % {"seconds": abs(ahead)}


def agreement(*, now: datetime) -> Iterator[Finding]:
    """Find clocks that disagree: on the host that shows this, or on one whose tick refused to work of late."""
    del now
    mend = _("Let all hosts take their time from one server (chrony, systemd-timesyncd); work then goes on by itself.")
    ahead = clock.apart(connection)
    refused = Heartbeat.objects.filter(part=PART, heard_at__gt=Now() - FRESH).exists()
    if abs(ahead) > AGREE_SECONDS:
        yield Finding(Level.ALARM, "clocks", told(ahead), mend)
    elif refused:
        words = _("The worker does no work: its clock does not agree with the database's, or was moved.")
        yield Finding(Level.ALARM, "clocks", words, mend)
    else:
        yield Finding(Level.OK, "clocks", _("The clocks of the program and of the database agree."))
