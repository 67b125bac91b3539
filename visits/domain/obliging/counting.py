"""The bounds of an owed deed as they stand: from its rule, its beginning, its stops and what was set by hand."""

from config.packs.duties import ObligationSpec
from staff.domain.policies import spec_of
from visits.domain.obliging.owing import clock_of
from visits.domain.obliging.reckoning import Bounds, Clock, SetBound, Stop, reckon
from visits.models import Obligation


def spec_of_obligation(one: Obligation) -> ObligationSpec | None:
    """Return what the release of an obligation says of it."""
    found = spec_of(one.release).entry("obligation", one.rule)
    return found if isinstance(found, ObligationSpec) else None


def clock_of_obligation(one: Obligation, spec: ObligationSpec) -> Clock:
    """Return what the spans of an obligation are counted by."""
    return clock_of(spec_of(one.release), spec)


def stops_of(one: Obligation) -> list[Stop]:
    """Return the stops of a clock that are over, in their order."""
    ended = sorted((pause for pause in one.pauses.all() if pause.until_at), key=lambda pause: (pause.from_at, pause.pk))
    return [(pause.from_at, pause.until_at) for pause in ended if pause.until_at is not None]


def bounds_of(one: Obligation) -> Bounds | None:
    """Return the bounds of a deed as they follow from its rule, its stops and what was set by hand."""
    spec = spec_of_obligation(one)
    if spec is None:
        return None
    by_hand = SetBound(one.set_due_at, one.set_at) if one.set_due_at and one.set_at else None
    clock = clock_of(spec_of(one.release), spec)
    return reckon(spec, clock, anchor=one.anchor_at, stops=stops_of(one), told=one.told, by_hand=by_hand)


def count_anew(one: Obligation, *, warn: bool = False) -> None:
    """Write the bounds of a deed as they are now. It is warned of once, and again only (`warn`) for a bound by hand."""
    bounds = bounds_of(one)
    if bounds is None:
        return
    one.due_at, one.inclusive, one.tell_at = bounds.due_at, bounds.inclusive, bounds.tell_at
    one.warn_at = bounds.warn_at if one.warn_at or warn else None
    one.save(update_fields=["due_at", "inclusive", "warn_at", "tell_at"])
