"""What a rule does, in one plain sentence for each step."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.base import is_blank
from config.packs.condition import Condition
from config.packs.duration import Duration
from config.packs.persons import Person
from config.packs.rule import GIVEN, RuleSpec, SampleSpec, StepSpec
from staff.domain.pack_words import PERSON_WORDS
from staff.models import Role
from staff.policy import TITLES
from visits.domain.explaining.wording import duration_text
from visits.kind_titles import KIND_TITLES
from visits.models import EventKind

FIELD_WORDS = {
    "css": gettext_lazy("CSS score"),
    "rating": gettext_lazy("rating"),
    "amount": gettext_lazy("amount"),
    "segment": gettext_lazy("segment"),
    "model": gettext_lazy("model"),
    "mileage": gettext_lazy("mileage"),
    "outcome": gettext_lazy("outcome"),
    "satisfied": gettext_lazy("satisfied"),
    "order_total": gettext_lazy("total of all orders"),
    "last_visit_days": gettext_lazy("days since the last visit"),
    "last_order_days": gettext_lazy("days since the last order"),
}


def sentences(rule: RuleSpec) -> list[str]:
    """Return a sentence for each step: because of what, whom, who calls, from when until when, how often."""
    return [sentence(rule, step) for step in rule.step]


def sentence(rule: RuleSpec, step: StepSpec) -> str:
    """Return what one step does; a figure that is missing is named as such."""
    parts = [
        occasion(rule),
        conditions((*rule.when,), rule.match),
        conditions((*step.when,), step.match),
        _("%s calls on the customer") % people(step.assign),
        window(step),
        repetition(step),
        sampling(step.sample),
        _("(inactive until the missing figure is filled in)") if step.blanks() else "",
    ]
    return _(", ").join(part for part in parts if part) + _(".")


def occasion(rule: RuleSpec) -> str:
    """Return what starts the visits."""
    if rule.is_on_customers:
        return _("For every customer")
    titles = dict(EventKind.objects.filter(code__in=rule.trigger).values_list("code", "title"))
    return _("After: %s") % _(" or ").join(titles.get(code) or KIND_TITLES.get(code, code) for code in rule.trigger)


def conditions(found: Iterable[Condition], match: str) -> str:
    """Return on what conditions, empty where there are none."""
    link = _(" or ") if match == "any" else _(" and ")
    told = link.join(condition(one) for one in found)
    return _("if %s") % told if told else ""


def condition(one: Condition) -> str:
    """Return one condition in words."""
    words = {
        "==": _("is"),
        "!=": _("is not"),
        "<": _("is below"),
        "<=": _("is at most"),
        ">": _("is above"),
        ">=": _("is at least"),
        "in": _("is one of"),
    }
    field = FIELD_WORDS.get(one.field, one.field)
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    told = _(", ").join(f"“{value}”" for value in values)
    return _("%(field)s %(is)s %(values)s") % {"field": field, "is": words.get(one.op, one.op), "values": told}


def people(persons: Iterable[Person | str]) -> str:
    """Return who calls, in the order in which they are tried."""
    return _(", else ").join(person(one) for one in persons)


def person(one: Person | str) -> str:
    """Return one person in words."""
    if not isinstance(one, Person):
        return _("(missing figure)")
    if one.kind in ("role", "pool"):
        title = Role.objects.filter(code=one.code).values_list("title", flat=True).first()
        title = title or TITLES.get(one.code, one.code)
        return _("whoever of “%s” takes it") % title if one.kind == "pool" else _("a holder of “%s”") % title
    return str(PERSON_WORDS[one.kind])


def window(step: StepSpec) -> str:
    """Return from when until when."""
    if step.closes == GIVEN:
        return _("by the day that the event itself sets")
    if step.align != "none":
        return _("once in every whole calendar period (%s)") % step.align
    anchor = _("the previous visit") if step.anchor == "previous_visit" else _("that day")
    told = {"opens": length(step.opens), "closes": length(step.closes), "anchor": anchor}
    return _("from %(opens)s to %(closes)s after %(anchor)s") % told


def repetition(step: StepSpec) -> str:
    """Return how often it comes again, empty where it does not."""
    if step.every is None:
        return ""
    again = _("again every %s") % length(step.every)
    return again + (_(", %s times in all") % step.times if step.times is not None else "")


def sampling(sample: SampleSpec | None) -> str:
    """Return how many of a pool are drawn, empty where all are visited."""
    if sample is None or is_blank(sample):
        return ""
    size: object = sample.count if sample.rate is None else sample.rate
    if sample.rate is not None and not is_blank(sample.rate):
        size = f"{(sample.rate * Decimal(100)).normalize():f}%"
    return _("%(size)s of each %(pool)s are drawn") % {"size": size, "pool": sample.per}


def length(duration: Duration | str) -> str:
    """Return a duration in words."""
    if not isinstance(duration, Duration):
        return _("(missing figure)")
    return duration_text(duration)
