"""Another bound than the regulation's for what is owed about one case, or for its visit (K-16).

Who manages the unit sets one inside the regulation's limit, with the reason. A later one is asked for and holds once
another manager has approved it. What is late stays late. Each stands on the timeline.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind
from complaints.domain.announcing import url_of
from complaints.domain.clocks import clocks_open
from complaints.domain.rights import NotYours, check, needed
from complaints.domain.verifying import tasks_of
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case, CaseDeed
from config.clock import local_day
from staff.domain.calendar import day_end, local_date
from staff.domain.notifying import notify
from staff.domain.superiors import superiors
from staff.models import Employee
from visits.choices import WORKABLE
from visits.domain.detecting.bounds import INSTANT, bound_text, house
from visits.domain.obliging.counting import clock_of_obligation, spec_of_obligation, stops_of
from visits.domain.obliging.fulfilling import set_bound
from visits.domain.obliging.naming import deed_words
from visits.models import Obligation, VisitTask

ASKED = gettext_noop("A later bound is asked for in case %(number)s: %(what)s, %(bound)s")
GRANTED = gettext_noop("The later bound in case %(number)s is approved: %(what)s, %(bound)s")


@dataclass(frozen=True)
class Movable:
    """Something of a case whose bound can be set: ``obligation:7`` or ``task:9``; `limit`: the regulation's bound.

    `by_day`: it is set as a day and lasts until that day's end.
    """

    key: str
    words: str
    due_at: datetime
    inclusive: bool
    limit: datetime
    by_day: bool
    thing: Obligation | VisitTask


def movable(case: Case, *, now: datetime) -> list[Movable]:
    """Return what of the case has a bound that is not over: running clocks, and visits that nobody has made."""
    clocks = [one for one in clocks_open(case) if one.due_at and one.due_at > now and one.paused_at is None]
    visits = [task for task in tasks_of(case) if task.status in WORKABLE and task.closes_at > now]
    found = [told for one in clocks if (told := _of_clock(one))]
    return [*found, *(_of_visit(case, task) for task in visits)]


def _of_clock(one: Obligation) -> Movable | None:
    spec = spec_of_obligation(one)
    if spec is None or spec.within is None or one.due_at is None:
        return None
    limit, inclusive = clock_of_obligation(one, spec).after(one.anchor_at, spec.within, stops_of(one))
    words = spec.title or deed_words(one.deed)
    return Movable(f"obligation:{one.pk}", words, one.due_at, inclusive, limit, not spec.within.is_instant, one)


def _of_visit(case: Case, task: VisitTask) -> Movable:
    key = f"task:{task.pk}"
    first = next((line for line in _lines(case) if line.facts.get("what") == key and "limit" in line.facts), None)
    limit = datetime.fromisoformat(first.facts["limit"]) if first else task.closes_at
    return Movable(
        key, str(task.step), task.closes_at, task.closes_inclusive, limit, not task.closes_inclusive, task
    )  # fmt: skip


def _lines(case: Case) -> Iterable[CaseDeed]:
    return case.deeds.filter(kind=CaseDeedKind.DUE).order_by("pk")


def asked_for(case: Case) -> CaseDeed | None:
    """Return the request for a later bound that waits for another manager's word, the last one."""
    answered = {line.facts.get("answers") for line in _lines(case)}
    waiting = [line for line in _lines(case) if line.facts.get("asked") and line.pk not in answered]
    return waiting[-1] if waiting else None


