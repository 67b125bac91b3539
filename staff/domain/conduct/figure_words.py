"""Why a figure earns or costs something, in words: both sides of it, the bar, the rank, and who stands equal."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from staff.domain.metric_words import bar_words, metric_words
from staff.models import Employee


def figure_told(facts: Mapping[str, Any]) -> str:
    """Return a figure with its numerator, denominator and bar (facts of `proposing.propose_figure`)."""
    return " ".join(part for part in (_figure(facts), _late(facts), _rank(facts), _streak(facts), _tied(facts)) if part)


def figure_facts(
    metric: str,
    *,
    period: str,
    numerator: str,
    denominator: str,
    value: str,
    op: str = "",
    threshold: str = "",
    title: str = "",
) -> dict[str, Any]:
    """Return the facts that `figure_told` reads, exact figures as text. `title`: what the pack calls it."""
    return {
        "metric": metric, "title": title, "period": period, "numerator": numerator, "denominator": denominator,
        "value": value, "op": op, "threshold": threshold,
    }  # fmt: skip


def _figure(facts: Mapping[str, Any]) -> str:
    told = {name: facts.get(name) or "—" for name in ("period", "numerator", "denominator", "value")}
    told["metric"] = facts.get("title") or metric_words(str(facts.get("metric", "")))
    bar = bar_words(str(facts.get("op") or ""), str(facts.get("threshold") or ""))
    if told["denominator"] == "1":
        words = _("%(metric)s in %(period)s: %(value)s") % told
    else:
        words = _("%(metric)s in %(period)s: %(numerator)s / %(denominator)s = %(value)s") % told
    return _("%(figure)s; the bar is %(bar)s.") % {"figure": words, "bar": bar} if bar else f"{words}."


def _late(facts: Mapping[str, Any]) -> str:
    if not facts.get("closed_on"):
        return ""
    return _("The figure was still ripening when the month was closed on %(closed_on)s: this is the ripe one.") % facts


def _rank(facts: Mapping[str, Any]) -> str:
    if not facts.get("rank"):
        return ""
    return _("Rank %(rank)s of %(staff)s.") % facts


def _streak(facts: Mapping[str, Any]) -> str:
    return _("%(streak)s periods in a row.") % facts if facts.get("streak") else ""


def _tied(facts: Mapping[str, Any]) -> str:
    tied: Sequence[int] = facts.get("tied") or ()
    if not tied:
        return ""
    names = [str(one) for one in Employee.objects.filter(pk__in=tied).order_by("pk")]
    told = {"people": _(", ").join(names), "places": facts.get("places", 1)}
    return _("Equal: %(people)s, for places: %(places)s. Confirm who gets it and waive the others.") % told
