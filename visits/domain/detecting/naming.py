"""What a breach says of itself: the codes that a penalty's `of` may name, the fields that its `when` may ask about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from staff.domain.policies import spec_of
from staff.models import Release
from visits.domain.calling.questioning import is_wrong, told_apart
from visits.domain.matching.facts import facts_of
from visits.models import RecordTask, VisitRecord, VisitTask


def codes_of(tasks: Iterable[VisitTask]) -> frozenset[str]:
    """Return the names of the rules and steps of tasks, as references and as bare codes."""
    found: set[str] = set()
    for task in tasks:
        rule, step = task.step.rule.code, task.step.code
        found |= {rule, f"visit_rule:{rule}", f"visit_rule:{rule}/{step}"}
    return frozenset(found)


def visit_of(record: int, tasks: Sequence[VisitTask]) -> str:
    """Return by what the penalties of one visit stack: its first task, of a contact without one its record."""
    return f"task:{tasks[0].pk}" if tasks else f"record:{record}"


def visits_of(records: Iterable[int]) -> dict[int, str]:
    """Return the same of contacts by their ids (those of first versions), in one query."""
    wanted = set(records)
    links = RecordTask.objects.filter(record__in=wanted, attempt__gt=0).order_by("-pk") if wanted else ()
    first = {link.record_id: f"task:{link.task_id}" for link in links}
    return {pk: first.get(pk, f"record:{pk}") for pk in wanted}


def asks_fields(release: Release | None) -> bool:
    """Say whether any penalty of a release sets conditions; without one (any policy), it may."""
    return release is None or any(spec.when for spec in spec_of(release).penalty)


def fields_of_tasks(tasks: Iterable[VisitTask], days: Mapping[int, date]) -> dict[int, dict[str, Any]]:
    """Return of each task what conditions may ask: its event, customer and vehicle as of its day, rule and step."""
    asked = [task for task in tasks if asks_fields(task.release)]
    events = {on: [task.event for task in asked if days[task.pk] == on] for on in {days[task.pk] for task in asked}}
    facts = {on: facts_of(found, on=on) for on, found in events.items()}
    return {
        task.pk: {
            **facts[days[task.pk]].get(task.event_id, {}), "rule": task.step.rule.code, "step": task.step.code,
            "attempts": task.attempts,
        }
        for task in asked
    }  # fmt: skip


def fields_of_record(record: VisitRecord, tasks: Iterable[VisitTask], *, on: date) -> dict[str, Any]:
    """Return what conditions may ask of a record: what was said, its rules and steps, its event as of the day."""
    tasks = list(tasks)
    if tasks and not asks_fields(tasks[0].release):
        return {}
    event = facts_of([tasks[0].event], on=on).get(tasks[0].event_id, {}) if tasks else {}
    return {**event, **told_of_record(record, tasks)}


def told_of_record(record: VisitRecord, tasks: Iterable[VisitTask]) -> dict[str, Any]:
    """Return what was said in a contact, as the fields of records are called, with its rules and steps."""
    tasks = list(tasks)
    told = {
        "channel": record.channel, "outcome": record.outcome, "result": record.satisfaction or record.outcome,
        "time": record.started_at, "satisfied": record.satisfied, "reason": record.displeasure, "css": record.css,
        "nps": record.nps, "problem": record.problem, "need": record.need, "suggestion": record.suggestion,
        "feedback": record.suggestion, "summary": record.summary, "rectification": record.rectification,
        "seconds": int((record.ended_at - record.started_at).total_seconds()) if record.ended_at else None,
        "rule": [task.step.rule.code for task in tasks], "step": [task.step.code for task in tasks],
        "displeasure_kind": record.displeasure_kind, "resolution": record.rectification,
        "mismatch": told_apart(_mismatches(record, tasks)),
    }  # fmt: skip
    return told | {f"answer.{code}": value for code, value in record.answers.items()}


def _mismatches(record: VisitRecord, tasks: Iterable[VisitTask]) -> Iterator[str]:
    """Yield the fields that the customer did not confirm, as the questions of the regulations read them out."""
    packs = {task.release_id: spec_of(task.release) for task in tasks if record.answers}
    for pack in packs.values():
        for question in (one for asked in pack.questionnaire for one in asked.question if one.kind == "confirm"):
            if is_wrong(record.answers.get(question.code)):
                yield question.field
