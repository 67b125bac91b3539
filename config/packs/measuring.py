"""What is measured: figures with their targets, and scorecards."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, model_validator

from config.packs.base import Entry, is_blank
from config.packs.codes import METRICS, PERIODS
from config.packs.condition import Conditions, Match
from config.packs.errors import refuse
from config.packs.persons import Persons
from config.packs.rule import SampleSpec
from config.packs.values import AsList, Code, Count, Flag, Number, Positive, Share, Texts, one_of

OPERATORS = (">=", ">", "<=", "<", "==", "!=")
INSPECTED = ("visit_record", "call", "complaint", "work_order")
ASSESSED = ("employee", "unit", "system")
KPI = "kpi:"
BASES = ("visited", "rated", "visits", "events", "inspected", "all")


def read_figure(value: Any) -> str:
    """Return a metric of the catalogue, or a reference to a kpi."""
    if isinstance(value, str) and value.startswith(KPI):
        return value
    return one_of((*METRICS, f"{KPI}<code>"))(value)


Metric = Annotated[str, BeforeValidator(one_of(METRICS))]
Operator = Annotated[str, BeforeValidator(one_of(OPERATORS))]
Period = Annotated[str, BeforeValidator(one_of(PERIODS))]


class KpiSpec(Entry):
    """A figure of the catalogue over a period, with its target; missing it is the event `kpi_missed`."""

    code: Code
    metric: Metric
    of: Texts = ()
    match: Match = "all"
    when: Conditions = ()
    basis: Annotated[str, BeforeValidator(one_of(BASES))] = ""
    limit: Count | None = None
    count: Annotated[str, BeforeValidator(one_of(("visits", "customers")))] = "visits"
    per: Period = "month"
    op: Operator | None = None
    target: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def take_code_from_metric(cls, data: Any) -> Any:
        """Let the metric be the code where none is given."""
        if isinstance(data, dict) and not data.get("code") and isinstance(data.get("metric"), str):
            return {**data, "code": data["metric"]}
        return data

    @model_validator(mode="after")
    def have_a_whole_target(self) -> "KpiSpec":
        """Refuse a target without its operator, and the other way round."""
        check_pair(self.op, self.target, "op", "target")
        return self


class ItemSpec(Entry):
    """One item of a scorecard: judged by hand up to `max` (1: passed, or a finding), or computed.

    It is computed from a metric as the catalogue has it, or from a kpi, as that entry limits and counts it.
    """

    code: Code
    max: Number | None = None
    weight: Number | None = None
    accuracy: Flag = False
    metric: Annotated[str, BeforeValidator(read_figure)] | None = None
    op: Operator | None = None
    target: Number | None = None

    @model_validator(mode="after")
    def have_a_whole_target(self) -> "ItemSpec":
        """Refuse a target without its operator, and the other way round."""
        check_pair(self.op, self.target, "op", "target")
        return self


class ScorecardSpec(Entry):
    """What is inspected or assessed, item by item; `sample` is drawn when its period has ended.

    Of records, all are drawn of whoever has been here for fewer than `newcomer_days`, and only `trusted_rate` of whom
    reached `trusted_from` in each of the last `trusted_periods` inspections. `second_rate` of what is drawn is scored
    a second time by somebody who does not see the first result. `who` are the people that a card on employees
    assesses; left out, whoever makes visits.
    """

    code: Code
    of: Annotated[str, BeforeValidator(one_of(INSPECTED + ASSESSED))]
    per: Period | None = None
    by: Persons = ()
    who: Persons = ()
    sample: SampleSpec | None = None
    newcomer_days: Count = 0
    trusted_rate: Share | None = None
    trusted_from: Number | None = None
    trusted_periods: Positive = 3
    second_rate: Share | None = None
    items: Annotated[tuple[ItemSpec, ...], AsList]
    total: Number | None = None
    combine: Annotated[str, BeforeValidator(one_of(("average", "sum", "deduct")))] = "average"
    publish: Flag = False

    @model_validator(mode="after")
    def sum_up(self) -> "ScorecardSpec":
        """Refuse weights that do not sum to `total`."""
        weights = [item.weight for item in self.items if not is_blank(item) and item.weight is not None]
        if self.total is None or is_blank(self.total) or any(is_blank(weight) for weight in weights):
            return self
        if sum(weights) != self.total:
            raise refuse(
                _("the weights sum to %s") % sum(weights), allowed=_("weights that sum to total (%s)") % self.total
            )
        return self

    @model_validator(mode="after")
    def draw_from_periods(self) -> "ScorecardSpec":
        """Refuse half of what trust means, and a sample that has no period to end."""
        check_pair(self.trusted_rate, self.trusted_from, "trusted_rate", "trusted_from")
        sample = self.sample
        if sample is not None and not is_blank(sample) and sample.per == "event":
            raise refuse(_("an inspection is drawn when a period has ended"), allowed=" | ".join(PERIODS))
        return self


def check_pair(one: object, other: object, first: str, second: str) -> None:
    """Refuse one of two keys that only make sense together."""
    if (one is None) != (other is None):
        raise refuse(_("%(one)s and %(other)s go together") % {"one": first, "other": second})
