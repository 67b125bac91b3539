"""Which clause of which release a violation falls under: penalties and rewards as their release says them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from config.packs.consequences import LedgerSpec, PenaltySpec, RewardSpec
from config.packs.pack import Pack
from staff.choices import ConductKind, Unit
from staff.domain.conditions import holds
from staff.domain.conduct.breach import Breach
from staff.domain.policies import RELEASES_REMEMBERED, idle_in, releases_in_force, spec_of
from staff.domain.workforce import Workforce
from staff.models import Department, Release, Violation

POINTS_FOR_FINES = "points"
DEFAULTS = LedgerSpec()
REMEMBERED: dict[str, dict[tuple[str, str], PenaltySpec | RewardSpec]] = {}


@dataclass(frozen=True)
class Rule:
    """A penalty or a reward in the release that says it."""

    release: Release
    spec: PenaltySpec | RewardSpec

    @property
    def pack(self) -> Pack:
        """Return the whole regulation."""
        return spec_of(self.release)

    @property
    def ledger(self) -> LedgerSpec:
        """Return how its entries are confirmed, counted and settled."""
        return ledger_of(self.release)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which its days and months are."""
        return ZoneInfo(self.pack.policy.timezone)

    @property
    def is_penalty(self) -> bool:
        """Whether it takes and does not give."""
        return isinstance(self.spec, PenaltySpec)

    @property
    def unit(self) -> str:
        """Return what its figure is in: fines are points where the company may not fine (`fines_as`)."""
        spec = self.spec
        figure = spec.amount is not None or (isinstance(spec, PenaltySpec) and (spec.tiers or spec.range))
        cut = isinstance(spec, PenaltySpec) and "bonus_cut" in spec.choose
        if not figure and not cut:
            return Unit.NONE
        as_points = self.is_penalty and self.ledger.fines_as == POINTS_FOR_FINES
        return Unit.POINTS if as_points and spec.unit == Unit.CNY else spec.unit

    @property
    def is_fine(self) -> bool:
        """Whether it takes money, or the points that stand for it: what a cap of the month is about."""
        return self.is_penalty and self.spec.unit == Unit.CNY and self.unit != Unit.NONE


def ledger_of(release: Release) -> LedgerSpec:
    """Return how entries under a release are confirmed, counted and settled."""
    return spec_of(release).ledger or DEFAULTS


def rule_of(violation: Violation) -> Rule:
    """Return the clause that a violation was proposed under. Raises LookupError where its release has no such code."""
    section = "penalty" if violation.kind == ConductKind.PENALTY else "reward"
    found = entries_of(violation.release).get((section, violation.rule))
    if found is None:
        raise LookupError(violation.rule)
    return Rule(violation.release, found)


def rules_for(breach: Breach, workforce: Workforce, read: Mapping[int, Release] | None = None) -> Iterator[Rule]:
    """Yield every penalty that the breach calls for: in its own release, else in all that are in force on its day.

    `read`: releases by id that are read already, for who asks about many breaches.
    """
    own = (read or {}).get(breach.release or 0)
    for release in [own] if own else releases_of(breach, workforce):
        for (section, _code), spec in entries_of(release).items():
            if section == "penalty" and isinstance(spec, PenaltySpec) and calls_for(spec, breach):
                yield Rule(release, spec)


def calls_for(spec: PenaltySpec, breach: Breach) -> bool:
    """Say whether a penalty is about that breach: its violation, what it is `of`, and its conditions."""
    if breach.violation not in spec.violation or not names(spec.of, breach.of):
        return False
    return holds(spec.when, spec.match, breach.fields)


def still_called_for(violation: Violation, found: Breach | None) -> bool:
    """Say whether the penalty of a proposal is about what is found of its matter now; nothing found calls for none."""
    spec = rule_of(violation).spec
    return found is not None and isinstance(spec, PenaltySpec) and calls_for(spec, found)


def names(wanted: Iterable[str], told: Iterable[str]) -> bool:
    """Say whether one of the `wanted` codes names one of those that a breach tells; no code at all names everything.

    Both may be written bare (``daily``) or in full (``report:daily``, ``scorecard:calls/phrase``).
    """
    wanted, told = list(wanted), set(told)
    full = {form for one in told for form in forms_of(one)}
    return not wanted or any(one in full or one.partition(":")[2] in told for one in wanted)


def forms_of(code: str) -> set[str]:
    """Return every way to name what a code in full names: with and without its section, the whole and its part."""
    section, colon, rest = code.partition(":")
    if not colon:
        return {code}
    owner, _slash, part = rest.partition("/")
    return {one for one in (code, section, rest, owner, part, f"{section}:{owner}") if one}


def releases_of(breach: Breach, workforce: Workforce) -> list[Release]:
    """Return the releases that judge a breach."""
    if breach.release is not None:
        return [Release.objects.select_related("policy").get(pk=breach.release)]
    department = breach.department or workforce.post(breach.employee, on=breach.on).department
    return in_force(on=breach.on, department=department)


def in_force(*, on: date, department: int | None = None) -> list[Release]:
    """Return the release of every policy that rules on that day, of those limited to departments the fitting ones."""
    name = Department.objects.filter(pk=department).values_list("name", flat=True).first() if department else None
    return [one for one in releases_in_force(on) if _rules_there(spec_of(one), name)]


def by_hand(*, on: date) -> list[Rule]:
    """Return every penalty that may be proposed by hand on that day: any may (POLICY_PACK, `[[penalty]]`)."""
    return [
        Rule(release, spec)
        for release in in_force(on=on)
        for (section, _code), spec in entries_of(release).items()
        if section == "penalty"
    ]


def entries_of(release: Release) -> dict[tuple[str, str], PenaltySpec | RewardSpec]:
    """Return the penalties and rewards of a release that wait for no figure, by section and code."""
    key = release.sha256
    if key not in REMEMBERED:
        if len(REMEMBERED) >= RELEASES_REMEMBERED:
            REMEMBERED.clear()
        pack = spec_of(release)
        idle = idle_in(release)
        both = [("penalty", one) for one in pack.penalty] + [("reward", one) for one in pack.reward]
        REMEMBERED[key] = {(section, one.code): one for section, one in both if (section, one.code, "") not in idle}
    return REMEMBERED[key]


def _rules_there(pack: Pack, department: str | None) -> bool:
    return not pack.policy.departments or department is None or department in pack.policy.departments
