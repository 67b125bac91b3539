"""One cell of a table of a report: its exact value for a workbook, and the same in the words of page and paper.

Rates are cut to two places of a per cent and other figures to two places, as everywhere: what is below 80 % never reads
80 %; a workbook holds the same cut value beside both exact sides.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import pgettext

from reports.domain.figures.measured import COUNTS, SHARES, Measured, number, plain, shown
from staff.choices import Unit
from staff.domain.conduct.naming import amount_words
from staff.domain.wording import day_words

NONE = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` says how a workbook formats `value`: text, count, share, number, points, money, day. None: nothing there.

    `tone` is "good" or "bad" where a reader should see it at once; `url` leads to what is meant.
    """

    kind: str
    value: Any
    text: str
    tone: str = ""
    url: str = ""

    @property
    def is_number(self) -> bool:
        """Say whether it stands to the right."""
        return self.kind not in ("text", "day")


def width_of(text: str) -> int:
    """Return how wide a text is, in Latin letters: a Chinese character takes the room of two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def words(text: Any, *, url: str = "", tone: str = "") -> Cell:
    """Return a text."""
    return Cell("text", str(text), str(text), tone, url)


def count(number_of: int, *, tone: str = "") -> Cell:
    """Return a number of things."""
    return Cell("count", number_of, f"{number_of}", tone)


def day(iso: str) -> Cell:
    """Return a day that was kept as text."""
    on = date.fromisoformat(iso)
    return Cell("day", on, day_words(on))


def money(hundredths: int, unit: str) -> Cell:
    """Return an amount of yuan or of points."""
    kind = "money" if unit == Unit.CNY else "number"
    return Cell(kind, Decimal(hundredths) / 100, amount_words(hundredths, unit))


def value_of(figure: Measured, metric: str) -> Cell:
    """Return a figure; a dash over nothing."""
    return value(figure.value, metric)


def value(exact: Fraction | None, metric: str) -> Cell:
    """Return the value of a metric: a share, a whole count, or a number."""
    kind = "share" if metric in SHARES else "number"
    if exact is None:
        return Cell(kind, None, NONE)
    if metric in COUNTS and exact.denominator == 1:
        return Cell("count", int(exact), shown(exact, metric))
    return Cell(kind, cut(exact, 4 if kind == "share" else 2), shown(exact, metric))


def sides(figure: Measured, metric: str) -> list[Cell]:
    """Return numerator and denominator; of a count the second side says nothing."""
    if not figure.denominator:
        return [Cell("number", None, NONE), Cell("count", None, NONE)]
    top = Cell("number", cut(figure.numerator, 2), _exact(figure.numerator))
    below = Cell("count", None, NONE) if metric in COUNTS else count(figure.denominator)
    return [top, below]


def difference(by: Fraction | None, metric: str, *, better: bool | None = None) -> Cell:
    """Return by how much a figure moved: percentage points of a share, else in its own unit, with its sign."""
    if by is None:
        return Cell("number", None, NONE)
    scaled = by * 100 if metric in SHARES else by
    text = f"{'+' if by > 0 else '−' if by < 0 else '±'}{number(abs(scaled))}"
    tone = "" if better is None else "good" if better else "bad"
    said = in_points(text) if metric in SHARES else text
    return Cell("points" if metric in SHARES else "signed", cut(scaled, 2), said, tone)


def in_points(number_of: str) -> str:
    """Return a number of percentage points in the words of the reader."""
    return pgettext("points", "%s pp") % number_of


def part(share: Fraction | None) -> Cell:
    """Return a change as a part of the earlier value; a dash from nought."""
    if share is None:
        return Cell("share", None, NONE)
    return Cell("part", cut(share, 4), f"{'+' if share > 0 else '−'}{number(abs(share) * 100)} %")


def cut(exact: Fraction, places: int) -> Decimal:
    """Return a number cut off after so many places, towards nought."""
    whole = int(abs(exact) * 10**places)
    return Decimal(-whole if exact < 0 else whole).scaleb(-places)


def _exact(numerator: Fraction) -> str:
    """Return a numerator in full where a decimal can say it; hours to two places."""
    below = numerator.denominator
    while below % 2 == 0:
        below //= 2
    while below % 5 == 0:
        below //= 5
    return plain(numerator) if below == 1 and numerator.denominator < 10_000 else number(numerator)
