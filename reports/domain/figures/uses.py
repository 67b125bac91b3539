"""Where regulations use the metrics: each `[[kpi]]`, `[[reward]]`, penalty on a figure and item of a scorecard.

A use says its clauses, its bar and what it is limited to in words, and since when it is so: what former releases said
otherwise stands with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from complaints.choices import CaseType
from config.packs.base import is_blank
from config.packs.codes import CASE_TYPES, CHANNELS, VIOLATIONS
from config.packs.consequences import PenaltySpec, RewardSpec
from config.packs.measuring import ItemSpec, KpiSpec, ScorecardSpec
from config.packs.pack import Pack
from reports.domain.figures.definition import Definition
from reports.domain.figures.dictionary import DEFINITIONS, SCORECARD, definition_of
from reports.domain.figures.measured import shown
from staff.domain.choice_words import CHOICES
from staff.domain.conduct.card import price_words
from staff.domain.conduct.naming import violation_words
from staff.domain.conduct.rules import Rule, in_force
from staff.domain.metric_words import bar_words, metric_words
from staff.domain.pack_words import value_words
from staff.domain.policies import idle_in, releases_of, spec_of
from staff.domain.regulations import title_of
from staff.models import Policy, Release
from visits.choices import Channel
from visits.domain.explaining.sentences import conditions
from visits.kind_titles import KIND_TITLES

SECTIONS = ("kpi", "reward", "penalty", "scorecard")


@dataclass(frozen=True, slots=True)
class Saying:
    """What one entry says of a metric, and a later release may change: its period as a code, all else in words."""

    per: str
    bar: str = ""
    limits: tuple[str, ...] = ()
    worth: str = ""

    @property
    def span(self) -> str:
        """Return over which period it is, in words."""
        return str(value_words("per", [self.per])[0][1])


@dataclass(frozen=True, slots=True)
class Former:
    """What an entry said before: of which release, and from when until before when."""

    number: int
    since: date
    until: date
    saying: Saying


@dataclass(frozen=True, slots=True)
class Use:
    """One entry of a release in force that uses a metric. `waits`: it waits for a figure and is not active."""

    release: Release
    section: str
    code: str
    title: str
    metric: str
    clauses: tuple[str, ...]
    saying: Saying
    waits: bool
    since: date
    former: tuple[Former, ...] = field(default=())

    @property
    def key(self) -> str:
        """Return by what the page of figures knows it; nothing of an item of a scorecard."""
        return "" if self.section == "scorecard" else f"{self.release.policy_id}/{self.section}:{self.code}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that uses a metric, found in a pack."""

    section: str
    code: str
    title: str
    metric: str
    clauses: tuple[str, ...]
    saying: Saying
    unit: tuple[str, str, str]


def uses(*, on: date) -> dict[str, list[Use]]:
    """Return the entries of the releases in force on that day, by the metric that they use."""
    found: dict[str, list[Use]] = {}
    for release in in_force(on=on):
        past = _past(release.policy, on)
        idle = idle_in(release)
        for one in entries(release):
            since, former = _history(one, past, release.effective_from)
            use = Use(
                release, one.section, one.code, one.title, one.metric, one.clauses, one.saying, one.unit in idle,
                since, former,
            )  # fmt: skip
            found.setdefault(one.metric, []).append(use)
    return found


def entries(release: Release) -> Iterator[Entry]:
    """Yield each entry of a release that uses a metric, with the metric itself also where it refers to a kpi."""
    pack = spec_of(release)
    for section in SECTIONS:
        for spec in pack.entries(section):
            if isinstance(spec, KpiSpec):
                yield _entry(pack, "kpi", spec.code, spec.title, spec.metric, _of_kpi(spec, pack))
            elif isinstance(spec, ScorecardSpec):
                yield from _items(pack, spec)
            elif isinstance(spec, PenaltySpec | RewardSpec) and spec.metric and not is_blank(spec.metric):
                metric, per, limits = _looked_at(spec, pack)
                saying = Saying(per, _bar(spec.op, spec.threshold, metric), limits, _worth(spec, release))
                yield _entry(pack, section, spec.code, spec.title, metric, saying, spec.clause)


def _entry(
    pack: Pack, section: str, code: str, title: str, metric: str, saying: Saying, clause: str = ""
) -> Entry:  # fmt: skip
    reference = f"{section}:{code}"
    named = [one.ref for one in pack.clause if reference in (part.partition("/")[0] for part in one.enforced_by)]
    clauses = tuple(dict.fromkeys([*([clause] if clause else []), *named]))
    return Entry(section, code, title or metric_words(metric), metric, clauses, saying, (section, code, ""))


