"""Figures of people over a period that has ended, counted a second time by loops over plain rows."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from django.db.models import Q, QuerySet

from reports.domain.auditing import booked, evaluated, further, told
from reports.domain.auditing.regulation import as_list
from reports.domain.auditing.visits import handing_over, last_moment
from reports.models import InspectionItem, OwedReport
from staff.models import Ballot, Violation
from visits.models import FollowUpItem, Obligation, RecordTask, ServiceEvent, VisitRecord, VisitTask

OUTSIDE: Final = ("cancelled", "expired", "not_sampled")
COUNTS: Final = (
    "visit_count", "violation_count", "award_count", "votes", "complaint_count", "compensation_sum",
    "opportunity_sum",
)  # fmt: skip
STANDING: Final = ("confirmed", "appealed", "settled")
Row = tuple[int | None, Any, Any, int]  # who, what is counted once, its share of the numerator, of the denominator


@dataclass(frozen=True)
class Asked:
    """One figure of one policy over the days from `first` to `last`; `spec` is the table of the regulation."""

    spec: Mapping[str, Any]
    policy: int
    pack: Mapping[str, Any]
    key: str
    first: date
    last: date
    since: datetime
    until: datetime

    @property
    def metric(self) -> str:
        """Return which figure of the catalogue it is."""
        return str(self.spec["metric"])

    def named(self, section: str) -> set[str]:
        """Return the entries of a section that `of` names, in full or bare."""
        known = {str(one.get("code", one.get("metric"))) for one in as_list(self.pack.get(section, []))}
        names = [str(one).removeprefix(f"{section}:").partition("/")[0] for one in as_list(self.spec.get("of"))]
        return {one for one in names if one in known}

    def names(self, rule: str, step: str, kind: str, channel: str) -> bool:
        """Say whether a visit is of what `of` names: one of its rules, steps and kinds, by one of its channels."""
        rules = as_list(self.pack.get("visit_rule", []))
        known = {one.get("code") for one in (*rules, *as_list(self.pack.get("event_kind", [])))}
        known |= {name for one in rules for name in as_list(one.get("trigger"))}
        told = [str(one) for one in as_list(self.spec.get("of"))]
        whose = [one for one in told if one.startswith("visit_rule:") or one in known]
        ways = [one for one in told if one not in whose and ":" not in one]
        fits = {rule, f"visit_rule:{rule}", f"visit_rule:{rule}/{step}", kind}
        return (not whose or bool(fits & set(whose))) and (not ways or channel in ways)


def figures(asked: Asked) -> dict[int, tuple[Fraction, int]] | None:
    """Return numerator and denominator of everybody who has the figure; None for one that is not counted here."""
    count = METRICS.get(asked.metric)
    if count is None or asked.spec.get("when"):
        return None
    tops: dict[int, dict[Any, Fraction]] = defaultdict(dict)
    wholes: dict[int, dict[Any, int]] = defaultdict(dict)
    for who, what, top, whole in count(asked):
        if who is not None:
            tops[who][what] = max(Fraction(top), tops[who].get(what, Fraction(top)))
            wholes[who][what] = whole
    sums = {who: (sum(tops[who].values(), Fraction(0)), sum(one.values())) for who, one in wholes.items()}
    if asked.metric in COUNTS:
        return {who: (top, 1) for who, (top, _whole) in sums.items()}
    return {who: one for who, one in sums.items() if one[1]}


def visits(asked: Asked) -> Iterator[VisitRecord]:
    """Yield the visits of the period as they stand: each contact with a customer who was reached, once."""
    links = RecordTask.objects.filter(
        task__release__policy=asked.policy, record__outcome="reached", record__logged_at__gte=asked.since,
        record__logged_at__lt=asked.until, record__superseded_by=None,
    ).exclude(record__kind="void")  # fmt: skip
    seen: set[int] = set()
    for link in links.select_related("record", "task__step__rule", "task__event__kind").iterator(chunk_size=500):
        names = (link.task.step.rule.code, link.task.step.code, link.task.event.kind.code, link.record.channel)
        if link.record_id not in seen and asked.names(*names):
            seen.add(link.record_id)
            yield link.record


def _thing(asked: Asked, one: VisitRecord | VisitTask) -> Any:
    return one.customer_id if asked.spec.get("count") == "customers" else f"#{one.pk}"


def satisfaction(asked: Asked) -> Iterator[Row]:
    """Good ones among the rated, or among all that were visited."""
    for one in visits(asked):
        if asked.spec.get("basis") == "visited" or one.satisfied is not None:
            yield one.advisor_id, _thing(asked, one), int(one.satisfied is True), 1


def visit_count(asked: Asked) -> Iterator[Row]:
    """Visits, or customers visited."""
    for one in visits(asked):
        yield one.advisor_id, _thing(asked, one), 1, 1


def css_average(asked: Asked) -> Iterator[Row]:
    """Scores of visits by who made them; of events, by their advisor."""
    if asked.spec.get("basis") != "events":
        yield from ((one.advisor_id, one.pk, one.css, 1) for one in visits(asked) if one.css is not None)
        return
    names = as_list(asked.pack.get("policy", {}).get("departments"))
    events = ServiceEvent.objects.filter(happened_on__gte=asked.first, happened_on__lte=asked.last, css__isnull=False)
    kinds = {str(one) for one in as_list(asked.spec.get("of"))}
    for event in events.select_related("kind", "department", "branch").iterator(chunk_size=500):
        units = {event.department and event.department.name, event.branch and event.branch.name}
        if (not names or units & set(names)) and (not kinds or event.kind.code in kinds):
            yield event.advisor_id, event.pk, event.css, 1


def nps(asked: Asked) -> Iterator[Row]:
    """A hundred for who recommends (9 or 10), less a hundred for who advises against (up to 6)."""
    for one in visits(asked):
        if one.nps is not None:
            yield one.advisor_id, one.pk, 100 * (int(one.nps >= 9) - int(one.nps <= 6)), 1


def due(asked: Asked) -> Iterator[Row]:
    """What came of the visits whose bound lay in the period, by who had them at it."""
    closing = Q(closes_inclusive=True, closes_at__gte=asked.since, closes_at__lt=asked.until)
    closing |= Q(closes_inclusive=False, closes_at__gt=asked.since, closes_at__lte=asked.until)
    tasks = VisitTask.objects.filter(closing, release__policy=asked.policy).exclude(status__in=OUTSIDE)
    for task in tasks.select_related("step__rule", "event__kind").order_by("pk").iterator(chunk_size=500):
        if asked.names(task.step.rule.code, task.step.code, task.event.kind.code, task.channel):
            last = last_moment(task.closes_at, inclusive=task.closes_inclusive)
            had: int | None = task.assignee_id
            lines = handing_over([task.pk])[task.pk]
            later = [data.get("from") for _task, at, data in lines if at > last]
            had = later[0] if later else had
            yield had, _thing(asked, task), int(_came_to(asked, task)), 1


def _came_to(asked: Asked, task: VisitTask) -> bool:
    done = task.status == "done" and task.completed_at is not None and task.completed_at < asked.until
    if asked.metric == "completion_rate":
        return done
    if asked.metric == "timely_rate":
        return done and task.completed_in_time is True
    links = list(RecordTask.objects.filter(task=task).exclude(record__kind="void").select_related("record"))
    standing = [one for one in links if not VisitRecord.objects.filter(supersedes=one.record).exists()]
    if asked.metric == "success_rate":
        lacks = [code for one in standing if one.completes for code in one.record.incomplete]
        return done and not any(code.startswith("answer.") for code in lacks)
    voided = VisitRecord.objects.filter(kind="void", supersedes__links__task=task).values_list("supersedes", flat=True)
    return any(
        (one.attempt or one.completes) and one.record_id not in set(voided) and one.record.logged_at < asked.until
        for one in links
    )


def report_rate(asked: Asked) -> Iterator[Row]:
    """Reports in time among those whose cut-off lay in the period."""
    wanted = asked.named("report")
    for one in _falling_due(asked, OwedReport.objects.exclude(fate="excused")):
        handed, bound = one.first_submitted_at, one.due_at
        if not wanted or one.rule in wanted:
            in_time = handed is not None and handed.replace(microsecond=0) <= bound
            exact = handed is not None and handed.replace(microsecond=0) == bound
            yield one.employee_id, one.pk, int(in_time and (one.inclusive or not exact)), 1


def obligation_rate(asked: Asked) -> Iterator[Row]:
    """Deeds in time among those whose bound lay in the period."""
    wanted = asked.named("obligation")
    for one in _falling_due(asked, Obligation.objects.exclude(state="dropped").filter(paused_at=None)):
        if not wanted or one.rule in wanted:
            last = last_moment(one.due_at, inclusive=one.inclusive)
            yield one.employee_id, one.pk, int(one.done_at is not None and one.done_at <= last), 1


def _falling_due(asked: Asked, found: QuerySet[Any]) -> Iterator[Any]:
    """Yield what must be there by a moment of the period: where the bound itself is late, the moment before it."""
    near = found.filter(policy=asked.policy, due_at__gte=asked.since, due_at__lte=asked.until)
    for one in near.iterator(chunk_size=500):
        if asked.since <= last_moment(one.due_at, inclusive=one.inclusive) < asked.until:
            yield one


def resolution_rate(asked: Asked) -> Iterator[Row]:
    """Problems settled among those reported in the period, by who answers for them; and what the book holds."""
    found = FollowUpItem.objects.filter(kind="problem", opened_at__gte=asked.since, opened_at__lt=asked.until)
    for one in found.exclude(state="withdrawn").select_related("department", "branch").iterator(chunk_size=500):
        theirs = told.rules_of(asked, one.record_id)
        wanted = told.rules_named(asked)
        outside = one.record_id is None and told.is_ruled(asked, one)
        if told.with_problems(asked) and (theirs & wanted if wanted else theirs or outside):
            settled = one.state == "settled" and one.closed_at is not None and one.closed_at < asked.until
            yield one.owner_id, one.pk, int(settled), 1
    yield from told.settled(asked)


def inspected(asked: Asked) -> Iterator[Row]:
    """What inspections of the period's visits found: whether accurate, or points of a hundred per cent."""
    for one in _scored(asked):
        if asked.metric == "quality_score" and one.result is not None:
            yield one.employee_id, one.pk, one.result, 10_000
        if asked.metric == "accuracy_rate" and one.accurate is not None:
            yield one.employee_id, one.pk, int(one.accurate), 1


