"""The sections of a policy pack that are this app's: visit rules, kinds of events, segments of customers."""

from collections.abc import Mapping
from typing import Any, cast

from config.packs.base import Entry, is_blank, unmarked
from config.packs.codes import MANY_KINDS, PROGRAM_KINDS, USUAL_KINDS
from config.packs.company import EventKindSpec, SegmentSpec
from config.packs.pack import Pack
from config.packs.references import links
from config.packs.rule import RuleSpec, StepSpec
from config.packs.waiting import Unit, Wait
from staff.models import Policy, PolicyEntry, Release
from visits.domain.explaining.sentences import sentences
from visits.kind_titles import KIND_TITLES
from visits.models import EventKind, ReleasedRule, ReleasedStep, Segment, ServiceEvent, VisitRule, VisitStep

STEP_TEXTS = ("opens", "closes", "anchor", "counts", "every", "align", "times", "shift")
STEP_COLUMNS = {"code", "title", "when", "match", "priority", *STEP_TEXTS}
TYPED = {"match", "priority", "earlier"}  # columns that cannot hold "?"


class VisitRules:
    """``[[visit_rule]]``: the draft in `VisitRule` and `VisitStep`, the releases in read-only copies."""

    def save(self, policy: Policy, pack: Pack) -> None:
        """Make the draft rows say what the pack says; a rule or step that it lacks is retired, never deleted."""
        clauses = clause_of_rules(pack)
        for position, spec in enumerate(pack.visit_rule):
            columns = rule_columns(spec) | {"position": position, "clause": clauses.get(spec.code, "")}
            rule, _made = VisitRule.objects.update_or_create(policy=policy, code=spec.code, defaults=columns)
            for place, step in enumerate(spec.step):
                defaults = step_columns(step) | {"position": place}
                VisitStep.objects.update_or_create(rule=rule, code=step.code, defaults=defaults)
            rule.steps.exclude(code__in=[step.code for step in spec.step]).update(retired=True)
            keep_blanks(policy, spec)
        policy.visit_rules.exclude(code__in=[rule.code for rule in pack.visit_rule]).update(retired=True)

    def draft(self, policy: Policy) -> list[dict[str, Any]]:
        """Return the rules that are not retired as the tables of a pack."""
        blanks = {entry.code: entry.body for entry in policy.entries.filter(section="visit_rule")}
        rules = policy.visit_rules.filter(retired=False).prefetch_related("steps")
        return [rule_table(rule) | blanks.get(rule.code, {}) for rule in rules]

    def told(self, pack: Pack) -> list[tuple[str, tuple[str, ...]]]:
        """Return each rule with its title and a plain sentence for each of its steps."""
        return [(rule.title or rule.code, tuple(sentences(rule))) for rule in pack.visit_rule]

    def freeze(self, release: Release, pack: Pack, waits: Mapping[Unit, Wait]) -> None:
        """Copy every rule and step into the release; what waits for a figure is inactive there."""
        stable = {rule.code: rule for rule in release.policy.visit_rules.prefetch_related("steps")}
        for position, spec in enumerate(pack.visit_rule):
            rule = stable[spec.code]
            frozen = ReleasedRule.objects.create(
                release=release,
                rule=rule,
                position=position,
                active=("visit_rule", spec.code, "") not in waits,
                spec=spec.to_json(),
            )
            steps = {step.code: step for step in rule.steps.all()}
            ReleasedStep.objects.bulk_create(
                ReleasedStep(
                    rule=frozen,
                    step=steps[step.code],
                    position=place,
                    active=("visit_rule", spec.code, step.code) not in waits,
                    spec=step.to_json(),
                )
                for place, step in enumerate(spec.step)
            )


def clause_of_rules(pack: Pack) -> dict[str, str]:
    """Return for each rule the clause that a task gives as its reason: the first that names the rule, or its steps."""
    whole: dict[str, str] = {}
    by_step: dict[str, str] = {}
    for clause in pack.clause:
        for reference in clause.enforced_by:
            section, _colon, rest = reference.partition(":")
            code, slash, _step = rest.partition("/")
            if section == "visit_rule":
                (by_step if slash else whole).setdefault(code, clause.ref)
    return by_step | whole


def rule_columns(spec: RuleSpec) -> dict[str, Any]:
    """Return the columns of a rule; a column that cannot hold "?" has its default meanwhile."""
    return {
        "title": spec.title,
        "trigger": list(spec.trigger),
        "match": "all" if is_blank(spec.match) else spec.match,
        "when": when_json(spec),
        "group": spec.group,
        "earlier": False if is_blank(spec.earlier) else spec.earlier,
        "retired": False,
    }


def keep_blanks(policy: Policy, spec: RuleSpec) -> None:
    """Keep beside the rule what its columns cannot hold: a "?" in place of a word or a truth value."""
    blanks = {key: "?" for key in ("match", "earlier") if is_blank(getattr(spec, key))}
    if blanks:
        PolicyEntry.objects.create(
            policy=policy, section="visit_rule", code=spec.code, position=0, body=blanks, waiting=list(blanks)
        )


def when_json(spec: RuleSpec | StepSpec) -> Any:
    """Return the conditions as JSON keeps them, numbers exact."""
    return spec.to_json().get("when", [])


