"""Why nobody answers for a bound: leave, an outage, too few hours in which one may call. Counted piece by piece."""

from datetime import datetime, timedelta
from typing import Any, Final

from reports.domain.auditing.company import Company, day_of, days, midnight

Span = tuple[datetime, datetime]
LAW: Final = (8 * 60, 21 * 60)  # minutes of the day in which anybody may be called at all
MINUTES: Final = {"min": 1, "h": 60}


def why_exempt(who: int, opened: datetime, last: datetime, section: dict[str, Any], company: Company) -> str:
    """Return what exempts somebody from a bound whose last moment in time is `last`; empty where nothing does."""
    if company.is_away(who, day_of(last)):
        return "leave"
    still = company.stood_still(opened, last)
    callable_spans = spans_to_call(opened, last, section, company)
    whole = length(callable_spans)
    if any(begin <= last < end for begin, end in still) or (
        whole and 2 * length(shared(callable_spans, still)) >= whole
    ):
        return "outage"
    least = minutes_of(section.get("exempt_below", ""))
    return "hours" if least is not None and whole < timedelta(minutes=least) else ""


def spans_to_call(first: datetime, last: datetime, section: dict[str, Any], company: Company) -> list[Span]:
    """Return the spans between two moments in which law and regulation let one call."""
    allowed = section.get("allowed", [])
    wanted = [minutes for text in ([allowed] if isinstance(allowed, str) else allowed) for minutes in clock_span(text)]
    found = []
    for on in days(day_of(first), day_of(last)):
        if section.get("days") == "working" and not company.is_worked(on):
            continue
        start = midnight(on)
        for begin, end in wanted or [LAW]:
            begin, end = max(begin, LAW[0]), min(end, LAW[1])
            span = max(start + timedelta(minutes=begin), first), min(start + timedelta(minutes=end), last)
            found += [span] if span[0] < span[1] else []
    return sorted(found)


def clock_span(text: str) -> list[tuple[int, int]]:
    """Return ``22:00-06:00`` in minutes of the day, in two pieces where it passes midnight."""
    begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in text.split("-"))
    return [(begin, end)] if begin < end else [(0, end), (begin, 24 * 60)]


def shared(ours: list[Span], theirs: list[Span]) -> list[Span]:
    """Return where two sets of spans overlap; what several of theirs cover is there once."""
    merged: list[Span] = []
    for begin, end in sorted(theirs):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((begin, end))
    both = [(max(a, begin), min(b, end)) for a, b in ours for begin, end in merged]
    return [(begin, end) for begin, end in both if begin < end]


def length(spans: list[Span]) -> timedelta:
    """Return how long spans are together."""
    return sum((end - begin for begin, end in spans), timedelta())


def minutes_of(text: str) -> int | None:
    """Return ``4h`` or ``30min`` in minutes; None for no duration of hours and minutes."""
    for unit, worth in MINUTES.items():
        if text.endswith(unit) and text.removesuffix(unit).isdecimal():
            return int(text.removesuffix(unit)) * worth
    return None
