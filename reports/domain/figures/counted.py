"""What a figure counts: the rows of a table, with whose they are, where, on which day, and what each of them adds.

One `Counted` is the whole definition of a metric over one table. Its figures by employee and branch, by any dimension
and by day, and the rows that stand behind it, are all asked of that one definition.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from reports.domain.figures.measured import plain
from visits.models import CustomerSegment

Path = str | Combinable
Key = int | str | date | None
Group = tuple[tuple[Key, ...], Fraction | int, int]  # the keys, what is added to the numerator, how many rows
KEPT: Final = ("rule", "channel", "segment", "model", "category", "kind")
BY: Final = ("employee", "team", "department", "branch", *KEPT)
NONE: Final = Value("", output_field=CharField())


@dataclass(frozen=True, slots=True)
class Part:
    """To what a figure is limited besides its definition.

    `people` and `branches`: None is everybody and everywhere, and what nobody has; a None among them is what nobody
    has, or what belongs to no branch. `by` and `key`: one value of one of
    the dimensions `rule` … `kind` ("rule", "after-service"); the key "" is what has none. `also` are such pairs of
    further dimensions.
    """

    people: frozenset[int | None] | None = None
    branches: frozenset[int | None] | None = None
    by: str = ""
    key: str = ""
    also: tuple[tuple[str, str], ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """Return the value of each dimension that is limited."""
        return ({self.by: self.key} if self.by else {}) | dict(self.also)


EVERYTHING: Final = Part()


@dataclass(frozen=True, slots=True)
class Shown:
    """How a row is shown: its text, the page (URL name) where it is looked at, under which key, and what it adds."""

    text: Path
    page: str = ""
    key: Path = "pk"
    mark: str = ""
    value: Path | None = None
    words: Callable[[Any], str] = lambda value: plain(Fraction(value))


@dataclass(frozen=True)
class Counted:
    """The rows of one table that a figure counts, and what each adds.

    `who`, `where`, `on` (the local day that places a row; `order` sorts by it) and `by` (a dimension each) are paths or
    expressions. A row adds 1 to the denominator, or `weight`; to the numerator 1 if it is `good` (where `good` says so
    at all), or its `value` in `scale`-ths, or what `weigh` makes of its `columns`: one number for each thing
    that the row stands for. `each`: rows are counted once for each of these, per employee and branch. `met_at`
    is from when a good row is good; empty: from its day. Of weight 0, a row only feeds the numerator; the rows that a
    page shows behind the figure are those of what `is_listed`. Where a dimension of `of_joined` is asked for, `join`
    joins each row to the one row of another table that has these dimensions.
    """

    rows: QuerySet[Any]
    who: Path
    where: Path
    on: Combinable
    order: str
    shown: Shown
    zone: ZoneInfo
    good: Q | None = None
    value: Combinable | None = None
    scale: int = 1
    weight: int = 1
    each: str = "pk"
    met_at: Path | None = None
    is_good_when_met: bool = False  # a row is good where it has such a moment, and nowhere else
    by: Mapping[str, Path] = field(default_factory=dict)
    join: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    of_joined: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    weigh: Callable[..., Iterable[Fraction | int]] | None = None
    tells: bool = False  # of `weigh`: 1 is good and 0 is not
    is_listed: bool = True

    def grouped(self, part: Part, *keys: str) -> Iterator[Group]:
        """Yield what the rows of the part come to, by these keys: who, where, on, met_on, or a dimension.

        What is counted once each is so for each person and branch, so that one key can be told several times.
        """
        asked = self.told_by(keys)
        found = self.limited(part, *asked)
        for key, top, count in self._weighed(found, asked) if self.weigh else self._summed(found, asked):
            yield key[: len(keys)], top if self.scale == 1 else Fraction(top, self.scale), count

    def of_segments(self) -> "Counted":
        """Return the same of customers who are in a segment; for visits, tasks and events, each of one customer."""
        return replace(self, rows=self.rows.filter(customer__in=CustomerSegment.objects.values("customer")))

    def told_by(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return by what the rows are told apart to be grouped by these keys."""
        return keys if self.each == "pk" else tuple(dict.fromkeys((*keys, "who", "where")))

    def limited(self, part: Part, *keys: str) -> QuerySet[Any]:
        """Return the rows of the part, with what they are grouped by as ``by_…``."""
        limits = {"who": part.people is not None, "where": part.branches is not None}
        needed = (*keys, *(key for key, limit in limits.items() if limit), *part.values)
        found = self.rows.order_by()
        if self.join and not self.of_joined.isdisjoint(needed):
            found = self.join(found)
        if self.good is not None:
            found = found.annotate(row_good=flag(self.good))
        found = found.annotate(**{f"by_{key}": self._path(key) for key in dict.fromkeys(needed)})
        if part.people is not None:
            found = found.filter(among("by_who", part.people))
        if part.branches is not None:
            found = found.filter(among("by_where", part.branches))
        for by, key in part.values.items():
            nothing = Q(**{f"by_{by}": None}) if key == "" else Q()
            found = found.filter(Q(**{f"by_{by}": key}) | nothing)
        return found

    def _path(self, key: str) -> Combinable:
        match key:
            case "who" | "where" | "on":
                path: Path = getattr(self, key)
            case "met_on":
                if self.met_at is None or self.good is None:
                    return Value(None, output_field=DateField())
                return Case(When(row_good=1, then=TruncDate(self.met_at, tzinfo=self.zone)))
            case _:
                path = self.by.get(key, NONE)
        return F(path) if isinstance(path, str) else path

    def sums(self) -> dict[str, Any]:
        """Return both sides of the rows together, as SQL sums them."""
        every = Count(self.each, distinct=self.each != "pk")
        if self.value is not None:
            return {"sum_top": Sum(self.value), "sum_all": every}
        if self.good is not None:
            good = Count(self.each, distinct=self.each != "pk", filter=Q(row_good=1))
            return {"sum_top": good, "sum_all": every}
        return {"sum_top": every, "sum_all": every}

    def _summed(self, found: QuerySet[Any], keys: tuple[str, ...]) -> Iterator[Group]:
        if not keys:
            whole = found.aggregate(**self.sums())
            yield (), whole["sum_top"] or 0, whole["sum_all"] or 0
            return
        names = [f"by_{key}" for key in keys]
        for row in found.values(*names).annotate(**self.sums()).values_list(*names, "sum_top", "sum_all"):
            yield row[:-2], row[-2] or 0, row[-1]

    def _weighed(self, found: QuerySet[Any], keys: tuple[str, ...]) -> Iterator[Group]:
        sums: defaultdict[tuple[Key, ...], list[Any]] = defaultdict(lambda: [0, 0])
        names = [f"by_{key}" for key in keys]
        for row in found.values_list(*names, *self.columns).iterator(chunk_size=2000):
            for number in self.weigh(*row[len(names) :]) if self.weigh else ():
                both = sums[row[: len(names)]]
                both[0] += number
                both[1] += 1
        for key, (top, count) in sums.items():
            yield key, top, count


