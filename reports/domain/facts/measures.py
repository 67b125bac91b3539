"""Which figures are kept day by day, and under which name: the same question asked by two releases is one measure."""

import json
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from reports.choices import Touched
from reports.domain.figures.query import Query
from reports.domain.figures.tasks import is_of_customers
from reports.models import Measure
from staff.domain.periods import Period

HUNDREDTHS: Final = 100  # what facts count in: scores have two decimal places, all else none
HEADLINES: Final = (
    "worked_rate", "completion_rate", "success_rate", "timely_rate", "coverage_rate", "satisfaction_rate",
    "css_average", "nps", "duration_rate", "visit_count",
)  # fmt: skip
OF_TASKS: Final = frozenset({"worked_rate", "completion_rate", "success_rate", "timely_rate"})
DIMENSIONS: Final = ("rule", "channel", "kind", "model")  # kept by; what a customer is today is not
SPAN: Final = timedelta(days=366)


def is_kept(asked: Query) -> bool:
    """Say whether a question is of a big figure that is the sum of its days, in whole hundredths.

    Conditions (`when`) are judged on the last day of a period; customers each once, and visits that are aligned to
    calendar periods or due to each customer, are of the period as such.
    """
    if asked.kpi.metric not in HEADLINES or asked.conditions or asked.kpi.count != "visits":
        return False
    return asked.kpi.metric != "coverage_rate" or not is_of_customers(asked)


def kind_of(asked: Query) -> Touched:
    """Return what places the rows of a figure: whose changes make it another."""
    if asked.kpi.metric == "coverage_rate" or asked.kpi.basis == "events":
        return Touched.EVENT
    return Touched.DUE if asked.kpi.metric in OF_TASKS else Touched.VISIT


def spec_of_measure(asked: Query) -> dict[str, Any]:
    """Return all that decides what a question counts, whatever the period: two that agree in it are one measure."""
    kpi = asked.kpi
    return {
        "policy": asked.policy, "metric": kpi.metric, "basis": kpi.basis, "count": kpi.count, "limit": kpi.limit,
        "rules": sorted(asked.rules), "steps": sorted(map(list, asked.steps)), "kinds": sorted(asked.kinds),
        "channels": sorted(asked.channels), "violations": sorted(asked.violations), "of": _rest(asked),
        "when": [repr(one) for one in asked.conditions], "match": kpi.match if asked.conditions else "",
        "departments": sorted(asked.pack.policy.departments), "zone": str(asked.zone),
    }  # fmt: skip


def _rest(asked: Query) -> list[str]:
    """Return what `of` names besides visits; of visits it is told in rules, steps, kinds and channels."""
    visits = {*asked.rules, *asked.kinds, *asked.channels}
    return sorted(name for name in asked.kpi.of if name not in visits and not name.startswith("visit_rule:"))


def key_of(asked: Query) -> str:
    """Return the name of the measure of a question: the hash of all that decides what it counts."""
    told = json.dumps(spec_of_measure(asked), ensure_ascii=False, sort_keys=True)
    return sha256(told.encode()).hexdigest()


def measure_of(asked: Query) -> Measure:
    """Return the measure of a question, made where it is not known yet."""
    found, _new = Measure.objects.get_or_create(
        key=key_of(asked),
        defaults={"policy_id": asked.policy, "metric": asked.kpi.metric, "spec": spec_of_measure(asked)},
    )
    return found


def open_ended(asked: Query, first: date, last: date, *, today: date) -> Query:
    """Return the question for these days as all later days will count them: nothing that came of them is left out."""
    return asked.over(Period("facts", first, max(last, today) + SPAN)).slice(first, last)
