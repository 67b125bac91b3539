"""The jobs of every tick that need the rules, the company and the calendar at once."""

from datetime import datetime

from visits.domain.planning.events import load_calendar, load_office
from visits.domain.planning.pooling import draw_due
from visits.domain.planning.rulebook import load_rulebook
from visits.domain.planning.series import continue_series


def continue_all(*, now: datetime) -> dict[str, int]:
    """Make every occurrence that has opened and draw what came into a pool by it."""
    rulebook, office = load_rulebook(), load_office(now=now)
    made = continue_series(rulebook, office, load_calendar())
    return {"tasks": made, "drawn": draw_due(rulebook, now=now, on=office.on)}
