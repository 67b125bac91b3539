"""The pages beside the dashboard: statistics of visits (P-05), survey questions (H-09), departments (B-06)."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.domain.dashboard.contacts import statistics
from reports.domain.dashboard.naming import CHANNELS, full_name, may_look, names_of
from reports.domain.dashboard.narrowing import Undivided
from reports.domain.dashboard.reckoning import Card
from reports.domain.figures.measured import number, shown, sides
from reports.views import dashboard_charts as charts
from reports.views import dashboard_parts as parts
from reports.views.dashboard_bar import filled, framed
from reports.views.dashboard_frame import frame_of
from reports.views.dashboard_words import change_words
from staff.domain.periods import period_of
from visits.choices import Outcome

OUTCOMES = dict(Outcome.choices)


def _frame(request):
    """Return the frame of a page and no answer, or no frame and the answer that is given instead."""
    if not may_look(request.user, on=request.today):
        return None, redirect("reports:my_figures")
    frame = frame_of(request)
    return frame, None if frame else render(request, "reports/dashboard_none.html")


@require_safe
def dashboard_contacts(request):
    """Show how many contacts there were by day, channel, class and result; every number opens its contacts."""
    frame, instead = _frame(request)
    if instead:
        return instead
    try:
        told = statistics(frame.visits, frame.narrow, frame.part)
    except Undivided:
        return redirect(frame.address(category=None))
    context = framed(frame, "reports:dashboard_contacts") | {
        "told": told,
        "filled": {} if told.count else filled(frame, parts.filled_before(frame)),
        "all": frame.behind("contacts"),
        "crossed": _crossed(told, frame),
        "charts": list(_statistics(told, frame)),
    }
    return render(request, "reports/dashboard_contacts.html", context)


def _crossed(told, frame) -> dict:
    outcomes = [one for one in OUTCOMES if one in told.outcome]
    rows = []
    for channel in sorted(told.channel, key=lambda one: -told.channel[one]):
        cells = [
            {
                "text": told.crossed.get((channel, outcome), 0),
                "href": frame.behind("contacts", channel=channel, outcome=outcome),
            }
            for outcome in outcomes
        ]
        whole = {"text": told.channel[channel], "href": frame.behind("contacts", channel=channel)}
        rows.append({"label": CHANNELS.get(channel, channel), "cells": cells, "whole": whole})
    foot = [{"text": told.outcome[one], "href": frame.behind("contacts", outcome=one)} for one in outcomes]
    return {"heads": [OUTCOMES[one] for one in outcomes], "rows": rows, "foot": foot}


def _statistics(told, frame):
    def of(by):
        return lambda key: frame.behind("contacts", **{by: key})

    rules = names_of("rule", told.rule, frame.packs)
    whole = told.count
    yield charts.days(told.days, lambda key: frame.behind("contacts", part=key), whole=whole)
    yield charts.counted(
        "channels", _("By channel"), CHANNELS, told.channel, of("channel"), head=_("Channel"), whole=whole
    )
    yield charts.counted("classes", _("By class"), rules, told.rule, of("rule"), head=_("Rule"), whole=whole)
    yield charts.counted(
        "outcomes", _("By result"), OUTCOMES, told.outcome, of("outcome"), head=_("Result"), whole=whole
    )


@require_safe
def dashboard_questions(request):
    """Show what was answered to each question of the surveys, ranked by average, the lowest marked."""
    frame, instead = _frame(request)
    if instead:
        return instead
    try:
        told = parts.answers(frame)
    except Undivided:
        return redirect(frame.address(category=None))
    context = framed(frame, "reports:dashboard_questions") | {
        "questions": [_question(one) for one in told],
        "filled": {} if told else filled(frame, parts.filled_before(frame, reached=True)),
        "visits": frame.behind("contacts", outcome=Outcome.REACHED),
    }
    return render(request, "reports/dashboard_questions.html", context)


def _question(one) -> dict:
    return {
        "told": one,
        "average": number(one.average) if one.average is not None else "—",
        "level": shown(one.level, "satisfaction_rate"),
        "values": [(value, count, 100 * count // one.count) for value, count in one.values],
    }


@require_safe
def dashboard_units(request):
    """Show each department's satisfaction month by month, a fall flagged, and what is being improved there."""
    frame, instead = _frame(request)
    if instead:
        return instead
    try:
        figure, found = parts.departments(frame)
    except Undivided as how:
        return redirect(frame.address(**{how.by: None}))
    context = framed(frame, "reports:dashboard_units") | {
        "month": period_of("month", min(frame.period.last, request.today)).key,
        "results": [_result(one, figure, frame) for one in found],
    }
    return render(request, "reports/dashboard_units.html", context)


def _result(one, figure, frame) -> dict:
    by = {"department": str(one.department.pk)}
    card = Card(figure, one.figure, one.run[-2][1], one.run)
    return {
        "name": full_name(one.department),
        "value": shown(one.figure.value, figure.metric),
        "sides": sides(one.figure, figure.metric),
        "behind": frame.behind(figure.key, one.run[-1][0], **by),
        "change": change_words(one.change(figure.metric), figure.metric),
        "fell": one.fell(figure.metric),
        "chart": charts.trend(card, frame, f"-{one.department.pk}", **by),
        "actions": one.actions,
        "pk": one.department.pk,
    }
