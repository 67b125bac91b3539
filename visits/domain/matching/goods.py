"""What was shipped, line by line, and what the customer says has arrived (G-01). Pure.

The lines of an event stand in its column ``lines`` (or 明细) as "P.O42.5 30t；P.C32.5 10t"; an event without it has one
line of its product and the column 数量. Figures are exact.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

LINES: Final = "lines"
COLUMNS: Final = ("lines", "明细", "产品明细", "送货明细", "发货明细")
QUANTITIES: Final = ("数量", "发货数量", "送货数量", "quantity", "qty")
APART: Final = re.compile(r"[;；\n]+")
LINE: Final = re.compile(r"(?P<product>.+?)[\s:：×*xX]+(?P<quantity>\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s]*)")
QUANTITY: Final = re.compile(r"(?P<quantity>\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s]*)")
FIGURE: Final = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Line:
    """One product that was shipped, with how much of it."""

    product: str
    quantity: Decimal
    unit: str = ""


def shipped(facts: Mapping[str, Any]) -> list[Line]:
    """Return the lines of an event by its facts; none where it tells of no goods."""
    text = next((str(facts[name]) for name in COLUMNS if facts.get(name)), "")
    if found := [line for part in APART.split(_plain(text)) if (line := _line(part))]:
        return found
    said = next((str(facts[name]) for name in QUANTITIES if facts.get(name)), "")
    match = QUANTITY.fullmatch(_plain(said).strip())
    if not match:
        return []
    return [Line(str(facts.get("product") or _("goods")), Decimal(match["quantity"]), match["unit"])]


def compared(given: str, lines: Sequence[Line]) -> list[dict[str, str]]:
    """Return each line with the figure that the customer told for it; ValueError where there are more or fewer."""
    figures = FIGURE.findall(_plain(given))
    if not lines or len(figures) != len(lines):
        raise ValueError(_("Write one figure for each line that was shipped: %(count)d.") % {"count": len(lines)})
    return [_told(line, figure) for line, figure in zip(lines, figures, strict=True)]


def differs(answer: Any) -> bool:
    """Say whether an answer about goods tells of another quantity than was shipped."""
    return isinstance(answer, list) and any(
        isinstance(row, Mapping) and row.get("difference") not in (None, "0") for row in answer
    )


def words_of(answer: Any) -> list[str]:
    """Return an answer about goods as a time line shows it: "P.O42.5: 28 of 30 t, -2 t"."""
    if not isinstance(answer, list):
        return []
    return [
        _("%(product)s: %(confirmed)s of %(shipped)s %(unit)s arrived, difference %(difference)s") % row
        for row in answer
        if isinstance(row, Mapping) and "difference" in row
    ]


def _told(line: Line, figure: str) -> dict[str, str]:
    try:
        confirmed = Decimal(figure)
    except InvalidOperation as error:
        raise ValueError(_("“%(text)s” is no number.") % {"text": figure}) from error
    return {
        "product": line.product, "unit": line.unit, "shipped": _short(line.quantity), "confirmed": _short(confirmed),
        "difference": _short(confirmed - line.quantity),
    }  # fmt: skip


def _short(number: Decimal) -> str:
    return "0" if not number else f"{number.normalize():f}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _line(text: str) -> Line | None:
    match = LINE.fullmatch(text.strip(" ,、，"))
    return Line(match["product"].strip(), Decimal(match["quantity"]), match["unit"]) if match else None
