"""Which events a step takes, as SQL: kind, release, departments, the rule's and the step's conditions, the group.

`visits.domain.explaining.answering` answers the same in Python; a test ties the two together (DECISIONS 25).
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from config.packs.codes import MANY_KINDS
from config.packs.condition import Condition
from staff.models import Branch, Department
from visits.choices import WORKABLE
from visits.domain.matching.compiling import condition_sql
from visits.domain.planning.rulebook import VISIT_RECORDED, ActiveRule, ActiveStep, Book
from visits.domain.planning.sql import Sql, among, attribute, joined

TABLES = (
    "JOIN visits_serviceevent e ON {key} "
    "JOIN visits_customer c ON c.id = e.customer_id "
    "LEFT JOIN visits_vehicle v ON v.id = e.vehicle_id"
)


def takes(book: Book, rule: ActiveRule, step: ActiveStep, *, kinds: Mapping[str, int], on: date) -> Sql:
    """Return the condition on e, c, v under which that step makes a task for an event of this release."""
    parts = [
        of_rule(book, rule, kinds=kinds, on=on),
        conditions_hold(step.spec.when, step.spec.match, on=on),
        *(_not_taken_by(book, rival, kinds=kinds, on=on) for rival in rule.rivals),
    ]
    if rule.rivals and (rule.spec.is_on_customers or _is_many(rule)):
        parts.append(_no_work_under(rule.rivals))
    return joined(parts, "AND")


def of_rule(book: Book, rule: ActiveRule, *, kinds: Mapping[str, int], on: date) -> Sql:
    """Return the condition under which the rule itself matches an event, whatever its group says."""
    codes = [kinds[code] for code in rule.spec.trigger if code in kinds]
    parts = [
        among("e.kind_id", codes),
        conditions_hold(rule.spec.when, rule.spec.match, on=on),
        *_departments(book),
    ]
    if VISIT_RECORDED in rule.spec.trigger:
        parts.append(_not_its_own(book, rule))
    return joined(parts, "AND")


def conditions_hold(conditions: Sequence[Condition], match: str, *, on: date) -> Sql:
    """Return that the conditions hold for e, c, v; none at all hold for everything."""
    if not conditions:
        return Sql("TRUE")
    text, params = condition_sql(conditions, match, vendor=connection.vendor, on=on)
    return Sql(text, tuple(params))


def _departments(book: Book) -> list[Sql]:
    """Return the limit to departments or branches that the policy names; none if it rules everywhere."""
    names = book.pack.policy.departments
    if not names:
        return []
    units = Department.objects.filter(name__in=names).values_list("pk", flat=True)
    branches = Branch.objects.filter(name__in=names).values_list("pk", flat=True)
    return [
        joined(
            [
                Sql("e.department_id IS NOT NULL") & among("e.department_id", units),
                Sql("e.branch_id IS NOT NULL") & among("e.branch_id", branches),
            ],
            "OR",
        )
    ]


def _not_taken_by(book: Book, rival: ActiveRule, *, kinds: Mapping[str, int], on: date) -> Sql:
    """Return that an earlier rule of the group does not match the event: the first that matches takes it."""
    taken = of_rule(book, rival, kinds=kinds, on=on)
    return Sql("NOT") + taken


def _no_work_under(rivals: tuple[ActiveRule, ...]) -> Sql:
    """Return that the customer has no task to come under an earlier rule of the group."""
    steps = [step.step_id for rival in rivals for step in rival.steps]
    return (
        Sql(
            "NOT EXISTS (SELECT 1 FROM visits_visittask r WHERE r.customer_id = e.customer_id AND r.status IN (%s, %s)",
            tuple(status.value for status in WORKABLE),
        )
        & among("r.step_id", steps)
    ) + ")"


def _not_its_own(book: Book, rule: ActiveRule) -> Sql:
    """Return that a recorded visit was none of this rule's own: a rule never triggers itself."""
    slug, code = attribute("e", "policy"), attribute("e", "rule")
    same = Sql("COALESCE(") + slug + Sql("= %s", (book.slug,)) & code + Sql("= %s", (rule.spec.code,)) + ", FALSE)"
    return Sql("NOT") + same


def _is_many(rule: ActiveRule) -> bool:
    return bool(set(rule.spec.trigger) & set(MANY_KINDS))
