"""What a day of the demo company brings to whoever reports, reviews, decides and closes; called by the days themselves.

Like the days, it goes through the program's own doors, at moments of the day that is lived. Today only that has
happened which lies before the visitor comes.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from reports.domain.demonstrating import deciding, electing, improving, inspecting, reporting
from visits.domain.demonstrating.scene import Company

# In the order of the day, each with the moment by which it is done.
MORNING: Final[tuple[tuple[str, Callable[[Company, date], None]], ...]] = (
    ("08:47", reporting.hand_in_early),
    ("09:06", reporting.hand_in_late),
    ("09:08", reporting.review),
    ("09:20", inspecting.score),
    ("09:45", deciding.decide),
    ("09:50", deciding.close_a_month),
    ("09:50", improving.improve),
    ("09:55", electing.vote),
)


def begin_day(company: Company, on: date) -> None:
    """Live the first hour: yesterday's reports come in or do not, are read, and what they cost is decided."""
    for clock, part in MORNING:
        if company.has_come(company.at(on, clock)):
            part(company, on)


def end_day(company: Company, on: date) -> None:
    """Let most people hand their report in before they go home, and mend what came back."""
    if company.has_come(company.at(on, reporting.EVENING_CLOCK)):
        reporting.hand_in(company, on)
