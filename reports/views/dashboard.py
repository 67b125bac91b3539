"""The dashboard: cards, trends, ranking, kinds of problems, comparisons, the best hours to call (AK-23)."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.domain.dashboard.naming import may_look
from reports.views import dashboard_charts as charts
from reports.views import dashboard_parts as parts
from reports.views.dashboard_bar import filled, framed
from reports.views.dashboard_frame import NONE, frame_of
from reports.views.dashboard_words import card_words

DRAWN = 4  # comparisons side by side
PROBLEMS = "metric:complaint_count"


@require_safe
def dashboard(request):
    """Show the figures of a period to whoever looks after people; anybody else is led to their own."""
    if not may_look(request.user, on=request.today):
        return redirect("reports:my_figures")
    frame = frame_of(request)
    if frame is None:
        return render(request, "reports/dashboard_none.html")
    cards, shown = parts.cards_of(frame), parts.focus_of(frame)
    focus = next(one for one in cards if one.shown.key == shown.key)
    problems = [one for one in (_problems(frame), _wrong(frame)) if one]
    is_empty = not any(one.figure.denominator for one in cards)
    context = framed(frame, "reports:dashboard") | {
        "cards": [card_words(one, frame, shown.key) for one in cards],
        "focus": shown,
        "frozen": frame.frozen(frame.query(shown)),
        "trends": [charts.trend(one, frame) for one in _trends(cards, focus)],
        "ranking": charts.ranking(parts.divided("employee", shown, frame), shown, frame),
        "problems": problems,
        "comparisons": frame.address("reports:dashboard_comparisons", focus=shown.key),
        "is_empty": is_empty,
        "filled": filled(frame, parts.figured_before(cards)) if is_empty else {},
        "is_new": is_empty and not any(one.begun for one in cards) and not any(one["rows"] for one in problems),
    }
    return render(request, "reports/dashboard.html", context)


@require_safe
def dashboard_comparisons(request):
    """Show the figure looked at closely by each dimension that tells something, and the best hours to call.

    The overview fetches this part when it stands: what a customer is today and the hours of calls are counted from the
    rows, which takes a while where there are millions of them.
    """
    frame = frame_of(request) if may_look(request.user, on=request.today) else None
    if frame is None:
        return redirect("reports:dashboard")
    shown = parts.focus_of(frame)
    context = framed(frame, "reports:dashboard") | {
        "focus": shown,
        "comparisons": sorted(_comparisons(shown, frame), key=lambda one: len(one["rows"])),  # neighbours of one height
        "heat": _heat(frame),
    }
    part = "#comparisons" if request.htmx else ""
    return render(request, f"reports/dashboard_comparisons.html{part}", context)


def _trends(cards, focus) -> list:
    """Return the two figures whose run-up is drawn: the one looked at closely, and the first other of the six."""
    return [focus, next(one for one in cards if one is not focus)]


def _comparisons(shown, frame):
    """Yield the figure by the dimensions that tell something: in which there is more than one value."""
    wanted, room = parts.compared_by(frame), DRAWN
    for asked in (wanted[:DRAWN], wanted[DRAWN:]):  # together, for what is counted from rows is then counted once
        for by, (now, before) in parts.divided_by(frame, shown, asked, frame.compared).items() if room else ():
            if len(now) > 1 and room:
                room -= 1
                yield charts.by_dimension(by, now, before, shown, frame)


def _problems(frame) -> dict:
    """Return the complaints by category."""

    def address(key):
        return frame.behind(PROBLEMS, category=key)

    return charts.problems("problems", _("Complaints by category"), "category", parts.complaints(frame), address, frame)


def _wrong(frame) -> dict | None:
    """Return what customers found wrong in visits, by its kind; nothing where visits have no such filter."""
    counts = parts.told_problems(frame)
    if counts is None:
        return None

    def address(key):
        return frame.behind("contacts", about=key or NONE)

    return charts.problems("wrong", _("Problems told in visits"), "problem", counts, address, frame)


def _heat(frame) -> dict | None:
    hours = parts.hours_of(frame)
    return None if hours is None else charts.heat(hours, frame)
