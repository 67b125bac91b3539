"""How long a customer waits for a word: the clock starts anew after each word, until the case is solved (S-06)."""

from datetime import datetime
from typing import Any, Final

from complaints.choices import SETTLED, WORKED
from complaints.domain.announcing import REGISTERED, done, happening, subject_of
from complaints.models import Case
from staff.models import Employee
from visits.domain.obliging.fulfilling import of_subject
from visits.domain.obliging.owing import office_at, owe_again
from visits.models import Obligation

WORD: Final = "tell_customer"
ANSWERS: Final = ("first_reply", "progress", WORD)  # what a word to the customer answers


def informed(case: Case, *, now: datetime) -> dict[str, Any]:
    """Return the columns that a word to the customer sets; of a solved case it is the result (I-01)."""
    return {"replied_at": case.replied_at or now} | ({"informed_at": now} if case.state in SETTLED else {})


def told(case: Case, *, by: Employee | None, now: datetime) -> None:
    """Close what was owed as a word to the customer; while the case is worked on the next one is owed from now on."""
    waited = Obligation.objects.open().filter(of_subject(subject_of(case)), deed=WORD).select_related("release")
    answered = list(waited)
    done(case, *ANSWERS, by=by, now=now)
    if answered and case.state in WORKED:
        subject = f"{subject_of(case)}/{case.round}-{case.version}"
        owe_again(happening(case, REGISTERED, at=now, now=now, subject=subject), answered, office_at(now))
