"""Entries of own books: written, corrected, answered, closed, made a case of; each change is a version of its own.

What is owed after an entry (`[[obligation]]`, ``on = "entry:<form>"``) is noted with the entry itself, under the
subject ``entry:<id of its first version>``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.choices import CaseType, EntryState, Source
from complaints.domain.books import OwnBook
from complaints.domain.forms_asked import Lacking
from complaints.domain.registering import Told, register
from complaints.domain.writing import CannotDo
from complaints.models import Case, Entry
from config.clock import local_day
from config.packs.asking import FieldSpec
from staff.domain.activity import log
from staff.domain.conditions import holds
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.choices import BOOKS
from visits.domain.calling.questioning import read_answer
from visits.domain.obliging.fulfilling import drop, fulfil
from visits.domain.obliging.occasions import Occasion
from visits.domain.obliging.owing import note, office_at
from visits.domain.planning.rulebook import load_rulebook
from visits.models import Customer, EventKind, ServiceEvent

TWICE: Final = timedelta(minutes=2)  # the same words of the same person again so soon are a second press of the key
REPLY, CLOSE = "first_reply", "close_entry"


@dataclass(frozen=True)
class CaseOfEntry:
    """What a case takes that is made of an entry, beside the words of the entry."""

    type: CaseType
    source: Source
    name: str = ""
    contact: str = ""
    demand: str = ""


def subject_of(entry: Entry) -> str:
    """Return what obligations are about: ``entry:<id of the first version>``."""
    return f"entry:{entry.first_id or entry.pk}"


def url_of(entry: Entry) -> str:
    """Return the page of the entry; the first version leads to the last one."""
    return f"/books/entries/{entry.first_id or entry.pk}/"


def enter(
    book: OwnBook, values: Mapping[str, Any], *, at: datetime, by: Employee, now: datetime,
    customer: Customer | None = None,
) -> Entry:  # fmt: skip
    """Write an entry and note what is owed after it. Raises `Lacking` or `CannotDo` and writes nothing then."""
    known = _checked(book.fields, values)
    _check_moment(at, now)
    post = load_workforce().post(by.pk, on=local_day(now))
    with transaction.atomic():
        Employee.objects.select_for_update(no_key=True).get(pk=by.pk)  # two presses at once are seen one by one
        if found := _twice(book, known, customer, by, now):
            return found
        entry = Entry.objects.create(
            policy_id=book.policy_id, release_id=book.release_id, form=book.form.code, values=known,
            words=words_of(known), customer=customer, branch_id=post.branch, department_id=post.department, by=by,
            at=at, logged_at=now,
        )  # fmt: skip
        log(now=now, actor=by, verb="entry_made", subject=entry, book=book.form.code)
        _announce(entry, known, now)
    return entry


def correct(
    entry: Entry, book: OwnBook, values: Mapping[str, Any], *, at: datetime, by: Employee, now: datetime
) -> Entry:
    """Write a version with other contents; the old one is kept (AE-11)."""
    known = _checked(book.fields, values)
    _check_moment(at, now)
    if (known, at) == (entry.values, entry.at):
        raise CannotDo(_("Nothing has been changed."))
    return _next(entry, by, now, verb="entry_corrected", values=known, words=words_of(known), at=at)


def reply(entry: Entry, text: str, *, by: Employee, now: datetime) -> Entry:
    """Note what was replied; the entry stays open until it is closed. Closes the clock of the first reply (AE-05)."""
    if not text.strip():
        raise CannotDo(_("Write what was replied."), field="text")
    _check_open(entry)
    with transaction.atomic():
        made = _next(entry, by, now, verb="entry_replied", reply=text.strip())
        fulfil(subject_of(entry), (REPLY,), by=by, at=now, now=now)
    return made


def close(entry: Entry, book: OwnBook, text: str, values: Mapping[str, Any], *, by: Employee, now: datetime) -> Entry:
    """Close an entry with what came of it, and what is owed after it (AE-09)."""
    _check_open(entry)
    if not (text.strip() or entry.reply):
        raise CannotDo(_("Write what was replied."), field="text")
    known = entry.values | _checked(book.closing_fields, values)
    return _closed(entry, by, now, values=known, words=words_of(known), reply=text.strip() or entry.reply)


def make_case(entry: Entry, book: OwnBook, told: CaseOfEntry, *, by: Employee, now: datetime) -> Case:
    """Make a case of an entry with its words and a link; that closes the entry (X-03). Raises `CannotDo`."""
    _check_open(entry)
    with transaction.atomic():
        case = register(
            Told(
                summary=told_words(book, entry.values), source=told.source, opened_at=entry.at, type=told.type,
                customer=entry.customer, name=told.name, contact=told.contact, demand=told.demand,
                branch=entry.branch, department=entry.department, reference=f"entry-{entry.first_id or entry.pk}",
            ),
            by=by, now=now,
        )  # fmt: skip
        _closed(entry, by, now, case=case, reply=entry.reply or _("Made a case: %s") % case.number)
    return case


def told_words(book: OwnBook, values: Mapping[str, Any]) -> str:
    """Return an entry as text, field by field in the order of the book."""
    fields = {spec.code: spec.title or spec.code for spec in (*book.fields, *book.closing_fields)}
    lines = [f"{fields.get(code, code)}：{plain(value)}" for code, value in values.items() if value not in ("", None)]
    return "\n".join([book.title, *lines])


def plain(value: Any) -> str:
    """Return one value of an entry as it is read."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def words_of(values: Mapping[str, Any]) -> str:
    """Return what an entry is searched by."""
    return " ".join(plain(value) for value in values.values())


