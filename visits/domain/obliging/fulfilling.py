"""Owed deeds of things that have a life of their own (cases, work orders): done, dropped, stopped and going on.

A clock that was stopped runs on for as long as it had left: its bound, warning and next escalation are counted anew
from its beginning and its stops, by one function, so that every page, job and figure says the same (DECISIONS 39).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from staff.choices import MeasureState
from staff.domain.activity import log
from staff.domain.notifying import withdraw
from staff.models import Employee
from visits.domain.obliging.counting import count_anew
from visits.domain.obliging.watching import close, warn_key
from visits.models import Obligation, ObligationPause

# The customer hears a first word in time whatever else is waited for.
NEVER_STOPS: Final = ("first_reply",)


def of_subject(subject: str) -> Q:
    """Return the obligations about a subject: its own, and those of its later rounds (``case:7/2``)."""
    return Q(subject=subject) | Q(subject__startswith=f"{subject}/")


@transaction.atomic
def fulfil(subject: str, deeds: Iterable[str], *, by: Employee | None, at: datetime, now: datetime) -> int:
    """Close the open obligations of a subject whose deed has just been done; return how many."""
    found = Obligation.objects.open().filter(of_subject(subject), deed__in=list(deeds))
    _run_on(found, now=now)
    return sum(
        close(one, MeasureState.DONE, at=at, by=by.pk if by else None, now=now) for one in found.order_by("pk")
    )  # fmt: skip


@transaction.atomic
def drop(subject: str, *, now: datetime, note: str = "", keep: Sequence[str] = ()) -> int:
    """Close what is still owed after a subject that asks for nothing any more (merged, withdrawn); return how many.

    Deeds in `keep` stay owed.
    """
    found = Obligation.objects.open().filter(of_subject(subject)).exclude(deed__in=keep).order_by("pk")
    _run_on(found, now=now)
    return sum(close(one, MeasureState.DROPPED, at=now, by=None, now=now, note=note[:200]) for one in found)


@transaction.atomic
def end(subject: str, *, now: datetime, keep: Sequence[str] = ()) -> int:
    """Close what is still owed after a subject that has come to its end; return how many deeds.

    What was late by then stays late: it counts as done at the end, by nobody. The rest is dropped.
    """
    found = Obligation.objects.open().filter(of_subject(subject)).exclude(deed__in=keep)
    _run_on(found, now=now)
    late = list(found.overdue(now=now))
    missed = sum(close(one, MeasureState.DONE, at=now, by=None, now=now) for one in late)
    return missed + drop(subject, now=now, keep=keep)


@transaction.atomic
def take_up(subject: str, *, dropped_at: datetime, now: datetime, stopped: bool = False) -> int:
    """Owe again what was dropped, or ended late, at that moment, with its old bounds; return how many deeds.

    `stopped`: the clocks that stood still then still do.
    """
    closed = Q(state=MeasureState.DROPPED) | Q(state=MeasureState.DONE, done_by=None)
    found = Obligation.objects.filter(of_subject(subject), closed, done_at=dropped_at)
    again = list(found.order_by("pk"))
    found.update(state=MeasureState.OPEN, done_at=None, done_by=None, note="")
    for one in again:
        log(now=now, actor=None, verb="obligation_taken_up", subject=one)
    ended = ObligationPause.objects.filter(obligation__in=again if stopped else (), until_at=_whole(dropped_at))
    for pause in ended.select_related("obligation__release").order_by("pk"):
        _stand_still(pause)
    return len(again)


def _stand_still(pause: ObligationPause) -> None:
    """Let a stop last on as if it had never ended."""
    pause.until_at, one = None, pause.obligation
    pause.save(update_fields=["until_at"])
    one.paused_at = pause.from_at
    one.save(update_fields=["paused_at"])
    count_anew(one)


@transaction.atomic
def stop(subject: str, *, reason: str, by: Employee, now: datetime) -> list[Obligation]:
    """Let the open clocks of a subject stand still from now on; return those that do. What is late stays late."""
    ahead = Q(due_at=None) | Q(due_at__gt=now)
    now = _whole(now)
    running = Obligation.objects.open().filter(of_subject(subject), ahead, paused_at=None)
    found = list(running.exclude(deed__in=NEVER_STOPS).order_by("pk"))
    for one in found:
        ObligationPause.objects.create(obligation=one, from_at=now, reason=reason[:200], by=by)
    Obligation.objects.filter(pk__in=[one.pk for one in found]).update(paused_at=now)
    return found


def go_on(subject: str, *, now: datetime) -> list[Obligation]:
    """Let the stopped clocks of a subject run on; return them with their new bounds."""
    return _run_on(Obligation.objects.open().filter(of_subject(subject)), now=now)


def set_bound(one: Obligation, due_at: datetime, *, now: datetime) -> None:
    """Set the bound of an open deed by hand; its warning and escalation follow (K-16)."""
    withdraw(key=warn_key(one), now=now)
    one.set_due_at, one.set_at = due_at, _whole(now)
    Obligation.objects.open().filter(pk=one.pk).update(set_due_at=due_at, set_at=_whole(now))
    count_anew(one, warn=True)


def _whole(now: datetime) -> datetime:
    """Return the second: a stop is one of whole seconds, so that what a page shows of it adds up."""
    return now.replace(microsecond=0)


@transaction.atomic
def _run_on(found: QuerySet[Obligation], *, now: datetime) -> list[Obligation]:
    stopped = list(found.filter(paused_at__isnull=False).select_related("release").order_by("pk"))
    now = _whole(now)
    for one in stopped:
        one.pauses.filter(until_at=None).update(until_at=Greatest(F("from_at"), now))  # whatever a clock says
        one.paused_at = None
        Obligation.objects.filter(pk=one.pk).update(paused_at=None)
        count_anew(one)
    return stopped
