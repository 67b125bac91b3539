"""What is asked of the data: which figure, of which entries of the regulation, over which days."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from config.packs.codes import CHANNELS, VIOLATIONS
from config.packs.condition import Condition
from config.packs.measuring import KpiSpec
from config.packs.pack import Pack
from staff.domain.periods import Period
from staff.domain.policies import spec_of
from staff.models import Release

HAS_PARTS = {"visit_rule": "step", "questionnaire": "question", "scorecard": "items"}


@dataclass(frozen=True)
class Query:
    """One figure of one policy over one period.

    `kpi` says which metric and what it is limited to. `until` is as of when it is asked: what happened from then on
    does not count, so that a figure of a month that has ended stands still, however late it is computed.
    `within` is set of a slice: the days of `period` alone, as the figure of that whole period counts them.
    """

    kpi: KpiSpec
    policy: int
    pack: Pack
    period: Period
    now: datetime
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    within: Period | None = None

    def slice(self, first: date, last: date) -> "Query":
        """Return the question for these days alone, as the figure of the whole period counts them.

        What places rows is that of the days, `until` and whatever is judged once remain those of the whole: the
        slices of a period add up to it exactly. ValueError for days outside of the period.
        """
        if not self.period.first <= first <= last <= self.period.last:
            raise ValueError(f"{first} to {last}: not a part of {self.period.first} to {self.period.last}.")
        return replace(self, period=Period("slice", first, last), within=self.whole)

    def over(self, period: Period) -> "Query":
        """Return the same question over another period."""
        return replace(self, period=period, within=None)

    @property
    def whole(self) -> Period:
        """Return the period that is asked for: of a slice that which it is cut from."""
        return self.within or self.period

    @property
    def holds_end(self) -> bool:
        """Say whether the last day of the whole period is asked for: what belongs to it as such counts on that day."""
        return self.period.last == self.whole.last

    @cached_property
    def since(self) -> datetime:
        """Return the first moment of the days that are asked for."""
        return self.period.starts_at(self.zone)

    @cached_property
    def ends(self) -> datetime:
        """Return the end of the days that are asked for."""
        return self.period.ends_at(self.zone)

    @cached_property
    def until(self) -> datetime:
        """Return the end of what counts: that of the period, or the present while it lasts."""
        return min(self.whole.ends_at(self.zone), self.now + timedelta(microseconds=1))

    @cached_property
    def stops(self) -> datetime:
        """Return the end of what is placed by its moment: that of the days, or of what counts."""
        return min(self.ends, self.until)

    @cached_property
    def is_over(self) -> bool:
        """Say whether the period has ended."""
        return self.now >= self.whole.ends_at(self.zone)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return what the figure is limited to."""
        return self.kpi.when

    @cached_property
    def rules(self) -> frozenset[str]:
        """Return the visit rules that `of` names, by code."""
        return frozenset(code for code, part in self._named("visit_rule") if not part)

    @cached_property
    def steps(self) -> frozenset[tuple[str, str]]:
        """Return the single steps that `of` names, by rule and step."""
        return frozenset((code, part) for code, part in self._named("visit_rule") if part)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Return the kinds of events that `of` names."""
        known = {one.code for one in self.pack.event_kind} | {
            kind for rule in self.pack.visit_rule for kind in rule.trigger
        }
        return frozenset(code for code in self._bare if code in known)

    @cached_property
    def channels(self) -> frozenset[str]:
        """Return the channels that `of` names."""
        return frozenset(code for code in self._bare if code in CHANNELS)

    @cached_property
    def violations(self) -> frozenset[str]:
        """Return the violations of the catalogue that `of` names."""
        return frozenset(code for code in self._bare if code in VIOLATIONS)

    def codes(self, section: str) -> frozenset[str]:
        """Return the entries of a section that `of` names."""
        return frozenset(code for code, part in self._named(section) if not part)

    def parts(self, section: str) -> frozenset[str]:
        """Return the parts inside entries of a section (questions, items) that `of` names."""
        own = {one.code for entry in self.pack.entries(section) for one in getattr(entry, HAS_PARTS[section])}
        bare = {code for code in self._bare if code in own}
        return frozenset(bare | {part for _code, part in self._named(section) if part})

    @cached_property
    def _bare(self) -> frozenset[str]:
        return frozenset(name for name in self.kpi.of if ":" not in name)

    def _named(self, section: str) -> Iterator[tuple[str, str]]:
        """Yield (code, part) of each mention of the section: in full, or by a bare code that the section holds."""
        held = {getattr(entry, "code", "") for entry in self.pack.entries(section)}
        for name in self.kpi.of:
            of, colon, rest = name.partition(":")
            if colon and of == section:
                code, _slash, part = rest.partition("/")
                yield code, part
            elif not colon and name in held:
                yield name, ""


def query(kpi: KpiSpec, release: Release, period: Period, *, now: datetime) -> Query:
    """Return the question for a figure under a release, as of `now`."""
    pack = spec_of(release)
    return Query(kpi, release.policy_id, pack, period, now, ZoneInfo(pack.policy.timezone))
