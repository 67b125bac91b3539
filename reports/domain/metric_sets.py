"""What goes out of the figures: each with both sides, of everybody, units, teams and the company, period by period.

It is what the pages show: every `[[kpi]]`, every reward and penalty on a figure, and the metrics of the catalogue as
they stand without limits, by month.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from config.packs.measuring import KpiSpec
from reports.domain.figures.attaining import VOTES
from reports.domain.figures.measured import Measured
from reports.domain.figures.measuring import METRICS
from reports.domain.figures.query import Query, query
from reports.domain.figures.reading import parted, whole
from reports.domain.figures.rewarding import clauses_of
from reports.domain.figures.targets import exact, measured_of
from reports.domain.period import Dataset, Period, Row, zone
from staff.domain import periods
from staff.domain.policies import releases_of, ruling
from staff.models import Branch, Department, Employee, Policy, Release

METRIC_FIELDS: Final = (
    "metric", "period", "scope", "key", "numerator", "denominator", "value", "target", "met", "policy", "entry", "per",
    "op", "release",
)  # fmt: skip
SCOPES: Final = ("employee", "team", "department", "branch")
EXACT: Final = Decimal("0.0000000001")


@dataclass(frozen=True)
class Question:
    """One figure that is handed out: the entry that asks for it (empty: the catalogue's own), its bar and its spec."""

    entry: str
    kpi: KpiSpec
    op: str | None = None
    target: Decimal | None = None


def metrics(period: Period) -> Iterator[Row]:
    """Yield the figures of every period of which a day lies among those asked for, as of `period.now`.

    ValueError where neither the moment nor the last day is said.
    """
    names = Names()
    now = period.as_of()
    today = now.astimezone(zone()).date()
    for policy in Policy.objects.order_by("pk"):
        releases = list(releases_of(policy))
        first = period.first or min((one.effective_from for one in releases), default=today)
        last = min(period.last or today, today)
        for per in periods.NAMES:
            for one in spans(per, first, last):
                release = ruling(releases, min(one.last, today))
                if release is not None:
                    yield from _of_release(release, one, now, today, names)


def _of_release(release: Release, one: periods.Period, now: datetime, today: date, names: "Names") -> Iterator[Row]:
    for question in questions(release, one.per):
        if question.kpi.metric != VOTES or one.last < today:  # an election is secret while it lasts
            asked = query(question.kpi, release, one, now=now)
            yield from _rows(question, asked, release, names)


def questions(release: Release, per: str) -> Iterator[Question]:
    """Yield what a release asks of each such period, and of each month the catalogue without limits."""
    for kpi in measured_of(release):
        if kpi.per == per:
            yield Question(f"kpi:{kpi.code}", kpi, kpi.op, kpi.target)
    for rule, looked_at in clauses_of(release):
        if looked_at.kpi is not None and looked_at.per == per:
            section = "penalty" if rule.is_penalty else "reward"
            yield Question(f"{section}:{rule.spec.code}", looked_at.kpi, rule.spec.op, rule.spec.threshold)
    if per == "month":
        yield from (Question("", KpiSpec(code=metric, metric=metric)) for metric in METRICS)


def _rows(question: Question, asked: Query, release: Release, names: "Names") -> Iterator[Row]:
    for scope in SCOPES:
        for key, figure in sorted(parted(asked, scope).items()):
            if key:
                yield _row(question, asked, release, scope, names.of(scope, key), figure)
    yield _row(question, asked, release, "company", None, whole(asked))


def _row(
    question: Question, asked: Query, release: Release, scope: str, key: str | None, figure: Measured
) -> Row:  # fmt: skip
    target = question.target
    met = figure.meets(question.op, target) if target is not None and figure.value is not None else None
    return (
        question.kpi.metric, asked.period.key, scope, key, exact(figure.numerator), figure.denominator,
        rounded(figure.value), target, met, release.policy.slug, question.entry or None, asked.period.per,
        question.op, release.number,
    )  # fmt: skip


def rounded(value: Fraction | None) -> Decimal | None:
    """Return a figure to ten places; None of nothing. Bars are judged before it is rounded."""
    return None if value is None else exact(value).quantize(EXACT).normalize()


def spans(per: str, first: date, last: date) -> Iterator[periods.Period]:
    """Yield the periods of a kind from the one of the first day to the one of the last."""
    one = periods.period_of(per, first)
    while one.first <= last:
        yield one
        one = periods.period_of(per, date.fromordinal(one.last.toordinal() + 1))


class Names:
    """The names of people and units by their keys: usernames, also of who leads a team, and the names of units;
    departments with their branch."""

    def __init__(self) -> None:
        departments = Department.objects.select_related("branch")
        people = dict(Employee.objects.values_list("pk", "username"))
        self._names = {
            "employee": people,
            "team": people,
            "branch": dict(Branch.objects.values_list("pk", "name")),
            "department": {one.pk: f"{one.branch}/{one.name}" if one.branch else one.name for one in departments},
        }

    def of(self, scope: str, key: str) -> str:
        """Return the name of one of them."""
        return str(self._names[scope][int(key)])


METRIC_SETS: Final = (Dataset("metrics", METRIC_FIELDS, metrics),)
