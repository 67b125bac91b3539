"""Follow-ups in the words of the screens; numbers in what people wrote are masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.domain.access import MANAGERS, roles_of
from staff.domain.wording import day_words, local, moment_words
from staff.models import Employee
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState
from visits.domain.contact.masking import mask_in_text
from visits.domain.follow_up.finding import CLOCKED, keeps_waiting
from visits.domain.follow_up.rescheduling import reschedules_left
from visits.models import FollowUpDeed, FollowUpItem

KINDS: Final = dict(FollowUpKind.choices)
STATES: Final = dict(FollowUpState.choices)
DEEDS: Final = dict(FollowUpDeedKind.choices)
WAITING: Final = (FollowUpState.OPEN, FollowUpState.BOOKED)


@dataclass(frozen=True, slots=True)
class DeedTold:
    """One line of a follow-up's history as the page shows it."""

    words: str
    when: str
    who: str
    text: str


def repair_number(item: FollowUpItem | Mapping[str, Any]) -> str:
    """Return the number of a recommended repair as reports and pages write it: the car's plate and its count."""
    if isinstance(item, FollowUpItem):
        car, number = str(item.vehicle or ""), item.number
    else:
        car, number = item["plate"] or item["vin"] or "", item["number"]
    if number is None:
        return ""
    return f"{car}-{number}" if car else f"#{number}"


def row(values: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return a row of the list in words."""
    waits = values["closed_at"] is None
    return values | {
        "kind_words": KINDS[values["kind"]],
        "state_words": STATES[values["state"]],
        "text": mask_in_text(values["text"]),
        "repair": repair_number(values),
        "due": due_words(values["kind"], values["due_on"], values["due_at"]),
        "late": waits and values["due_at"] is not None and values["due_at"] <= now,
        "waited": waited_words(values["waiting_since"], now=now) if waits and values["kind"] in CLOCKED else "",
        "silent": waits and values["kind"] in CLOCKED and keeps_waiting(values["waiting_since"], now=now),
        "opened": day_words(local(values["opened_at"]).date()),
    }


def told(item: FollowUpItem, *, now: datetime) -> dict[str, Any]:
    """Return a follow-up in words, for a list beside a customer, a call or a vehicle."""
    return row(
        {
            "id": item.pk, "kind": item.kind, "state": item.state, "text": item.text, "result": item.result,
            "number": item.number, "due_on": item.due_on, "due_at": item.due_at, "opened_at": item.opened_at,
            "waiting_since": item.waiting_since, "closed_at": item.closed_at, "arrived_at": item.arrived_at,
            "reopened": item.reopened, "owner_name": item.owner.name, "plate": str(item.vehicle or ""), "vin": "",
        },
        now=now,
    )  # fmt: skip


def page(item: FollowUpItem, *, now: datetime) -> dict[str, Any]:
    """Return what the page of one follow-up shows beside what can be done about it."""
    remedies = item.remedies.select_related("owner", "vehicle").order_by("pk")
    return told(item, now=now) | {
        "facts": [fact for fact in _facts(item) if fact[1]],
        "result": mask_in_text(item.result),
        "history": [deed_told(deed) for deed in item.deeds.select_related("by", "to").order_by("pk")],
        "remedies": [told(one, now=now) for one in remedies],
    }


def due_words(kind: str, due_on: date | None, due_at: datetime | None) -> str:
    """Return until when: a day, or the moment of an answer that was promised."""
    if kind == FollowUpKind.QUESTION and due_at:
        return moment_words(due_at)
    return day_words(due_on)


def waited_words(since: datetime, *, now: datetime) -> str:
    """Return how long the customer has had no word."""
    hours = max(0, int((now - since) / timedelta(hours=1)))
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def deed_told(deed: FollowUpDeed) -> DeedTold:
    """Return one line of the history; what the program did says so."""
    words = str(DEEDS[deed.kind]) + (f" {deed.to.name}" if deed.to else "")
    who = deed.by.name if deed.by else _("The program")
    return DeedTold(words, moment_words(deed.at), who, _text(deed))


def deeds_open(item: FollowUpItem, *, by: Employee, now: datetime, on: date) -> list[str]:
    """Return what this person can do about the follow-up now, the most likely first."""
    waits, kind = item.closed_at is None, item.kind
    is_manager = bool(roles_of(by, on=on) & MANAGERS)
    appointment = kind == FollowUpKind.RETURN_APPOINTMENT
    made_it = by.pk in (item.owner_id, item.record.advisor_id if item.record else None)
    awaited = appointment and item.arrived_at is None and item.state in (FollowUpState.BOOKED, FollowUpState.MISSED)
    offers = {
        "arrive": awaited and not made_it,
        "reschedule": item.state == FollowUpState.BOOKED and not _is_over(item, now) and reschedules_left(item) != 0,
        "settle": waits and not appointment,
        "book": item.state == FollowUpState.OPEN and kind == FollowUpKind.PROBLEM and not _is_booked(item),
        "recommend": item.state != FollowUpState.WITHDRAWN and (kind == FollowUpKind.PROBLEM or appointment),
        "progress": waits,
        "transfer": waits,
        "reopen": item.state == FollowUpState.SETTLED,
        "withdraw": waits and is_manager and item.owner_id != by.pk,
    }
    return [deed for deed, is_open in offers.items() if is_open]


def _is_booked(item: FollowUpItem) -> bool:
    return item.remedies.filter(state=FollowUpState.BOOKED).exists()


def _is_over(item: FollowUpItem, now: datetime) -> bool:
    return item.due_at is not None and item.due_at <= now


def _facts(item: FollowUpItem) -> list[tuple[str, str]]:
    plan = _("plan, not promised by the regulation") if not item.is_promise else ""
    return [
        (_("Accountable"), item.owner.name),
        (_("Number"), repair_number(item)),
        (_("Promised for") if item.kind == FollowUpKind.RETURN_APPOINTMENT else _("Due"),
         " · ".join(part for part in (due_words(item.kind, item.due_on, item.due_at), plan) if part)),
        (_("Promised at the latest"), day_words(item.limit_on)),
        (_("Arrived"), moment_words(item.arrived_at)),
        (_("Seen by"), str(item.arrival or "")),
        (_("Opened"), moment_words(item.opened_at)),
        (_("Noted by"), item.record.advisor.name if item.record else ""),
        (_("Last word to the customer"), moment_words(item.waiting_since) if item.kind in CLOCKED else ""),
        (_("Closed"), moment_words(item.closed_at)),
        (_("Times reopened"), str(item.reopened or "")),
        (_("Branch"), str(item.branch or "")),
    ]  # fmt: skip


def _text(deed: FollowUpDeed) -> str:
    """Return the note of a deed; an arrival and a new day begin with their date."""
    if deed.kind in (FollowUpDeedKind.ARRIVED, FollowUpDeedKind.RESCHEDULED) and deed.text:
        day, _space, rest = deed.text.partition(" ")
        return " ".join(part for part in (day_words(date.fromisoformat(day)), mask_in_text(rest)) if part)
    return mask_in_text(deed.text)
