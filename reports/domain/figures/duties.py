"""Figures over what people owe and what became of it: reports, inspections, papers, violations, awards, votes."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from django.db.models import BigIntegerField, Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When

from config.packs.measuring import KpiSpec
from reports.choices import InspectionState, ReportFate
from reports.domain.figures.bounds import due_day, falls_due
from reports.domain.figures.contacts import HUNDRED, of_visit, visits
from reports.domain.figures.counted import Counted, Given, GivenRow, Shown, day_of
from reports.domain.figures.limiting import visits_of
from reports.domain.figures.measured import plain
from reports.domain.figures.query import Query
from reports.models import InspectionItem, OwedReport
from staff.choices import ConductKind, Liability, MeasureState
from staff.domain.demanding import Demand, Units, demanded_of, demands
from staff.domain.workforce import load_workforce
from staff.models import Ballot, QualificationHeld, Violation
from visits.choices import RecordKind
from visits.models import Obligation, VisitRecord

SCORED = (InspectionState.SCORED, InspectionState.APPEALED, InspectionState.FINAL)
# An inclusive bound holds its whole second, as the cut-off of a report does.
IN_TIME = Q(first_submitted_at__lt=F("due_at")) | Q(
    first_submitted_at__lt=F("due_at") + timedelta(seconds=1), inclusive=True
)
DONE_IN_TIME = Q(done_at__lt=F("due_at")) | Q(done_at=F("due_at"), inclusive=True)
OF_CLAUSE: Final = {"rule": "rule"}  # the entry of the regulation under which it stands
BEST = 10_000  # what `InspectionItem.result` counts in: hundredths of a per cent


def report_rate(asked: Query) -> tuple[Counted, ...]:
    """Return reports handed in before their cut-off / reports whose cut-off lay in the period."""
    shown = Shown("key")
    return (_owed(asked, reports(asked), shown, good=IN_TIME, met_at="first_submitted_at"),)


def reports(asked: Query) -> QuerySet[OwedReport]:
    """Return the reports whose cut-off lay in the period, those left out that leave excused."""
    found = OwedReport.objects.filter(falls_due(asked.since, asked.stops), policy=asked.policy)
    codes = asked.codes("report")
    return (found.filter(rule__in=codes) if codes else found).exclude(fate=ReportFate.EXCUSED)


def obligation_rate(asked: Query) -> tuple[Counted, ...]:
    """Return deeds done within their bound / deeds whose bound lay in the period; dropped ones are left out."""
    return (_owed(asked, obligations(asked), Shown("rule"), good=DONE_IN_TIME, met_at="done_at"),)


def _owed(asked: Query, found: QuerySet[Any], shown: Shown, **what: Any) -> Counted:
    return Counted(found, "employee", "branch", due_day(asked.zone), "due_at", shown, asked.zone, by=OF_CLAUSE, **what)


def obligations(asked: Query) -> QuerySet[Obligation]:
    """Return the deeds that fell due in the period; one whose clock stands still has no bound until it goes on."""
    found = Obligation.objects.filter(falls_due(asked.since, asked.stops), policy=asked.policy, paused_at=None)
    codes = asked.codes("obligation")
    return (found.filter(rule__in=codes) if codes else found).exclude(state=MeasureState.DROPPED)


def accuracy_rate(asked: Query) -> tuple[Counted, ...]:
    """Return records found accurate / inspected for it; basis `all`: visits that all who looked found so / visits."""
    found = _inspected(asked).filter(accurate__isnull=False)
    if asked.kpi.basis != "all":
        return (_items(asked, found, good=Q(accurate=True)),)
    accurate, wrong = (_is_found(found.filter(accurate=verdict)) for verdict in (True, False))
    return (visits(asked, visits_of(asked), good=accurate & ~wrong),)


def _is_found(items: QuerySet[InspectionItem]) -> Q:
    """Return the condition that a visit is one of those inspected; whatever was corrected since stands for it."""
    standing: set[int] = set()
    later = set(_corrected(items.values("record")))
    while later:
        standing |= later
        later = set(_corrected(sorted(later)))
    return Q(Exists(items.filter(record=OuterRef("pk")))) | Q(pk__in=standing)


def _corrected(records: Any) -> QuerySet[VisitRecord, Any]:
    """Return what these records were corrected to."""
    found = VisitRecord.objects.filter(supersedes__in=records, kind=RecordKind.CORRECTION)
    return found.values_list("pk", flat=True)


def quality_score(asked: Query) -> tuple[Counted, ...]:
    """Return points / possible points of what was inspected, each inspection with the same weight."""
    found = _inspected(asked).filter(result__isnull=False)
    return (_items(asked, found, value=F("result"), weight=BEST),)


def _items(asked: Query, found: QuerySet[InspectionItem], **what: Any) -> Counted:
    """Return what was inspected as it is counted: on the day of the visit, anything else on the last of the period."""
    last = Value(asked.whole.last, output_field=DateField())
    on = Case(When(record=None, then=last), default=day_of("record__logged_at", asked.zone), output_field=DateField())
    shown = Shown(
        "pk", "reports:inspection_item", mark="#", value="result", words=lambda points: plain(Fraction(points, HUNDRED))
    )  # fmt: skip
    return Counted(
        found, "employee", "branch", on, "record__logged_at", shown, asked.zone, by=of_visit(asked, "record"), **what
    )  # fmt: skip


def _inspected(asked: Query) -> QuerySet[InspectionItem]:
    """Return what was scored: records by the day of the visit, anything else by the period of its inspection."""
    found = InspectionItem.objects.filter(
        inspection__policy=asked.policy, state__in=SCORED, second_of=None, employee__isnull=False
    )
    if cards := asked.codes("scorecard"):
        found = found.filter(inspection__scorecard__in=cards)
    of_records = Q(record__logged_at__gte=asked.since, record__logged_at__lt=asked.stops)
    of_period = Q(record=None, inspection__period=asked.whole.key) if asked.holds_end else Q(pk__in=[])
    return found.filter(of_records | of_period)


def qualification_rate(asked: Query) -> tuple[Given, ...]:
    """Return qualifications held / demanded on the last day of the period, or today while it lasts."""
    on = min(asked.whole.last, asked.now.astimezone(asked.zone).date())
    wanted = [one for one in demands(on=on) if one.release.policy_id == asked.policy]
    if codes := asked.codes("qualification"):
        wanted = [one for one in wanted if one.code in codes]
    return (Given(tuple(_demanded(wanted, on))),) if asked.holds_end else ()


def _demanded(wanted: Sequence[Demand], on: date) -> Iterator[GivenRow]:
    """Yield each qualification that somebody with a role must have on that day, good where they hold it."""
    held = set(QualificationHeld.objects.on(on).values_list("employee", "code"))
    workforce, units = load_workforce(), Units.read()
    roles: dict[int, set[str]] = {}
    for span, one in workforce.roles:
        if span.holds(on):
            roles.setdefault(one.employee, set()).add(one.role)
    for who in sorted(set(workforce.people) & set(roles)):
        if workforce.is_gone(who, on=on):
            continue
        post = workforce.post(who, on=on)
        for code in sorted({one.code for one in demanded_of(roles[who], units.of(post), wanted)}):
            yield GivenRow(who, post.branch, on, code, (who, code) in held, code)


def violation_count(asked: Query) -> tuple[Counted, ...]:
    """Return the confirmed violations of one's own in the period."""
    return (_entries(asked, violations(asked)),)


