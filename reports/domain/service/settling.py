"""What of a period was settled and what is not: postings of the ledger, open improvement actions, rounds of units."""

from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, F, Max, Q, Sum

from config.clock import local_day
from config.packs.measuring import KpiSpec
from reports.choices import ActionState
from reports.domain.inspecting.cards import card_of
from reports.domain.inspecting.standing import Standing, standings
from reports.domain.service.measuring import Subject
from reports.models import ImprovementAction, Inspection, Restatement
from staff.domain.conduct.browsing import rule_title
from staff.domain.periods import period_named
from staff.models import Branch, Department, LedgerEntry, Violation

MOST_ACTIONS: Final = 100


def ledger(about: Subject) -> list[list[Any]]:
    """Return what was posted for the month by rule: title, kind, unit, postings, sum in hundredths; most money first.

    A posting that was countered counts no more; the sum holds both and is what is left.
    """
    found = LedgerEntry.objects.filter(policy=about.release.policy_id, period=about.period.key)
    found = found if about.branch is None else found.filter(violation__branch=about.branch)
    rows = found.order_by().values("kind", "rule", "unit").annotate(
        n=Count("pk", filter=Q(reverses=None, reversed_by=None)), sum=Sum("amount"), release=Max("violation__release")
    )  # fmt: skip
    told = [
        [rule_title(Violation(rule=one["rule"], release_id=one["release"], kind=one["kind"])), one["kind"], one["unit"],
         one["n"], one["sum"]]
        for one in rows
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one[1], -one[4], one[0]))


def actions(about: Subject) -> list[dict[str, Any]]:
    """Return the improvement actions that are not ended as of the making, what is due first."""
    on = local_day(about.now)
    found = ImprovementAction.objects.filter(state__in=(ActionState.OPEN, ActionState.DONE))
    found = found if about.branch is None else found.filter(branch=about.branch)
    rows = found.select_related("owner", "branch", "department").order_by("due_on", "pk")[:MOST_ACTIONS]
    return [_action(one, on) for one in rows]


def _action(one: ImprovementAction, on: date) -> dict[str, Any]:
    late = one.state == ActionState.OPEN and one.due_on < on
    return {
        "id": one.pk, "title": one.title, "owner": str(one.owner), "unit": str(one.department or one.branch or ""),
        "due_on": one.due_on.isoformat(), "state": one.state, "late": late,
    }  # fmt: skip


def restated(about: Subject) -> list[list[Any]]:
    """Return what was found since the period began to be another in months that are closed, by month and metric.

    Each line is (month, metric, what came to the numerator, what came to the denominator).
    """
    since = about.asked(KpiSpec(code="visit_count", metric="visit_count")).since
    found = Restatement.objects.filter(measure__policy=about.release.policy_id, found_at__gte=since)
    found = found if about.branch is None else found.filter(branch=about.branch)
    rows = found.order_by().values("period", "measure", "measure__metric").annotate(
        top=Sum(F("numerator") - F("was_numerator")), below=Sum(F("denominator") - F("was_denominator"))
    )  # fmt: skip
    told = rows.order_by("period", "measure").values_list("period", "measure__metric", "top", "below")
    return [[period, metric, str(Fraction(top)), below] for period, metric, top, below in told]


def rounds(about: Subject) -> list[list[Any]]:
    """Return how units came off in rounds of the period: scorecard, unit, rounds, result, findings (N-08).

    The result joins the rounds as the scorecard says (90 and 80: 85 on average), exactly; empty without one.
    """
    told = []
    branches, departments = (
        dict(Branch.objects.values_list("pk", "name")),
        dict(Department.objects.values_list("pk", "name")),
    )
    found = Inspection.objects.filter(policy=about.release.policy_id).select_related("release")
    for inspection in found.filter(period__startswith=str(about.period.first.year)).order_by("scorecard", "pk"):
        span = period_named(inspection.period)
        if about.period.first <= span.first and span.last <= about.period.last:
            for one in _units(inspection, about.branch):
                unit = departments.get(one.department or 0) or branches.get(one.branch or 0) or ""
                result = "" if one.result is None else str(one.result)
                told.append([card_of(inspection).name, unit, one.scored, result, sum(one.failed.values())])
    return told


def _units(inspection: Inspection, branch: int | None) -> list[Standing]:
    found = [one for one in standings(inspection) if one.employee is None and one.scored]
    return found if branch is None else [one for one in found if one.branch == branch]
