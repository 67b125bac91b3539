"""Clocks that follow the level of a case: what only the old level asked for is owed no more, what the new one asks is.

A level that changes late sheds no clock: what the new one asks for whose time would be over already runs from the
change, and who raises a level keeps the earlier bound of the old one. New clocks have the stops of the case.
"""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import REGISTERED, announce, of_round, subject_of
from complaints.domain.facts import facts_of_case
from complaints.domain.ruling import levels_of
from complaints.models import Case
from staff.choices import MeasureState
from staff.domain.activity import log
from staff.domain.conditions import holds
from visits.domain.obliging.counting import count_anew, spec_of_obligation
from visits.domain.obliging.fulfilling import NEVER_STOPS, of_subject
from visits.domain.obliging.watching import close
from visits.models import Obligation, ObligationPause

ANSWERED: Final = frozenset({"first_reply", "complaint"})  # the conversation that opens a round was the first word


def follow_level(case: Case, *, was: str, now: datetime) -> None:
    """Note what the new level asks for, counted from when the customer told of it; drop what only the old one did."""
    codes = [one.code for one in levels_of(case.release)]
    raised = was not in codes or codes.index(case.level) > codes.index(was)
    again = case.deeds.filter(kind=CaseDeedKind.REOPENED, round=case.round).last()
    since, subject = (again.at, round_begun(case, again.pk)) if again else (case.opened_at, of_round(case))
    begun = Obligation.objects.filter(subject=subject)
    before = set(begun.open().values_list("pk", flat=True))
    without = ANSWERED if again else frozenset()
    announce(case, REGISTERED, key=case.number, at=since, now=now, visits=again is None, subject=subject,
             without=without)  # fmt: skip
    _take_up(case, begun, now=now)
    announce(case, REGISTERED, key=case.number, at=now, now=now, visits=False, subject=subject, without=without)
    for one in begun.open().exclude(pk__in=before).exclude(deed__in=NEVER_STOPS).select_related("release"):
        _stop_with(case, one)
    _drop_unwanted(case, begun, raised=raised, now=now)


def round_begun(case: Case, deed: int) -> str:
    """Return what the clocks of a round are about that the line `deed` has begun: a round begun twice has new ones."""
    return f"{of_round(case)}-{deed}"


def _wanted(case: Case, one: Obligation) -> bool:
    """Say whether a clock of the registration is one that the case asks for as it is now."""
    spec = spec_of_obligation(one)
    return spec is None or REGISTERED not in spec.on or holds(spec.when, spec.match, facts_of_case(case))


def _take_up(case: Case, begun: QuerySet[Obligation], *, now: datetime) -> None:
    """Owe again what an earlier change of the level has dropped; from now on, where its time is over."""
    for one in begun.filter(state=MeasureState.DROPPED).select_related("release"):
        if not _wanted(case, one):
            continue
        if one.due_at and one.due_at <= now:
            one.anchor_at, one.told = now, 0
        one.state, one.done_at, one.done_by = MeasureState.OPEN, None, None
        one.save(update_fields=["state", "done_at", "done_by", "anchor_at", "told"])
        log(now=now, actor=None, verb="obligation_taken_up", subject=one)


def _stop_with(case: Case, one: Obligation) -> None:
    """Give a clock that begins in the midst of a case the stops that the case has had since; it waits with the case."""
    one.pauses.all().delete()
    for start, end, reason, by in _stops(case, one):
        begin = max(start, one.anchor_at.replace(microsecond=0))
        if end is None or end > begin:
            ObligationPause.objects.create(obligation=one, from_at=begin, until_at=end, reason=reason, by_id=by)
            one.paused_at = one.paused_at or (begin if end is None else None)
    one.save(update_fields=["paused_at"])
    count_anew(one, warn=True)


def _stops(case: Case, one: Obligation) -> list[tuple[datetime, datetime | None, str, int]]:
    """Return when the other clocks of the case stood still, and since when it waits, in order."""
    mine = Obligation.objects.filter(of_subject(subject_of(case))).exclude(pk=one.pk)
    others = ObligationPause.objects.filter(obligation__in=mine)
    found = {row[0]: row for row in others.order_by("pk").values_list("from_at", "until_at", "reason", "by")}
    last = case.deeds.filter(kind=CaseDeedKind.WAITING).order_by("-pk").first()
    if case.state == CaseState.WAITING and last is not None and last.by_id:
        since = last.logged_at.replace(microsecond=0)  # as every stop
        found.setdefault(since, (since, None, last.text[:200], last.by_id))
    return [found[start] for start in sorted(found)]


def _drop_unwanted(case: Case, begun: QuerySet[Obligation], *, raised: bool, now: datetime) -> None:
    """Drop the open clocks whose conditions the case meets no longer.

    One that is late already stays: raising or lowering a level forgives nothing. Neither does raising one put off a
    bound: the old clock stays where the new one of the same deed ends later.
    """
    rows = list(begun.open().select_related("release"))
    wanted = [one for one in rows if _wanted(case, one)]
    for one in rows:
        if one in wanted or (one.due_at is not None and one.due_at <= now and one.paused_at is None):
            continue
        same = [other.due_at for other in wanted if other.deed == one.deed and other.due_at]
        if not (raised and one.due_at and same and min(same) > one.due_at):
            close(one, MeasureState.DROPPED, at=now, by=None, now=now)
