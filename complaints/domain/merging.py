"""Several cases of one matter made one, counted once, all of its sources to be seen; and taken apart again (K-14).

The merged case ends: its clocks are dropped, nobody owes anything for it. Its line remembers what it was and which
clocks were dropped, so that taking it apart puts exactly that back; the time between counts as a stop of its clocks.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import ENDED, MOVES, CaseDeedKind, CaseState
from complaints.domain.announcing import subject_of, url_of
from complaints.domain.rights import NotYours, is_theirs, manages
from complaints.domain.verifying import call_again, call_off
from complaints.domain.writing import CannotDo, Line, MeanwhileChanged, locked, write
from complaints.models import Case
from config.clock import local_day
from staff.choices import MeasureState
from staff.domain.notifying import notify
from staff.models import Employee
from visits.domain.obliging.fulfilling import drop, go_on, of_subject, stop
from visits.models import Obligation, ObligationPause

MERGED_AWAY = gettext_noop("Case %(number)s was merged into %(into)s: one matter, one handler")
CALLED_OFF = gettext_noop("merged with another case")
SAME_MATTER = gettext_noop("the same matter as %s")


@transaction.atomic
def merge(cases: Iterable[Case], *, into: Case, by: Employee, now: datetime, text: str = "") -> Case:
    """Merge these cases into another; return that one as it stands then. Raises `CannotDo`, nothing is merged then.

    Merged are only cases that are being worked on, without duplicates or open work orders of their own.
    """
    chosen = {case.pk for case in cases} - {into.pk}
    if not chosen:
        raise CannotDo(_("Choose the cases that tell of the same matter."), field="cases")
    rows = {pk: locked(pk) for pk in sorted(chosen | {into.pk})}  # one order for everybody: no two wait for each other
    master = rows.pop(into.pk)
    if master.state in ENDED:
        raise CannotDo(_("%s is ended. Merge into a case that is still open.") % master.number, field="into")
    for case in rows.values():
        _check_rights(case, master, by, now)
        _check(case)
        _merge(case, master, by, now, text)
    facts = {"merged": sorted(rows), "numbers": [rows[pk].number for pk in sorted(rows)]}
    write(master, CaseDeedKind.MERGED, by=by, now=now, line=Line(text=text.strip(), facts=facts))
    return master


def _check(case: Case) -> None:
    """Refuse a case that cannot be merged, with the way out."""
    if CaseState.MERGED not in MOVES[case.state]:
        raise CannotDo(
            _("%(number)s is “%(state)s”: only a case that is being worked on can be merged.")
            % {"number": case.number, "state": CaseState(case.state).label}, field="cases",
        )  # fmt: skip
    if case.duplicates.exists():
        raise CannotDo(_("%s has duplicates of its own. Merge into it, or take them out first.") % case.number)
    if case.work_orders.open().exists():
        raise CannotDo(_("%s has an open work order. End it, or merge the other way round.") % case.number)


def _check_rights(case: Case, master: Case, by: Employee, now: datetime) -> None:
    """Refuse who has no part in the case that would end, and that somebody sheds the clocks of what they handle.

    Into a case told later only a manager merges their own.
    """
    if not is_theirs(case, "merge", by=by, on=local_day(now)):
        raise NotYours(_("Only who has a part in %s or looks after its unit may merge it.") % case.number)
    if case.opened_at < master.opened_at and by.pk == case.handler_id and not manages(case, by=by, on=local_day(now)):
        raise CannotDo(
            _("%(number)s was told first: merge the other one into it, so that no clock begins anew.")
            % {"number": case.number}, field="cases",
        )  # fmt: skip


def _merge(case: Case, master: Case, by: Employee, now: datetime, text: str) -> None:
    owed = list(_open_clocks(case).values_list("pk", flat=True))
    facts = {"into": master.pk, "number": master.number, "state": case.state, "dropped": owed}
    write(case, CaseDeedKind.MERGED, by=by, now=now, line=Line(text=text.strip(), facts=facts),
          state=CaseState.MERGED, merged_into=master)  # fmt: skip
    call_off(case, now=now, reason=CALLED_OFF)
    drop(subject_of(case), now=now, note=_(SAME_MATTER) % master.number)
    if case.handler is not None and case.handler != by:
        told = {"number": case.number, "into": master.number}
        key = f"case-{case.pk}-merged-{master.pk}"
        notify([case.handler], kind="case", message=MERGED_AWAY, facts=told, url=url_of(master), key=key, now=now)


def _open_clocks(case: Case) -> QuerySet[Obligation]:
    """Return what is owed after the case, of every round."""
    return Obligation.objects.open().filter(of_subject(subject_of(case))).order_by("pk")


@transaction.atomic
def unmerge(case: Case, *, by: Employee, now: datetime, text: str = "") -> Case:
    """Take a case out of the one that it was merged into; return it as it was before, its clocks running on.

    `case.version` is that which the page has shown. Raises `CannotDo` where it is not merged any more.
    """
    rows = {pk: locked(pk) for pk in sorted(pk for pk in (case.pk, case.merged_into_id) if pk)}
    found = rows[case.pk]
    master = found.merged_into
    if found.state != CaseState.MERGED or master is None:
        raise CannotDo(_("%s is not merged with another case any more.") % found.number)
    if found.version != case.version:
        raise MeanwhileChanged
    merged = found.deeds.filter(kind=CaseDeedKind.MERGED).latest("pk")
    state = CaseState(merged.facts["state"])
    write(found, CaseDeedKind.UNMERGED, by=by, now=now, state=state, merged_into=None,
          line=Line(text=text.strip(), facts={"from": master.pk, "number": master.number}))  # fmt: skip
    master = rows.get(master.pk) or locked(master.pk)
    write(master, CaseDeedKind.UNMERGED, by=by, now=now,
          line=Line(text=text.strip(), facts={"unmerged": found.pk, "number": found.number}))  # fmt: skip
    call_again(found, now=now, reason=CALLED_OFF)
    _restart(found, merged.facts["dropped"], since=merged.logged_at, by=by, now=now, waits=state == CaseState.WAITING)
    return found


def _restart(case: Case, dropped: list[int], *, since: datetime, by: Employee, now: datetime, waits: bool) -> None:
    """Let the clocks that the merge had dropped run on; the time between is a stop, as no one owed anything then.

    A case that `waits` waits on: its clocks stand still for the reason for which they did.
    """
    clocks = Obligation.objects.filter(pk__in=dropped, state=MeasureState.DROPPED)
    reason, since = _("merged with another case"), since.replace(microsecond=0)
    for one in clocks.order_by("pk"):
        if one.paused_at is None and one.due_at is not None and one.due_at > since:
            ObligationPause.objects.create(obligation=one, from_at=since, reason=reason, by=by)
            one.paused_at = since
        one.state, one.done_at, one.done_by, one.note = MeasureState.OPEN, None, None, ""
        one.save(update_fields=["state", "done_at", "done_by", "note", "paused_at"])
    go_on(subject_of(case), now=now)
    if waits:
        line = case.deeds.filter(kind=CaseDeedKind.WAITING).latest("pk")
        stop(subject_of(case), reason=line.text, by=line.by or by, now=now)