def _entries(asked: Query, found: QuerySet[Violation]) -> Counted:
    shown = Shown("rule", "staff:violation", value=Value(1))
    return Counted(
        found, "employee", "branch", F("occurred_on"), "occurred_on", shown, asked.zone, by=OF_CLAUSE
    )  # fmt: skip


def violations(asked: Query) -> QuerySet[Violation]:
    """Return the confirmed violations of the period, those that people only answer for left out."""
    found = _standing(asked).filter(kind=ConductKind.PENALTY, liability=Liability.PRIMARY)
    if asked.violations or asked.codes("penalty"):
        found = found.filter(Q(violation__in=asked.violations) | Q(rule__in=asked.codes("penalty")))
    return found


def award_count(asked: Query) -> tuple[Counted, ...]:
    """Return the awards and rewards that were confirmed for the period."""
    return (_entries(asked, awards(asked)),)


def awards(asked: Query) -> QuerySet[Violation]:
    """Return the confirmed rewards and awards of the period."""
    found = _standing(asked).filter(kind__in=(ConductKind.REWARD, ConductKind.AWARD))
    rewards = asked.codes("reward")
    return found.filter(rule__in=rewards) if rewards else found


def votes(asked: Query) -> tuple[Counted, ...]:
    """Return the votes for somebody in the period's election; `of` names the reward, without it all count together.

    An election is secret while it lasts, whoever asks. A vote belongs to the period as such, hence to its last day:
    nothing tells when it was cast.
    """
    found = Ballot.objects.filter(policy=asked.policy, period=asked.whole.key)
    if rewards := asked.codes("reward"):
        found = found.filter(rule__in=rewards)
    last = Value(asked.whole.last, output_field=DateField())
    nowhere = Value(None, output_field=BigIntegerField())
    shown = Shown("rule", value=Value(1))
    is_told = asked.holds_end and asked.is_over
    return (
        Counted(found if is_told else found.none(), "choice", nowhere, last, "choice", shown, asked.zone, by=OF_CLAUSE),
    )


def _standing(asked: Query) -> QuerySet[Violation]:
    return Violation.objects.standing().filter(
        policy=asked.policy, occurred_on__gte=asked.period.first, occurred_on__lte=asked.period.last
    )


def election(rule: str) -> KpiSpec:
    """Return the question for the votes of one reward."""
    return KpiSpec(code="votes", metric="votes", of=(rule,))
