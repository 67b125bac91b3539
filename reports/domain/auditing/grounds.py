"""Every violation that the program finds by itself, against a second look at the rows, in both directions.

What stands against somebody must have its ground, and every ground must have been proposed, to the right person, for
the right day, exempt where something exempts. What people decided stays as they decided it: of a decision no ground is
asked that a later deed may have taken away. Rows are read in portions, so that the memory needed does not grow with
the years.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final

from django.db.models import Min, Q

from complaints.models import Entry
from reports.domain.auditing import booked, inspected, owing, records, reported, told, visits
from reports.domain.auditing.company import day_of
from reports.domain.auditing.difference import Difference
from reports.domain.auditing.ground import Ground, Unknowable, calls_for
from reports.domain.auditing.visits import Known
from reports.models import InspectionItem, OwedReport, ReportLine
from staff.models import DetectorMark, Release, Violation
from visits.models import FollowUpItem, Obligation, Promise, VisitRecord, VisitTask

PORTION: Final = 300
STANDING: Final = ("confirmed", "appealed", "settled")
BY_ITSELF: Final = ("outage", "leave", "customer", "hours")
LONG: Final = timedelta(days=62)  # how long after a contact it is judged at the latest, leave and days off included
UNDER_WAY: Final = timedelta(hours=1)  # what a page saves as the program looks is seen with the next look

Pks = Iterable[int]


@dataclass(frozen=True)
class Looked:
    """How one kind of violation is computed: by the ids in its subjects, and by those of a span."""

    kinds: tuple[str, ...]
    prefix: str
    compute: Callable[[Sequence[int], Known], Iterator[Ground]]
    between: Callable[[datetime, datetime], Pks]
    was_moved: Callable[[int], bool] = lambda _pk: False


def _ids(rows: Any) -> Pks:
    found: Pks = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=PORTION)
    return found


def _contacts(since: datetime, until: datetime) -> Pks:
    return _ids(VisitRecord.objects.filter(kind="contact", logged_at__gt=since - LONG, logged_at__lte=until))


def _unhappy(_since: datetime, until: datetime) -> Pks:
    told = Q(satisfied=False) | Q(superseded_by__isnull=False)
    return _ids(VisitRecord.objects.filter(told, kind="contact", logged_at__lte=until))


def _in_lines(since: datetime, until: datetime) -> Pks:
    """Yield the first versions of the contacts in lines that lack something; one with two lines may come twice."""
    lines = ReportLine.objects.filter(version__submitted_at__gt=since, version__submitted_at__lte=until)
    for record in lines.exclude(record=None).exclude(lacks=[]).order_by("pk").select_related("record").iterator():
        if record.record is not None:
            yield visits.first_version(record.record).pk


LOOKED_AT: Final = (
    Looked(
        ("visit_overdue",), "task", visits.overdue,
        lambda since, until: _ids(VisitTask.objects.filter(closes_at__gte=since, closes_at__lte=until)),
        lambda pk: VisitTask.objects.filter(
            Q(status__in=visits.NOT_OWED) | Q(links__record__reported_by_system=True), pk=pk
        ).exists(),
    ),
    Looked(
        ("promise_broken",), "promise", visits.promised,
        lambda since, until: _ids(
            Promise.objects.filter(promised_at__gte=since - visits.GRACE, promised_at__lt=until - visits.GRACE)
        ),
        lambda pk: Promise.objects.filter(pk=pk, state__in=("kept", "withdrawn")).exists(),
    ),
    Looked(
        ("promise_broken",), "reply", visits.unanswered,
        lambda since, until: _ids(
            FollowUpItem.objects.filter(kind="question", due_at__gt=since, due_at__lte=until)
        ),
        lambda pk: FollowUpItem.objects.filter(pk=pk, state="withdrawn").exists(),
    ),
    Looked(
        ("return_appointment_missed",), "appointment", visits.not_returned,
        lambda since, until: _ids(
            FollowUpItem.objects.filter(kind="return_appointment", due_at__gt=since, due_at__lte=until)
        ),
        lambda pk: not FollowUpItem.objects.filter(pk=pk, state__in=("booked", "missed")).exists(),
    ),
    Looked(records.KINDS, "record", records.lacking, _contacts),
    Looked(("customer_dissatisfied",), "record", records.dissatisfied, _unhappy),
    Looked(
        ("obligation_missed",), "obligation", owing.undone,
        lambda _since, until: _ids(Obligation.objects.filter(due_at__lte=until)),
        lambda pk: Obligation.objects.filter(pk=pk, state="dropped").exists(),
    ),
    Looked(
        (reported.LATE, reported.MISSING), "report", reported.not_in_time,
        lambda since, until: _ids(OwedReport.objects.filter(due_at__lte=until, day_ends_at__gt=since)),
        lambda pk: not OwedReport.objects.filter(pk=pk, fate__in=("late", "missing")).exists(),
    ),
    Looked(("rectification_missing",), "record", reported.unrectified, _in_lines),
    Looked(
        ("finding",), "item", inspected.findings,
        lambda since, _until: _ids(
            InspectionItem.objects.filter(Q(scored_at__gt=since) | Q(decided_at__gt=since), second_of=None)
        ),
        lambda pk: InspectionItem.objects.filter(pk=pk, decided_at__isnull=False).exists(),
    ),
    Looked(
        (told.KIND,), "case", told.accused, lambda _since, _until: _ids(told.naming_somebody()), told.was_moved,
    ),
    Looked(
        (booked.KIND,), "entry", booked.entered,
        lambda _since, until: _ids(Entry.objects.filter(first=None, logged_at__lte=until)),
        lambda pk: Entry.objects.filter(first=pk).exists(),
    ),
    Looked(
        ("sample_unmet",), "item", inspected.uninspected,
        lambda _since, until: _ids(InspectionItem.objects.filter(inspection__drawn_at__lte=until, second_of=None)),
    ),
)  # fmt: skip


def faults(counts: Counter[str]) -> Iterator[Difference]:
    """Yield every violation without its ground and every ground without its violation; count what was looked at."""
    since = beginning()
    marks = dict(DetectorMark.objects.values_list("name", "until"))
    for looked in LOOKED_AT:
        until = marks.get(looked.kinds[0])
        if since is None or until is None:
            continue
        known = Known(until)
        for pks in portions(looked.between(since, until)):
            found = [one for one in looked.compute(sorted(set(pks)), known) if since < one.since <= until - UNDER_WAY]
            counts["grounds"] += len(found)
            yield from unproposed(found, known)
        yield from groundless(looked, known)
    until = marks.get("quota_unmet")
    if since is not None and until is not None:
        known = Known(until)
        found = [one for one in owing.short(day_of(since), day_of(until), known) if since < one.since <= until]
        counts["grounds"] += len(found)
        yield from unproposed(found, known)
        yield from _without_quota(found, known)


def beginning() -> datetime | None:
    """Return from when on violations are looked for."""
    marked = DetectorMark.objects.filter(name="*").values_list("until", flat=True).first()
    if marked is not None:
        return marked
    published = Release.objects.filter(state="published", in_force_seq__isnull=False)
    found: datetime | None = published.aggregate(first=Min("published_at"))["first"]
    return found


def portions(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield rows in portions."""
    left = iter(rows)
    while portion := list(islice(left, PORTION)):
        yield portion