def grouped_abreast(table: Sequence[Counted], part: Part, *keys: str) -> Iterator[tuple[int, Group]]:
    """Yield place and group of several questions to one table, what `Counted.grouped` yields of each, in one statement.

    For rows that SQL sums (without `weigh`), of one kind throughout.
    """
    asked = table[0].told_by(keys)
    names = [f"by_{key}" for key in asked]
    found = [
        source.limited(part, *asked).annotate(place=Value(place, output_field=IntegerField())).values("place", *names)
        .annotate(**source.sums()).values_list("place", *names, "sum_top", "sum_all")
        for place, source in enumerate(table)
    ]  # fmt: skip
    for place, *values, top, count in found[0].union(*found[1:], all=True):
        yield place, (tuple(values[: len(keys)]), Fraction(top or 0) / table[place].scale, count)


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One row that is worked out and stands in no table of its own.

    It adds 1 to the denominator, or `out_of`; to the numerator 1 where it is `good`, or its `value`. `page` and `key`
    are where it is looked at.
    """

    who: int | None
    where: int | None
    on: date
    rule: str = ""
    good: bool = False
    text: str = ""
    value: int | None = None
    out_of: int = 1
    page: str = ""
    key: int | None = None


@dataclass(frozen=True)
class Given:
    """Rows that are worked out one by one, each of them good or not, or so far."""

    rows: tuple[GivenRow, ...]
    is_listed: bool = True
    weight: int = 1

    def of(self, part: Part) -> Iterator[GivenRow]:
        """Yield the rows of the part."""
        for row in self.rows:
            mine = part.people is None or row.who in part.people
            here = part.branches is None or row.where in part.branches
            if mine and here and all(getattr(row, by, "") == key for by, key in part.values.items()):
                yield row

    def grouped(self, part: Part, *keys: str) -> Iterator[Group]:
        """Yield what the rows of the part come to, by these keys."""
        sums: defaultdict[tuple[Key, ...], list[int]] = defaultdict(lambda: [0, 0])
        for row in self.of(part):
            both = sums[tuple(getattr(row, key, "") for key in keys)]
            both[0] += row.good if row.value is None else row.value
            both[1] += row.out_of
        for key, (good, count) in sums.items():
            yield key, good, count


def among(field: str, wanted: frozenset[int | None]) -> Q:
    """Return the condition that a field is one of these, or none where None is among them."""
    found = Q(**{f"{field}__in": wanted - {None}})
    return found | Q(**{field: None}) if None in wanted else found


def with_part(part: Part, *, people: Iterable[int] | None = None, branches: Iterable[int] | None = None) -> Part:
    """Return the part limited further to these people and branches; None limits nothing."""
    return replace(part, people=_both(part.people, people), branches=_both(part.branches, branches))


def _both(had: frozenset[int | None] | None, more: Iterable[int] | None) -> frozenset[int | None] | None:
    if more is None:
        return had
    return frozenset(more) if had is None else had & frozenset(more)


def flag(condition: Q) -> Case:
    """Return 1 where the condition holds, else 0."""
    return Case(When(condition, then=1), default=0)


def day_of(path: str, zone: ZoneInfo) -> Combinable:
    """Return the local day of a moment."""
    return TruncDate(path, tzinfo=zone)


def segment_of(customer: str) -> Subquery:
    """Return the segment of a customer: of several the one that comes first by priority, then by place."""
    theirs = CustomerSegment.objects.filter(customer=OuterRef(customer))
    return Subquery(theirs.order_by("-segment__priority", "segment__position", "pk").values("segment__code")[:1])