def accuracy(asked: Asked) -> Iterator[Row]:
    """Records found accurate; over all visits, those that nobody who looked at any version found otherwise."""
    if asked.spec.get("basis") != "all":
        yield from inspected(asked)
        return
    verdicts: dict[int | None, set[bool | None]] = defaultdict(set)
    for one in _scored(asked):
        verdicts[one.record_id].add(one.accurate)
    for visit in visits(asked):
        version, found = visit, set(verdicts[visit.pk])
        while version.supersedes is not None:
            version = version.supersedes
            found |= verdicts[version.pk]
        yield visit.advisor_id, visit.pk, int(True in found and False not in found), 1


def _scored(asked: Asked) -> Iterator[InspectionItem]:
    of_records = Q(record__logged_at__gte=asked.since, record__logged_at__lt=asked.until)
    items = InspectionItem.objects.filter(
        of_records | Q(record=None, inspection__period=asked.key), inspection__policy=asked.policy, second_of=None,
        state__in=("scored", "appealed", "final"),
    )  # fmt: skip
    for one in items.select_related("inspection").iterator(chunk_size=500):
        if not asked.named("scorecard") or one.inspection.scorecard in asked.named("scorecard"):
            yield one


def conduct(asked: Asked) -> Iterator[Row]:
    """Violations, or rewards and awards, of the period that stand."""
    of_awards = asked.metric == "award_count"
    found: QuerySet[Violation] = Violation.objects.filter(
        policy=asked.policy, occurred_on__gte=asked.first, occurred_on__lte=asked.last, state__in=STANDING
    )
    named = {str(one).removeprefix("penalty:").removeprefix("reward:") for one in as_list(asked.spec.get("of"))}
    for one in found.defer("facts", "evidence").iterator(chunk_size=500):
        is_award = one.kind in ("reward", "award")
        fits = not named or one.rule in named or (not of_awards and one.violation in named)
        if is_award == of_awards and (of_awards or one.liability == "primary") and fits:
            yield one.employee_id, one.pk, 1, 1


