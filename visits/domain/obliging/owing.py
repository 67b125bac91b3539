"""Noting what is owed after what has happened (a job of every tick), and what the program does about it at once.

An obligation is noted once for each rule and happening, whenever the job runs; its bound counts from the happening.
What was taken in after its bound was over is owed by nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_noop

from config.clock import local_day
from config.packs.duties import ObligationSpec
from config.packs.pack import Pack
from config.wiring import DEEDS_THERE
from staff.choices import MeasureState
from staff.domain.activity import log
from staff.domain.conditions import holds
from staff.domain.jobs import hand_over
from staff.domain.notifying import notify
from staff.domain.workforce import Post, Workforce, load_workforce
from staff.models import DetectorMark, Employee
from visits.domain.assigning.choosing import choose
from visits.domain.calling.terms import work_calendar
from visits.domain.detecting.bounds import OVERLAP, bound_text, is_past
from visits.domain.obliging.naming import deed_words
from visits.domain.obliging.occasions import (
    KPI_MISSED,
    VIOLATION_FOUND,
    VISIT_RECORDED,
    Occasion,
    events_since,
    records_since,
    violations_since,
)
from visits.domain.obliging.people import recipients, wanted_of
from visits.domain.obliging.reckoning import Clock, reckon
from visits.domain.planning.rulebook import Book, Rulebook, load_rulebook
from visits.domain.timing.retrying import CallingHours
from visits.models import Obligation

MARK: Final = "note_obligations"
FIRST_LOOK: Final = timedelta(days=7)
NOTIFY, IMPROVE = "notify", "improvement_action"
DRAFTED: Final = {"draft_complaint": "complaint_owed", "draft_work_order": "work_order_owed"}
AT_ONCE: Final = frozenset({NOTIFY, IMPROVE, *DRAFTED})
URL: Final = "/obligations/"
OWED: Final = gettext_noop("To do: %(title)s (%(deed)s)")
OWED_UNTIL: Final = gettext_noop("To do until %(bound)s: %(title)s (%(deed)s)")
TOLD: Final = gettext_noop("It has begun: %(title)s (%(deed)s)")
HAPPENED: Final = gettext_noop("It has happened: %(title)s")


@dataclass(frozen=True)
class Office:
    """What obligations are noted with, read once."""

    rulebook: Rulebook
    workforce: Workforce
    now: datetime


def note_obligations(*, now: datetime) -> int:
    """Note what is owed after all that happened since the last look; return how many deeds."""
    rulebook = load_rulebook()
    kinds = {kind for book in rulebook.books for spec in book.pack.obligation for kind in spec.on}
    with transaction.atomic():
        mark, _made = DetectorMark.objects.get_or_create(name=MARK, defaults={"until": now - FIRST_LOOK})
        mark = DetectorMark.objects.select_for_update().get(pk=mark.pk)
        office = Office(rulebook, load_workforce(), now)
        back = mark.until - OVERLAP
        made = 0
        if kinds:
            made += sum(note(one, office) for one in events_since(back, now, kinds))
            made += sum(note(one, office) for one in records_since(back, now)) if VISIT_RECORDED in kinds else 0
            made += sum(note(one, office) for one in violations_since(back, now)) if VIOLATION_FOUND in kinds else 0
        DetectorMark.objects.filter(pk=mark.pk, until__lt=now).update(until=now)
    return made


def note_kpi_missed(*, result: Any, on: date, now: datetime) -> int:
    """Note what is owed because somebody's figure missed its target (a hand-over of the figures); return how many."""
    who = Employee.objects.filter(pk=result.employee_id).first()
    office = office_at(now)
    post = office.workforce.post(who.pk, on=on) if who else Post()
    written = {"assignee": who.username, "handler": who.username} if who else {}
    occasion = Occasion(
        kind=KPI_MISSED, subject=f"kpi:{result.pk}", at=now, on=on, facts={"kpi": result.kpi, "period": result.period},
        release=result.release_id, advisor=result.employee_id, branch=post.branch, department=post.department,
        written=written,
    )  # fmt: skip
    return note(occasion, office)


def note(occasion: Occasion, office: Office) -> int:
    """Note every deed that is owed after one happening; return how many were new. In the caller's transaction."""
    return sum(
        _owe(occasion, book, spec, office)
        for book in _books(occasion, office.rulebook)
        for spec in book.pack.obligation
        if occasion.kind in spec.on and not spec.blanks() and spec.deed in DEEDS_THERE - occasion.without
        if holds(spec.when, spec.match, occasion.facts)
    )


def owe_again(occasion: Occasion, done: Iterable[Obligation], office: Office) -> int:
    """Owe the deeds that were just done once more, from this happening on, where a bound is set; return how many."""
    made = 0
    for one in done:
        book = office.rulebook.book(one.release_id)
        spec = book.pack.entry("obligation", one.rule) if book else None
        if book and isinstance(spec, ObligationSpec) and spec.within and occasion.kind in spec.on:
            made += _owe(occasion, book, spec, office)
    return made


def office_at(now: datetime) -> Office:
    """Return what obligations are noted with at that moment."""
    return Office(load_rulebook(), load_workforce(), now)


