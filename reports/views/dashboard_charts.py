"""The charts of the dashboards: each is a table whose every row is a link, from which the browser draws the picture."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reports.domain.dashboard import naming
from reports.domain.dashboard.choosing import SPAN
from reports.domain.dashboard.comparing import change, pareto, ranked, shade, spread
from reports.domain.figures.measured import NOTHING, SHARES, shown, sides
from reports.views.dashboard_words import (
    DIMENSION_WORDS,
    change_words,
    distance_words,
    is_broken,
    period_words,
    plotted,
)
from staff.domain.wording import WEEKDAYS

MOST = 12  # bars of one picture; what is counted most


def cell(text, value="") -> dict:
    """Return one cell: its words, and what is drawn of it."""
    return {"text": text, "value": value}


def chart(key: str, title, kind: str, columns, rows, **more) -> dict:
    """Return a chart. `columns`: pairs of words and what is drawn (line, target, bar, share, or nothing)."""
    return {"key": key, "title": title, "kind": kind, "columns": columns, "rows": rows, "unit": "", **more}


def trend(card, frame, suffix: str = "", **more) -> dict:
    """Return one figure over the run-up to the period, with its target; `more` limits what its marks open."""
    metric, target = card.shown.metric, card.shown.target
    rows, before = [], NOTHING
    for period, figure in card.begun:
        cells = [
            cell(shown(figure.value, metric), plotted(figure.value, metric)),
            cell(sides(figure, metric) or "—"),
            cell(_told(change(figure, before, metric), metric)),
        ]
        if target is not None:
            bar = Fraction(target)
            cells.append(cell(shown(bar, metric), plotted(bar, metric)))
        broken = is_broken(figure, card.shown, period, today=frame.request.today)
        broken = broken and not frame.ripeness(frame.query(card.shown, period))
        name = period_words(period) if period.per == SPAN else period.key
        rows.append(_row(name, frame.behind(card.shown.key, period, **more), cells, broken=broken))
        before = figure
    columns = [(_("Figure"), "line"), (_("Counted"), ""), (_("Against the one before"), "")]
    if target is not None:
        columns.append((_("Target"), "target"))
    return chart(
        f"trend-{card.shown.key.replace(':', '-')}{suffix}", card.shown.title, "line", columns,
        rows, unit=_unit(metric), head=_("Period"),
    )  # fmt: skip


def by_dimension(by: str, figures, before, shown_figure, frame) -> dict:
    """Return one figure by the units or values of a dimension, the best first, and how far they lie apart (AK-23)."""
    metric = shown_figure.metric
    most = sorted(figures, key=lambda key: (-figures[key].denominator, key))[:MOST]
    kept = {key: figures[key] for key in most}
    names = naming.names_of(by, kept, frame.packs)
    rows = [
        _row(
            names[one.key],
            frame.behind(shown_figure.key, **{by: one.key}),
            [
                cell(shown(one.figure.value, metric), plotted(one.figure.value, metric)),
                cell(sides(one.figure, metric) or "—"),
                cell(_told(change(one.figure, before.get(one.key, NOTHING), metric), metric)),
            ],
            only=frame.address(**{by: one.key or "-"}),
        )
        for one in ranked(kept, metric)
    ]
    columns = [(_("Figure"), "bar"), (_("Counted"), ""), (_("Change"), "")]
    title = _("By %s") % str(DIMENSION_WORDS[by]).lower()
    return chart(
        f"by-{by}", title, "bar", columns, rows, unit=_unit(metric), head=DIMENSION_WORDS[by],
        note=_apart(kept, names, metric), left_out=_left_out(len(figures) - len(kept)),
    )  # fmt: skip


def _apart(figures, names, metric: str) -> str:
    found = spread(figures)
    if found is None:
        return ""
    if not found.apart:
        return _("the same everywhere")
    told = {"apart": distance_words(found.apart, metric), "high": names[found.highest], "low": names[found.lowest]}
    return _("%(apart)s between %(high)s and %(low)s") % told


def _left_out(count: int) -> str:
    words = ngettext(
        "%s more, of which less was counted, is not drawn", "%s more, of which less was counted, are not drawn", count
    )
    return words % count if count else ""


def problems(key: str, title, by: str, counts, address, frame) -> dict:
    """Return kinds of problems, the most frequent first, with the share that they have together (Pareto).

    `by` says what the kinds are called by, `address` gives the page behind one.
    """
    found = pareto(counts)
    names = naming.names_of(by, counts, frame.packs)
    rows = [
        _row(
            names[one.key] if one.key else _("not sorted"),
            address(one.key),
            [cell(str(one.count), str(one.count)), cell(f"{_cent(one.together):.1f} %", f"{_cent(one.together):.4f}")],
        )
        for one in found[:MOST]
    ]
    columns = [(_("Number"), "bar"), (_("Together"), "share")]
    return chart(
        key, title, "pareto", columns, rows, head=_("Category"),
        left_out=_left_out(len(found) - len(rows)),
    )  # fmt: skip


def _cent(share: Fraction) -> float:
    return float(share * 100)


def ranking(figures, shown_figure, frame) -> list[dict]:
    """Return the people who have a figure by rank; equals share one."""
    metric = shown_figure.metric
    found = ranked({key: one for key, one in figures.items() if key}, metric)
    names = naming.names_of("employee", [one.key for one in found], frame.packs)
    return [
        {
            "rank": one.rank,
            "name": names[one.key],
            "value": shown(one.figure.value, metric),
            "sides": sides(one.figure, metric),
            "href": frame.behind(shown_figure.key, employee=one.key),
        }
        for one in found
    ]


def heat(hours, frame) -> dict:
    """Return when people are best reached: a row for each weekday, a cell for each hour."""
    rows = []
    for weekday in sorted({day for day, _hour in hours.cells}):
        cells = [_warm(hours, weekday, hour, frame) for hour in hours.span]
        rows.append({"label": WEEKDAYS[weekday - 1], "cells": cells})
    return {"hours": hours.span, "rows": rows, "since": hours.since, "last": hours.last}


def _warm(hours, weekday: int, hour: int, frame) -> dict:
    reached, made = hours.cells.get((weekday, hour), (0, 0))
    if not made:
        return {"text": "", "shade": 0, "href": ""}
    marked = {"weekday": weekday, "hour": hour, "since": hours.since.isoformat(), "called": 1}
    words = _("%(day)s %(hour)s:00: %(reached)s of %(made)s calls reached somebody") % {
        "day": WEEKDAYS[weekday - 1], "hour": hour, "reached": reached, "made": made,
    }  # fmt: skip
    return {
        "text": f"{reached}/{made}",
        "words": words,
        "shade": shade(reached, made),
        "href": frame.behind("contacts", **marked),
    }


def counted(key: str, title, names, counts, address, *, head, whole: int) -> dict:
    """Return how many of each kind there are, with their share of the whole, the most frequent first."""
    rows = [
        _row(names.get(one, one), address(one), [cell(str(count), str(count)), cell(_share(count, whole))])
        for one, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    ]
    return chart(key, title, "bar", [(_("Number"), "bar"), (pgettext("of a whole", "Share"), "")], rows, head=head)


def days(counts, address, *, whole: int) -> dict:
    """Return how many there are in each part of the period, in the order of time."""
    rows = [
        _row(key, address(key), [cell(str(count), str(count)), cell(_share(count, whole))])
        for key, count in counts.items()
    ]
    columns = [(_("Number"), "line"), (pgettext("of a whole", "Share"), "")]
    return chart("days", _("By day"), "line", columns, rows if whole else [], head=_("Day"))


def _share(count: int, whole: int) -> str:
    return f"{count * 100 / whole:.1f} %" if whole else "—"


def _row(label, href: str, cells, *, broken: bool = False, only: str = "") -> dict:
    return {"label": label, "href": href, "cells": cells, "broken": broken, "only": only}


def _told(by, metric: str) -> str:
    if by is None:
        return "—"
    told = change_words(by, metric)
    return f"{told['mark']} {told['words']}"


def _unit(metric: str) -> str:
    return "%" if metric in SHARES else ""
