"""A pack that is not in force as the book that planning would read: a draft, or any release of the past."""

from datetime import date
from typing import Final

from config.packs.pack import Pack
from config.packs.rule import RuleSpec, StepSpec
from config.packs.waiting import waiting
from staff.models import Policy
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book
from visits.domain.timing.windows import Cadence
from visits.models import VisitRule, VisitStep

LONG_AGO: Final = date(2000, 1, 1)
NO_RELEASE: Final = 0


def book_of(policy: Policy, pack: Pack) -> Book:
    """Return what planning would read if this pack were released; what waits for a figure is left out.

    A rule or step that has no row yet gets a negative id: no task and no series can be its own.
    """
    return Book(
        release_id=NO_RELEASE,
        number=NO_RELEASE,
        policy_id=policy.pk,
        slug=pack.policy.slug,
        pack=pack,
        rules=_rules(policy, pack),
        since=pack.policy.effective_from or LONG_AGO,
        until=None,
        floor=LONG_AGO,
        in_force=True,
    )


def _rules(policy: Policy, pack: Pack) -> tuple[ActiveRule, ...]:
    waits = waiting(pack)
    rows = dict(VisitRule.objects.filter(policy=policy.pk).values_list("code", "pk"))
    steps = {
        (rule, step): pk
        for rule, step, pk in VisitStep.objects.filter(rule__policy=policy.pk).values_list("rule__code", "code", "pk")
    }
    found: list[ActiveRule] = []
    for place, spec in enumerate(pack.visit_rule):
        if ("visit_rule", spec.code, "") in waits:
            continue
        active = [step for step in spec.step if ("visit_rule", spec.code, step.code) not in waits]
        made = tuple(
            ActiveStep(steps.get((spec.code, step.code), -(1000 * place + number + 1)), step, Cadence.of(step))
            for number, step in enumerate(active)
        )
        rivals = tuple(other for other in found if spec.group and other.spec.group == spec.group)
        found.append(ActiveRule(rows.get(spec.code, -(place + 1)), spec, made, rivals))
    return tuple(found)


def acts_alike(one: tuple[Book, ActiveRule, ActiveStep], other: tuple[Book, ActiveRule, ActiveStep]) -> bool:
    """Say whether two steps make the same visits of the same events, whatever else their packs say."""
    return _meaning(*one) == _meaning(*other)


def _meaning(book: Book, rule: ActiveRule, step: ActiveStep) -> tuple[object, ...]:
    policy = book.pack.policy
    rivals = tuple(_asked(rival.spec) for rival in rule.rivals)
    return (policy.timezone, policy.departments, _asked(rule.spec), rivals, step.step_id, _timed(step.spec))


def _asked(spec: RuleSpec) -> tuple[object, ...]:
    return (spec.code, frozenset(spec.trigger), spec.match, spec.when, spec.group)


def _timed(step: StepSpec) -> StepSpec:
    return step.model_copy(update={"title": "", "script": "", "message": "", "aim": ""})
