"""Telling people what happened: one row each in the transaction of the happening, however often it is told.

The bell and the bar above every page show what is unread. Nothing here leaves the program.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from staff.models import Employee, Notification
from staff.models.notification import own_key

KEPT: Final = timedelta(days=90)
LONGEST_PART: Final = 200
URGENT_AT_ONCE: Final = 3
ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Word:
    """What one person is told, as `notify` takes it."""

    recipient: Employee
    kind: str
    message: str
    facts: Mapping[str, Any]
    url: str
    key: str


@dataclass(frozen=True)
class Told:
    """A notification as the screen shows it."""

    id: int
    text: str
    at: datetime
    url: str
    urgent: bool
    read: bool


def notify(
    recipients: Iterable[Employee],
    *,
    kind: str,
    message: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    url: str = "",
    key: str = "",
    urgent: bool = False,
) -> int:
    """Tell each of the people once per `key`; return how many heard it for the first time.

    `message` is an English text marked with gettext_noop, with holes such as ``%(customer)s`` that `facts` fills;
    `url` a path of this site. Whoever has no account any more is left out.
    """
    people = {person.pk: person for person in recipients if person.is_active}
    told = {
        "kind": kind,
        "message": message,
        "facts": _plain(facts or {}),
        "url": url,
        "urgent": urgent,
        "created_at": now,
    }
    heard = 0
    with transaction.atomic():
        for person in people.values():
            _row, made = Notification.objects.get_or_create(recipient=person, key=key or own_key(), defaults=told)
            heard += made
    return heard


def notify_each(words: Iterable[Word], *, now: datetime) -> None:
    """Tell each person their own word, once per `key`, by as few statements as can be."""
    rows = [
        Notification(
            recipient=word.recipient, kind=word.kind, message=word.message, facts=_plain(word.facts), url=word.url,
            key=word.key, created_at=now,
        )
        for word in words
        if word.recipient.is_active
    ]  # fmt: skip
    # Who was told before keeps that row as it is: its key is written over by itself.
    Notification.objects.bulk_create(
        rows, batch_size=ROWS_AT_ONCE, update_conflicts=True, unique_fields=["recipient", "key"], update_fields=["key"]
    )


def withdraw(*, key: str, now: datetime) -> int:
    """Take a happening off everybody's bell once it is settled; return for how many. What was read stays."""
    return Notification.objects.unread().filter(key=key).update(read_at=now)


def mark_read(employee: Employee, *, now: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark the person's notifications as read, all of them or those; return how many were unread."""
    unread = Notification.objects.unread().filter(recipient=employee)
    return (unread if ids is None else unread.filter(pk__in=list(ids))).update(read_at=now)


def unread_count(employee: Employee) -> int:
    """Return how many notifications the person has not read."""
    return Notification.objects.unread().filter(recipient=employee).count()


def alarms(employee: Employee) -> list[Told]:
    """Return the urgent notifications that the person has not read, oldest first, as many as fit above a page."""
    urgent = Notification.objects.unread().filter(recipient=employee, urgent=True).order_by("pk")
    return [told(row) for row in urgent[:URGENT_AT_ONCE]]


def told(row: Notification) -> Told:
    """Return a notification in the words of the language that the screen speaks."""
    return Told(row.pk, _text(row), row.created_at, row.url, row.urgent, row.read_at is not None)


def _plain(facts: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value)[:LONGEST_PART] for name, value in facts.items()}


def _text(row: Notification) -> str:
    """Return the text with its holes filled; a text that no longer fits its facts is shown as it is."""
    try:
        return gettext(row.message) % row.facts
    except (KeyError, ValueError, TypeError):
        return row.message


def purge_notifications(*, now: datetime, on: date) -> int:
    """Delete notifications that are older than 90 days, for they name customers; return how many (a daily job)."""
    return Notification.objects.filter(created_at__lt=now - KEPT).delete()[0]
