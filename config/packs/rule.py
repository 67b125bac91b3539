"""Visit rules: `RuleSpec`, its steps `StepSpec`, and how a step draws a sample (POLICY_PACK, ``[[visit_rule]]``)."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, model_validator

from config.packs.base import Entry, is_blank
from config.packs.codes import CHANNELS, CUSTOMER
from config.packs.condition import Condition, Conditions, Match
from config.packs.duration import INSTANT_UNITS, Duration
from config.packs.errors import refuse
from config.packs.persons import Person, Persons
from config.packs.timing import check_timing
from config.packs.values import (
    AsList,
    Code,
    Codes,
    Count,
    Flag,
    LongSpan,
    Positive,
    Share,
    Span,
    Texts,
    Title,
    one_of,
    read_duration,
)

GIVEN = "given"  # closes: the event's own `due` is the bound
POOLS = ("day", "week", "month", "quarter", "half_year", "year", "event")
ALIGNMENTS = ("none", "month", "quarter", "half_year", "year")
PURPOSES = ("service", "survey", "promotion")
EVIDENCE = ("none", "recording", "any", "signature")
NOBODY_NAMED = (Person("advisor"), Person("owner"))
OWN_KEYS = ("code", "title", "match", "when")


def read_closing(value: Any) -> Duration | str:
    """Return an offset, or `GIVEN`."""
    return GIVEN if value == GIVEN else read_duration(value)


def segment_or_condition(value: Any) -> Any:
    """Read the code of a segment as the condition that the customer is in it."""
    if isinstance(value, str) and not is_blank(value):
        return {"field": "segment", "op": "==", "value": value}
    return value


def read_appointment(value: Any) -> bool | str:
    """Return whether every visit (true), the visit on site (``onsite``) or none (false) needs an agreed time."""
    if isinstance(value, bool) or value == "onsite":
        return value
    raise refuse(_("this value is not known"), allowed="false | true | onsite")


Channel = Annotated[str, BeforeValidator(one_of(CHANNELS))]
Always = Annotated[Condition, BeforeValidator(segment_or_condition)]


class SampleSpec(Entry):
    """How many of a pool are visited: `rate` (a share) or `count`, at least `min`, those in `always` whole."""

    rate: Share | None = None
    count: Count | None = None
    per: Annotated[str, BeforeValidator(one_of(POOLS))] = "day"
    min: Count = 0
    always: Annotated[tuple[Always, ...], AsList] = ()
    draw: Annotated[Literal["end", "running"], BeforeValidator(one_of(("end", "running")))] = "end"

    @model_validator(mode="after")
    def have_one_size(self) -> "SampleSpec":
        """Refuse a sample with both sizes or with none."""
        if (self.rate is None) == (self.count is None):
            raise refuse(_("a sample has one size"), allowed=_("either rate (a share) or count (a number)"))
        return self


class StepSpec(Entry):
    """One visit of a rule, with the rule's own defaults worked in. Empty `channels`: every channel is allowed.

    `aim` says what the visit is for (P-01); a record saved later than `enter_within` after the end of its call is
    flagged (U-04). `assign` is tried in order; where a pack names nobody it is the event's advisor, then the
    customer's owner. A customer may refuse contacts by their `purpose`.
    """

    code: Code
    match: Match = "all"
    when: Conditions = ()
    opens: Span = Duration(0, "d")
    closes: Annotated[Any, BeforeValidator(read_closing)]
    anchor: Annotated[str, BeforeValidator(one_of(("event", "previous_visit")))] = "event"
    counts: Annotated[str, BeforeValidator(one_of(("rule", "any")))] = "rule"
    every: LongSpan | None = None
    align: Annotated[str, BeforeValidator(one_of(ALIGNMENTS))] = "none"
    times: Positive | None = None
    shift: Annotated[str, BeforeValidator(one_of(("none", "next", "previous")))] = "none"
    sample: SampleSpec | None = None
    assign: Persons = NOBODY_NAMED
    exclude: Persons = ()
    joint: Persons = ()
    needs: Codes = ()
    channels: Annotated[tuple[Channel, ...], AsList] = ()
    other_channel: Annotated[str, BeforeValidator(one_of(("reason", "free", "manager")))] = "reason"
    aim: str = ""
    purpose: Annotated[str, BeforeValidator(one_of(PURPOSES))] = "service"
    questionnaire: str = ""
    script: str = ""
    must_mention: Texts = ()
    message: str = ""
    notice: Span | None = None
    evidence: Annotated[str, BeforeValidator(one_of(EVIDENCE))] = "none"
    min_seconds: Count = 0
    max_seconds: Count = 0
    enter_within: Span | None = None
    max_attempts: Positive = 3
    retry_after: Span = Duration(4, "h")
    promotion: Flag = True
    appointment: Annotated[bool | str, BeforeValidator(read_appointment)] = False
    priority: Count = 50

    @model_validator(mode="before")
    @classmethod
    def close_with_the_period(cls, data: Any) -> Any:
        """Let a visit of a calendar period be due by the period's end where its step says nothing else."""
        if isinstance(data, dict) and data.get("align", "none") not in ("none", "") and not data.get("closes"):
            return {**data, "closes": "0d"}
        return data

    @model_validator(mode="after")
    def fit_together(self) -> "StepSpec":
        """Refuse keys that exclude each other; a key that still waits for its figure is not judged."""
        check_timing(self)
        check_bounds(self)
        return self


