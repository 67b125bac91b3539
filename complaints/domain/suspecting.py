"""The nightly search for cases that may tell of the same matter (K-14): it proposes, and only people merge.

A case gets one line that names the likeliest earlier one and why, and its handler a word, once for each pair. The board
shows it until somebody has worked on the case since. What people have taken apart is not proposed again.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from complaints.choices import ENDED, WORKED, CaseDeedKind
from complaints.domain.announcing import url_of
from complaints.domain.duplicates import MOST, WITHIN, Likeness, likeness
from complaints.domain.writing import Line, locked, write
from complaints.models import Case, CaseDeed
from staff.domain.notifying import notify

PERHAPS = gettext_noop("Case %(number)s may tell of the same matter as %(other)s")
Pair = tuple[int, int]


def propose_duplicates(*, now: datetime, on: date) -> int:
    """Propose for each case of the last weeks the earlier one that it is likeliest to repeat (a nightly job)."""
    del on
    recent = Case.objects.filter(state__in=WORKED, opened_at__gt=now - WITHIN).order_by("opened_at", "pk")
    earliest = recent.values_list("opened_at", flat=True).first()
    if earliest is None:
        return 0
    standing = Case.objects.open().filter(opened_at__gt=earliest - WITHIN).select_related("release__policy")
    judged = _judged(recent.values_list("pk", flat=True))
    before: dict[Hashable, list[Case]] = defaultdict(list)
    told = 0
    for case in standing.order_by("opened_at", "pk"):
        keys = list(_keys(case))
        if case.state in WORKED and case.opened_at > now - WITHIN:
            others = {one.pk: one for key in keys for one in before[key][-MOST:]}
            told += _propose(case, [one for pk, one in others.items() if (case.pk, pk) not in judged], now)
        for key in keys:
            before[key].append(case)
    return told


def _keys(case: Case) -> Iterator[Hashable]:
    """Yield by what two cases come from the same person, or are about the same car or order."""
    told = {"customer": case.customer_id, "contact": case.contact, "car": case.vehicle_id, "order": case.event_id}
    return ((name, value) for name, value in told.items() if value)


def _judged(cases: Collection[int]) -> set[Pair]:
    """Return the pairs that were proposed before, or that people have taken apart, from both sides."""
    lines = CaseDeed.objects.filter(case__in=cases, kind__in=(CaseDeedKind.ALIKE, CaseDeedKind.UNMERGED))
    pairs = {
        (case, facts[name])
        for case, facts in lines.values_list("case", "facts")
        for name in ("other", "from", "unmerged")
        if name in facts
    }
    return pairs | {(other, case) for case, other in pairs}


def _propose(case: Case, others: list[Case], now: datetime) -> int:
    near = (likeness(case, one) for one in others if case.opened_at - one.opened_at <= WITHIN)
    found = sorted((one for one in near if one.weight), key=lambda one: (-one.weight, one.case.pk))
    return _write(case.pk, found[0], now) if found else 0


@transaction.atomic
def _write(pk: int, found: Likeness, now: datetime) -> int:
    """Write the line, unless the case was ended or merged a moment ago; tell its handler."""
    case, other = locked(pk), found.case
    if case.state not in WORKED:
        return 0
    why = "，".join(map(str, found.reasons))
    facts = {"other": other.pk, "number": other.number}
    write(case, CaseDeedKind.ALIKE, by=None, now=now, line=Line(text=f"{other.number}（{why}）", facts=facts))
    told = {"number": case.number, "other": other.number}
    key = f"case-{case.pk}-alike-{other.pk}"
    people = [case.handler] if case.handler else []
    notify(people, kind="case", message=PERHAPS, facts=told, url=url_of(case), key=key, now=now)
    return 1


def suspected(cases: Collection[Case]) -> dict[int, str]:
    """Return by case the number of the open one that it may repeat, as long as nobody has worked on it since."""
    since = CaseDeed.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"), by__isnull=False)
    lines = CaseDeed.objects.filter(~Exists(since), case__in=[case.pk for case in cases], kind=CaseDeedKind.ALIKE)
    found = dict(lines.order_by("pk").values_list("case", "facts"))
    others = Case.objects.filter(pk__in=[facts["other"] for facts in found.values()]).exclude(state__in=ENDED)
    still = set(others.values_list("pk", flat=True)) if found else set()
    return {case: facts["number"] for case, facts in found.items() if facts["other"] in still}
