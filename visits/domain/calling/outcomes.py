"""What an outcome makes of a task: the ladder of retries, ends and promises. Pure (DECISIONS 17, 18, 30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from staff.domain.calendar import WorkCalendar
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.terms import Terms
from visits.domain.timing.retrying import Minutes, next_attempt
from visits.domain.timing.windows import Window

UNANSWERED: Final = (Outcome.NO_ANSWER, Outcome.BUSY)
LEFT: Final = gettext_noop("no longer a customer")


@dataclass(frozen=True)
class Move:
    """What a contact makes of a task. `status` None: as it was; `completes` only where the customer was reached."""

    status: str | None = None
    completes: bool = False
    next_attempt_at: datetime | None = None
    call_back_at: datetime | None = None
    closed_reason: str = ""


@dataclass(frozen=True)
class Standing:
    """What the next step of the ladder depends on. `unanswered`: attempts of this task that nobody answered so far."""

    unanswered: int
    window: Window
    terms: Terms
    calendar: WorkCalendar
    customer_spans: Sequence[Minutes] = ()


def move(outcome: str, standing: Standing, *, at: datetime, call_back_at: datetime | None, corrected: bool) -> Move:
    """Return what a contact at `at` makes of the task; `corrected`: the right number was told with a wrong one."""
    match outcome:
        case Outcome.REACHED:
            return Move(TaskStatus.DONE, completes=True)
        case Outcome.REFUSED:
            return Move(TaskStatus.REFUSED)
        case Outcome.NO_LONGER_CUSTOMER:
            return Move(TaskStatus.CANCELLED, closed_reason=LEFT)
        case Outcome.WRONG_NUMBER:
            return Move() if corrected else Move(TaskStatus.INVALID_NUMBER)
        case Outcome.CALL_BACK if call_back_at is not None:
            return Move(next_attempt_at=call_back_at, call_back_at=call_back_at)
        case Outcome.CALL_BACK:
            again = retry_at(standing, at=at, unanswered=0)
            return Move(next_attempt_at=again)
        case _:
            again = retry_at(standing, at=at, unanswered=standing.unanswered + 1)
            return Move(next_attempt_at=again) if again else Move(TaskStatus.UNREACHABLE)


def retry_at(standing: Standing, *, at: datetime, unanswered: int) -> datetime | None:
    """Return when to call again after the attempt at `at`; None once all attempts of the rule were made."""
    step = standing.terms.step
    return next_attempt(
        failed_at=at,
        attempts=unanswered,
        max_attempts=step.max_attempts,
        retry_after=step.retry_after,
        window=standing.window,
        hours=standing.terms.hours,
        zone=standing.terms.zone,
        calendar=standing.calendar,
        customer_spans=standing.customer_spans,
    )
