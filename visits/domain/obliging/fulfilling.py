"""Owed deeds of things that have a life of their own (cases, work orders): done, dropped, stopped and going on.

A clock that was stopped runs on for as long as it had left: its bound, warning and next escalation are counted anew
from its beginning and its stops, by one function, so that every page, job and figure says the same (DECISIONS 39).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from config.packs.duties import ObligationSpec
from staff.choices import MeasureState
from staff.domain.activity import log
from staff.domain.policies import spec_of
from staff.models import Employee
from visits.domain.obliging.owing import clock_of, first_escalation
from visits.domain.obliging.reckoning import Clock, before
from visits.domain.obliging.watching import close, spec_of_obligation
from visits.models import Obligation, ObligationPause

Stop = tuple[datetime, datetime]
NO_BOUND: Final = (None, True)


def of_subject(subject: str) -> Q:
    """Return the obligations about a subject: its own, and those of its later rounds (``case:7/2``)."""
    return Q(subject=subject) | Q(subject__startswith=f"{subject}/")


def fulfil(subject: str, deeds: Iterable[str], *, by: Employee | None, at: datetime, now: datetime) -> int:
    """Close the open obligations of a subject whose deed has just been done; return how many."""
    found = Obligation.objects.open().filter(of_subject(subject), deed__in=list(deeds))
    return sum(
        close(one, MeasureState.DONE, at=at, by=by.pk if by else None, now=now) for one in found.order_by("pk")
    )  # fmt: skip


def drop(subject: str, *, now: datetime, note: str = "", keep: Sequence[str] = ()) -> int:
    """Close what is still owed after a subject that asks for nothing any more (merged, withdrawn); return how many.

    Deeds in `keep` stay owed.
    """
    found = Obligation.objects.open().filter(of_subject(subject)).exclude(deed__in=keep).order_by("pk")
    return sum(close(one, MeasureState.DROPPED, at=now, by=None, now=now, note=note[:200]) for one in found)


@transaction.atomic
def take_up(subject: str, *, dropped_at: datetime, now: datetime) -> int:
    """Owe again what was dropped at that moment, with its old bounds (unmerged, restored); return how many deeds."""
    found = Obligation.objects.filter(of_subject(subject), state=MeasureState.DROPPED, done_at=dropped_at)
    again = list(found.order_by("pk"))
    found.update(state=MeasureState.OPEN, done_at=None, done_by=None, note="")
    for one in again:
        log(now=now, actor=None, verb="obligation_taken_up", subject=one)
    return len(again)


@transaction.atomic
def stop(subject: str, *, reason: str, by: Employee, now: datetime) -> list[Obligation]:
    """Let the open clocks of a subject stand still from now on; return those that ran and had a bound."""
    running = list(Obligation.objects.open().filter(of_subject(subject), paused_at=None, due_at__gt=now).order_by("pk"))
    for one in running:
        ObligationPause.objects.create(obligation=one, from_at=now, reason=reason[:200], by=by)
    Obligation.objects.filter(pk__in=[one.pk for one in running]).update(paused_at=now)
    return running


@transaction.atomic
def go_on(subject: str, *, now: datetime) -> list[Obligation]:
    """Let the stopped clocks of a subject run on; return them with their new bounds."""
    stopped = list(Obligation.objects.open().filter(of_subject(subject), paused_at__isnull=False).order_by("pk"))
    for one in stopped:
        one.pauses.filter(until_at=None).update(until_at=now)
        one.paused_at = None
        _count_anew(one)
    return stopped


def stops_of(one: Obligation) -> list[Stop]:
    """Return the stops of a clock that are over, in their order."""
    ended = one.pauses.filter(until_at__isnull=False).order_by("from_at", "pk")
    return [(pause.from_at, pause.until_at) for pause in ended if pause.until_at is not None]


def bound_of(one: Obligation, spec: ObligationSpec) -> tuple[datetime | None, bool]:
    """Return until when a deed is owed, its stops not counted, and whether that moment itself is in time."""
    if not spec.within:
        return NO_BOUND
    clock = clock_of(spec_of(one.release), spec)
    due_at, inclusive = clock.after(one.anchor_at, spec.within)
    return lengthened(due_at, stops_of(one), clock), inclusive


def lengthened(bound: datetime, stops: Sequence[Stop], clock: Clock) -> datetime:
    """Return the bound moved by the stops that began before it: by their time on this clock, in their order."""
    for from_at, until_at in stops:
        if from_at < bound:
            bound = clock.later(bound, clock.between(from_at, until_at))
    return bound


def _count_anew(one: Obligation) -> None:
    spec = spec_of_obligation(one)
    if spec is None:
        one.save(update_fields=["paused_at"])
        return
    one.due_at, one.inclusive = bound_of(one, spec)
    clock, stops = clock_of(spec_of(one.release), spec), stops_of(one)
    one.warn_at = before(one.due_at, spec.warn_before) if one.due_at and spec.warn_before and one.warn_at else None
    if one.tell_at is not None:
        told = first_escalation(spec, clock, one.anchor_at, told=one.told)
        one.tell_at = lengthened(told, stops, clock) if told else None
    one.save(update_fields=["paused_at", "due_at", "inclusive", "warn_at", "tell_at"])
