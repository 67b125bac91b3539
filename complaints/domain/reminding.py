"""The daily word to who keeps track of a case, until it is closed (I-05), and of departments that owe an answer."""

from datetime import date, datetime

from django.db.models import CharField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_noop

from complaints.choices import ENDED
from complaints.domain.announcing import url_of
from complaints.domain.consulting import questions
from complaints.models import Case, CaseDeed
from staff.domain.calendar import day_start
from staff.domain.notifying import notify
from staff.domain.superiors import heads_of
from staff.domain.workforce import Workforce, load_workforce
from visits.domain.detecting.bounds import house

STILL_OPEN = gettext_noop("Case %(number)s that you keep track of is still open: %(state)s")
NO_ANSWER = gettext_noop("%(department)s owes an answer about case %(number)s since %(due)s")


def remind_of_cases(*, now: datetime, on: date) -> int:
    """Remind those who keep track of open cases, once a day, and ask for answers that are late (a daily job)."""
    told, workforce = 0, load_workforce()
    tracked = Case.objects.open().filter(tracker__isnull=False, registered_at__lt=day_start(on, house()))
    for case in tracked.only("number", "state", "tracker").select_related("tracker").order_by("pk"):
        facts = {"number": case.number, "state": case.get_state_display()}
        told += notify([case.tracker] if case.tracker else [], kind="case", message=STILL_OPEN, facts=facts,
                       url=url_of(case), key=f"case-{case.pk}-track-{on}", now=now)  # fmt: skip
    for asked in late_answers(on=on):
        told += _ask_again(asked, workforce, now=now, on=on)
    return told


def _ask_again(asked: CaseDeed, workforce: Workforce, *, now: datetime, on: date) -> int:
    """Tell who asked, and who manages the department, that its answer is late."""
    if asked.department is None:
        return 0
    case = asked.case
    people = [*heads_of(asked.department, workforce, on=on), *([asked.by] if asked.by else [])]
    facts = {"department": asked.department.name, "number": case.number, "due": asked.facts["due_on"]}
    key = f"case-{case.pk}-asked-{asked.pk}-{on}"
    return notify(people, kind="case", message=NO_ANSWER, facts=facts, url=url_of(case), key=key, now=now)


def late_answers(*, on: date) -> QuerySet[CaseDeed]:
    """Return the questions of open cases to departments whose day is over and that nobody has answered."""
    unanswered = questions().exclude(case__state__in=ENDED).filter(answered_at=None)
    dated = unanswered.annotate(due_on=Cast(KeyTextTransform("due_on", "facts"), CharField()))
    late = dated.filter(due_on__gt="", due_on__lt=str(on))
    return late.select_related("case", "department", "by").order_by("pk")
