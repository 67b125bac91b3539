"""What was answered, question by question: number, average, distribution; and which are lowest (H-09).

Answers are kept by the code of their question. Where two questionnaires ask different questions under one code, each
has the answers of the visits that asked its own questionnaire.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from config.packs.asking import QuestionSpec
from config.packs.pack import Pack
from reports.domain.figures.limiting import links_of, steps_by
from reports.domain.figures.query import Query
from staff.domain.conditions import as_number, as_truth
from visits.models import VisitRecord

YES_NO: Final = "yesno"
COUNTED: Final = ("score", "rating", "number", "choice", YES_NO)
MOST_VALUES: Final = 12  # of a distribution; more numbers are told in classes
CLASSES: Final = 10
QUESTIONS: Final = 40


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with what was answered. `average` is None where the answers are no numbers.

    `level`: the average as a share of the maximum, by which questions of different scales are ranked; of a choice the
    share of good answers. `rank` counts from 1, the highest; `lowest` marks those at the end of the ranking.
    """

    code: str
    title: str
    maximum: Decimal | None
    count: int
    average: Fraction | None
    level: Fraction | None
    values: tuple[tuple[str, int], ...]
    rank: int = 0
    lowest: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a regulation. `asked_by`: the questionnaires that ask it, None where its code has no other one."""

    spec: QuestionSpec
    asked_by: frozenset[str] | None = None


def questions_of(pack: Pack) -> list[Question]:
    """Return the questions of a regulation whose answers can be counted, in their order.

    The same question in several questionnaires is one; other words or another scale make it another one.
    """
    found: dict[tuple[Any, ...], tuple[QuestionSpec, set[str]]] = {}
    for questionnaire in pack.questionnaire:
        for one in questionnaire.question:
            if one.kind in COUNTED:
                same = (one.code, one.title, one.kind, one.max, one.options, one.good)
                found.setdefault(same, (one, set()))[1].add(questionnaire.code)
    codes = Counter(spec.code for spec, _names in found.values())
    questions = [Question(spec, frozenset(names) if codes[spec.code] > 1 else None) for spec, names in found.values()]
    return questions[:QUESTIONS]


def answered(questions: Iterable[Question], visits: QuerySet[VisitRecord], asked: Query) -> list[Answered]:
    """Return the questions that were answered in these visits, the highest level first, then those without one.

    Asks the database once for each question: it groups the answers, however many there are.
    """
    asking = steps_by(asked.policy, lambda step: step.questionnaire or None, "task__")
    told = []
    for one in questions:
        found = visits
        if one.asked_by is not None:
            steps = reduce(or_, (asking[name] for name in one.asked_by if name in asking), Q(pk__in=()))
            found = visits.filter(Exists(links_of(asked).filter(steps, record=OuterRef("pk"))))
        told.append(_told(one.spec, _values(one.spec.code, found)))
    return ranked([one for one in told if one.count])


def _values(code: str, visits: QuerySet[VisitRecord]) -> dict[str, int]:
    rows = visits.filter(answers__has_key=code).order_by().annotate(value=KeyTextTransform(code, "answers"))
    counted = rows.values("value").annotate(n=Count("pk")).values_list("value", "n")
    return {str(value): count for value, count in counted if value not in (None, "")}


def _told(question: QuestionSpec, values: Mapping[str, int]) -> Answered:
    options = question.options
    if question.kind == YES_NO:
        values, options = _yes_and_no(values), (_("yes"), _("no"))
    numbers = {value: as_number(value) for value in values}
    count = sum(values.values())
    average = level = None
    if question.kind != "choice" and count and None not in numbers.values():
        total = sum((Fraction(numbers[value] or 0) * times for value, times in values.items()), Fraction(0))
        average = total / count
        level = average / Fraction(question.max) if question.max else None
    elif isinstance(question.good, tuple) and count:
        level = Fraction(sum(times for value, times in values.items() if value in question.good), count)
    return Answered(
        question.code, question.title or question.code, question.max, count, average, level,
        tuple(distribution(values, options)),
    )  # fmt: skip


def _yes_and_no(values: Mapping[str, int]) -> Counter[str]:
    """Return the same counts by the words for yes and no; each database tells a truth value in its own way."""
    words: dict[bool | None, str] = {True: _("yes"), False: _("no")}
    counts = Counter[str]()
    for value, count in values.items():
        counts[words.get(as_truth(value), value)] += count
    return counts


def distribution(values: Mapping[str, int], options: tuple[str, ...]) -> list[tuple[str, int]]:
    """Return how often each answer was given: options in their order, numbers by size, many numbers in ten classes."""
    numbers = {value: as_number(value) for value in values}
    places = {option: place for place, option in enumerate(options)}
    if None in numbers.values():
        return sorted(values.items(), key=lambda one: (places.get(one[0], len(places)), one[0]))
    if len(values) <= MOST_VALUES:
        return sorted(values.items(), key=lambda one: numbers[one[0]] or 0)
    low, high = (pick(int(number or 0) for number in numbers.values()) for pick in (min, max))
    width = (high - low) // CLASSES + 1
    classes: Counter[int] = Counter()
    for value, times in values.items():
        classes[(int(numbers[value] or 0) - low) // width] += times
    return [(_class_name(low + one * width, width, high), classes[one]) for one in range(max(classes) + 1)]


def _class_name(first: int, width: int, high: int) -> str:
    """Return the numbers of one class; the last one ends with the highest answer that was given."""
    last = min(first + width - 1, high)
    return f"{first}–{last}" if last > first else str(first)


def ranked(told: Iterable[Answered]) -> list[Answered]:
    """Return the questions by level with rank and the lowest marked; equals share a rank, a single one is no lowest."""
    found = list(told)
    levels = sorted((one.level for one in found if one.level is not None), reverse=True)
    lowest = levels[-1] if levels and levels[-1] < levels[0] else None
    placed = [
        Answered(
            one.code, one.title, one.maximum, one.count, one.average, one.level, one.values,
            levels.index(one.level) + 1 if one.level is not None else 0,
            lowest is not None and one.level == lowest,
        )
        for one in found
    ]  # fmt: skip
    return sorted(placed, key=lambda one: (one.rank or len(placed) + 1, one.code))