@transaction.atomic
def set_due(
    case: Case, *, what: str, on: date, at: time | None = None, text: str, by: Employee, now: datetime,
    version: int | None = None,
) -> bool:  # fmt: skip
    """Set the bound of one thing (`Movable.key`), or ask for it where it lies beyond the limit; say whether it holds.

    A bound by the day takes no time of day.
    """
    check(case, "due", by=by, now=now, version=version)
    text = needed(text, _("Write why the bound is another one."))
    one = _found(case, what, now)
    due_at = _moment(one, on, at)
    if due_at <= now:
        raise CannotDo(_("This moment is over."), field="on")
    if due_at == one.due_at:
        raise CannotDo(_("This is its bound already."), field="on")
    if isinstance(one.thing, VisitTask) and due_at <= one.thing.opens_at:
        raise CannotDo(_("The visit opens only after that."), field="on")
    holds = due_at <= one.limit
    facts = {
        "what": one.key, "words": one.words, "was": one.due_at.isoformat(), "bound": due_at.isoformat(),
        "limit": one.limit.isoformat(), "asked": not holds, "inclusive": one.inclusive,
    }  # fmt: skip
    said = bound_text(due_at, inclusive=one.inclusive)
    words = _("%(what)s: %(bound)s") if holds else _("%(what)s: %(bound)s (waits for approval)")
    line = Line(text=f"{words % {'what': one.words, 'bound': said}} · {text}", facts=facts)
    deed = write(case, CaseDeedKind.DUE, by=by, now=now, line=line)
    if holds:
        _apply(one, due_at, now=now)
    else:
        told = {"number": case.number, "what": one.words, "bound": said}
        notify(superiors(by, now=now), kind="case", message=ASKED, facts=told, url=url_of(case),
               key=f"case-due-{deed.pk}", now=now)  # fmt: skip
    return holds


@transaction.atomic
def approve_due(case: Case, *, grant: bool, text: str, by: Employee, now: datetime, version: int | None = None) -> None:
    """Approve or refuse the later bound that was asked for; never by who asked."""
    check(case, "due_approve", by=by, now=now, version=version)
    asked = asked_for(case)
    if asked is None:
        raise CannotDo(_("Nobody asks for a later bound."))
    if asked.by_id == by.pk:
        raise NotYours(_("Another manager than the one who asked decides on it."))
    if not grant:
        text = needed(text, _("Write why not."))
    said = {"what": asked.facts["words"], "bound": bound_text(_to(asked), inclusive=asked.facts["inclusive"])}
    words = (_("%(what)s: %(bound)s approved") if grant else _("%(what)s: %(bound)s refused")) % said
    line = Line(text=f"{words} · {text.strip()}" if text.strip() else words, facts={"answers": asked.pk})
    if grant:
        _apply(_found(case, asked.facts["what"], now), _to(asked), now=now)
    write(case, CaseDeedKind.DUE, by=by, now=now, line=line)
    if grant and asked.by:
        notify([asked.by], kind="case", message=GRANTED, facts=said | {"number": case.number}, url=url_of(case),
               key=f"case-due-{asked.pk}-granted", now=now)  # fmt: skip


def _to(asked: CaseDeed) -> datetime:
    return datetime.fromisoformat(asked.facts["bound"])


def _found(case: Case, what: str, now: datetime) -> Movable:
    found = next((one for one in movable(case, now=now) if one.key == what), None)
    if found is None:
        raise CannotDo(_("Its bound is over, its clock stands still, or it is done: it cannot be set."), field="what")
    return found


def _moment(one: Movable, on: date, at: time | None) -> datetime:
    if one.by_day:
        return day_end(on, house())
    if at is None:
        raise CannotDo(_("This bound needs a time of day."), field="at")
    return datetime.combine(on, at, house())


def _apply(one: Movable, due_at: datetime, *, now: datetime) -> None:
    if isinstance(one.thing, Obligation):
        set_bound(one.thing, due_at, now=now)
        return
    changed = VisitTask.objects.filter(pk=one.thing.pk, status__in=WORKABLE, opens_at__lt=due_at)
    if not changed.update(closes_at=due_at):
        raise CannotDo(_("The visit has been made, or opens only after that."), field="on")


def day_of(one: Movable) -> date:
    """Return the day that a form proposes: that of the bound as it stands."""
    return local_date(one.due_at - INSTANT, house()) if one.by_day else local_day(one.due_at)
