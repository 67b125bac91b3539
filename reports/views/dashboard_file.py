"""Files of the dashboards: every mark of a page as a line, with the part of the page that it stands in and both sides.

A picture draws the first of many; the file has all of them, and every dimension in which there is something to compare.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.domain.dashboard.choosing import Shown
from reports.domain.dashboard.comparing import pareto, ranked
from reports.domain.dashboard.contacts import statistics
from reports.domain.dashboard.naming import CHANNELS, full_name, names_of
from reports.domain.dashboard.narrowing import Undivided
from reports.domain.figures.measured import NOTHING, Measured
from reports.excel.lists.listing import Asking, NotThere
from reports.views import dashboard_parts as parts
from reports.views.dashboard_bar import chips
from reports.views.dashboard_frame import Frame
from reports.views.dashboard_words import DIMENSION_WORDS, is_broken, period_words
from staff.domain.metric_words import metric_words
from staff.domain.periods import Period
from staff.domain.wording import WEEKDAYS
from visits.choices import Outcome

OUTCOMES: Final = dict(Outcome.choices)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: the part of the page, the figure, whose or of what (`name`; empty: of all that is chosen), the period.

    `before`: the figure that the page compares it with, None where it compares with none. `rank` 0: none is told.
    """

    part: str
    title: str
    period: str
    metric: str
    figure: Measured
    name: str = ""
    before: Measured | None = None
    rank: int = 0
    op: str | None = None
    target: Decimal | None = None
    reached: bool | None = None  # None: not judged, for want of a target or a figure, or because it still may be


def days_of(asking: Asking) -> str:
    """Return the period of a page in words. Raises `NotThere` where the page would not open."""
    return period_words(parts.frame_for(asking).period)


def filters_of(asking: Asking) -> list[tuple[str, str]]:
    """Return what a page is limited to, in words. Raises `NotThere` where it would not open."""
    frame = parts.frame_for(asking)
    told = [(_("Regulation"), str(frame.release.policy)), (_("Period"), period_words(frame.period))]
    return told + [(str(by), words) for by, words, _url in chips(frame)]


def marks_of(page: str, asking: Asking) -> list[Mark]:
    """Return all marks of that page of the dashboards for whoever asks. Raises `NotThere`."""
    try:
        return list(PAGES[page](parts.frame_for(asking)))
    except Undivided as lacking:
        raise NotThere from lacking


def _overview(frame: Frame) -> Iterator[Mark]:
    cards, focus = parts.cards_of(frame), parts.focus_of(frame)
    for one in cards:
        yield _judged(_("Figures"), one.shown, frame.period, one.figure, one.before, frame)
    for one in cards:
        for period, figure, before in _with_the_one_before(one.begun):
            yield _judged(_("Trend"), one.shown, period, figure, before, frame)
    ranking = parts.divided("employee", focus, frame)
    yield from _ranked(frame, _("Ranking"), "employee", focus, {key: one for key, one in ranking.items() if key})
    told, wrong = parts.complaints(frame), parts.told_problems(frame) or {}
    yield from _kinds(frame, _("Complaints by category"), metric_words("complaint_count"), "category", told)
    yield from _kinds(frame, _("Problems told in visits"), _("Contacts"), "problem", wrong)
    yield from _compared(frame, focus)
    yield from _hours(frame)


def _with_the_one_before(run: Iterable[tuple[Period, Measured]]) -> Iterator[tuple[Period, Measured, Measured]]:
    before = NOTHING
    for period, figure in run:
        yield period, figure, before
        before = figure


def _judged(part: str, of: Shown, period: Period, figure: Measured, before: Measured, frame: Frame) -> Mark:
    """Return a figure beside its target: reached, or missed once its own period has ended, as a card says it."""
    mark = Mark(part, of.title, period_words(period), of.metric, figure, before=before, op=of.op, target=of.target)
    broken = is_broken(figure, of, period, today=frame.request.today)
    reached = of.target is not None and figure.meets(of.op, of.target)
    if not (broken or reached) or frame.ripeness(frame.query(of, period)):
        return mark
    return replace(mark, reached=not broken)


