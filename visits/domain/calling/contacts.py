"""One contact as it was typed in: what it must tell before it can be saved, and what makes two of them the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from visits.choices import Channel, Interest, Outcome
from visits.domain.follow_up.wishes import FollowOn, faults

CLOCK_SLACK: Final = timedelta(minutes=5)  # by which a desk's clock may run ahead of the server's
TEXTS: Final = (
    "channel_reason", "satisfaction", "problem", "need", "suggestion", "rectification", "notes", "new_number",
    "reason", "early_reason", "signature", "displeasure", "displeasure_kind", "offered",
)  # fmt: skip
SHORT: Final = {
    "channel_reason": 200,
    "reason": 200,
    "early_reason": 200,
    "satisfaction": 40,
    "new_number": 40,
    "displeasure_kind": 60,
}


class MissingFact(ValueError):
    """Without these a contact cannot be saved (DECISIONS 27); `messages` says of each field what is wrong."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        self.messages = dict(messages)
        self.fields = tuple(messages)
        super().__init__("; ".join(self.messages.values()))


@dataclass(frozen=True)
class Contact:
    """What an advisor tells of one contact; empty texts and None are what was not told.

    `settled`: whether the problem is solved by now; `displeasure` and its kind: why a customer is dissatisfied (U-10);
    `offered` and `interest`: the part of the form that is there only where something may be offered (S-05).
    `token` is the form's own, made when the form is shown. `seen_attempts` is the task's count of attempts at that
    moment, by which two people are told apart; without it the task as handed in counts. Moments carry their offset.
    `proof` names the kinds of evidence that wait for the contact: whoever saves it fills them in.
    `follow`: what has to follow from it.
    """

    token: UUID
    outcome: str
    started_at: datetime | None
    channel: str
    ended_at: datetime | None = None
    channel_reason: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    satisfied: bool | None = None
    satisfaction: str = ""
    css: Decimal | None = None
    problem: str = ""
    need: str = ""
    suggestion: str = ""
    rectification: str = ""
    settled: bool | None = None
    displeasure: str = ""
    displeasure_kind: str = ""
    offered: str = ""
    interest: str = ""
    notes: str = ""
    phrases: tuple[str, ...] = ()
    call_back_at: datetime | None = None
    new_number: str = ""
    reason: str = ""
    early_reason: str = ""
    signature: str = ""
    inbound: bool = False
    reported_by_system: bool = False
    seen_attempts: int | None = None
    proof: frozenset[str] = frozenset()
    follow: FollowOn = FollowOn()

    @property
    def resolution(self) -> str:
        """Return what became of a problem: the written result, else what was agreed on instead."""
        return self.rectification.strip() or ", ".join(self.follow.remedies)

    @property
    def next_visit_on(self) -> date | None:
        """Return the day on which somebody is to come back to the customer."""
        return self.follow.remind_on or self.follow.return_on

    @property
    def seconds(self) -> int | None:
        """Return how long the call was, None where its end was not told."""
        if self.started_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.started_at).total_seconds())

    @property
    def reached(self) -> bool:
        """Whether the customer was spoken to about the visit."""
        return self.outcome == Outcome.REACHED

    def decided_at(self, *, now: datetime) -> datetime:
        """Return the moment that counts for timeliness: a telephone system's, else that of saving (DECISIONS 12)."""
        return self.started_at if self.reported_by_system and self.started_at else now


def check_told(contact: Contact, *, now: datetime) -> None:
    """Refuse a contact without its outcome or time, with times that cannot be, or with texts that are too long."""
    messages: dict[str, str] = {}
    if contact.outcome not in Outcome.values:
        messages["outcome"] = _("Say how the contact ended.")
    if contact.channel not in Channel.values:
        messages["channel"] = _("Say by what the customer was contacted.")
    if contact.interest not in ("", *Interest.values):
        messages["interest"] = _("Choose one of the answers.")
    messages |= _wrong_times(contact, now)
    messages |= faults(contact.follow, visited_at=contact.started_at, now=now, zone=ZoneInfo(settings.TIME_ZONE))
    for name, longest in SHORT.items():
        if len(getattr(contact, name)) > longest:
            messages[name] = _("This is longer than %(count)d characters.") % {"count": longest}
    if messages:
        raise MissingFact(messages)


def fingerprint(contact: Contact, *, advisor: int, subject: tuple[str, int]) -> str:
    """Return the hash of what was submitted, about what and by whom: the same form twice has the same.

    Further tasks that the call ended are left out: once they are done, the same form no longer offers them.
    """
    told = {item.name: getattr(contact, item.name) for item in fields(contact)}
    told |= {name: told[name].strip().replace("\r\n", "\n") for name in TEXTS}
    for name in ("seen_attempts", "proof"):  # the same form, shown again after it was saved, has seen more
        told.pop(name)
    content = [told, advisor, subject]
    text = json.dumps(content, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _wrong_times(contact: Contact, now: datetime) -> dict[str, str]:
    if contact.started_at is None:
        return {"started_at": _("Say when the contact was.")}
    if contact.started_at > now + CLOCK_SLACK:
        return {"started_at": _("A contact cannot lie in the future.")}
    if contact.ended_at is not None and not contact.started_at <= contact.ended_at <= now + CLOCK_SLACK:
        return {"ended_at": _("A contact ends after it began, and not in the future.")}
    return {}


def _plain(value: Any) -> Any:
    """Return what JSON cannot write: moments in one zone, decimals without their zeros, tuples as lists."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Decimal):
        return str(value.normalize())
    return str(value)
