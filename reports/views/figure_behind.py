"""The rows behind one mark of a dashboard: what was counted, page by page, with the figure that they are."""

from typing import Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.domain.dashboard import contacts as counting
from reports.domain.dashboard.choosing import figure_named, figures_shown
from reports.domain.dashboard.contacts import Marked
from reports.domain.dashboard.naming import CHANNELS, may_look, names_of
from reports.domain.dashboard.narrowing import Undivided, limited
from reports.domain.dashboard.reckoning import is_restated
from reports.domain.figures.measured import NOTHING, Measured, shown, sides
from reports.domain.figures.reading import rows_behind, whole
from reports.excel.lists.listing import Asking, NotThere
from reports.forms.dashboard import day_asked
from reports.views.dashboard_bar import framed
from reports.views.dashboard_frame import NONE, frame_of
from reports.views.dashboard_parts import frame_for
from reports.views.dashboard_words import DIMENSION_WORDS
from staff.domain.pages import EVERY, cut
from staff.domain.periods import period_named
from staff.domain.wording import WEEKDAYS, moment_words
from visits.choices import Outcome

PAGE = 50
LAST_PAGE = 1_000_000
OUTCOMES = dict(Outcome.choices)


@require_safe
def figure_behind(request):
    """Show what a figure was counted from: the number of the rows is its denominator, of a count the figure itself."""
    if not may_look(request.user, on=request.today):
        return redirect("reports:my_figures")
    frame = frame_of(request)
    if frame is None:
        return render(request, "reports/dashboard_none.html")
    of = request.GET.get("of") or figures_shown(frame.release)[0].key
    told = _contacts(frame) if of == "contacts" else _figure(frame, of)
    number = _number(request)
    context = (
        framed(frame, "")
        | told
        | {
            "number": number,
            "before": frame.behind(of, **_marks(request), page=number - 1) if number > 1 else "",
            "after": frame.behind(of, **_marks(request), page=number + 1) if number * PAGE < told["count"] else "",
            "from_row": (number - 1) * PAGE + 1,
            "to_row": min(number * PAGE, told["count"]),
            "back": frame.address("reports:dashboard"),
        }
    )
    return render(request, "reports/figure_behind.html", context)


def _figure(frame, key: str) -> dict:
    shown_figure = figure_named(key, frame.release)
    if shown_figure is None:
        raise Http404
    told = {"title": shown_figure.title, "figure_key": key, "metric": shown_figure.metric}
    asked = frame.query(shown_figure)
    try:
        part = limited(asked, frame.narrow, frame.part)
    except Undivided as how:
        return told | _told(NOTHING, 0, [], shown_figure.metric) | {"undivided": DIMENSION_WORDS[how.by]}
    found = rows_behind(asked, part, first=(_number(frame.request) - 1) * PAGE, most=PAGE)
    figure, frozen = whole(asked, part), frame.frozen(asked)
    return (
        told
        | _told(figure, found.count, list(found.rows), shown_figure.metric)
        | {
            "ripeness": frame.ripeness(asked),
            "frozen": frozen,
            "is_restated": frozen and is_restated(asked, part, figure),
        }
    )


def _told(figure: Measured, count: int, rows, metric: str) -> dict:
    return {"value": shown(figure.value, metric), "sides": sides(figure, metric), "count": count, "rows": rows}


def to_export(asking: Asking) -> tuple[str, Any]:
    """Return the title and all rows of what an address asks for, streamed: those that the page shows page by page.

    Raises `NotThere` where the page is not there.
    """
    frame = frame_for(asking)
    try:
        return _all_rows(frame)
    except (Http404, Undivided) as lacking:
        raise NotThere from lacking


def _all_rows(frame) -> tuple[str, Any]:
    of = frame.request.GET.get("of") or figures_shown(frame.release)[0].key
    if of == "contacts":
        return _("Contacts"), cut(counting.told(_contacts_found(frame)), EVERY)
    figure = figure_named(of, frame.release)
    if figure is None:
        raise Http404
    asked = frame.query(figure)
    found = rows_behind(asked, limited(asked, frame.narrow, frame.part), most=None)
    return f"{figure.title} {frame.period.key}", found


def _contacts_found(frame):
    try:
        found = counting.contacts(frame.visits, frame.narrow, frame.part, _marked(frame.request))
    except Undivided as how:
        raise Http404 from how
    return found.filter(counting.OUR_CALLS) if frame.request.GET.get("called") else found


def _contacts(frame) -> dict:
    found = _contacts_found(frame)
    first = (_number(frame.request) - 1) * PAGE
    count, good, rows = counting.rows_of(found, first=first, most=PAGE)
    return {
        "title": _("Contacts"),
        "figure_key": "contacts",
        "marks": list(_mark_words(frame)),
        "value": str(count),
        "reached": good,
        "count": count,
        "contacts": [
            row
            | {
                "when": moment_words(row["logged_at"]),
                "channel": CHANNELS.get(row["channel"], row["channel"]),
                "outcome": OUTCOMES.get(row["outcome"], row["outcome"]),
            }
            for row in rows
        ],
    }


MARKS = ("outcome", "weekday", "hour", "part", "since", "called", "about")


def _marks(request) -> dict[str, str]:
    return {name: request.GET[name] for name in MARKS if request.GET.get(name)}


def _marked(request) -> Marked:
    told = _marks(request)
    if told.get("outcome", Outcome.REACHED) not in OUTCOMES:
        raise Http404
    return Marked(
        outcome=told.get("outcome", ""),
        weekday=_among(told.get("weekday"), range(1, 8)),
        hour=_among(told.get("hour"), range(24)),
        in_period=_part(told.get("part", "")),
        since=day_asked(told.get("since", "")),
        about=_about(told),
    )


def _about(told) -> str | None:
    return None if "about" not in told else "" if told["about"] == NONE else told["about"][:60]


def _among(text: str | None, numbers: range) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 2 or int(text) not in numbers:
        raise Http404
    return int(text)


def _part(text: str) -> str:
    try:
        return period_named(text).key if text else ""
    except ValueError as nonsense:
        raise Http404 from nonsense


def _mark_words(frame):
    marked = _marked(frame.request)
    if marked.about is not None:
        yield names_of("problem", [marked.about], frame.packs)[marked.about] if marked.about else _("not sorted")
    if marked.outcome:
        yield OUTCOMES[marked.outcome]
    if marked.weekday:
        yield WEEKDAYS[marked.weekday - 1]
    if marked.hour is not None:
        yield f"{marked.hour}:00–{marked.hour + 1}:00"
    if marked.in_period:
        yield marked.in_period
    if marked.since:
        yield _("since %s") % marked.since.isoformat()


def _number(request) -> int:
    text = request.GET.get("page", "1")
    return max(1, min(int(text), LAST_PAGE)) if text.isdecimal() and len(text) < 8 else 1