def check_bounds(step: StepSpec) -> None:
    """Refuse a priority above 100, a longest call below the shortest one, an entry that is awaited for days."""
    entry = step.enter_within
    if entry is not None and not is_blank(entry) and entry.unit not in INSTANT_UNITS:
        raise refuse(_("a record is entered within minutes or hours"), allowed=_("a number of min or h, such as 30min"))
    if not is_blank(step.priority) and step.priority > 100:
        raise refuse(_("priority is above 100"), allowed=_("0 (lowest) to 100 (highest)"))
    bounds = (step.min_seconds, step.max_seconds)
    if not any(is_blank(bound) for bound in bounds) and 0 < step.max_seconds < step.min_seconds:
        raise refuse(_("max_seconds is below min_seconds"), allowed=_("0 (no bound), or at least min_seconds"))


STEP_KEYS = tuple(StepSpec.model_fields)
DEFAULT_KEYS = tuple(key for key in STEP_KEYS if key not in OWN_KEYS)


RIVALS = {"every", "align", "anchor"}  # three ways of coming again: a step's own choice drops the rule's


def with_defaults(step: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """Return `step` with the rule's defaults for the keys that it leaves out."""
    settled = RIVALS if RIVALS & step.keys() else set()
    return {key: value for key, value in defaults.items() if key not in settled} | step


class RuleSpec(Entry):
    """Who is visited because of what; when and how, its steps say. An empty `when` holds for every event."""

    code: Code
    trigger: Annotated[tuple[str, ...], AsList]
    match: Match = "all"
    when: Conditions = ()
    group: Title = ""
    earlier: Flag = False
    step: Annotated[tuple[StepSpec, ...], AsList]

    @model_validator(mode="before")
    @classmethod
    def hand_defaults_to_steps(cls, data: Any) -> Any:
        """Give the keys of a step that stand on the rule to every step that does not say otherwise."""
        if not isinstance(data, dict):
            return data
        steps = data.get("step", [])
        steps = steps if isinstance(steps, list | tuple) else [steps]
        defaults = {key: data[key] for key in DEFAULT_KEYS if key in data}
        rest = {key: value for key, value in data.items() if key not in defaults}
        return rest | {"step": [with_defaults(step, defaults) if isinstance(step, dict) else step for step in steps]}

    @model_validator(mode="after")
    def be_one_kind_of_rule(self) -> "RuleSpec":
        """Refuse a rule on each customer that also listens to events."""
        if CUSTOMER in self.trigger and len(self.trigger) > 1:
            raise refuse(_("trigger mixes customer with events"), allowed=_("customer alone, or kinds of events"))
        return self

    @property
    def is_on_customers(self) -> bool:
        """Whether the rule is judged nightly on each customer instead of on events."""
        return self.trigger == (CUSTOMER,)
