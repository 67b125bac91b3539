"""What conditions of a regulation may ask of a case (POLICY_PACK, fields of a case)."""

from typing import Any

from complaints.choices import Grade
from complaints.models import Case
from visits.domain.detecting.bounds import house

# Regulations also write grades as these words.
GRADE_WORDS: dict[str, list[str]] = {
    Grade.HIGH: ["high", "important", "urgent"],
    Grade.NORMAL: ["normal"],
    Grade.LOW: ["low"],
}


def facts_of_case(case: Case) -> dict[str, Any]:
    """Return the fields of a case by their names in a pack; empty ones are left out."""
    accused = list(case.accusations.all()) if case.pk else []
    verdicts = [one.verified for one in accused if one.verified is not None]
    facts = {
        "type": case.type, "level": case.level, "category": case.category, "source": case.source,
        "time": case.opened_at.astimezone(house()), "summary": case.summary,
        "departments": [one.name for one in case.departments.all()] if case.pk else [],
        "severity": case.severity, "importance": GRADE_WORDS.get(case.importance, []),
        "urgency": GRADE_WORDS.get(case.urgency, []), "verified": any(verdicts) if verdicts else None,
        "round": case.round, "demand": case.demand, "cause": case.cause, "process": case.process,
        "solution": case.solution, "measure": case.measure, "remedy": case.remedy, "result": case.result,
        "customer_informed": case.informed_at and case.informed_at.astimezone(house()),
        "customer_opinion": case.opinion, "name": case.name or (case.customer.name if case.customer else ""),
        "contact": case.contact, "branch": case.branch.name if case.branch else "",
        "department": case.department.name if case.department else "", "path": case.source,
        "way": case.source, "content": case.summary,
        "tracker": case.tracker.name if case.tracker else "", "reference": case.reference,
    }  # fmt: skip
    return {name: value for name, value in (facts | case.values).items() if value not in (None, "", [])}


def words_of_case(case: Case) -> dict[str, str]:
    """Return what an event about the case carries (`ServiceEvent.attributes`): plain texts that rules can ask."""
    plain = {
        "type": case.type, "level": case.level, "category": case.category, "path": case.source,
        "source": case.source, "severity": case.severity, "importance": case.importance, "urgency": case.urgency,
        "round": str(case.round),
        "summary": case.summary, "demand": case.demand, "cause": case.cause, "solution": case.solution,
        "measure": case.measure, "result": case.result, "remedy": case.remedy, "case": case.number,
    }  # fmt: skip
    return {name: value for name, value in (plain | people_of(case)).items() if value}


def people_of(case: Case) -> dict[str, str]:
    """Return what a case says about people, by kind of person (POLICY_PACK, Persons), as user names."""
    named = {"handler": case.handler, "coordinator": case.coordinator, "recorder": case.registered_by}
    return {kind: person.username for kind, person in named.items() if person}