def _items(pack: Pack, card: ScorecardSpec) -> Iterator[Entry]:
    """Yield the items of a scorecard that the program computes."""
    per = str(card.per or (card.sample.per if card.sample else "") or "month")
    for item in card.items:
        if isinstance(item, ItemSpec) and item.metric and not is_blank(item.metric):
            weight = "" if item.weight is None or is_blank(item.weight) else _("weight %s") % item.weight
            section, colon, code = item.metric.partition(":")
            kpi = pack.entry(section, code) if colon else None
            metric, limits = (kpi.metric, _of_kpi(kpi, pack).limits) if isinstance(kpi, KpiSpec) else (section, ())
            title = f"{card.title or card.code} · {item.title or metric_words(metric)}"
            saying = Saying(per, _bar(item.op, item.target, metric), limits, weight)
            yield _entry(pack, "scorecard", card.code, title, metric, saying)


def _looked_at(spec: PenaltySpec | RewardSpec, pack: Pack) -> tuple[str, str, tuple[str, ...]]:
    """Return the metric behind a reward or a penalty, its period, and what that is limited to."""
    section, colon, code = str(spec.metric).partition(":")
    per = str(spec.per or "month")
    if not colon:
        return section, per, ()
    entry = pack.entry(section, code)
    if isinstance(entry, KpiSpec):
        said = _of_kpi(entry, pack)
        return entry.metric, per if per != "month" else said.per, said.limits
    return "scorecard", per, (title_of(pack, section, code) or code,)


def _of_kpi(spec: KpiSpec, pack: Pack) -> Saying:
    limits = [reference_words(name, pack) for name in spec.of]
    if spec.when:
        limits.append(conditions(spec.when, spec.match))
    definition = definition_of(spec.metric)
    if spec.basis or definition.bases:
        chosen = spec.basis or next(iter(definition.bases))
        limits.append(str(definition.bases.get(chosen) or CHOICES["basis"].get(chosen, chosen)))
    if definition.counts and spec.count == "customers":
        limits.append(str(CHOICES["count"]["customers"]))
    if spec.limit is not None and not is_blank(spec.limit):
        limits.append(f"{definition.limit}: {spec.limit}")
    return Saying(spec.per, _bar(spec.op, spec.target, spec.metric), tuple(limits))


def _bar(op: Any, bar: Any, metric: str) -> str:
    """Return a bar in words; "?" where the regulation waits for the figure."""
    if bar is None or op is None:
        return ""
    if is_blank(bar) or is_blank(op) or not isinstance(bar, Decimal):
        return "?"
    return bar_words(op, shown(Fraction(bar), metric))


def _worth(spec: PenaltySpec | RewardSpec, release: Release) -> str:
    return price_words(spec, Rule(release, spec).unit)


def reference_words(name: str, pack: Pack) -> str:
    """Return what a name in `of` stands for: an entry by its title, else a channel, a type, a kind, a violation."""
    section, colon, rest = name.partition(":")
    if colon:
        code, _slash, part = rest.partition("/")
        return (title_of(pack, section, code) or code) + (f" · {part}" if part else "")
    if name in CHANNELS:
        return str(Channel(name).label)
    if name in CASE_TYPES:
        return str(CaseType(name).label)
    if name in VIOLATIONS:
        return violation_words(name)
    own = {one.code: one.title for one in pack.event_kind}
    return own.get(name) or str(KIND_TITLES.get(name, name))


def _past(policy: Policy, on: date) -> list[tuple[Release, date, date]]:
    """Return what ruled before, the latest first: release, its first day, and the day before which it ended."""
    found: list[tuple[Release, date, date]] = []
    until = on
    for release in releases_of(policy).filter(effective_from__lte=on):
        if release.effective_from < until or not found:
            found.append((release, release.effective_from, until))
            until = min(until, release.effective_from)
    return found


def _history(
    one: Entry, past: Sequence[tuple[Release, date, date]], since: date
) -> tuple[date, tuple[Former, ...]]:  # fmt: skip
    """Return since when an entry says what it says, and what it said before that, the latest first."""
    former: list[Former] = []
    unbroken = True
    for release, first, until in past[1:]:
        said = _said(release, one)
        if said is None:
            unbroken = False
        elif said == one.saying and unbroken:
            since = first
        elif former and former[-1].saying == said and former[-1].since == until:
            former[-1] = Former(release.number, first, former[-1].until, said)
        else:
            unbroken = False
            former.append(Former(release.number, first, until, said))
    return since, tuple(former)


def _said(release: Release, one: Entry) -> Saying | None:
    same = (one.section, one.code, one.metric, one.title if one.section == "scorecard" else "")
    for entry in entries(release):
        if same == (entry.section, entry.code, entry.metric, entry.title if one.section == "scorecard" else ""):
            return entry.saying
    return None


def saying(words: str, used: Mapping[str, Sequence[Use]]) -> list[Definition]:
    """Return the metrics that hold these words, in their definition or in a clause that uses them; all for none."""
    found = []
    for one in (*DEFINITIONS, SCORECARD):
        parts = [one.metric, one.name, one.meaning, one.numerator, one.denominator]
        for use in used.get(one.metric, ()):
            parts += [use.code, use.title, use.release.policy.title, *use.clauses]
        if says(words, *parts):
            found.append(one)
    return found


def says(words: str, *parts: Any) -> bool:
    """Say whether the words stand in one of the parts, in small letters or capital ones."""
    return words.casefold() in "\n".join(map(str, parts)).casefold()
