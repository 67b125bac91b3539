"""Figures, bars and distances in the words of the screen."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.domain.figures.goals import Goal
from reports.domain.figures.measured import SHARES, number, shown, sides
from staff.choices import Unit
from staff.domain.conduct.naming import measure_words
from staff.domain.metric_words import bar_words, metric_words


def card(goal: Goal) -> dict:
    """Return one goal as its card shows it; `level` is how full its bar is drawn, in per cent of the bar."""
    return {
        "goal": goal,
        "title": goal.title or metric_words(goal.metric),
        "of": f"{goal.release.policy_id}/{goal.section}:{goal.code}",
        "period": goal.period.key,
        "value": shown(goal.figure.value, goal.metric),
        "sides": sides(goal.figure, goal.metric),
        "colleagues": shown(goal.colleagues.value, goal.metric),
        "bar": bar_words(goal.op, shown(Fraction(goal.threshold), goal.metric)) if goal.threshold is not None else "",
        "worth": worth(goal),
        "also": [measure_words(what) for what in goal.also],
        "said": said(goal),
        "state": "lost" if goal.section == "penalty" and goal.pace.met else "met" if is_reached(goal) else "open",
        "level": level(goal),
    }


def is_reached(goal: Goal) -> bool:
    """Say whether somebody would earn it, or has reached the target, as of today."""
    if goal.section == "penalty":
        return False
    by_rank = not goal.places or 0 < goal.rank <= goal.places
    return goal.figure.value is not None and by_rank and goal.pace.met


def worth(goal: Goal) -> str:
    """Return what is paid or taken; nothing for a target and for an honour."""
    if goal.amount is None or not goal.amount:
        return ""
    figure = number(Fraction(goal.amount))
    return f"¥{figure}" if goal.unit == Unit.CNY else _("%s points") % figure


def level(goal: Goal) -> int:
    """Return how far the figure is on its way to the bar, 0 to 100."""
    if goal.figure.value is None or goal.threshold is None or not goal.threshold:
        return 0
    return max(0, min(100, int(goal.figure.value * 100 / Fraction(goal.threshold))))


def said(goal: Goal) -> str:
    """Return in one sentence how somebody stands: what is short, and what the rest of the period has to bring."""
    parts = [_rank(goal), _penalty(goal) if goal.section == "penalty" else _bar(goal)]
    return " ".join(part for part in parts if part)


def _rank(goal: Goal) -> str:
    if not goal.rank:
        return ""
    told = {"rank": goal.rank, "staff": goal.staff, "places": goal.places}
    return _("Rank %(rank)s of %(staff)s; places: %(places)s.") % told


def _penalty(goal: Goal) -> str:
    if goal.pace.met:
        return _("As it stands today, this would cost %s.") % (worth(goal) or _("a measure"))
    return _("As it stands today, nothing is taken.")


def _bar(goal: Goal) -> str:
    pace = goal.pace
    if goal.figure.value is None:
        return _("There is nothing to measure yet.")
    if goal.threshold is None:
        return ""
    if pace.met:
        return _("The bar is reached.")
    if not pace.gap:
        return _("The bar is not met.")
    gap = distance(pace.gap, goal.metric)
    told = {"gap": gap, "worth": worth(goal)}
    short = (_("%(gap)s short of %(worth)s") if told["worth"] else _("%(gap)s short of the target")) % told
    rest = _rest(goal)
    return _("%(short)s; %(rest)s.") % {"short": short, "rest": rest} if rest else _("%s.") % short


def _rest(goal: Goal) -> str:
    pace, visits = goal.pace, {"visits": goal.pace.remaining}
    if pace.hopeless:
        return _("even the best results of the rest would not reach it")
    if pace.wanted is None:
        return ""
    told = {**visits, "wanted": number(pace.wanted)}
    if goal.metric in SHARES:
        return ngettext(
            "%(wanted)s of the remaining %(visits)s visit has to count",
            "%(wanted)s of the remaining %(visits)s visits have to count",
            pace.remaining,
        ) % told  # fmt: skip
    return ngettext(
        "you need %(wanted)s on the remaining %(visits)s visit",
        "you need an average of %(wanted)s on the remaining %(visits)s visits",
        pace.remaining,
    ) % told  # fmt: skip


def distance(gap: Fraction, metric: str) -> str:
    """Return how much is short, rounded up so that nobody reads 0: points, or points of a per cent."""
    scaled = gap * 100 if metric in SHARES else gap
    text = number(Fraction(-((-scaled * 100) // 1), 100))
    return _("%s percentage points") % text if metric in SHARES else text