def votes(asked: Asked) -> Iterator[Row]:
    """Votes in the elections of the period."""
    named = asked.named("reward")
    for one in Ballot.objects.filter(policy=asked.policy, period=asked.key).iterator():
        if not named or one.rule in named:
            yield one.choice_id, one.pk, 1, 1


METRICS: Final[Mapping[str, Callable[[Asked], Iterator[Row]]]] = {
    "worked_rate": due, "completion_rate": due, "success_rate": due, "timely_rate": due,
    "satisfaction_rate": satisfaction, "css_average": css_average, "nps": nps, "visit_count": visit_count,
    "resolution_rate": resolution_rate, "report_rate": report_rate, "obligation_rate": obligation_rate,
    "accuracy_rate": accuracy, "quality_score": inspected, "violation_count": conduct, "award_count": conduct,
    "votes": votes, "complaint_count": told.complaints, "reply_rate": told.replied, "reopen_rate": told.reopened,
    "response_time": told.response_time, "solve_time": told.solve_time, "compensation_sum": told.spent,
    "coverage_rate": further.coverage, "qualification_rate": further.papers,
    "duration_rate": lambda asked: further.length(asked, visits(asked)),
    "answer_average": lambda asked: further.answers(asked, visits(asked)),
    "workload": lambda asked: further.work(asked, due(asked)),
    "ring_rate": booked.answered, "opportunity_sum": booked.worth, "evaluation_rate": evaluated.returned,
}  # fmt: skip
