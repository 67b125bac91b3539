"""The dictionary of metrics: what each figure means, where the regulation uses it, and what it comes to today."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.domain.dashboard.choosing import CATALOGUE
from reports.domain.dashboard.naming import may_look as looks_after
from reports.domain.figures import table
from reports.domain.figures.dictionary import BY_METRIC, DEFINITIONS, GROUPS, SCORECARD
from reports.domain.figures.measured import shown, sides
from reports.domain.figures.named import NAMED
from reports.domain.figures.uses import saying, says, uses
from staff.domain.access import may_open
from staff.domain.policies import spec_of


@require_safe
def metric_list(request):
    """Show every metric of the catalogue with its definition and where it is used; `q` searches all of it."""
    words, used = request.GET.get("q", "").strip(), uses(on=request.today)
    found = saying(words, used)
    refs = _clauses(used)
    context = {
        "q": words,
        "groups": [(group, _of_group(group, found, used)) for group in GROUPS],
        "found": len(found),
        "all": len(DEFINITIONS) + 1,
        "named": [_named(one, refs) for one in NAMED if says(words, one.name, one.formula, *one.clauses)],
    }
    return render(request, "reports/metric_list.html", context)


@require_safe
def metric(request, code):
    """Show one metric: its definition, who uses it with today's figure of whom the reader may see, and its past."""
    definition = SCORECARD if code == SCORECARD.metric else BY_METRIC.get(code)
    if definition is None:
        raise Http404
    may_look = may_open("reports:figure_list", "GET", request.user.base_roles)
    offered = {one.key: one for one in table.to_ask(on=request.today)} if may_look else {}
    context = {
        "one": definition,
        "on_dashboard": code in CATALOGUE and looks_after(request.user, on=request.today),
        "uses": [
            {"use": use, "today": _today(offered.get(use.key), request)} for use in uses(on=request.today).get(code, ())
        ],
        "named": [one for one in NAMED if code in one.metrics],
    }
    return render(request, "reports/metric.html", context)


def _of_group(group, found, used) -> list:
    return [(one, used.get(one.metric, ())) for one in found if one.group == group]


def _today(asked, request):
    """Return the figure of the present period of everybody whom the reader may see; None where there is none to ask."""
    if asked is None:
        return None
    period = table.periods_of(asked, on=request.today, most=1)[0]
    _lines, whole = table.lines(asked, period, request.user, on=request.today, now=request.now)
    name = asked.looked_at.metric
    return {"period": period.key, "value": shown(whole.value, name), "sides": sides(whole, name)}


def _clauses(used) -> dict[str, int]:
    """Return the policy of each clause of the releases in force that use metrics, by its reference."""
    releases = {use.release.pk: use.release for those in used.values() for use in those}
    return {clause.ref: release.policy_id for release in releases.values() for clause in spec_of(release).clause}


def _named(one, refs: dict[str, int]) -> dict:
    return {
        "one": one,
        "clauses": [(ref, refs.get(ref)) for ref in one.clauses],
        "metrics": [BY_METRIC.get(code, SCORECARD) for code in one.metrics],
    }
