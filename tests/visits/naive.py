"""The windows of tasks once more, day by day and without the program's arithmetic: what tests compare with."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def plus_months(on: date, months: int) -> date:
    """Step month by month, then go back to the last day that the month has."""
    year, month = on.year, on.month
    for _turn in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = on.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def plus_workdays(on: date, count: int, worked) -> date:
    """Walk on until `count` working days were met."""
    while count:
        on += timedelta(1)
        count -= worked(on)
    return on


def shifted(on: date, shift: str, worked) -> date:
    """Walk until a working day is met."""
    while shift != "none" and not worked(on):
        on += timedelta(1 if shift == "next" else -1)
    return on


def summed(on: date, terms: list[tuple[int, str]], worked) -> date:
    """Add (count, unit) terms: months and years, then days and weeks, then working days."""
    months = sum(count * {"m": 1, "y": 12}.get(unit, 0) for count, unit in terms)
    days = sum(count * {"d": 1, "w": 7}.get(unit, 0) for count, unit in terms)
    workdays = sum(count for count, unit in terms if unit == "wd")
    return plus_workdays(plus_months(on, months) + timedelta(days), workdays, worked)


def utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a local wall time as UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def window(opens, closes, anchor: datetime, zone: ZoneInfo, worked, *, every=None, k=0, shift="none"):
    """Return (opening, bound, bound is inclusive) of a step with offsets (count, unit) after `anchor`."""
    local = anchor.astimezone(zone)
    step = [(every[0] * k, every[1])] if every else []

    def end(offset):
        count, unit = offset
        if unit in ("h", "min"):
            moved = summed(local.date(), step, worked)
            start = utc(moved, local.time(), zone) if moved != local.date() else anchor
            return None, start + timedelta(minutes=count * (60 if unit == "h" else 1))
        return shifted(summed(local.date(), [*step, offset], worked), shift, worked), None

    (opening_day, opening), (closing_day, bound) = end(opens), end(closes)
    first = opening if opening_day is None else utc(opening_day, time(0), zone)
    last = bound if closing_day is None else utc(closing_day + timedelta(1), time(0), zone)
    if last < first or (last == first and closing_day):
        day = opening_day or first.astimezone(zone).date()
        return first, utc(day + timedelta(1), time(0), zone), False
    return first, last, closing_day is None
