"""What every page of the dashboards begins with: regulation, days, filters, and addresses that keep them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from reports.domain.dashboard import naming
from reports.domain.dashboard.choosing import SPAN, other, plain
from reports.domain.dashboard.narrowing import DIMENSIONS, NO_UNIT, UNITS, Narrow
from reports.domain.facts.frozen import frozen_at
from reports.domain.facts.ripening import closed_unripe, is_ripening
from reports.domain.figures.query import Query, query
from reports.domain.figures.reading import Part, part_of
from reports.forms.dashboard import day_asked, period_asked
from staff.domain.periods import Period
from staff.domain.policies import releases_in_force, spec_of
from staff.domain.wording import moment_words
from staff.models import Release

OWN = ("of", "focus", "outcome", "weekday", "hour", "part", "since", "called", "about")
NONE = "-"  # in an address: those that have no value of a dimension


@dataclass
class Frame:
    """What a page of the dashboards is asked for by its address, within what the person may see."""

    request: Any
    releases: list[Release]
    release: Release
    period: Period
    against: str
    narrow: Narrow
    part: Part
    own: dict[str, str]  # what this page alone is asked for: kept while one goes to other days or other filters

    @cached_property
    def pack(self):
        """Return the regulation that was chosen."""
        return spec_of(self.release)

    @property
    def packs(self):
        """Return all regulations in force, the chosen one last: its names go before those of the others."""
        return [*(spec_of(one) for one in self.releases if one != self.release), self.pack]

    @property
    def compared(self) -> Period:
        """Return the period that this one is compared with."""
        return other(self.period, self.against)

    def query(self, shown, period: Period | None = None) -> Query:
        """Return the question for a figure in the period, or in another one."""
        return query(shown.kpi, self.release, period or self.period, now=self.request.now)

    def frozen(self, asked: Query) -> str:
        """Return since when a figure stands still because its month is closed, in words; "" where it is counted.

        Frozen are figures of people and branches: what is limited to a rule, a channel … is counted from the rows.
        """
        limited = any(by in DIMENSIONS for by in self.narrow.chosen())
        return "" if limited or asked.period.per != "month" else moment_words(frozen_at(asked))

    def ripeness(self, asked: Query) -> str:
        """Return that a figure is still ripening, or was when it was frozen, in words; "" for any other."""
        if is_ripening(asked):
            return _("still ripening")
        return _("closed before it was ripe") if closed_unripe(asked) and self.frozen(asked) else ""

    @cached_property
    def visits(self) -> Query:
        """Return the question for all visits of the period."""
        return self.query(plain("visit_count"))

    @cached_property
    def asked(self) -> dict[str, str]:
        """Return the parameters of an address that shows the same."""
        found = {} if self.release == self.releases[0] else {"regulation": self.release.policy.slug}
        if self.period.per == SPAN:
            found |= {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        else:
            found["period"] = self.period.key
        if self.against != "before":
            found["against"] = self.against
        return found | {name: str(value or NONE) for name, value in self.narrow.chosen().items()}

    def address(self, name: str = "", **changes) -> str:
        """Return the address of a page with what is chosen here; a change to None takes something away."""
        changed = {key.rstrip("_"): value for key, value in changes.items()}
        merged = {**({} if name else self.own), **self.asked, **changed}
        kept = {key: value for key, value in merged.items() if value not in (None, "")}
        path = reverse(name) if name else self.request.path
        return f"{path}?{urlencode(kept)}"

    def behind(self, figure: str, period: Period | None = None, **more) -> str:
        """Return the address of the rows behind one mark: a figure, of a period, limited by what `more` says."""
        days = {} if period is None else {"period": period.key, "from_": None, "to": None}
        if period is not None and period.per == SPAN:
            days = {"period": None, "from_": period.first.isoformat(), "to": period.last.isoformat()}
        told = {key: (value or NONE) if key in (*UNITS, *DIMENSIONS) else value for key, value in more.items()}
        return self.address("reports:figure_behind", of=figure, against=None, **days, **told)


def frame_of(request) -> Frame | None:
    """Return what the address asks for; None while no regulation is in force. What one may not see is not there."""
    releases = releases_in_force(request.today)
    if not releases:
        return None
    named = request.GET.get("regulation", "")
    release = next((one for one in releases if one.policy.slug == named), releases[0])
    against = "year" if request.GET.get("against") == "year" else "before"
    narrow = _narrow(request)
    return Frame(
        request,
        releases,
        release,
        _period(request),
        against,
        narrow,
        part_of(request.user, on=request.today),
        _own(request),
    )


def _own(request) -> dict[str, str]:
    return {name: request.GET[name][:120] for name in OWN if request.GET.get(name)}


def _period(request) -> Period:
    first, last = day_asked(request.GET.get("from", "")), day_asked(request.GET.get("to", ""))
    if first and last and first <= last:
        return Period(SPAN, first, last)
    return period_asked(request.GET, today=request.today)


def _narrow(request) -> Narrow:
    asked = {by: request.GET[by] for by in (*UNITS, *DIMENSIONS) if request.GET.get(by)}
    units = {by: _unit(request, by, asked[by]) for by in UNITS if by in asked}
    values = {by: "" if asked[by] == NONE else asked[by][:120] for by in DIMENSIONS if by in asked}
    return Narrow(**units, **values)


def _unit(request, by: str, text: str) -> int:
    """Return the key of a unit or person whom somebody may look at, or that of none; anything else is not found."""
    if text == NONE:
        return NO_UNIT
    known = text.isdecimal() and len(text) < 19
    if not known or not naming.may_divide_by(by, int(text), request.user, on=request.today):
        raise Http404
    return int(text)
