"""Rehearsals too large to wait for: kept as rows, run by a worker with their progress, forgotten after a month.

A worker claims a row by a conditional UPDATE and leases it; one whose worker died is run again from its start, which
costs time and nothing else.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q

from staff.models import Employee, Policy
from visits.choices import RehearsalState
from visits.domain.rehearsing.outcome import Outcome
from visits.domain.rehearsing.publishing import Proposal, stored
from visits.domain.rehearsing.rehearsal import rehearse
from visits.models import Rehearsal

LEASE: Final = timedelta(minutes=10)
KEPT_DAYS: Final = 30


def ask(proposal: Proposal, *, days: int, near_days: int, actor: Employee, now: datetime) -> Rehearsal:
    """Put a rehearsal on the list of the worker; the same one that waits already is not put there twice."""
    waiting = Rehearsal.objects.filter(state__in=(RehearsalState.WAITING, RehearsalState.RUNNING))
    same = waiting.filter(policy=proposal.policy, sha256=proposal.key, days=days, near_days=near_days).first()
    return same or Rehearsal.objects.create(
        policy=proposal.policy, content=proposal.content, sha256=proposal.key, days=days, near_days=near_days,
        asked_by=actor, asked_at=now,
    )  # fmt: skip


def latest(proposal: Proposal, *, days: int, near_days: int) -> Rehearsal | None:
    """Return the last rehearsal of just this proposal against what is in force now."""
    return Rehearsal.objects.filter(policy=proposal.policy, sha256=proposal.key, days=days, near_days=near_days).first()


def outcome_of(rehearsal: Rehearsal) -> Outcome | None:
    """Return what came of it; None while it is not done."""
    return Outcome.from_json(rehearsal.result) if rehearsal.result else None


def run_waiting(*, now: datetime) -> int:
    """Run every rehearsal that waits, or whose worker died; return how many were run."""
    dead = Q(state=RehearsalState.RUNNING, leased_until__lte=now)
    due = Rehearsal.objects.filter(Q(state=RehearsalState.WAITING) | dead).order_by("pk")
    return sum(_claim_and_run(one, now=now) for one in due)


def _claim_and_run(rehearsal: Rehearsal, *, now: datetime) -> bool:
    mine = Rehearsal.objects.filter(pk=rehearsal.pk)
    free = mine.filter(Q(state=RehearsalState.WAITING) | Q(leased_until__lte=now))
    if not free.update(state=RehearsalState.RUNNING, leased_until=now + LEASE, done=0):
        return False
    try:
        result = _run(rehearsal, now=now).to_json()
    except Exception as fault:
        told = f"{type(fault).__name__}: {fault}"[:200]
        mine.update(state=RehearsalState.FAILED, fault=told, finished_at=now, leased_until=None)
        raise  # the ledger of jobs shows it too
    mine.update(state=RehearsalState.DONE, result=result, finished_at=now, leased_until=None)
    return True


def _run(rehearsal: Rehearsal, *, now: datetime) -> Outcome:
    proposal = stored(Policy.objects.get(pk=rehearsal.policy_id), rehearsal.content)
    question = proposal.question(days=rehearsal.days, near_days=rehearsal.near_days)

    def note(done: int, total: int) -> None:
        Rehearsal.objects.filter(pk=rehearsal.pk).update(done=done, total=total)

    return rehearse(question, now=now, progress=note)


def purge_rehearsals(*, now: datetime, on: date) -> int:
    """Forget rehearsals that are over for a month; return how many."""
    del on  # the same on whichever day it is caught up
    old = Rehearsal.objects.filter(asked_at__lt=now - timedelta(days=KEPT_DAYS))
    return old.exclude(state=RehearsalState.RUNNING).delete()[0]
