"""Why a task comes next, in the words that its card shows."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.domain.calendar import day_end, local_date
from visits.choices import Urgency

USUAL_PRIORITY: Final = 50


class Pile(StrEnum):
    """The piles of the queue, as its tabs name them."""

    CALL_BACK = "call_back"
    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    SKIPPED = "skipped"


class Words:
    """The words for the tasks of one queue. Tasks that share their bound share their words, which are made once."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now, zone
        self._reasons: dict[tuple[object, ...], str] = {}
        self._bounds: dict[tuple[object, ...], str] = {}

    def reason(
        self, pile: Pile, urgency: str, *, closes_at: datetime, inclusive: bool, call_back_at: datetime | None,
        priority: int,
    ) -> str:  # fmt: skip
        """Return why a task stands where it stands: "dissatisfied customer, 2 days overdue"."""
        if pile == Pile.CALL_BACK and call_back_at:
            today = local_date(call_back_at, self.zone) == local_date(self.now, self.zone)
            at = call_back_at.astimezone(self.zone).strftime("%H:%M" if today else "%m-%d %H:%M")
            return _("call-back promised for %(time)s") % {"time": at}
        lifted = pile == Pile.LATER and priority > USUAL_PRIORITY
        if pile == Pile.SKIPPED:
            pile = pile_of(closes_at, inclusive, now=self.now, zone=self.zone)
        key = (pile, urgency, closes_at, inclusive, lifted)
        if key not in self._reasons:
            when = _when(pile, self.now, closes_at, inclusive, self.zone)
            parts = (_urgent(urgency), _("high priority") if lifted else "", when)
            self._reasons[key] = _(", ").join(part for part in parts if part)
        return self._reasons[key]

    def skipped(self, at: datetime, reason: str) -> str:
        """Return that a task was put back today, and when it closes."""
        return _("put back at %(time)s, %(reason)s") % {"time": f"{at.astimezone(self.zone):%H:%M}", "reason": reason}

    def bound(self, closes_at: datetime, inclusive: bool) -> str:
        """Return until when a task is in time."""
        key = (closes_at, inclusive)
        if key not in self._bounds:
            self._bounds[key] = bound_text(closes_at, inclusive, self.zone)
        return self._bounds[key]


def pile_of(closes_at: datetime, inclusive: bool, *, now: datetime, zone: ZoneInfo) -> Pile:
    """Return in which pile a task lies by its bound alone."""
    if (closes_at, inclusive) < (now, True):
        return Pile.OVERDUE
    tonight = day_end(local_date(now, zone), zone)
    return Pile.TODAY if (closes_at, inclusive) < (tonight, True) else Pile.LATER


def bound_text(closes_at: datetime, inclusive: bool, zone: ZoneInfo) -> str:
    """Return until when a task is in time: its closing day, or the minute of an inclusive bound."""
    if inclusive:
        return moment_text(closes_at, zone)
    return f"{closing_day(closes_at, inclusive, zone):%Y-%m-%d}"


def closing_day(closes_at: datetime, inclusive: bool, zone: ZoneInfo) -> datetime:
    """Return a moment of the last local day in which a visit can be in time: a bound of days is 00:00 of the next."""
    return (closes_at if inclusive else closes_at - timedelta(microseconds=1)).astimezone(zone)


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the screens write it."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _urgent(urgency: str) -> str:
    if urgency == Urgency.NORMAL:
        return ""
    return str(Urgency(urgency).label)


def _when(pile: Pile, now: datetime, closes_at: datetime, inclusive: bool, zone: ZoneInfo) -> str:
    if pile == Pile.OVERDUE:
        return _overdue(now, closes_at, inclusive, zone)
    if pile == Pile.TODAY:
        if inclusive:
            return _("closes today at %(time)s") % {"time": f"{closes_at.astimezone(zone):%H:%M}"}
        return _("closes today")
    return _("closes on %(day)s") % {"day": f"{closing_day(closes_at, inclusive, zone):%m-%d}"}


def _overdue(now: datetime, closes_at: datetime, inclusive: bool, zone: ZoneInfo) -> str:
    """Return by how much a task is overdue: in days, on the closing day itself in hours or minutes."""
    days = (local_date(now, zone) - closing_day(closes_at, inclusive, zone).date()).days
    if days:
        return ngettext("%(count)d day overdue", "%(count)d days overdue", days) % {"count": days}
    minutes = int((now - closes_at).total_seconds()) // 60
    if minutes >= 60:
        return ngettext("%(count)d hour overdue", "%(count)d hours overdue", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)d minute overdue", "%(count)d minutes overdue", minutes) % {"count": minutes}
