"""The figures of the people one looks after, period by period, with the rows behind each."""

from fractions import Fraction

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.domain.facts.ripening import is_ripening
from reports.domain.figures import table
from reports.domain.figures.measured import shown, sides
from staff.domain.conduct.browsing import rule_title
from staff.domain.conduct.explaining import explanation
from staff.domain.metric_words import bar_words
from staff.domain.periods import period_named
from staff.domain.seeing import violations_seen_by


@require_safe
def figure_list(request):
    """Show one figure of everybody whom the person may see; of one of them also what it was counted from."""
    offered = table.to_ask(on=request.today)
    asked = next((one for one in offered if one.key == request.GET.get("of")), offered[0] if offered else None)
    if asked is None:
        return render(request, "reports/figure_list.html", {"offered": []})
    period = _period(request, asked)
    looked = table.look(asked, period, now=request.now)
    lines, whole = table.lines(asked, period, request.user, on=request.today, now=request.now, looked=looked)
    chosen = _chosen(request, lines)
    context = {
        "offered": offered,
        "periods": table.periods_of(asked, on=request.today),
        "lines": [_line(line, asked) for line in lines],
        "whole": {"value": shown(whole.value, asked.looked_at.metric), "sides": sides(whole, asked.looked_at.metric)},
        "chosen": chosen,
        "rows": table.rows_behind(asked, period, chosen.employee.pk, now=request.now) if chosen else [],
    }
    if not chosen:
        units = table.by_unit(asked, period, lines, request.user, on=request.today, looked=looked)
        context["units"] = [_line(one, asked) for one in units]
        context["open"] = table.left_open(asked, period, request.user, on=request.today, now=request.now)
    context |= _heading(asked, period) | _course(request, asked, period)
    return render(request, "reports/figure_list.html", context)


@require_safe
def figure(request, pk):
    """Show what the figure behind a reward or a penalty was counted from."""
    seen = violations_seen_by(request.user, on=request.today)
    violation = get_object_or_404(seen.select_related("release__policy", "employee", "primary"), pk=pk)
    section = "penalty" if violation.kind == "penalty" else "reward"
    key = f"{violation.policy_id}/{section}:{violation.rule}"
    asked = next((one for one in table.to_ask(on=violation.occurred_on) if one.key == key), None)
    title = asked.title if asked else rule_title(violation)
    context = {"violation": violation, "title": title, "explanation": explanation(violation), "rows": []}
    if asked is not None and violation.subject.startswith("period:"):
        period = period_named(violation.subject.removeprefix("period:").partition("/")[0])
        rows = table.rows_behind(asked, period, violation.employee_id, now=request.now)
        context |= {"rows": rows} | _heading(asked, period)
    return render(request, "reports/figure.html", context)


def _heading(asked, period) -> dict:
    bar = shown(Fraction(asked.threshold), asked.looked_at.metric) if asked.threshold is not None else ""
    return {"asked": asked, "period": period, "bar": bar_words(asked.op, bar)}


def _course(request, asked, period) -> dict:
    """Return whether the period runs, or its figure still ripens: then a bar is not missed yet."""
    question = asked.looked_at.asked(period, now=request.now)
    ripening = question is not None and is_ripening(question)
    return {"ripening": ripening, "runs": ripening or period.last >= request.today}


def _period(request, asked):
    """Return the period that the address names; one of another kind, or none, stands for the present one."""
    try:
        found = period_named(request.GET.get("period", ""))
    except ValueError:
        return table.periods_of(asked, on=request.today)[0]
    return found if found.per == asked.looked_at.per else table.periods_of(asked, on=request.today)[0]


def _chosen(request, lines):
    """Return the line of the person that the address names; somebody else's looks as if it were not there."""
    who = request.GET.get("who", "")
    if not who:
        return None
    found = next((line for line in lines if str(line.employee.pk) == who), None)
    if found is None:
        raise Http404
    return found


def _line(line, asked) -> dict:
    metric = asked.looked_at.metric
    return {"line": line, "value": shown(line.figure.value, metric), "sides": sides(line.figure, metric)}
