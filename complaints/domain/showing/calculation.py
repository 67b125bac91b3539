"""How the bound of each clock of a case was counted: from when, by which hours, without which stops (DECISIONS 39)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from complaints.domain.announcing import subject_of
from complaints.domain.showing.clocks import ClockTold, told
from complaints.models import Case
from config.packs.duration import Duration
from config.packs.duties import ObligationSpec
from config.packs.persons import Person
from staff.choices import MeasureState
from staff.domain.pack_words import PERSON_WORDS
from staff.domain.wording import day_words, exact_words, moment_words
from staff.models import Role
from visits.domain.explaining.wording import duration_text
from visits.domain.obliging.calculating import COUNTED, OFF, Day, days_counted, hours_counted
from visits.domain.obliging.counting import clock_of_obligation, spec_of_obligation, stops_of
from visits.domain.obliging.fulfilling import of_subject
from visits.domain.obliging.reckoning import INSTANT, OFFICE, Clock, reckon
from visits.models import Obligation

MOST_DAYS: Final = 40


@dataclass(frozen=True)
class Rung:
    """One escalation of a clock: how long after its beginning, to whom, when that is, whether it has been."""

    after: str
    to: str
    at: str
    done: bool


@dataclass(frozen=True)
class Line:
    """One day of a calculation in words."""

    day: str
    what: str
    length: str
    total: str


@dataclass(frozen=True)
class Calculation:
    """One clock with its whole calculation in words. `lines` empty: there is no bound.

    Of a bound that was set by hand (`set_to`) they are what the stops since then have added to it.
    """

    clock: ClockTold
    begun: str
    span: str
    hours: str
    due: str
    set_to: str
    lines: list[Line]
    more: int
    stops: list[dict[str, Any]]
    by_hand: str
    warned: str
    rungs: list[Rung]


def calculations_of(case: Case, *, now: datetime) -> list[Calculation]:
    """Return every clock of the case with its calculation, open ones first, what is due first."""
    found = Obligation.objects.filter(of_subject(subject_of(case))).exclude(state=MeasureState.DROPPED)
    rows = found.select_related("release", "employee", "done_by").prefetch_related("pauses__by")
    roles = {one.code: str(one) for one in Role.objects.all()}
    told_all = [_calculation(one, roles, now) for one in rows.order_by(F("due_at").asc(nulls_last=True), "pk")]
    return sorted(told_all, key=lambda one: not one.clock.is_open)


def _calculation(one: Obligation, roles: Mapping[str, str], now: datetime) -> Calculation:
    spec = spec_of_obligation(one)
    clock = clock_of_obligation(one, spec) if spec else None
    lines = _lines(one, spec, clock) if spec and clock else []
    clock_told = told(one, now=now)
    return Calculation(
        clock=clock_told, begun=_exact(one.anchor_at), set_to=_exact(one.set_due_at),
        due=_exact(one.due_at) if one.inclusive else clock_told.due,
        span=duration_text(spec.within) if spec and spec.within else "", hours=_hours(spec, clock),
        lines=lines if len(lines) <= MOST_DAYS else [*lines[: MOST_DAYS - 1], lines[-1]],
        more=max(len(lines) - MOST_DAYS, 0),
        stops=[_stop(one, pause) for pause in _stops(one)],
        by_hand=moment_words(one.set_at) if one.set_at else "", warned=moment_words(one.warn_at),
        rungs=_rungs(one, spec, clock, roles) if spec and clock else [],
    )  # fmt: skip


def _hours(spec: ObligationSpec | None, clock: Clock | None) -> str:
    """Return by which hours a clock runs."""
    if spec is None or clock is None or spec.within is None:
        return ""
    if not spec.within.is_instant:
        return _("until the end of the last day")
    if clock.kind != OFFICE:
        return _("day and night")
    spans = "、".join(f"{a // 60:02}:{a % 60:02}–{b // 60:02}:{b % 60:02}" for a, b in clock.spans)
    return _("on working days, %(spans)s") % {"spans": spans}


def _lines(one: Obligation, spec: ObligationSpec, clock: Clock) -> list[Line]:
    begin, bound, stops = one.anchor_at, one.due_at, stops_of(one)
    if bound is None or spec.within is None:
        return []
    if one.set_due_at is not None:  # what its later stops have added to it
        begin, stops = one.set_due_at if spec.within.is_instant else one.set_due_at - INSTANT, []
    if spec.within.is_instant:
        return [_line(day, clock) for day in hours_counted(clock, begin, bound, stops)]
    number, lines = 0, []
    for day in days_counted(clock, begin, bound, spec.within, stops):
        number += day.what == COUNTED
        what = "" if day.what == COUNTED else _("day off") if day.what == OFF else _("stood still")
        lines.append(Line(day_words(day.on), what, _days(1) if day.what == COUNTED else "—", _days(number)))
    return lines


def _days(number: int) -> str:
    return duration_text(Duration(number, "d")) if number else "0"


def _line(day: Day, clock: Clock) -> Line:
    pieces = "、".join(f"{_time(start, clock)}–{_end(stop, clock)}" for start, stop in day.pieces)
    return Line(day_words(day.on), pieces, exact_words(day.length), exact_words(day.total))


def _exact(moment: datetime | None) -> str:
    """Return a moment with its seconds, where it has any."""
    return moment_words(moment) + (f":{moment:%S}" if moment and moment.second else "")


def _end(moment: datetime, clock: Clock) -> str:
    said = _time(moment, clock)
    return "24:00" if said == "00:00" else said


def _time(moment: datetime, clock: Clock) -> str:
    here = moment.astimezone(clock.zone)
    return f"{here:%H:%M:%S}" if here.second else f"{here:%H:%M}"


def _stops(one: Obligation) -> list[Any]:
    return sorted(one.pauses.all(), key=lambda pause: (pause.from_at, pause.pk))


def _stop(one: Obligation, pause: Any) -> dict[str, Any]:
    spec = spec_of_obligation(one)
    clock = clock_of_obligation(one, spec) if spec else None
    return {
        "begun": moment_words(pause.from_at), "until": moment_words(pause.until_at), "reason": pause.reason,
        "by": pause.by, "length": _taken(pause, spec, clock) if spec and clock and pause.until_at else "",
    }  # fmt: skip


def _taken(pause: Any, spec: ObligationSpec, clock: Clock) -> str:
    """Return how much a stop took of the clock's own time: minutes and hours, or days."""
    if spec.within is None or spec.within.is_instant:
        return exact_words(clock.between(pause.from_at, pause.until_at))
    days = clock.days_stopped(pause.from_at, pause.until_at, spec.within)
    in_workdays = bool(spec.within.offset.workdays)
    return duration_text(Duration(days.workdays if in_workdays else days.days, "wd" if in_workdays else "d"))


def _rungs(one: Obligation, spec: ObligationSpec, clock: Clock, roles: Mapping[str, str]) -> list[Rung]:
    stops, rungs = stops_of(one), []
    for number, step in enumerate(spec.escalate):
        at = reckon(spec, clock, anchor=one.anchor_at, stops=stops, told=number).tell_at
        if number == one.told and one.tell_at:
            at = one.tell_at
        to = "、".join(_person(person, roles) for person in step.to)
        rungs.append(Rung(duration_text(step.after), to, moment_words(at), number < one.told))
    return rungs


def _person(person: Person, roles: Mapping[str, str]) -> str:
    return roles.get(person.code, person.code) if person.code else str(PERSON_WORDS.get(person.kind, person.kind))
