"""Before and after: figures of two spans of days side by side, such as those of a project (AC-04)."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from reports.domain.dashboard.choosing import figures_shown
from reports.domain.dashboard.comparing import change
from reports.domain.dashboard.naming import may_look
from reports.domain.figures.measured import shown, sides
from reports.views import dashboard_parts as parts
from reports.views.dashboard_bar import framed
from reports.views.dashboard_frame import frame_of
from reports.views.dashboard_words import change_words


@require_safe
def dashboard_spans(request):
    """Show the chosen figures before and after, with the difference of each."""
    if not may_look(request.user, on=request.today):
        return redirect("reports:my_figures")
    frame = frame_of(request)
    if frame is None:
        return render(request, "reports/dashboard_none.html")
    spans, chosen = parts.spans_of(frame), parts.chosen_figures(frame)
    context = framed(frame, "reports:dashboard_spans") | {
        "spans": spans,
        "offered": [(one.key, one.title, one in chosen) for one in figures_shown(frame.release)],
        "compared": [_compared(*told, spans, frame) for told in parts.over_spans(frame, spans)],
    }
    return render(request, "reports/dashboard_spans.html", context)


def _compared(figure, before, after, spans, frame) -> dict:
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
