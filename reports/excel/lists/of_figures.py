"""Figures as files: one of everybody, with both of its sides, or the rows that one person's was counted from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.module_loading import import_string
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reports.domain.figures import table
from reports.domain.figures.goals import Goal, goals_of
from reports.domain.figures.measured import shown
from reports.domain.figures.reading import Rows
from reports.excel.lists.listing import Asking, Column, Listing, NotThere, Wanted, col, of, text_of
from staff.domain.metric_words import bar_words, metric_words
from staff.domain.periods import Period, period_named
from staff.models import Employee
from visits.choices import Channel, Outcome

DASHBOARD: Final = "reports.views.dashboard_file"
BEHIND: Final = "reports.views.figure_behind.to_export"


@dataclass(frozen=True)
class Behind:
    """The rows behind a figure: as many as it says, read as they are asked for."""

    rows: Rows

    def __len__(self) -> int:
        return self.rows.count

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows.rows)


def _asked(asking: Asking) -> tuple[table.Asked, Period] | None:
    offered = table.to_ask(on=asking.on)
    asked = next((one for one in offered if one.key == asking.query.get("of")), offered[0] if offered else None)
    if asked is None:
        return None
    usual = table.periods_of(asked, on=asking.on)[0]
    try:
        found = period_named(asking.query.get("period", ""))
    except ValueError:
        return asked, usual
    return asked, found if found.per == asked.looked_at.per else usual


def _who(asking: Asking) -> Employee | None:
    """Return the person whose rows are asked for; one whom one does not look after is not there."""
    who = asking.query.get("who", "")
    if not who:
        return None
    found = table.seen_by(asking.employee, on=asking.on).filter(pk=int(who)).first() if who.isdecimal() else None
    if found is None:
        raise NotThere
    return found


def _rows(asking: Asking, _wanted: Wanted) -> Any:
    found, who = _asked(asking), _who(asking)
    if found is None:
        return []
    asked, period = found
    if who is not None:
        behind = table.all_behind(asked, period, who.pk, now=asking.now)
        return Behind(behind) if behind else []
    lines, _whole = table.lines(asked, period, asking.employee, on=asking.on, now=asking.now)
    return [{"line": line, "metric": asked.looked_at.metric} for line in lines]


def _of(path: str) -> Any:
    read = of(path)
    return lambda row: read(row["line"])


LINES: Final = (
    col("name", _("Name"), lambda row: str(row["line"].employee)),
    col("username", _("User name"), _of("employee.username")),
    col("rank", _("Rank"), _of("rank")),
    col("figure", _("Figure"), lambda row: shown(row["line"].figure.value, row["metric"])),
    col("numerator", _("Numerator"), lambda row: float(row["line"].figure.numerator)),
    col("denominator", _("Denominator"), _of("figure.denominator")), col("reached", _("Reaches the bar"), _of("met")),
)  # fmt: skip
ROWS: Final = (
    col("on", _("Day"), of("on")), col("text", _("Name"), text_of("text")), col("counts", _("Counted"), of("counts")),
    col("value", _("Figure"), of("value")), col("key", _("Number"), of("key")),
)  # fmt: skip


def _columns(asking: Asking) -> Sequence[Column]:
    return ROWS if asking.query.get("who") else LINES


def _title(asking: Asking) -> str:
    found, who = _asked(asking), _who(asking)
    if found is None:
        return gettext("Figures")
    return " ".join(filter(None, (found[0].title, found[1].key, who and str(who))))


def _marked(asking: Asking) -> tuple[str, Any]:
    """Return title and rows behind a mark of a dashboard, as the view of that page reads its address."""
    title, rows = import_string(BEHIND)(asking)
    return title, Behind(rows) if isinstance(rows, Rows) else rows


def _marked_columns(asking: Asking) -> Sequence[Column]:
    return CONTACTS if asking.query.get("of") == "contacts" else ROWS


def _chosen(asking: Asking) -> list[tuple[str, str]]:
    return import_string(f"{DASHBOARD}.filters_of")(asking)


CONTACTS: Final = (
    col("logged_at", _("Moment")), col("key", _("Contact"), "pk"), col("who", _("Name")),
    col("channel", _("Channel"), words=Channel.choices), col("outcome", _("Outcome"), words=Outcome.choices),
)  # fmt: skip
MARKED: Final = Listing(
    "reports:figure_behind", _("Figures"), _marked_columns, lambda asking, _wanted: _marked(asking)[1],
    titled=lambda asking: _marked(asking)[0], chosen=_chosen,
)  # fmt: skip


def _bar(op: str | None, bar: Decimal | None, metric: str) -> str:
    return bar_words(op or "", shown(Fraction(bar), metric)) if bar is not None else ""


MARKS: Final = (
    col("part", _("Part of the page"), of("part")), col("title", _("Figure"), of("title")),
    col("name", _("Name"), of("name")), col("period", _("Period"), of("period")),
    col("rank", _("Rank"), lambda mark: mark.rank or None),
    col("figure", _("Value"), lambda mark: shown(mark.figure.value, mark.metric)),
    col("numerator", _("Numerator"), lambda mark: float(mark.figure.numerator)),
    col("denominator", _("Denominator"), of("figure.denominator")),
    col("before", _("Compared with"), lambda mark: mark.before and shown(mark.before.value, mark.metric)),
    col("target", _("Target"), lambda mark: _bar(mark.op, mark.target, mark.metric)),
    col("reached", _("Reaches the bar"), of("reached")),
)  # fmt: skip


def _of_dashboard(page: str, title: Any) -> Listing:
    """Return the file of a page of the dashboards: its marks, as its views read them."""

    def marks(asking: Asking, _wanted: Wanted) -> list[Any]:
        return import_string(f"{DASHBOARD}.marks_of")(page, asking)

    def titled(asking: Asking) -> str:
        return f"{title} {import_string(f'{DASHBOARD}.days_of')(asking)}"

    return Listing(page, title, MARKS, marks, titled=titled, chosen=_chosen)


DASHBOARDS: Final = (
    _of_dashboard("reports:dashboard", _("Dashboard")),
    _of_dashboard("reports:dashboard_contacts", _("Visit statistics")),
    _of_dashboard("reports:dashboard_questions", _("Survey questions")),
    _of_dashboard("reports:dashboard_units", pgettext_lazy("page", "Departments")),
    _of_dashboard("reports:dashboard_spans", pgettext_lazy("comparison", "Before and after")),
)


def _goals(asking: Asking, _wanted: Wanted) -> list[Any]:
    return goals_of(asking.employee, on=asking.on, now=asking.now)


def _reached(goal: Goal) -> bool | None:
    """Say whether a bar is reached; None without one, and of a penalty, whose bar nobody wants to reach."""
    return goal.pace.met if goal.threshold is not None and goal.section != "penalty" else None


GOAL_SECTIONS: Final = {"reward": _("Rewards"), "kpi": _("Targets"), "penalty": _("What a figure may cost")}
MINE: Final = Listing(
    "reports:my_figures", _("My figures"),
    (
        col("section", _("Part of the page"), of("section"), GOAL_SECTIONS),
        col("title", _("Figure"), lambda goal: goal.title or metric_words(goal.metric)),
        col("clause", _("Clause"), of("clause")), col("period", _("Period"), of("period.key")),
        col("figure", _("Value"), lambda goal: shown(goal.figure.value, goal.metric)),
        col("numerator", _("Numerator"), lambda goal: float(goal.figure.numerator)),
        col("denominator", _("Denominator"), of("figure.denominator")),
        col("colleagues", _("Colleagues"), lambda goal: shown(goal.colleagues.value, goal.metric)),
        col("rank", _("Rank"), lambda goal: goal.rank or None),
        col("target", _("Target"), lambda goal: _bar(goal.op, goal.threshold, goal.metric)),
        col("reached", _("Reaches the bar"), _reached),
    ),
    _goals,
)  # fmt: skip


FIGURES: Final = Listing("reports:figure_list", _("Figures"), _columns, _rows, titled=_title)

OF_FIGURES: Final = (*DASHBOARDS, FIGURES, MARKED, MINE)
