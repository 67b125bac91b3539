"""What it costs and what it earns: penalties, rewards, and the ledger that they are posted to."""

from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, model_validator

from config.packs.base import Entry, is_blank
from config.packs.codes import MEASURES, METRICS, PERIODS, VIOLATIONS
from config.packs.condition import Conditions, Match
from config.packs.duration import Duration
from config.packs.errors import refuse
from config.packs.measuring import Operator, check_pair
from config.packs.persons import OnePerson, Persons, read_person
from config.packs.values import (
    Amount,
    AsList,
    Code,
    Count,
    Flag,
    LongSpan,
    Number,
    Positive,
    Share,
    Texts,
    one_of,
    read_amount,
    read_long_duration,
)

AUTO = "auto"  # ledger.confirm: at once
FIELD = "field:"  # an amount that stands in a field of the subject
ATTAINMENTS = ("kpi:", "scorecard:")


def read_money(value: Any) -> Decimal | str:
    """Return an amount, or ``field:<name>`` for one that the subject holds."""
    if isinstance(value, str) and value.startswith(FIELD) and len(value) > len(FIELD):
        return value
    return read_amount(value)


def as_measure(value: Any) -> Any:
    """Read the name of a measure as one that holds from the first tier on."""
    return {"what": value} if isinstance(value, str) and not is_blank(value) else value


def read_tier_period(value: Any) -> str:
    """Return ``month`` (a calendar month), or a rolling duration such as ``30d``."""
    if value == "month":
        return "month"
    duration = read_long_duration(value)
    if duration.unit == "wd":
        raise refuse(_("tiers count calendar days"), allowed=_("month, or a duration in d w m y such as 30d"))
    return str(duration)


def read_confirmer(value: Any) -> Any:
    """Return who confirms, or `AUTO`."""
    return AUTO if value == AUTO else read_person(value)


def read_attainment(value: Any) -> str:
    """Return a metric of the catalogue, or a reference to a kpi or a scorecard."""
    if isinstance(value, str) and value.startswith(ATTAINMENTS):
        return value
    return one_of((*METRICS, "kpi:<code>", "scorecard:<code>"))(value)


Unit = Annotated[str, BeforeValidator(one_of(("CNY", "points", "none")))]
Attainment = Annotated[str, BeforeValidator(read_attainment)]
Period = Annotated[str, BeforeValidator(one_of(PERIODS))]


class MeasureSpec(Entry):
    """A consequence without a figure, from a tier on. `within`: until when it is carried out, from confirmation on."""

    what: Annotated[str, BeforeValidator(one_of(MEASURES))]
    from_tier: Positive = 1
    within: LongSpan | None = None


class JointSpec(Entry):
    """Who else is liable, from a tier on."""

    who: Persons
    amount: Annotated[Any, BeforeValidator(read_money)] = Decimal(0)
    from_tier: Positive = 1


Measures = Annotated[tuple[Annotated[MeasureSpec, BeforeValidator(as_measure)], ...], AsList]
Choices = Annotated[tuple[Annotated[str, BeforeValidator(one_of(MEASURES))], ...], AsList]


class PenaltySpec(Entry):
    """What a violation, or a figure that fails its threshold, costs. Without either it is only proposed by hand."""

    code: Code
    violation: Annotated[tuple[Annotated[str, BeforeValidator(one_of(VIOLATIONS))], ...], AsList] = ()
    metric: Attainment | None = None
    op: Operator | None = None
    threshold: Number | None = None
    per: Period | None = None
    of: Texts = ()
    match: Match = "all"
    when: Conditions = ()
    amount: Annotated[Any, BeforeValidator(read_money)] = None
    unit: Unit = "CNY"
    tiers: Annotated[tuple[Amount, ...], AsList] = ()
    tier_period: Annotated[str, BeforeValidator(read_tier_period)] = "month"
    from_count: Positive = 1
    range: Annotated[tuple[Amount, ...], AsList] = ()
    joint: Annotated[tuple[JointSpec, ...], AsList] = ()
    also: Measures = ()
    choose: Choices = ()
    clause: str = ""

    @model_validator(mode="after")
    def have_one_amount(self) -> "PenaltySpec":
        """Refuse two ways to set the amount, a range that is none, and a threshold without its metric."""
        if sum((self.amount is not None, bool(self.tiers), bool(self.range))) > 1:
            raise refuse(_("the amount is set more than once"), allowed=_("one of amount, tiers, range"))
        check_range(self.range)
        check_pair(self.metric, self.threshold, "metric", "threshold")
        if self.violation and self.metric is not None:
            raise refuse(_("two causes at once"), allowed=_("violation, or metric with op and threshold"))
        return self


def check_range(bounds: Any) -> None:
    """Refuse a range that is not two numbers, the lower one first."""
    if not bounds or is_blank(bounds):
        return
    known = [bound for bound in bounds if not is_blank(bound)]
    if len(bounds) != 2 or known != sorted(known):
        raise refuse(_("this is no range"), allowed=_("[lowest, highest]"))


class RewardSpec(Entry):
    """What a figure that reaches its threshold, or the best of the staff, earn."""

    code: Code
    metric: Attainment
    op: Operator | None = None
    threshold: Number | None = None
    top: Share | None = None
    top_n: Positive | None = None
    round: Annotated[str, BeforeValidator(one_of(("up", "down")))] = "up"
    ties: Annotated[str, BeforeValidator(one_of(("all", "decide")))] = "all"
    min_staff: Count = 0
    within: Annotated[str, BeforeValidator(one_of(("company", "branch", "department")))] = "company"
    per: Period = "month"
    streak: Positive = 1
    voters: Annotated[tuple[Annotated[str, BeforeValidator(one_of(("staff", "customers")))], ...], AsList] = ()
    amount: Amount | None = None
    unit: Unit = "CNY"
    also: Measures = ()
    clause: str = ""

    @model_validator(mode="after")
    def say_who_earns_it(self) -> "RewardSpec":
        """Refuse a reward without a bar, and a bar set twice by rank."""
        check_pair(self.op, self.threshold, "op", "threshold")
        if self.top is not None and self.top_n is not None:
            raise refuse(_("top and top_n exclude each other"), allowed=_("one of the two"))
        if self.threshold is None and self.top is None and self.top_n is None:
            raise refuse(_("nobody is told who earns it"), allowed=_("op with threshold, top or top_n"))
        return self


class LedgerSpec(Entry):
    """Who confirms and settles, and how entries count. `publish`: a monthly notice of staff, never of customers.

    `cap`: the most that one person pays under this regulation in a month, in yuan; `appeal`: how long after the day of
    confirmation an appeal is open.
    """

    confirm: Annotated[tuple[Annotated[Any, BeforeValidator(read_confirmer)], ...], AsList] = ()
    settle: Annotated[tuple[OnePerson, ...], AsList] = ()
    stacking: Annotated[str, BeforeValidator(one_of(("all", "highest")))] = "all"
    count_by: Annotated[str, BeforeValidator(one_of(("occurred", "confirmed")))] = "occurred"
    fines_as: Annotated[str, BeforeValidator(one_of(("money", "points")))] = "money"
    publish: Flag = False
    cap: Amount | None = None
    appeal: LongSpan = Duration(7, "d")