def unproposed(found: Sequence[Ground], known: Known) -> Iterator[Difference]:
    """Yield the grounds that ought to have been proposed and were not."""
    subjects = {one.subject for one in found} | {one.visit for one in found}
    rows = Violation.objects.filter(subject__in=subjects, liability="primary")
    kept = set(rows.values_list("subject", "policy", "rule", "employee"))
    for ground in found:
        for release in known.releases.judging(ground, known.company.departments) if ground.certain else ():
            if known.releases.published_at(release) > ground.since:
                continue  # the visit follows a release that came later: it was judged by the one before
            policy, rules = known.releases.policy(release), rules_for(ground, release, known)
            charged = {(ground.visit, policy, rule, ground.employee) for rule in rules}
            if ground.visit and charged <= kept:
                continue
            for rule in rules:
                if (ground.subject, policy, rule, ground.employee) not in kept:
                    yield Difference(
                        ground.subject, f"{ground.kind} of {ground.employee} under {rule}", None, f"{ground.on}"
                    )


def rules_for(ground: Ground, release: int, known: Known) -> list[str]:
    """Return the codes of the penalties that a ground calls for; none whose conditions cannot be told from here."""
    found = []
    for penalty in known.releases.penalties(release):
        try:
            found += [penalty["code"]] if calls_for(penalty, ground) else []
        except Unknowable:
            continue
    return found