def _books(occasion: Occasion, rulebook: Rulebook) -> Iterator[Book]:
    """Yield the releases that rule a happening: its own, else those in whose time it fell."""
    if occasion.release is not None:
        found = rulebook.book(occasion.release)
        yield from (found,) if found else ()
        return
    for book in rulebook.books:
        if book.since <= occasion.on and (book.until is None or occasion.on < book.until):
            yield book


def _owe(occasion: Occasion, book: Book, spec: ObligationSpec, office: Office) -> int:
    if spec.deed in AT_ONCE:
        return _do_at_once(occasion, book, spec, office)
    bounds = reckon(spec, clock_of(book.pack, spec), anchor=occasion.at)
    if bounds.due_at and occasion.late and is_past(occasion.late, bounds.due_at, inclusive=bounds.inclusive):
        return 0
    on = local_day(office.now)
    choice = choose(wanted_of(occasion, spec.by), office.workforce, load={}, on=on)
    made, is_new = Obligation.objects.get_or_create(
        policy_id=book.policy_id, rule=spec.code, subject=occasion.subject,
        defaults={
            "release_id": book.release_id, "deed": spec.deed, "event": occasion.event, "record": occasion.record,
            "violation": occasion.violation, "customer_id": occasion.customer, "employee_id": choice.assignee,
            "role": "" if choice.assignee else choice.role, "branch_id": occasion.branch,
            "department_id": occasion.department, "anchor_at": occasion.at, "due_at": bounds.due_at,
            "inclusive": bounds.inclusive, "warn_at": bounds.warn_at, "tell_at": bounds.tell_at,
            "made_at": office.now, **_done_by_itself(occasion, spec),
        },
    )  # fmt: skip
    if is_new:
        log(now=office.now, actor=None, verb="obligation_noted", subject=made, rule=spec.code, owner=choice.assignee)
        if made.state == MeasureState.OPEN:
            _tell(made, spec, occasion, office)
    return int(is_new)


def _done_by_itself(occasion: Occasion, spec: ObligationSpec) -> dict[str, Any]:
    """Return how a record that is owed after its own visit stands: it was written when it was saved (U-04)."""
    if spec.deed != "record" or occasion.record is None:
        return {}
    record = occasion.record
    return {"state": MeasureState.DONE, "done_at": record.logged_at, "done_by_id": record.advisor_id}


def clock_of(pack: Pack, spec: ObligationSpec) -> Clock:
    """Return what the spans of an obligation are counted by."""
    return Clock(ZoneInfo(pack.policy.timezone), work_calendar(), CallingHours.of(pack.calling_hours), spec.clock)


def _tell(made: Obligation, spec: ObligationSpec, occasion: Occasion, office: Office) -> None:
    """Tell whoever owes the deed, and whom the regulation wants told at once."""
    title = spec.title or spec.code
    facts = {"title": title, "deed": deed_words(spec.deed), "bound": bound_words(made)}
    url = occasion.url or URL
    owes = [made.employee] if made.employee else []
    message = OWED_UNTIL if made.due_at else OWED
    notify(owes, kind="obligation", message=message, facts=facts, url=url, key=f"obligation-{made.pk}", now=office.now)
    to = recipients(
        spec.to, wanted_of(occasion, ()), office.workforce, owes=made.employee, on=local_day(office.now)
    )  # fmt: skip
    key = f"obligation-{made.pk}-to"
    notify(to, kind="obligation", message=TOLD, facts=facts, url=url, key=key, now=office.now)


def bound_words(obligation: Obligation) -> str:
    """Return until when a deed is owed, in words; nothing where no bound is set."""
    return bound_text(obligation.due_at, inclusive=obligation.inclusive) if obligation.due_at else ""


def _do_at_once(occasion: Occasion, book: Book, spec: ObligationSpec, office: Office) -> int:
    """Do what the program does by itself, once for each happening: tell people, draft a case, ask for improvement."""
    on, title = local_day(office.now), spec.title or spec.code
    if spec.deed == NOTIFY:
        people = recipients(
            (*spec.to, *spec.by), wanted_of(occasion, ()), office.workforce, owes=None, on=on
        )  # fmt: skip
        key = f"obligation-{book.policy_id}-{spec.code}-{occasion.subject}"
        facts, url = {"title": title}, url_of(occasion)
        heard = notify(people, kind="obligation", message=HAPPENED, facts=facts, url=url, key=key, now=office.now)
        return int(heard > 0)
    if spec.deed in DRAFTED:
        hand_over(DRAFTED[spec.deed], spec=spec, release_id=book.release_id, occasion=occasion, now=office.now)
        return 0
    owner = choose(wanted_of(occasion, spec.by), office.workforce, load={}, on=on).assignee
    due_at = clock_of(book.pack, spec).after(occasion.at, spec.within)[0] if spec.within else None
    hand_over(
        "improvement_owed", subject=f"{spec.code}/{occasion.subject}", title=title, owner_id=owner, due_at=due_at,
        violation_id=occasion.violation.pk if occasion.violation else None, now=office.now,
    )  # fmt: skip
    return 0


def url_of(occasion: Occasion) -> str:
    """Return the page on which a happening is seen."""
    if occasion.url:
        return occasion.url
    if occasion.violation is not None:
        return "/ledger/"
    return f"/customers/{occasion.customer}/" if occasion.customer else URL
