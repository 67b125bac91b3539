"""What the pages of the dashboards show, read once for the screen and for the file."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http import Http404, QueryDict

from reports.domain.dashboard.choosing import FIRST_FOCUS, SPAN, Shown, figure_named, figures_shown, plain, run_up
from reports.domain.dashboard.contacts import Hours, best_hours, contacts, found_wrong
from reports.domain.dashboard.naming import departments_seen, may_look
from reports.domain.dashboard.narrowing import Undivided
from reports.domain.dashboard.questions import Answered, answered, questions_of
from reports.domain.dashboard.reckoning import TREND, Card, card, divided_by_each, figures_over
from reports.domain.dashboard.units import Result, results
from reports.domain.figures.limiting import visits_of
from reports.domain.figures.measured import NOTHING, Measured
from reports.excel.lists.listing import Asking, NotThere
from reports.forms.dashboard import day_asked
from reports.views.dashboard_frame import Frame, frame_of
from staff.domain.periods import Period, period_of
from visits.choices import Outcome

COMPARED_BY = ("branch", "rule", "channel", "model", "segment", "department", "team", "category", "kind")
LOOKED_BACK = 800  # days in which an earlier period with contacts is looked for
USUAL = 28  # days of each span where none are asked for


class Asked:
    """What a file is asked for by, as the page of its address asks for it."""

    path = ""

    def __init__(self, asking: Asking) -> None:
        self.user, self.now, self.today = asking.employee, asking.now, asking.on
        self.GET = QueryDict(asking.address)


def frame_for(asking: Asking) -> Frame:
    """Return what a file of a dashboard is asked for. Raises `NotThere` where the page would not open."""
    try:
        frame = frame_of(Asked(asking)) if may_look(asking.employee, on=asking.on) else None
    except Http404 as lacking:
        raise NotThere from lacking
    if frame is None:
        raise NotThere
    return frame


def cards_of(frame: Frame) -> list[Card]:
    """Return all figures of the regulation, and the one of the catalogue that is looked at, each with its run-up."""
    figures = figures_shown(frame.release, frame.own.get("focus", ""))
    return [card(one, frame.query(one), frame.narrow, frame.part, against=frame.against) for one in figures]


def focus_of(frame: Frame) -> Shown:
    """Return the figure that is looked at closely: the one that the address names, else satisfaction."""
    named = figure_named(frame.own.get("focus", ""), frame.release)
    return named or next(one for one in figures_shown(frame.release) if one.metric == FIRST_FOCUS)


def divided(by: str, shown: Shown, frame: Frame) -> dict[str, Measured]:
    """Return a figure of the period by a dimension; nothing where it cannot be limited to what is chosen."""
    [figures] = divided_by(frame, shown, [by])[by]
    return figures


def divided_by(
    frame: Frame, shown: Shown, dimensions: list[str], *others: Period
) -> dict[str, list[dict[str, Measured]]]:  # fmt: skip
    """Return the same by several: of the period, and of the others that it is compared with."""
    periods = (frame.period, *others)
    try:
        return divided_by_each(frame.query(shown), periods, dimensions, frame.narrow, frame.part)
    except Undivided:
        return {by: [{} for _period in periods] for by in dimensions}


def compared_by(frame: Frame) -> list[str]:
    """Return the dimensions by which a figure can be compared: those to which it is not limited already."""
    return [by for by in COMPARED_BY if by not in frame.narrow.chosen()]


def complaints(frame: Frame) -> dict[str, int]:
    """Return the complaints of the period by category."""
    counted = divided("category", plain("complaint_count"), frame)
    return {key: int(one.numerator) for key, one in counted.items()}


def told_problems(frame: Frame) -> dict[str, int] | None:
    """Return what customers found wrong in visits, by its kind; None where visits have no such filter."""
    try:
        return found_wrong(frame.visits, frame.narrow, frame.part)
    except Undivided:
        return None


def hours_of(frame: Frame) -> Hours | None:
    """Return when people are best reached; None where calls have no such filter."""
    try:
        return best_hours(frame.visits, frame.narrow, frame.part)
    except Undivided:
        return None


def filled_before(frame: Frame, *, reached: bool = False) -> Period | None:
    """Return the latest period of this length before this one in which there were contacts; None where there were none.

    `reached`: contacts that reached somebody and brought answers. Looks some two years back.
    """
    last = frame.period.first - timedelta(1)
    earlier = frame.visits.over(Period(SPAN, last - timedelta(LOOKED_BACK), last))
    found = contacts(earlier, frame.narrow, frame.part)
    if reached:
        codes = [one.spec.code for one in questions_of(frame.pack)]
        found = found.filter(outcome=Outcome.REACHED, answers__has_any_keys=codes) if codes else found.none()
    moment = found.order_by("-logged_at").values_list("logged_at", flat=True).first()
    per = "month" if frame.period.per == SPAN else frame.period.per
    return moment and period_of(per, moment.astimezone(earlier.zone).date())


def figured_before(cards: list[Card]) -> Period | None:
    """Return the latest period of the run-up in which anything was counted; None where nothing was."""
    found = (period for one in cards for period, figure in one.begun if figure.denominator)
    return max(found, key=lambda period: period.last, default=None)


def answers(frame: Frame) -> list[Answered]:
    """Return what was answered to each question of the regulation. Raises `Undivided`."""
    reached = frame.visits
    found = contacts(reached, frame.narrow, frame.part).filter(outcome=Outcome.REACHED)
    visits = visits_of(reached).filter(pk__in=found.values("pk"))
    return answered(questions_of(frame.pack), visits, reached)


def departments(frame: Frame) -> tuple[Shown, list[Result]]:
    """Return the figure by which departments are looked at, and each of them month by month. Raises `Undivided`."""
    actor, today = frame.request.user, frame.request.today
    figure = next(one for one in figures_shown(frame.release) if one.metric == FIRST_FOCUS)
    months = run_up(period_of("month", min(frame.period.last, today)), TREND)
    wanted = [one for one in departments_seen(actor, on=today) if frame.narrow.department in (None, one.pk)]
    asked, chosen = frame.query(figure, months[-1]), replace(frame.narrow, department=None)
    return figure, results(asked, months, wanted, chosen, frame.part, actor, on=today)


@dataclass(frozen=True)
class Spans:
    """Two spans of days; both ends belong to them."""

    before: Period
    after: Period


def spans_of(frame: Frame) -> Spans:
    """Return the two spans that the address names; of one that is left out, the four weeks that fit."""
    query, today = frame.request.GET, frame.request.today
    after = _span(query, "after") or Period(SPAN, today - timedelta(USUAL - 1), today)
    return Spans(_span(query, "before") or _right_before(after), after)


def _span(query: QueryDict, name: str) -> Period | None:
    first, last = (day_asked(query.get(f"{name}_{end}", "")) for end in ("from", "to"))
    return Period(SPAN, first, last) if first and last and first <= last else None


def _right_before(span: Period) -> Period:
    length = span.last - span.first
    last = date.fromordinal(max(2, span.first.toordinal() - 1))
    return Period(SPAN, max(date.min, last - length) if last.toordinal() > length.days else date.min, last)


def chosen_figures(frame: Frame) -> list[Shown]:
    """Return the figures that the address picks for a comparison; all where it picks none."""
    offered, picked = figures_shown(frame.release), set(frame.request.GET.getlist("figure"))
    return [one for one in offered if one.key in picked] or offered


def over_spans(frame: Frame, spans: Spans) -> list[tuple[Shown, Measured, Measured]]:
    """Return each figure that was picked, before and after; over nothing where it has no such filter."""
    return [(one, *_over(one, frame, spans)) for one in chosen_figures(frame)]


def _over(figure: Shown, frame: Frame, spans: Spans) -> tuple[Measured, Measured]:
    try:
        asked = frame.query(figure, spans.after)
        before, after = figures_over(asked, [spans.before, spans.after], frame.narrow, frame.part)
    except Undivided:
        return NOTHING, NOTHING
    return before, after