def groundless(looked: Looked, known: Known) -> Iterator[Difference]:
    """Yield the violations of a kind that the rows do not bear out."""
    rows = Violation.objects.filter(
        violation__in=looked.kinds, subject__startswith=f"{looked.prefix}:", liability="primary", proposed_by=None
    ).exclude(state="reversed")
    rows = rows.exclude(state="waived", exempt="").defer("facts", "evidence").order_by("pk")
    for portion in portions(rows.iterator(chunk_size=PORTION)):
        by_pk = {violation.pk: number_in(violation.subject) for violation in portion}
        found: dict[tuple[str, str], list[Ground]] = {}
        for ground in looked.compute(sorted(set(by_pk.values())), known):
            found.setdefault((ground.kind, ground.subject), []).append(ground)
        for violation in portion:
            grounds = found.get((violation.violation, violation.subject), [])
            yield from compared(violation, grounds, known, partial(looked.was_moved, by_pk[violation.pk]))


def number_in(subject: str) -> int:
    """Return the id in a subject such as ``item:7/greeting``."""
    return int(subject.partition(":")[2].partition("/")[0])


def compared(
    violation: Violation, grounds: Sequence[Ground], known: Known, was_moved: Callable[[], bool]
) -> Iterator[Difference]:
    """Yield what of one violation is otherwise than its ground."""
    where, standing = f"violation {violation.pk}", violation.state in STANDING
    ground = next(
        (one for one in grounds if one.employee == violation.employee_id and _is_of(violation, one, known)), None
    )
    if ground is None:
        others = sorted({one.employee for one in grounds}) or None
        decided = standing and (was_moved() or _leave_moved(violation, known))
        if violation.state != "waived" and not decided and not _is_open_again(violation):
            yield Difference(where, f"{violation.violation} of {violation.subject}", violation.employee_id, others)
    elif violation.occurred_on != ground.on:
        yield Difference(where, "day", f"{violation.occurred_on}", f"{ground.on}")
    elif violation.exempt == "mended" and not ground.mended and ground.certain:
        yield Difference(where, "taken back", "mended", f"{ground.kind} stands")
    elif violation.state == "proposed" and ground.mended:
        yield Difference(where, "taken back", violation.state, "mended")
    elif violation.exempt in ("", *BY_ITSELF) and not _exempts_alike(violation, ground, known):
        yield Difference(where, "exempt", violation.exempt, ground.exempt)


def _is_open_again(violation: Violation) -> bool:
    """Say whether leave has moved the bound of a report that was found missing, so that it is judged once more."""
    kind, _colon, pk = violation.subject.partition(":")
    return kind == "report" and OwedReport.objects.filter(pk=int(pk), fate="").exists()


def _is_of(violation: Violation, ground: Ground, known: Known) -> bool:
    """Say whether the clause under which a violation was proposed is about its ground."""
    penalties = known.releases.penalties(violation.release_id)
    try:
        return any(one["code"] == violation.rule and calls_for(one, ground) for one in penalties)
    except Unknowable:
        return True


def _leave_moved(violation: Violation, known: Known) -> bool:
    company, on = known.company, violation.occurred_on
    near = (on + timedelta(count) for count in range(8))
    return any(company.leave_was_late(violation.employee_id, day, violation.proposed_at) for day in near)


def _exempts_alike(violation: Violation, ground: Ground, known: Known) -> bool:
    """Say whether both exempt or neither; what was granted or noted later may have been too late."""
    if bool(violation.exempt) == bool(ground.exempt):
        return True
    if violation.state in STANDING:
        return bool(ground.exempt)  # people confirmed it: that stays, whatever comes to light later
    company, moment = known.company, violation.proposed_at
    return company.leave_was_late(violation.employee_id, day_of(ground.last), moment) or company.outage_was_late(
        ground.last, moment
    )


def _without_quota(found: Sequence[Ground], known: Known) -> Iterator[Difference]:
    """Yield the shortages that the visits, counted again, do not show; a decided one may be mended since."""
    rows = Violation.objects.filter(violation="quota_unmet", liability="primary", proposed_by=None)
    rows = rows.exclude(state="reversed").exclude(state="waived", exempt="").order_by("pk")
    for violation in rows.iterator(chunk_size=PORTION):
        grounds = [one for one in found if one.subject == violation.subject]
        yield from compared(violation, grounds, known, lambda: True)
