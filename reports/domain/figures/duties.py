"""Figures over what people owe and what became of it: reports, inspections, papers, violations, awards, votes."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When

from config.packs.measuring import KpiSpec
from reports.choices import InspectionState, ReportFate
from reports.domain.figures.contacts import visit_count
from reports.domain.figures.query import Query, Row
from reports.models import InspectionItem, OwedReport
from staff.choices import ConductKind, Liability, MeasureState
from staff.domain.demanding import demanded_of, demands
from staff.domain.workforce import load_workforce
from staff.models import Ballot, Department, QualificationHeld, Violation
from visits.models import Obligation

SCORED = (InspectionState.SCORED, InspectionState.APPEALED, InspectionState.FINAL)
# An inclusive bound holds its whole second, as the cut-off of a report does.
IN_TIME = Q(first_submitted_at__lt=F("due_at")) | Q(
    first_submitted_at__lt=F("due_at") + timedelta(seconds=1), inclusive=True
)
DONE_IN_TIME = Q(done_at__lt=F("due_at")) | Q(done_at=F("due_at"), inclusive=True)
BEST = 10_000  # what `InspectionItem.result` counts in: hundredths of a per cent


def report_rate(asked: Query) -> Iterator[Row]:
    """Yield reports handed in before their cut-off / reports whose cut-off lay in the period."""
    yield from _share(reports(asked), IN_TIME)


def reports(asked: Query) -> QuerySet[OwedReport]:
    """Return the reports whose cut-off lay in the period, those left out that leave excused."""
    found = OwedReport.objects.filter(policy=asked.policy, due_at__gte=asked.since, due_at__lt=asked.until)
    codes = asked.codes("report")
    return (found.filter(rule__in=codes) if codes else found).exclude(fate=ReportFate.EXCUSED)


def obligation_rate(asked: Query) -> Iterator[Row]:
    """Yield deeds done within their bound / deeds whose bound lay in the period; dropped ones are left out."""
    yield from _share(obligations(asked), DONE_IN_TIME)


def obligations(asked: Query) -> QuerySet[Obligation]:
    """Return the deeds that fell due in the period; one whose clock stands still has no bound until it goes on."""
    found = Obligation.objects.filter(
        policy=asked.policy, due_at__gte=asked.since, due_at__lt=asked.until, paused_at=None
    )
    codes = asked.codes("obligation")
    return (found.filter(rule__in=codes) if codes else found).exclude(state=MeasureState.DROPPED)


def accuracy_rate(asked: Query) -> Iterator[Row]:
    """Yield records found accurate / inspected for it; basis `all`: / visits."""
    found = _inspected(asked).filter(accurate__isnull=False)
    if asked.kpi.basis != "all":
        yield from _share(found, Q(accurate=True))
        return
    for who, where, accurate, _all in _share(found, Q(accurate=True)):
        yield who, where, accurate, 0
    for who, where, visits, _one in visit_count(asked):
        yield who, where, 0, int(visits)


def quality_score(asked: Query) -> Iterator[Row]:
    """Yield points / possible points of what was inspected, each inspection with the same weight."""
    found = _inspected(asked).filter(result__isnull=False).order_by().values("employee", "branch")
    sums = found.annotate(points=Sum("result"), all=Count("pk"))
    for who, where, points, count in sums.values_list("employee", "branch", "points", "all"):
        yield who, where, points, BEST * count


def _inspected(asked: Query) -> QuerySet[InspectionItem]:
    """Return what was scored: records by the day of the visit, anything else by the period of its inspection."""
    found = InspectionItem.objects.filter(
        inspection__policy=asked.policy, state__in=SCORED, second_of=None, employee__isnull=False
    )
    if cards := asked.codes("scorecard"):
        found = found.filter(inspection__scorecard__in=cards)
    of_records = Q(record__logged_at__gte=asked.since, record__logged_at__lt=asked.until)
    return found.filter(of_records | Q(record=None, inspection__period=asked.period.key))


def qualification_rate(asked: Query) -> Iterator[Row]:
    """Yield qualifications held / demanded on the last day of the period, or today while it lasts."""
    on = min(asked.period.last, asked.now.astimezone(asked.zone).date())
    wanted = [one for one in demands(on=on) if one.release.policy_id == asked.policy]
    if codes := asked.codes("qualification"):
        wanted = [one for one in wanted if one.code in codes]
    held = set(QualificationHeld.objects.on(on).values_list("employee", "code"))
    workforce, names = load_workforce(), dict(Department.objects.values_list("pk", "name"))
    for who in sorted(workforce.people):
        if workforce.is_gone(who, on=on):
            continue
        post = workforce.post(who, on=on)
        roles = {one.role for span, one in workforce.roles if one.employee == who and span.holds(on)}
        if not roles:
            continue
        owed = {one.code for one in demanded_of(roles, names.get(post.department or 0, ""), wanted)}
        yield who, post.branch, sum((who, code) in held for code in owed), len(owed)


def violation_count(asked: Query) -> Iterator[Row]:
    """Yield the number of confirmed violations of one's own in the period; denominator 1."""
    yield from _counted(violations(asked), "employee")


def violations(asked: Query) -> QuerySet[Violation]:
    """Return the confirmed violations of the period, those that people only answer for left out."""
    found = _standing(asked).filter(kind=ConductKind.PENALTY, liability=Liability.PRIMARY)
    if asked.violations or asked.codes("penalty"):
        found = found.filter(Q(violation__in=asked.violations) | Q(rule__in=asked.codes("penalty")))
    return found


def award_count(asked: Query) -> Iterator[Row]:
    """Yield the number of awards and rewards that were confirmed for the period; denominator 1."""
    yield from _counted(awards(asked), "employee")


def awards(asked: Query) -> QuerySet[Violation]:
    """Return the confirmed rewards and awards of the period."""
    found = _standing(asked).filter(kind__in=(ConductKind.REWARD, ConductKind.AWARD))
    rewards = asked.codes("reward")
    return found.filter(rule__in=rewards) if rewards else found


def votes(asked: Query) -> Iterator[Row]:
    """Yield the votes for somebody in the period's election; `of` names the reward, without it all count together."""
    found = Ballot.objects.filter(policy=asked.policy, period=asked.period.key)
    if rewards := asked.codes("reward"):
        found = found.filter(rule__in=rewards)
    sums = found.order_by().values("choice").annotate(all=Count("pk"))
    for who, count in sums.values_list("choice", "all"):
        yield who, None, count, 1


def _standing(asked: Query) -> QuerySet[Violation]:
    return Violation.objects.standing().filter(
        policy=asked.policy, occurred_on__gte=asked.period.first, occurred_on__lte=asked.period.last
    )


def _counted(found: QuerySet, who: str) -> Iterator[Row]:
    sums = found.order_by().values(who, "branch").annotate(all=Count("pk"))
    for whose, where, count in sums.values_list(who, "branch", "all"):
        yield whose, where, count, 1


def _share(found: QuerySet, good: Q) -> Iterator[Row]:
    rows = found.annotate(good=Case(When(good, then=1), default=0)).order_by().values("employee", "branch")
    sums = rows.annotate(met=Count("pk", filter=Q(good=1)), all=Count("pk"))
    yield from sums.values_list("employee", "branch", "met", "all")


def election(rule: str) -> KpiSpec:
    """Return the question for the votes of one reward."""
    return KpiSpec(code="votes", metric="votes", of=(rule,))
