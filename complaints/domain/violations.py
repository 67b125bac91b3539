"""Cases that name a member of staff as violations (POLICY_PACK `complaint_against_employee`; I-07, AE-14..18).

It falls due when somebody is named and with each verdict or change of the case, and counts on the day on which the
customer complained. Of merged cases one stands for all. What was found not to be the person's fault is no violation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.facts import facts_of_case
from complaints.models import Accusation, Case, CaseDeed
from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.rules import entries_of, still_called_for
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Violation
from visits.domain.detecting.bounds import OVERLAP, house, moment_text

KIND: Final = "complaint_against_employee"
# What may change whether a penalty is about a case, or which case stands for it.
COUNTING_AGAIN: Final = (
    CaseDeedKind.MERGED, CaseDeedKind.UNMERGED, CaseDeedKind.RESTORED, CaseDeedKind.CHANGED, CaseDeedKind.LEVELLED,
    CaseDeedKind.REOPENED,
)  # fmt: skip
OUT: Final = (CaseState.MERGED, CaseState.WITHDRAWN)
RELATED: Final = (
    "employee", "verified_by", "case__release", "case__customer", "case__branch", "case__department__branch",
)  # fmt: skip


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield a breach for each person whom a case names, by what was entered or decided in (`since`, `until`]."""
    del now
    back = since - OVERLAP
    moved = CaseDeed.objects.filter(kind__in=COUNTING_AGAIN, logged_at__gt=back, logged_at__lte=until)
    told = Q(at__gt=back, at__lte=until) | Q(verified_at__gt=back, verified_at__lte=until)
    touched = Accusation.objects.filter(told | Q(case__in=moved.values("case")))
    masters = {merged or case for case, merged in touched.values_list("case", "case__merged_into")}
    if not masters:
        return
    workforce = load_workforce()
    for (master, _who), found in sorted(_named(masters).items()):
        yield _breach(found, master, workforce)


def _named(masters: Iterable[int]) -> dict[tuple[int, int], Accusation]:
    """Return by case and person what stands about them in these cases and those merged into them.

    Of several about the same person a verified one counts first, then the one of the case that stands for all.
    """
    masters = set(masters)
    rows = Accusation.objects.filter(Q(case__in=masters) | Q(case__merged_into__in=masters)).select_related(*RELATED)
    groups: dict[tuple[int, int], list[Accusation]] = defaultdict(list)
    for one in rows.exclude(verified=False).exclude(case__state=CaseState.WITHDRAWN).order_by("pk"):
        master = one.case.merged_into_id or one.case_id
        if master in masters:
            groups[master, one.employee_id].append(one)
    ended = set(Case.objects.filter(pk__in=masters, state__in=OUT).values_list("pk", flat=True))
    return {
        key: min(found, key=lambda one: (not one.verified, one.case.merged_into_id is not None, one.pk))
        for key, found in groups.items()
        if key[0] not in ended
    }


def _breach(named: Accusation, master: int, workforce: Workforce) -> Breach:
    case, who = named.case, named.employee_id
    on = local_date(case.opened_at, house())
    post = workforce.post(who, on=on)
    return Breach(
        violation=KIND, subject=f"case:{master}", employee=who, on=on, at=case.opened_at, release=_release(case),
        fields=fields_of(case) | {"verified": named.verified, "harm": named.harm, "attitude": named.attitude},
        facts={
            "case": master, "number": case.number, "accusation": named.pk, "opened_at": case.opened_at.isoformat(),
            "visit": f"case:{master}",
        },
        evidence=({"kind": "case", "id": master},), branch=post.branch or case.branch_id,
        department=post.department or case.department_id, again=True,
    )  # fmt: skip


def fields_of(case: Case) -> dict[str, Any]:
    """Return what a penalty may ask of a case, with the people whom it names as their ids (joint liability; AE-18)."""
    people = {"handler": case.handler_id, "coordinator": case.coordinator_id, "recorder": case.registered_by_id}
    return facts_of_case(case) | {kind: pk for kind, pk in people.items() if pk is not None}


def _release(case: Case) -> int | None:
    """Return the release that judges: the case's own where it prices this violation, else all that are in force."""
    specs: list[Any] = list(entries_of(case.release).values()) if case.release else []
    priced = any(KIND in getattr(spec, "violation", ()) for spec in specs)
    return case.release_id if priced else None


def mended(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose verdict was withdrawn or changed, or whose case was merged or withdrawn."""
    rows = [row for row in violations if row.subject.startswith("case:")]  # others were proposed by hand
    masters = {row.pk: int(row.subject.removeprefix("case:")) for row in rows}
    named, workforce = _named(masters.values()), load_workforce()

    def breach_of(row: Violation) -> Breach | None:
        found = named.get((masters[row.pk], row.employee_id))
        return _breach(found, masters[row.pk], workforce) if found else None

    return frozenset(row.pk for row in rows if not still_called_for(row, breach_of(row)))


def explain(facts: Mapping[str, Any]) -> str:
    """Return ``case TS20260302-00001, complained of 2026-03-02 09:00, verified 2026-03-04 10:12: it did harm.``"""
    parts = [
        _("case %(number)s") % {"number": facts["number"]},
        _("complained of %(moment)s") % {"moment": moment_text(datetime.fromisoformat(facts["opened_at"]))},
    ]
    found = Accusation.objects.filter(pk=facts["accusation"]).first()
    if found is not None and found.verified_at is not None:
        words = _("verified %(moment)s") if found.verified else _("found not to be so %(moment)s")
        parts.append(words % {"moment": moment_text(found.verified_at)})
        parts += [str(_("it did harm"))] if found.verified and found.harm else []
    else:
        parts.append(_("no verdict"))
    return _(", ").join(parts) + _(".")
