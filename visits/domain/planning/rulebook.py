"""The rules in force, read from the releases and made ready for planning: nothing here is the draft (DECISIONS 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from config.packs.codes import CUSTOMER
from config.packs.pack import Pack
from config.packs.rule import RuleSpec, StepSpec
from staff.choices import ReleaseState
from staff.domain.policies import spec_of
from staff.models import Release
from visits.choices import Urgency
from visits.domain.timing.windows import Cadence
from visits.models import ReleasedRule, ReleasedStep

ANSWERS = frozenset({"css", "rating", "satisfied", "nps", "result"})
VISIT_RECORDED = "visit_recorded"


@dataclass(frozen=True)
class ActiveStep:
    """One step of a release that makes tasks, with its stable id and its cadence."""

    step_id: int
    spec: StepSpec
    cadence: Cadence


@dataclass(frozen=True)
class ActiveRule:
    """One rule of a release with its steps; `rivals` are the earlier rules of its group, in order."""

    rule_id: int
    spec: RuleSpec
    steps: tuple[ActiveStep, ...]
    rivals: tuple["ActiveRule", ...] = ()

    @property
    def urgency(self) -> Urgency:
        """Return how the queue ranks its visits: a verification, a dissatisfied customer, or neither."""
        if "complaint_resolved" in self.spec.trigger:
            return Urgency.VERIFICATION
        asks = {condition.field for condition in self.spec.when}
        return Urgency.DISSATISFIED if asks & ANSWERS else Urgency.NORMAL


@dataclass(frozen=True)
class Book:
    """One release with its active rules. It rules the events of [`since`, `until`).

    The release that was put in force last also rules, by its `earlier` rules, what lies before `floor`: the first day
    that any release of the policy rules.
    """

    release_id: int
    number: int
    policy_id: int
    slug: str
    pack: Pack
    rules: tuple[ActiveRule, ...]
    since: date
    until: date | None
    floor: date
    in_force: bool  # the last one put in force: what it lacks is retired

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the zone in which this policy counts its days."""
        return ZoneInfo(self.pack.policy.timezone)

    def on_events(self) -> Iterator[ActiveRule]:
        """Yield the rules that listen to events."""
        return (rule for rule in self.rules if not rule.spec.is_on_customers)

    def on_customers(self) -> Iterator[ActiveRule]:
        """Yield the rules that are judged nightly on each customer."""
        return (rule for rule in self.rules if CUSTOMER in rule.spec.trigger)

    def step(self, step_id: int) -> tuple[ActiveRule, ActiveStep] | None:
        """Return the rule and step with that stable id; None where this release lacks it."""
        return self._by_step.get(step_id)

    @cached_property
    def _by_step(self) -> dict[int, tuple[ActiveRule, ActiveStep]]:
        return {step.step_id: (rule, step) for rule in self.rules for step in rule.steps}


@dataclass(frozen=True)
class Rulebook:
    """Every release that was ever put in force, by policy, the last one first."""

    books: tuple[Book, ...]

    def in_force(self) -> Iterator[Book]:
        """Yield the release of each policy that was put in force last."""
        return (book for book in self.books if book.in_force)

    def book(self, release_id: int) -> Book | None:
        """Return the release with that id, if it was ever put in force."""
        return self._by_release.get(release_id)

    def listens_to(self, kind: str) -> bool:
        """Say whether a release in force has a rule on events of that kind."""
        return any(kind in rule.spec.trigger for book in self.in_force() for rule in book.rules)

    def goes_on(self, step_id: int, release_id: int) -> bool:
        """Say whether a series of that step makes further occurrences: its policy's release in force still has it."""
        own = self.book(release_id)
        current = next((book for book in self.in_force() if own and book.policy_id == own.policy_id), None)
        return bool(current and current.step(step_id))

    @cached_property
    def _by_release(self) -> dict[int, Book]:
        return {book.release_id: book for book in self.books}


def load_rulebook() -> Rulebook:
    """Read all releases that were put in force; each is immutable, so what was read once is kept."""
    published = Release.objects.filter(state=ReleaseState.PUBLISHED, in_force_seq__isnull=False)
    ordered = published.order_by("policy_id", "-in_force_seq").select_related("policy").defer("content")
    books: list[Book] = []
    for _policy_id, releases in groupby(ordered, key=lambda release: release.policy_id):
        books.extend(_books(list(releases)))
    return Rulebook(tuple(books))


def _books(releases: list[Release]) -> Iterator[Book]:
    """Yield the books of one policy, the last one put in force first: each rules until the later ones begin."""
    floor = min(release.effective_from for release in releases)
    until: date | None = None
    for release in releases:
        yield _book(release, until, floor, in_force=release is releases[0])
        until = release.effective_from if until is None else min(until, release.effective_from)


def _book(release: Release, until: date | None, floor: date, *, in_force: bool) -> Book:
    return Book(
        release_id=release.pk,
        number=release.number,
        policy_id=release.policy_id,
        slug=release.policy.slug,
        pack=spec_of(release),
        rules=_active_rules(release.pk, release.sha256, release.published_at),
        since=release.effective_from,
        until=until,
        floor=floor,
        in_force=in_force,
    )


@lru_cache(maxsize=256)
def _active_rules(release_id: int, _sha256: str, _published_at: datetime | None) -> tuple[ActiveRule, ...]:
    """Return the active rules of a release in their order, each knowing the earlier ones of its group.

    The number alone does not tell releases apart: when one is rolled back, the next may get its number.
    """
    rules: list[ActiveRule] = []
    found = ReleasedRule.objects.filter(release=release_id, active=True).order_by("position").prefetch_related("steps")
    for row in found:
        rule = _active_rule(row)
        rivals = tuple(other for other in rules if rule.spec.group and other.spec.group == rule.spec.group)
        rules.append(ActiveRule(rule.rule_id, rule.spec, rule.steps, rivals))
    return tuple(rules)


def _active_rule(row: ReleasedRule) -> ActiveRule:
    rows = sorted(row.steps.all(), key=lambda step: step.position)
    spec = RuleSpec.from_json({**row.spec, "step": [step.spec for step in rows]})
    by_code = {step.code: step for step in spec.step}
    active = [_active_step(step, by_code[step.spec["code"]]) for step in rows if step.active]
    return ActiveRule(row.rule_id, spec, tuple(active))


def _active_step(row: ReleasedStep, spec: StepSpec) -> ActiveStep:
    return ActiveStep(row.step_id, spec, Cadence.of(spec))
