"""One call for one person: what the other visits that it may end ask beyond the one that was opened (DECISIONS 26).

An answer stands under its question's code, so a question that two visits share is asked once and answers both. Each
visit keeps its own window and its own result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from visits.domain.calling.appraising import known_facts
from visits.domain.calling.questioning import ANSWER, asked
from visits.domain.calling.speaking import spoken
from visits.domain.calling.terms import Terms, terms_of_all
from visits.models import VisitTask


@dataclass(frozen=True)
class Bundled:
    """One further visit of the customer. `questions` and `phrases` are those that nothing before it has."""

    task: VisitTask
    terms: Terms
    questions: tuple[Any, ...] = ()
    phrases: tuple[str, ...] = ()
    script: str = ""


def bundled(main: Terms, others: Sequence[VisitTask], *, now: datetime) -> tuple[Bundled, ...]:
    """Return the further visits with what each of them adds to the call."""
    if not others:
        return ()
    terms = terms_of_all(others)
    codes = {question.code for question in main.questionnaire.question} if main.questionnaire else set()
    phrases, scripts = set(main.step.must_mention), {main.step.script}
    found = []
    for task in others:
        own = terms[task.pk]
        questions = tuple(question for question in _asked(task, own, now=now) if question.code not in codes)
        said = tuple(phrase for phrase in own.step.must_mention if phrase not in phrases)
        script = spoken(own.step, task.event) if own.step.script not in scripts else ""
        found.append(Bundled(task, own, questions, said, script))
        codes |= {question.code for question in questions}
        phrases |= set(said)
        scripts.add(own.step.script)
    return tuple(found)


def _asked(task: VisitTask, terms: Terms, *, now: datetime) -> list[Any]:
    """Return the questions of a visit that are asked at once or may be asked after other answers."""
    if terms.questionnaire is None:
        return []
    at_once = {
        question.code for question in asked(terms.questionnaire, {}, known_facts(task.event_id, [terms], now=now))
    }
    return [
        question
        for question in terms.questionnaire.question
        if question.code in at_once or any(condition.field.startswith(ANSWER) for condition in question.when)
    ]
