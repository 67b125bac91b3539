"""Figures of closed months: frozen as their closing found them; what differs later is listed, and changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import transaction

from reports.domain.facts.measures import key_of, measure_of
from reports.domain.figures.counted import Part
from reports.domain.figures.measured import NOTHING, Measured, exact
from reports.domain.figures.query import Query
from reports.models import ClosedFigure, FrozenRipeness, Restatement

Whose = tuple[int | None, int | None]  # branch, employee
Sums = Mapping[Whose, Measured]
COLUMNS: Final = ("branch", "employee", "numerator", "denominator")
ALL: Final = ""  # of the row that holds the figure of everybody


def frozen_sums(asks: Sequence[Query], key: str, part: Part) -> list[dict[Any, Measured] | None]:
    """Return one question's figures of closed months by one key ("who", "where", or "" for all together).

    None for a period of which none is frozen.
    """
    months = {one.period.key for one in asks if _can_be_frozen(one)}
    found: dict[str, dict[Any, Measured]] = {}
    if months and not part.by and key in ("who", "where", ""):
        rows = ClosedFigure.objects.filter(measure__key=key_of(asks[0]), period__in=months)
        for month, whose, branch, employee, top, count in rows.values_list("period", "whose", *COLUMNS):
            sums = found.setdefault(month, {} if key else {None: NOTHING})
            mine = part.people is None or employee in part.people
            if whose != ALL and mine and (part.branches is None or branch in part.branches):
                name = {"who": employee, "where": branch}.get(key)
                sums[name] = sums.get(name, NOTHING) + Measured(Fraction(top), count)
    return [found.get(one.period.key) if _can_be_frozen(one) else None for one in asks]


def _can_be_frozen(asked: Query) -> bool:
    return not asked.within and asked.period.per == "month" and asked.is_over


def frozen_at(asked: Query) -> datetime | None:
    """Return when the figure of a month was frozen; None where it still moves."""
    rows = ClosedFigure.objects.filter(measure__key=key_of(asked), period=asked.period.key, whose=ALL)
    return rows.values_list("frozen_at", flat=True).first()


@transaction.atomic
def freeze(asked: Query, sums: Sums, *, now: datetime, was_ripe: bool | None = None) -> int:
    """Keep the figure of a month as it stands, once, and whether it was ripe if that is said; return how many rows."""
    measure = measure_of(asked)
    if ClosedFigure.objects.filter(measure=measure, period=asked.period.key, whose=ALL).exists():
        return 0
    rows: list[tuple[str, int | None, int | None, Measured]] = [(ALL, None, None, sum(sums.values(), Measured()))]
    rows += [(f"{branch or 0}/{who or 0}", branch, who, one) for (branch, who), one in sums.items()]
    ClosedFigure.objects.bulk_create(
        ClosedFigure(
            measure=measure, period=asked.period.key, whose=whose, branch_id=branch, employee_id=who,
            numerator=exact(one.numerator), denominator=one.denominator, frozen_at=now,
        )
        for whose, branch, who, one in rows
    )  # fmt: skip
    if was_ripe is not None:
        FrozenRipeness.objects.create(measure=measure, period=asked.period.key, was_ripe=was_ripe)
    return len(rows)


def known_of(asked: Query) -> dict[Whose, Measured] | None:
    """Return the figure of a month as it was last told: frozen, and restated since; None where it is not frozen."""
    of_month = {"measure__key": key_of(asked), "period": asked.period.key}
    rows = list(ClosedFigure.objects.filter(**of_month).values_list(*COLUMNS, "whose"))
    if not rows:
        return None
    found = {(branch, who): Measured(Fraction(top), count) for branch, who, top, count, whose in rows if whose != ALL}
    for branch, who, top, count in Restatement.objects.filter(**of_month).order_by("pk").values_list(*COLUMNS):
        found[branch, who] = Measured(Fraction(top), count)
    return found


@transaction.atomic
def restate(asked: Query, known: Sums, present: Sums, *, now: datetime) -> int:
    """Note whose figure of a closed month is another than was last told; return how many."""
    measure = measure_of(asked)
    changed = [
        Restatement(
            measure=measure, period=asked.period.key, branch_id=branch, employee_id=who,
            was_numerator=exact(was.numerator), was_denominator=was.denominator, numerator=exact(now_is.numerator),
            denominator=now_is.denominator, found_at=now,
        )
        for branch, who in sorted({*known, *present}, key=str)
        if as_kept(was := known.get((branch, who), NOTHING)) != as_kept(now_is := present.get((branch, who), NOTHING))
    ]  # fmt: skip
    Restatement.objects.bulk_create(changed)
    return len(changed)


def as_kept(one: Measured) -> tuple[Decimal, int]:
    """Return both sides as they are kept: to six places."""
    return round(exact(one.numerator), 6), one.denominator
