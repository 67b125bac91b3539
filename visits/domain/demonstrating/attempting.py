"""What people of the demo company try and the program refuses stays undone, as it does in a real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import transaction

from visits.domain.assigning.reassigning import CannotTake, MayNotReassign
from visits.domain.calling.amending import NotAmendable
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.frequency import TooOften
from visits.domain.calling.passing import CannotPassOn
from visits.domain.calling.recording import NotOneCall, TakenByAnother
from visits.domain.calling.restricting import CannotRestrict, Unwanted
from visits.domain.calling.revealing import LimitReached, ReasonNeeded
from visits.domain.calling.skipping import CannotSkip
from visits.domain.follow_up.handling import CannotHandle, Changed
from visits.domain.obliging.listing import CannotDo
from visits.domain.origin.merging import CannotMerge
from visits.domain.origin.registering import NumberHeld
from visits.domain.origin.requesting import CannotBe, NoRule
from visits.domain.promising.booking import CannotBook

REFUSALS: Final = (
    CannotTake, MayNotReassign, NotAmendable, MissingFact, TooOften, CannotPassOn, NotOneCall, TakenByAnother,
    LimitReached, ReasonNeeded, Unwanted, CannotRestrict, CannotSkip, CannotHandle, Changed, CannotMerge,
    NumberHeld, CannotBe, NoRule,
    CannotBook, CannotDo,
)  # fmt: skip


@contextmanager
def attempt() -> Iterator[None]:
    """Try a deed as a whole; where the program says no, life goes on without it."""
    try:
        with transaction.atomic():
            yield
    except REFUSALS:
        return