def step_columns(spec: StepSpec) -> dict[str, Any]:
    """Return the columns of a step; what has no column of its own stands in `details`."""
    columns: dict[str, Any] = {key: str(getattr(spec, key) or "") for key in STEP_TEXTS}
    body = spec.to_json()
    details = {
        key: value for key, value in body.items() if key not in STEP_COLUMNS or (is_blank(value) and key in TYPED)
    }
    return columns | {
        "title": spec.title,
        "when": when_json(spec),
        "match": "all" if is_blank(spec.match) else spec.match,
        "priority": 50 if is_blank(spec.priority) else spec.priority,
        "details": details,
        "retired": False,
    }


def rule_table(rule: VisitRule) -> dict[str, Any]:
    """Return a draft rule as its table in a pack."""
    return rule_head(rule) | {"step": [step_table(step) for step in rule.steps.all() if not step.retired]}


def rule_head(rule: VisitRule) -> dict[str, Any]:
    """Return the table of a draft rule without its steps."""
    told = {key: getattr(rule, key) for key in ("code", "title", "trigger", "match", "group", "earlier")}
    return told | {"when": unmarked(rule.when)}


def step_table(step: VisitStep) -> dict[str, Any]:
    """Return a draft step as its table in a pack."""
    told = {key: getattr(step, key) for key in ("code", "title", "match", "priority", *STEP_TEXTS)}
    if step.times.isdigit():
        told["times"] = int(step.times)
    return told | {"when": unmarked(step.when)} | {key: unmarked(value) for key, value in step.details.items()}


class EventKinds:
    """``[[event_kind]]``: what may happen to a customer; the company's, shared by all policies."""

    def codes(self) -> frozenset[str]:
        """Return the kinds that the company has."""
        return frozenset(EventKind.objects.values_list("code", flat=True))

    def titles(self) -> dict[str, str]:
        """Return what the kinds are called."""
        return dict(EventKind.objects.exclude(code="customer").values_list("code", "title"))

    def clash(self, entry: Entry) -> str:
        """Return whether the kind is for one customer or for many here, where the pack says the other."""
        spec = cast(EventKindSpec, entry)
        row = EventKind.objects.filter(code=spec.code).first()
        if row is None or is_blank(spec.many) or row.many == spec.many:
            return ""
        known = spec.code in KIND_TITLES or ServiceEvent.objects.filter(kind=row).exists()
        declared = PolicyEntry.objects.filter(section="event_kind", code=spec.code).exists()
        return f"many = {str(row.many).lower()}" if known or declared else ""

    def declare(self, entry: Entry, pack: Pack) -> None:
        """Make the kind, or give it the title and the rhythm that the pack says."""
        spec = cast(EventKindSpec, entry)
        told = {
            "title": spec.title or KIND_TITLES.get(spec.code, spec.code),
            "many": spec.many is True,
            "start": None if is_blank(spec.start) else spec.start,
            "every": "" if is_blank(spec.every) else str(spec.every or ""),
        }
        EventKind.objects.update_or_create(code=spec.code, defaults=told)

    def provide(self, pack: Pack) -> None:
        """Make the standard kinds, and those that the pack names."""
        named = {link.code for link in links(pack) if link.section == "event_kind"}
        known = {*PROGRAM_KINDS, *USUAL_KINDS, *MANY_KINDS, "customer"}
        for code in sorted((named | known) - {kind.code for kind in pack.event_kind} - self.codes()):
            EventKind.objects.create(code=code, title=KIND_TITLES.get(code, code), many=code in MANY_KINDS)


class Segments:
    """``[[segment]]``: classes of customers; the company's, shared by all policies."""

    def codes(self) -> frozenset[str]:
        """Return the segments that the company has."""
        return frozenset(Segment.objects.values_list("code", flat=True))

    def titles(self) -> dict[str, str]:
        """Return what the segments are called."""
        return dict(Segment.objects.values_list("code", "title"))

    def clash(self, entry: Entry) -> str:
        """Return how members are found here, where the pack says something else."""
        spec = cast(SegmentSpec, entry)
        row = Segment.objects.filter(code=spec.code).first()
        same = row is None or (row.when == when_of(spec) and (row.match == spec.match or not row.when))
        return "" if same or row is None else f"when = {row.when}"

    def declare(self, entry: Entry, pack: Pack) -> None:
        """Make the segment, or let it say what the pack says; its place in its set is that of the pack."""
        spec = cast(SegmentSpec, entry)
        told = {
            "title": spec.title or spec.code,
            "when": [] if spec.blanks() else when_of(spec),
            "match": "all" if is_blank(spec.match) else spec.match,
            "set": "" if is_blank(spec.set) else spec.set,
            "priority": 0 if is_blank(spec.priority) else spec.priority,
            "guidance": spec.guidance,
            "position": pack.segment.index(spec),
        }
        Segment.objects.update_or_create(code=spec.code, defaults=told)

    def provide(self, pack: Pack) -> None:
        """Do nothing: no segment is standard."""


def when_of(spec: SegmentSpec) -> Any:
    """Return a segment's conditions as JSON keeps them."""
    return spec.to_json().get("when", [])


VISIT_RULES = VisitRules()
EVENT_KINDS = EventKinds()
SEGMENTS = Segments()
