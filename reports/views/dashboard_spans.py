"""Before and after: figures of two spans of days side by side, such as those of a project (AC-04)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from reports.domain.dashboard.choosing import SPAN, figures_shown
from reports.domain.dashboard.comparing import change
from reports.domain.dashboard.naming import may_look
from reports.domain.dashboard.narrowing import Undivided
from reports.domain.dashboard.reckoning import figures_over
from reports.domain.figures.measured import NOTHING, shown, sides
from reports.forms.dashboard import day_asked
from reports.views.dashboard_bar import framed
from reports.views.dashboard_frame import frame_of
from reports.views.dashboard_words import change_words
from staff.domain.periods import Period

USUAL = 28  # days of each span where none are asked for


@dataclass(frozen=True)
class Spans:
    """Two spans of days; both ends belong to them."""

    before: Period
    after: Period


@require_safe
def dashboard_spans(request):
    """Show the chosen figures before and after, with the difference of each."""
    if not may_look(request.user, on=request.today):
        return redirect("reports:my_figures")
    frame = frame_of(request)
    if frame is None:
        return render(request, "reports/dashboard_none.html")
    spans, offered = _spans(request), figures_shown(frame.release)
    picked = set(request.GET.getlist("figure"))
    chosen = [one for one in offered if one.key in picked] or offered
    context = framed(frame, "reports:dashboard_spans") | {
        "spans": spans,
        "offered": [(one.key, one.title, one in chosen) for one in offered],
        "compared": [_compared(one, spans, frame) for one in chosen],
    }
    return render(request, "reports/dashboard_spans.html", context)


def _compared(figure, spans: Spans, frame) -> dict:
    try:
        asked = frame.query(figure, spans.after)
        before, after = figures_over(asked, [spans.before, spans.after], frame.narrow, frame.part)
    except Undivided:
        before = after = NOTHING
    return {
        "title": figure.title,
        "change": change_words(change(after, before, figure.metric), figure.metric),
        **{
            name: {
                "value": shown(one.value, figure.metric),
                "sides": sides(one, figure.metric),
                "href": frame.behind(figure.key, span),
            }
            for name, one, span in (("before", before, spans.before), ("after", after, spans.after))
        },
    }


def _spans(request) -> Spans:
    """Return the two spans that the address names; of one that is left out, the four weeks that fit."""
    today = request.today
    after = _span(request, "after") or Period(SPAN, today - timedelta(USUAL - 1), today)
    before = _span(request, "before") or _right_before(after)
    return Spans(before, after)


def _span(request, name: str) -> Period | None:
    first, last = (day_asked(request.GET.get(f"{name}_{end}", "")) for end in ("from", "to"))
    return Period(SPAN, first, last) if first and last and first <= last else None


def _right_before(span: Period) -> Period:
    length = span.last - span.first
    last = date.fromordinal(max(2, span.first.toordinal() - 1))
    return Period(SPAN, max(date.min, last - length) if last.toordinal() > length.days else date.min, last)
