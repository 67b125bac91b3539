"""The daily word to who keeps track of a case, until it is closed (I-05), and of departments that owe an answer."""

from datetime import date, datetime

from django.utils.translation import gettext_noop

from complaints.choices import ENDED, CaseDeedKind
from complaints.domain.announcing import url_of
from complaints.domain.consulting import managers_of
from complaints.models import Case, CaseDeed
from staff.domain.notifying import notify
from staff.domain.wording import local

STILL_OPEN = gettext_noop("Case %(number)s that you keep track of is still open: %(state)s")
NO_ANSWER = gettext_noop("%(department)s owes an answer about case %(number)s since %(due)s")


def remind_of_cases(*, now: datetime, on: date) -> int:
    """Remind those who keep track of open cases, once a day, and ask for answers that are late (a daily job)."""
    told = 0
    for case in Case.objects.open().filter(tracker__isnull=False).select_related("tracker").order_by("pk"):
        if case.tracker is None or local(case.registered_at).date() >= on:
            continue
        facts = {"number": case.number, "state": case.get_state_display()}
        told += notify([case.tracker], kind="case", message=STILL_OPEN, facts=facts, url=url_of(case),
                       key=f"case-{case.pk}-track-{on}", now=now)  # fmt: skip
    for asked in late_answers(on=on):
        told += _ask_again(asked, now=now, on=on)
    return told


def _ask_again(asked: CaseDeed, *, now: datetime, on: date) -> int:
    """Tell who asked, and who manages the department, that its answer is late."""
    if asked.department is None:
        return 0
    case = asked.case
    people = [*managers_of(asked.department, now=now), *([asked.by] if asked.by else [])]
    facts = {"department": asked.department.name, "number": case.number, "due": asked.facts["due_on"]}
    key = f"case-{case.pk}-asked-{asked.pk}-{on}"
    return notify(people, kind="case", message=NO_ANSWER, facts=facts, url=url_of(case), key=key, now=now)


def late_answers(*, on: date) -> list[CaseDeed]:
    """Return the questions of open cases to departments whose day is over and that nobody has answered."""
    kinds = (CaseDeedKind.ASKED_DEPARTMENT, CaseDeedKind.DEPARTMENT_REPLIED)
    deeds = CaseDeed.objects.filter(kind__in=kinds).exclude(case__state__in=ENDED)
    waiting: dict[tuple[int, int | None], CaseDeed] = {}
    for deed in deeds.select_related("case", "department", "by").order_by("pk"):
        if deed.kind == CaseDeedKind.ASKED_DEPARTMENT:
            waiting[deed.case_id, deed.department_id] = deed
        else:
            waiting.pop((deed.case_id, deed.department_id), None)
    return [deed for deed in waiting.values() if deed.facts.get("due_on") and deed.facts["due_on"] < str(on)]
