"""How long a customer waits for a word: the clock starts anew after each word, until the case is solved (S-06)."""

from datetime import datetime
from typing import Final

from complaints.choices import WORKED
from complaints.domain.announcing import REGISTERED, done, happening, subject_of
from complaints.models import Case
from staff.models import Employee
from visits.domain.obliging.fulfilling import of_subject
from visits.domain.obliging.owing import office_at, owe_again
from visits.models import Obligation

WORD: Final = "tell_customer"


def told(case: Case, *deeds: str, by: Employee, now: datetime) -> None:
    """Close what was owed as a word to the customer; while the case is worked on the next one is owed from now on."""
    waited = Obligation.objects.open().filter(of_subject(subject_of(case)), deed=WORD).select_related("release")
    answered = list(waited) if WORD in deeds else []
    done(case, *deeds, by=by, now=now)
    if answered and case.state in WORKED:
        subject = f"{subject_of(case)}/{case.round}-{case.version}"
        owe_again(happening(case, REGISTERED, at=now, now=now, subject=subject), answered, office_at(now))
