"""What was answered, question by question: number, average, distribution; and which are lowest (H-09)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform

from config.packs.asking import QuestionSpec
from config.packs.pack import Pack
from staff.domain.conditions import as_number
from visits.models import VisitRecord

COUNTED: Final = ("score", "rating", "number", "choice")
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


def questions_of(pack: Pack) -> list[QuestionSpec]:
    """Return the questions of a regulation whose answers can be counted, each code once, in their order."""
    found: dict[str, QuestionSpec] = {}
    for questionnaire in pack.questionnaire:
        for question in questionnaire.question:
            if question.kind in COUNTED:
                found.setdefault(question.code, question)
    return list(found.values())[:QUESTIONS]


def answered(questions: Iterable[QuestionSpec], visits: QuerySet[VisitRecord]) -> list[Answered]:
    """Return the questions that were answered in these visits, the highest level first, then those without one.

    Asks the database once for each question: it groups the answers, however many there are.
    """
    told = [_told(question, _values(question.code, visits)) for question in questions]
    return ranked([one for one in told if one.count])


def _values(code: str, visits: QuerySet[VisitRecord]) -> dict[str, int]:
    rows = visits.filter(answers__has_key=code).order_by().annotate(value=KeyTextTransform(code, "answers"))
    counted = rows.values("value").annotate(n=Count("pk")).values_list("value", "n")
    return {str(value): count for value, count in counted if value not in (None, "")}


def _told(question: QuestionSpec, values: Mapping[str, int]) -> Answered:
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
        tuple(distribution(values, question.options)),
    )  # fmt: skip


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
