"""Passing important information on to people and departments, and seeing who has read and handled it (T-08)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from staff.choices import BaseRole
from staff.domain.activity import log
from staff.domain.notifying import notify, withdraw
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Department, Employee
from visits.domain.contact.masking import mask_in_text
from visits.models import ImportantWord, VisitTask, WordRecipient

TOLD: Final = gettext_noop("%(who)s passes on about %(customer)s: %(text)s")
HANDLED: Final = gettext_noop("%(who)s has handled what you passed on about %(customer)s: %(text)s")
SHOWN_TEXT: Final = 80
LONGEST: Final = 2000
OUTCOME_LENGTH: Final = 500


class CannotPassOn(ValueError):
    """It says nothing, or nobody would hear of it; `messages` says of each field what is wrong."""

    def __init__(self, **messages: str) -> None:
        self.messages = messages
        super().__init__(" ".join(messages.values()))


@dataclass(frozen=True)
class Unit:
    """A department with the people who work in it, to be picked one by one or as a whole."""

    department: Department
    people: Sequence[Employee]


@transaction.atomic
def pass_on(
    task: VisitTask,
    text: str,
    *,
    people: Collection[int] = (),
    departments: Collection[int] = (),
    by: Employee,
    now: datetime,
    on: date,
) -> ImportantWord:
    """Tell these people, and those who lead these departments on the day `on`, each once. Raises `CannotPassOn`."""
    if not text.strip():
        raise CannotPassOn(text=_("Say what they must know."))
    told = _recipients(people, departments, but=by, on=on)
    if not told:
        raise CannotPassOn(people=_("Choose a colleague or a department: nobody would hear of it."))
    word = ImportantWord.objects.create(
        customer=task.customer, task=task, text=mask_in_text(text.strip())[:LONGEST], raised_by=by, raised_at=now
    )
    WordRecipient.objects.bulk_create(WordRecipient(word=word, employee=employee) for employee in told)
    log(now=now, actor=by, verb="passed_on", subject=task, word=word.pk, told=[employee.pk for employee in told])
    notify(told, kind="important", message=TOLD, facts=_facts(word, by), url=_url(word), key=_key(word), now=now)
    return word


def read(word: ImportantWord, *, by: Employee, now: datetime) -> None:
    """Note that the person has read it; whoever was not told leaves no trace."""
    WordRecipient.objects.filter(word=word, employee=by, read_at=None).update(read_at=now)


@transaction.atomic
def handle(word: ImportantWord, outcome: str, *, by: Employee, now: datetime) -> bool:
    """Note what the person did about it and tell whoever passed it on; False where it was not theirs to handle."""
    own = WordRecipient.objects.filter(word=word, employee=by, handled_at=None)
    read(word, by=by, now=now)
    if not own.update(handled_at=now, outcome=mask_in_text(outcome.strip())[:OUTCOME_LENGTH]):
        return False
    log(now=now, actor=by, verb="word_handled", subject=word)
    key = f"{_key(word)}-handled-{by.pk}"
    notify([word.raised_by], kind="handled", message=HANDLED, facts=_facts(word, by), url=_url(word), key=key, now=now)
    if not WordRecipient.objects.filter(word=word, handled_at=None).exists():
        withdraw(key=_key(word), now=now)
    return True


def units(*, on: date) -> list[Unit]:
    """Return the departments with the people who work in them on that day, for the form to choose from."""
    workforce = load_workforce()
    by_department: dict[int, list[int]] = {}
    for one in workforce.people:
        department = workforce.post(one, on=on).department
        if department and not workforce.is_gone(one, on=on):
            by_department.setdefault(department, []).append(one)
    people = Employee.objects.in_bulk([one for found in by_department.values() for one in found])
    departments = Department.objects.filter(pk__in=by_department).select_related("branch").order_by("branch", "name")
    return [
        Unit(department, sorted((people[one] for one in by_department[department.pk]), key=lambda one: one.pinyin))
        for department in departments
    ]


def _recipients(people: Collection[int], departments: Collection[int], *, but: Employee, on: date) -> list[Employee]:
    """Return who hears of it: the people named, and of a department its managers, else everybody in it."""
    workforce = load_workforce()
    wanted = set(people)
    for department in departments:
        wanted |= _of_department(workforce, department, on=on)
    found = [one for one in wanted if one != but.pk and not workforce.is_gone(one, on=on)]
    return list(Employee.objects.filter(pk__in=found).order_by("pk"))


def _of_department(workforce: Workforce, department: int, *, on: date) -> set[int]:
    members = {one for one in workforce.people if workforce.post(one, on=on).department == department}
    return members & workforce.holders_like([BaseRole.DEPARTMENT_MANAGER], on=on) or members


def _facts(word: ImportantWord, by: Employee) -> dict[str, object]:
    text = word.text if len(word.text) <= SHOWN_TEXT else f"{word.text[:SHOWN_TEXT]}…"
    return {"who": by, "customer": word.customer.name, "text": text}


def _url(word: ImportantWord) -> str:
    return f"/words/{word.pk}/"


def _key(word: ImportantWord) -> str:
    return f"word-{word.pk}"
