"""The rhythm of a rule as a drawing: the event, and each visit's window after it, by the dates of an example."""

from dataclasses import dataclass
from datetime import date, datetime
from math import log1p
from typing import Final
from zoneinfo import ZoneInfo

from config.packs.rule import RuleSpec, StepSpec
from staff.domain.calendar import WorkCalendar, local_date
from visits.domain.timing.windows import Cadence, Window, window

WIDTH: Final = 300  # the column beside the form
LEFT: Final = 12  # where the event stands
ROW: Final = 34
LEAST: Final = 5  # so that a window of an hour is seen
MOST_TURNS: Final = 4  # of one step; what comes after says "and so on"
NEAR: Final = 2.0  # days that are drawn about as wide as all that is ten times as far


@dataclass(frozen=True)
class Turn:
    """One window: its dates as people read them, and where its bar stands."""

    opens: str
    closes: str
    x: int
    width: int


@dataclass(frozen=True)
class Line:
    """One step: its windows, whether there are more of them, and why there is none (`why`: figure, given)."""

    title: str
    y: int
    turns: tuple[Turn, ...]
    goes_on: bool
    why: str = ""

    @property
    def middle(self) -> int:
        """Where its line is drawn."""
        return self.y + 22


@dataclass(frozen=True)
class Drawing:
    """All steps of a rule for one event."""

    event: str
    lines: tuple[Line, ...]
    width: int = WIDTH
    left: int = LEFT

    @property
    def height(self) -> int:
        """How high it is."""
        return 22 + ROW * len(self.lines)


def drawn(rule: RuleSpec, *, now: datetime, zone: ZoneInfo, calendar: WorkCalendar) -> Drawing:
    """Return the drawing of a rule for an event that happens at `now`."""
    found = [(step, windows_of(step, now=now, zone=zone, calendar=calendar)) for step in rule.step]
    ends = [after(turn.closes_at, now) for _step, turns in found for turn in turns]
    farthest = max([*ends, NEAR])
    lines = [
        Line(
            title=step.title or step.code,
            y=18 + ROW * place,
            turns=tuple(_turn(one, now, farthest, zone) for one in turns[:MOST_TURNS]),
            goes_on=len(turns) > MOST_TURNS or (bool(turns) and step.anchor == "previous_visit"),
            why="" if turns else "figure" if step.blanks() else "given",
        )
        for place, (step, turns) in enumerate(found)
    ]
    return Drawing(local_date(now, zone).isoformat(), tuple(lines))


def windows_of(step: StepSpec, *, now: datetime, zone: ZoneInfo, calendar: WorkCalendar) -> list[Window]:
    """Return the first windows, one more than are drawn; none where a figure is missing or the bound is given."""
    if step.blanks():
        return []
    cadence = Cadence.of(step)
    turns = 1 if cadence.is_chain else MOST_TURNS + 1
    found = (window(cadence, anchor_at=now, occurrence=k, zone=zone, calendar=calendar) for k in range(turns))
    return [one for one in found if one is not None]


def after(moment: datetime, event: datetime) -> float:
    """Return how many days a moment lies after the event."""
    return max(0.0, (moment - event).total_seconds() / 86_400)


def _turn(one: Window, now: datetime, farthest: float, zone: ZoneInfo) -> Turn:
    """Return a window with its bar: what is near is drawn wider than what is far, so that days and months fit."""
    begin, end = (_place(after(moment, now), farthest) for moment in (one.opens_at, one.closes_at))
    return Turn(_told(one.opens_on, one.opens_at, zone), _told(one.closes_on, one.closes_at, zone), begin,
                max(LEAST, end - begin))  # fmt: skip


def _place(days: float, farthest: float) -> int:
    return LEFT + round((WIDTH - 2 * LEFT) * log1p(days / NEAR) / log1p(farthest / NEAR))


def _told(on: date | None, moment: datetime, zone: ZoneInfo) -> str:
    return on.isoformat() if on else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
