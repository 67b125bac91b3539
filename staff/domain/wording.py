"""Moments, days and figures in the words of the screen; the zone is the installation's."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


@lru_cache(maxsize=4)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def house_zone() -> ZoneInfo:
    """Return the zone of the clock of the house."""
    return _zone(settings.TIME_ZONE)


def local(moment: datetime) -> datetime:
    """Return the moment on the clock of the house."""
    return moment.astimezone(house_zone())


def moment_words(moment: datetime | None) -> str:
    """Return ``2026-11-21 周六 09:00``; nothing for no moment."""
    if moment is None:
        return ""
    here = local(moment)
    return f"{here:%Y-%m-%d} {WEEKDAYS[here.weekday()]} {here:%H:%M}"


def minute_text(moment: datetime | None) -> str:
    """Return ``2026-11-21 09:00``, as tables and workbooks have it; nothing for no moment."""
    return "" if moment is None else f"{local(moment):%Y-%m-%d %H:%M}"


def moment_span_words(start: datetime, end: datetime | None) -> str:
    """Return ``2026-11-21 周六 14:00–15:00``; both days where they are not the same."""
    if end is None or end == start:
        return moment_words(start)
    same = local(start).date() == local(end).date()
    return f"{moment_words(start)}–{local(end):%H:%M}" if same else f"{moment_words(start)} – {moment_words(end)}"


def day_words(day: date | None) -> str:
    """Return ``2026-11-21 周六``; nothing for no day."""
    return f"{day:%Y-%m-%d} {WEEKDAYS[day.weekday()]}" if day else ""


def near_words(moment: datetime, *, now: datetime) -> str:
    """Return a moment as one says it: the time today, the day near by, with the year only where it is another."""
    here, today = local(moment), local(now)
    match (here.date() - today.date()).days:
        case 0:
            return _("today %(time)s") % {"time": f"{here:%H:%M}"}
        case 1:
            return _("tomorrow %(time)s") % {"time": f"{here:%H:%M}"}
        case -1:
            return _("yesterday %(time)s") % {"time": f"{here:%H:%M}"}
    return f"{here:%m-%d %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d}"


def near_bound_words(bound: datetime, *, inclusive: bool, now: datetime) -> str:
    """Return a bound as one says it: the end of a day is that day's 24:00, as a regulation writes it."""
    if inclusive or f"{local(bound):%H:%M:%S}" != "00:00:00":
        return near_words(bound, now=now)
    return near_words(bound - timedelta(minutes=1), now=now).replace("23:59", "24:00")


def length_words(length: timedelta) -> str:
    """Return a length of time as one says it: ``25 min``, ``7 h 5 min``, ``3 d 2 h``; seconds are left out."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours - days * 24}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60}
    return _("%(minutes)d min") % {"minutes": minutes}


def exact_words(length: timedelta) -> str:
    """Return a length of time to the second, in hours however long it is: lengths that are added up on a page."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    words = _("%(hours)d h %(minutes)d min") if minutes >= 60 else _("%(minutes)d min")
    said = words % {"hours": minutes // 60, "minutes": minutes % 60} if minutes or not seconds else ""
    return " ".join(part for part in (said, _("%(seconds)d s") % {"seconds": seconds} if seconds else "") if part)


def money_words(amount: Decimal | None) -> str:
    """Return ``¥1,280.00``; nothing for no amount."""
    return "" if amount is None else f"¥{amount:,.2f}"


def figure_words(figure: Decimal | None) -> str:
    """Return a figure without the noughts that a database column adds; nothing for none."""
    return "" if figure is None else f"{figure.normalize():f}"


def bound_words(closes_at: datetime, inclusive: bool) -> str:
    """Return the last day in time, or the last minute where the bound is one (DECISIONS 13)."""
    return moment_words(closes_at) if inclusive else day_words(local(closes_at - timedelta(microseconds=1)).date())


def span_words(first: date, last: date | None) -> str:
    """Return days from one up to and including another as one says them: ``2026-03-02 周一 – 2026-03-06 周五``."""
    if last is None or first == last:
        return day_words(first)
    return f"{day_words(first)} – {day_words(last)}"