def _checked(fields: Sequence[FieldSpec], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON keeps them, in the order of the fields; raises `Lacking` or `CannotDo`."""
    known: dict[str, Any] = {}
    for spec in fields:
        value = given.get(spec.code)
        if value in (None, "", []):
            continue
        try:
            known[spec.code] = read_answer(spec, value)
        except ValueError as fault:
            raise CannotDo(f"{spec.title or spec.code}: {fault}", field=spec.code) from fault
    asked = [spec for spec in fields if holds(spec.when, spec.match, known)]
    lacking = [spec for spec in asked if spec.required and spec.code not in known]
    if lacking:
        raise Lacking(
            tuple(spec.code for spec in lacking), tuple(str(spec.title or spec.code) for spec in lacking)
        )  # fmt: skip
    return known


def _check_moment(at: datetime, now: datetime) -> None:
    if at > now:
        raise CannotDo(_("This moment has not come yet."), field="at")


def _check_open(entry: Entry) -> None:
    if entry.state != EntryState.OPEN:
        raise CannotDo(_("This entry is closed."))


def _twice(
    book: OwnBook, values: Mapping[str, Any], customer: Customer | None, by: Employee, now: datetime
) -> Entry | None:
    """Return the entry that this person has just written with the same words."""
    last = Entry.objects.filter(
        policy=book.policy_id, form=book.form.code, by=by, logged_at__gt=now - TWICE, first=None, customer=customer
    ).order_by("-pk")
    return next((one for one in last if one.values == values), None)


def _next(entry: Entry, by: Employee, now: datetime, *, verb: str, **changes: Any) -> Entry:
    """Write the next version of an entry; of two at once the later one is told."""
    kept = {
        name: getattr(entry, name)
        for name in (
            "policy_id", "release_id", "form", "values", "words", "customer_id", "case_id", "branch_id",
            "department_id", "at", "state", "reply", "closed_at", "closed_by_id",
        )
    }  # fmt: skip
    changes = {f"{name}_id" if name == "case" else name: getattr(value, "pk", value) for name, value in changes.items()}
    try:
        with transaction.atomic():
            made = Entry.objects.create(
                **(kept | changes), replaces=entry, first_id=entry.first_id or entry.pk, by=by, logged_at=now
            )
            log(now=now, actor=by, verb=verb, subject=made, first=made.first_id)
    except IntegrityError as clash:
        raise CannotDo(
            _("Somebody has changed this entry in the meantime. Look at it again; what you typed is still here.")
        ) from clash
    return made


def _closed(entry: Entry, by: Employee, now: datetime, **changes: Any) -> Entry:
    with transaction.atomic():
        made = _next(
            entry, by, now, verb="entry_closed", state=EntryState.CLOSED, closed_at=now, closed_by_id=by.pk, **changes
        )
        fulfil(subject_of(entry), (REPLY, CLOSE), by=by, at=now, now=now)
        drop(subject_of(entry), now=now)
    return made


def _announce(entry: Entry, values: Mapping[str, Any], now: datetime) -> None:
    """Note what is owed after an entry and, where a rule of visits listens, make the event that calls for them."""
    kind, customer = f"entry:{entry.form}", entry.customer
    occasion = Occasion(
        kind=kind, subject=subject_of(entry), at=entry.at, on=local_day(entry.at), url=url_of(entry), facts=values,
        late=now, release=entry.release_id, customer=entry.customer_id, owner=customer.owner_id if customer else None,
        area=customer.area if customer else "", branch=entry.branch_id, department=entry.department_id,
        written=dict.fromkeys(("recorder", "assignee", "handler"), entry.by.username),
    )  # fmt: skip
    note(occasion, office_at(now))
    if customer is None or not load_rulebook().listens_to(kind):
        return
    known, _made = EventKind.objects.get_or_create(code=kind)
    ServiceEvent.objects.get_or_create(
        source=BOOKS, order_no=str(entry.pk), member="",
        defaults={
            "kind": known, "happened_at": entry.at, "happened_on": occasion.on, "customer": customer,
            "branch": entry.branch, "department": entry.department, "advisor": entry.by, "taken_in_at": now,
            "attributes": {code: plain(value) for code, value in values.items()}, "fingerprint": "", "changed_at": now,
        },
    )  # fmt: skip
