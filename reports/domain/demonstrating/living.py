"""What a day of the demo company brings to whoever reports, reviews, decides and closes; called by the days themselves.

Like the days, it goes through the program's own doors, at moments of the day that is lived.
"""

from datetime import date

from reports.domain.demonstrating import deciding, improving, inspecting, reporting
from visits.domain.demonstrating.scene import Company


def begin_day(company: Company, on: date) -> None:
    """Live the first hour: yesterday's reports come in or do not, are read, and what they cost is decided."""
    reporting.hand_in_late(company, on)
    reporting.review(company, on)
    inspecting.score(company, on)
    deciding.decide(company, on)
    deciding.close_a_month(company, on)
    improving.improve(company, on)


def end_day(company: Company, on: date) -> None:
    """Let most people hand their report in before they go home, and mend what came back."""
    reporting.hand_in(company, on)
