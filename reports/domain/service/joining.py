"""The month of the company as tables: the regulations side by side, then the tables of their reports joined.

A joined table has the regulation before each of its rows; nothing is added up over regulations.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from reports.domain.service import cells
from reports.domain.service.cells import Cell
from reports.domain.service.monthly import Chapter
from reports.domain.service.tables import Table, tables
from staff.domain.wording import moment_words

JOINED: Final = ("headline", "trend", "better", "worse", "clauses")
NOTHING: Final = Cell("number", None, cells.NONE)


def side_by_side(chapters: Sequence[Chapter]) -> Table:
    """Return the regulations in one table: targets, what moved, clauses broken, how and as of when each stands."""
    heads = [
        _("Regulation"), _("Targets reached"), _("Figures with a target"), _("Got worse"), _("Got better"),
        _("Clauses broken"), _("State"), _("As of"),
    ]  # fmt: skip
    return Table("month", "side", _("The regulations side by side"), heads, [_side(one) for one in chapters])


def _side(chapter: Chapter) -> list[Cell]:
    report, told = chapter.report, chapter.summary
    return [
        cells.words(report.policy, url=f"#report-{report.pk}"),
        cells.count(told.met, tone="bad" if told.met < told.aimed else "") if told.aimed else NOTHING,
        cells.count(told.aimed),
        cells.count(told.n_worse), cells.count(told.n_better), cells.count(told.broken),
        cells.words(report.get_state_display()), cells.words(moment_words(report.as_of)),
    ]  # fmt: skip


def joined(chapters: Sequence[Chapter]) -> list[Table]:
    """Return the tables of the month: side by side, and each of `JOINED` that has rows; clauses broken most first."""
    made = {one.report: {each.code: each for each in tables(one.content, one.sight)} for one in chapters}
    found = [side_by_side(chapters)]
    for code in JOINED:
        own = [(str(report.policy), each[code]) for report, each in made.items() if code in each]
        found += [_join(own)] if own else []
    return found


def _join(own: Sequence[tuple[str, Table]]) -> Table:
    """Put tables with the same last columns below each other; one over fewer periods has gaps before its first."""
    widest = max((one for _name, one in own), key=lambda one: len(one.heads))
    rows = [
        [cells.words(name), row[0], *[NOTHING] * (len(widest.heads) - len(row)), *row[1:]]
        for name, one in own
        for row in one.rows
    ]
    if widest.code == "clauses":
        rows.sort(key=lambda row: -row[2].value)
    heads = [_("Regulation"), *widest.heads]
    return Table(widest.theme, widest.code, widest.title, heads, rows, lead=1)
