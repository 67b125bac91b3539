"""How often one customer may be called: five times in 24 hours, three times in five minutes (RELIABILITY T32).

The figures stand in the settings (`CALLS_PER_DAY`, `CALLS_PER_FIVE_MINUTES`); what counts is every outgoing call of
anybody that was saved and not taken back, by the server's clock.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.domain.wording import near_words
from visits.choices import Channel, RecordKind
from visits.models import Customer, VisitRecord

DAY: Final = timedelta(hours=24)
MOMENTS: Final = timedelta(minutes=5)
BY_VOICE: Final = (Channel.DESK_PHONE, Channel.MOBILE)


class TooOften(Exception):
    """The customer was called so often that nobody calls again before `until`."""

    def __init__(self, message: str, until: datetime) -> None:
        self.until = until
        super().__init__(message)


def check_frequency(customer: Customer, *, now: datetime) -> None:
    """Raise `TooOften` where the next call of anybody to this customer would be one too many."""
    calls = _calls(customer, since=now - DAY)
    for most, span in ((settings.CALLS_PER_FIVE_MINUTES, MOMENTS), (settings.CALLS_PER_DAY, DAY)):
        recent = [at for at in calls if at > now - span]
        if len(recent) >= most:
            until = recent[-most] + span
            words = ngettext("%(count)d call", "%(count)d calls", len(recent)) % {"count": len(recent)}
            told = _("This customer has had %(calls)s since %(since)s. Call again from %(until)s on.")
            shown = {"calls": words, "since": near_words(recent[0], now=now), "until": near_words(until, now=now)}
            raise TooOften(told % shown, until)


def _calls(customer: Customer, *, since: datetime) -> list[datetime]:
    """Return when the customer was called, oldest first."""
    made = VisitRecord.objects.filter(
        customer=customer, logged_at__gt=since, inbound=False, channel__in=BY_VOICE, kind=RecordKind.CONTACT
    )
    counted = made.exclude(superseded_by__kind=RecordKind.VOID)
    return list(counted.order_by("logged_at").values_list("logged_at", flat=True))
