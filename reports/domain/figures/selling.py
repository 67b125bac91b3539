"""What chances to sell that came out of visits are worth, as an own book tells them (AI-11, D-04).

The book of chances is one with a number field ``worth``, in yuan; what else it holds (the need, who was told, whether
it was won) is the regulation's, and `when` may ask for it: of won ones `result == "成交"`.
"""

from fractions import Fraction
from typing import Any, Final

from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from reports.domain.figures.calls_in import ROOT, told_in_books
from reports.domain.figures.counted import Counted, Shown, day_of, segment_of
from reports.domain.figures.query import Query
from staff.domain.conditions import as_number, holds

WORTH: Final = "worth"


def opportunity_sum(asked: Query) -> tuple[Counted, ...]:
    """Return the yuan of the chances of the period, by who wrote them down first; `when` looks at their fields."""
    shown = Shown(ROOT, "complaints:entry", ROOT, "#", value=KT(f"values__{WORTH}"), words=str)

    def weigh(values: dict[str, Any]) -> list[Fraction]:
        worth = as_number(values[WORTH])
        return [] if worth is None else [Fraction(worth)]

    found = told_in_books(asked, WORTH)
    if asked.conditions:
        rows = found.values_list("pk", "values")
        found = found.filter(pk__in=[pk for pk, values in rows if holds(asked.conditions, asked.kpi.match, values)])
    return (
        Counted(
            found, Coalesce("first__by", "by"), "branch", day_of("at", asked.zone), "at", shown, asked.zone,
            columns=("values",), weigh=weigh, by={"rule": "form", "segment": segment_of("customer")},
        ),
    )  # fmt: skip
