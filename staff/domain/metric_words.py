"""What the metrics of the catalogue, and the operators of a bar, are called."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

METRIC_WORDS: Final[Mapping[str, Any]] = {
    "worked_rate": _("share of visits attempted"),
    "completion_rate": _("share of visits done"),
    "success_rate": _("share of visits done with every answer"),
    "timely_rate": _("share of visits done in time"),
    "coverage_rate": _("share of events with a visit in time"),
    "satisfaction_rate": _("share of satisfied customers"),
    "css_average": _("average CSS score"),
    "nps": _("NPS"),
    "answer_average": _("average of answers"),
    "evaluation_rate": _("share of questionnaires answered"),
    "resolution_rate": _("share of problems settled"),
    "reply_rate": _("share of complaints answered"),
    "reopen_rate": _("share of complaints reopened"),
    "obligation_rate": _("share of duties done in time"),
    "report_rate": _("share of reports in time"),
    "duration_rate": _("share of calls within their bounds"),
    "ring_rate": _("share of calls answered soon"),
    "accuracy_rate": _("share of accurate records"),
    "quality_score": _("points at inspections"),
    "response_time": _("hours to the first reply"),
    "solve_time": _("hours to the solution"),
    "qualification_rate": _("share of qualifications held"),
    "roster_rate": _("share of duty hours covered"),
    "visit_count": _("number of visits"),
    "complaint_count": _("number of complaints"),
    "violation_count": _("number of violations"),
    "award_count": _("number of awards"),
    "votes": _("votes"),
    "workload": _("workload"),
    "compensation_sum": _("sum of compensations"),
    "opportunity_sum": _("sum of opportunities"),
    "scorecard": _("result of a scorecard"),
}
OPERATOR_WORDS: Final[Mapping[str, Any]] = {
    ">=": _("at least %s"),
    ">": _("above %s"),
    "<=": _("at most %s"),
    "<": _("below %s"),
    "==": _("exactly %s"),
    "!=": _("other than %s"),
}


def metric_words(metric: str) -> str:
    """Return what a metric is called; a code that the catalogue lacks stands for itself."""
    return str(METRIC_WORDS.get(metric, metric))


def bar_words(op: str, threshold: str) -> str:
    """Return a bar in words, empty without one."""
    return str(OPERATOR_WORDS[op]) % threshold if op in OPERATOR_WORDS and threshold else ""