def _ranked(
    frame: Frame, part: str, by: str, of: Shown, figures: Mapping[str, Measured],
    before: Mapping[str, Measured] | None = None,
) -> Iterator[Mark]:  # fmt: skip
    names = names_of(by, figures, frame.packs)
    for one in ranked(figures, of.metric):
        earlier = None if before is None else before.get(one.key, NOTHING)
        yield Mark(
            part, of.title, period_words(frame.period), of.metric, one.figure, names[one.key], earlier, one.rank
        )  # fmt: skip


def _kinds(frame: Frame, part: str, title: str, by: str, counts: Mapping[str, int]) -> Iterator[Mark]:
    names = names_of(by, counts, frame.packs) | {"": _("not sorted")}
    return _counted(frame, part, title, ((names[one.key], one.count) for one in pareto(counts)))


def _counted(frame: Frame, part: str, title: str, counts: Iterable[tuple[str, int]]) -> Iterator[Mark]:
    for name, count in counts:
        yield Mark(part, title, period_words(frame.period), "visit_count", Measured(Fraction(count), 1), name)


def _compared(frame: Frame, of: Shown) -> Iterator[Mark]:
    for by, (now, before) in parts.divided_by(frame, of, parts.compared_by(frame), frame.compared).items():
        if len(now) > 1:
            yield from _ranked(frame, _("By %s") % str(DIMENSION_WORDS[by]).lower(), by, of, now, before)


def _hours(frame: Frame) -> Iterator[Mark]:
    hours = parts.hours_of(frame)
    for (weekday, hour), (reached, made) in sorted(hours.cells.items()) if hours else ():
        days = f"{hours.since:%Y-%m-%d} – {hours.last:%Y-%m-%d}" if hours else ""
        yield Mark(
            _("When people are best reached"), _("share of calls that reached somebody"), days, "completion_rate",
            Measured(Fraction(reached), made), f"{WEEKDAYS[weekday - 1]} {hour}:00–{hour + 1}:00",
        )  # fmt: skip


def _contacts(frame: Frame) -> Iterator[Mark]:
    told = statistics(frame.visits, frame.narrow, frame.part)
    title, rules = _("Contacts"), names_of("rule", told.rule, frame.packs)
    for part, names, counts in (
        (_("By day"), {}, told.days),
        (_("By channel"), CHANNELS, told.channel),
        (_("By class"), rules, told.rule),
        (_("By result"), OUTCOMES, told.outcome),
    ):
        yield from _counted(frame, part, title, ((str(names.get(key, key)), count) for key, count in counts.items()))
    crossed = (
        (f"{CHANNELS.get(channel, channel)} · {OUTCOMES.get(outcome, outcome)}", count)
        for (channel, outcome), count in sorted(told.crossed.items())
    )
    yield from _counted(frame, _("By channel and result"), title, crossed)


def _questions(frame: Frame) -> Iterator[Mark]:
    period = period_words(frame.period)
    for one in parts.answers(frame):
        for part, metric, level in (
            (_("Average"), "answer_average", one.average),
            (pgettext("of answers", "Level"), "satisfaction_rate", one.level),
        ):
            if level is not None:
                yield Mark(part, one.title, period, metric, Measured(level * one.count, one.count), rank=one.rank)
        yield from _counted(frame, _("Distribution"), one.title, one.values)


def _units(frame: Frame) -> Iterator[Mark]:
    of, found = parts.departments(frame)
    for one in found:
        for month, figure, before in _with_the_one_before(one.run):
            told = _judged(pgettext("page", "Departments"), of, month, figure, before, frame)
            yield replace(told, name=full_name(one.department))


def _spans(frame: Frame) -> Iterator[Mark]:
    spans = parts.spans_of(frame)
    for of, before, after in parts.over_spans(frame, spans):
        words = f"{period_words(spans.before)} → {period_words(spans.after)}"
        yield Mark(pgettext("comparison", "Before and after"), of.title, words, of.metric, after, before=before)


PAGES: Final[Mapping[str, Callable[[Frame], Iterator[Mark]]]] = {
    "reports:dashboard": _overview,
    "reports:dashboard_contacts": _contacts,
    "reports:dashboard_questions": _questions,
    "reports:dashboard_units": _units,
    "reports:dashboard_spans": _spans,
}
