"""The content of one line of a report, as plain values that freeze: no name and no number of a customer.

Names of a visit line are those of the pack (`requires`, `expects`): result, time, channel, problem, rectification …
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from staff.domain.wording import figure_words
from visits.choices import FollowUpKind, FollowUpState
from visits.domain.contact.masking import mask_in_text
from visits.domain.follow_up.limits import RECOMMENDED_REPAIR, RECTIFICATION, SOLUTION
from visits.domain.follow_up.wording import repair_number
from visits.domain.origin.requesting import SOURCE
from visits.domain.proof.attaching import lacks_now
from visits.models import Evidence, FollowUpItem, RecordTask, VisitRecord, VisitTask

REMEDIES = (FollowUpKind.RETURN_APPOINTMENT, FollowUpKind.RECOMMENDED_REPAIR, FollowUpKind.COMPLAINT)
REPAIRS = (FollowUpKind.RECOMMENDED_REPAIR,)


@dataclass(frozen=True)
class Beside:
    """What other rows say of a visit; it may change while its record, which never does, stands as it was saved.

    By the id of the record: the kinds of its `proofs`, its standing `follow_ups`, whether it came `in_time` for all of
    its tasks, and the `amounts` of the order of its first task.
    """

    proofs: Mapping[int, list[str]] = field(default_factory=dict)
    follow_ups: Mapping[int, list[FollowUpItem]] = field(default_factory=dict)
    in_time: Mapping[int, bool] = field(default_factory=dict)
    amounts: Mapping[int, Decimal | None] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Collection[int] | QuerySet) -> "Beside":
        """Read it for records by their ids, or by a query for these: three queries, however many there are."""
        proofs: dict[int, list[str]] = defaultdict(list)
        for record, kind in Evidence.objects.filter(record__in=records).order_by("pk").values_list("record", "kind"):
            proofs[record].append(kind)
        follow_ups: dict[int, list[FollowUpItem]] = defaultdict(list)
        for item in FollowUpItem.objects.standing().filter(record__in=records).select_related("vehicle").order_by("pk"):
            follow_ups[item.record_id or 0].append(item)
        in_time: dict[int, bool] = {}
        amounts: dict[int, Decimal | None] = {}
        links = RecordTask.objects.filter(record__in=records).order_by("pk")
        for record, soon_enough, amount in links.values_list("record", "in_time", "task__event__amount"):
            in_time[record] = in_time.get(record, True) and soon_enough
            amounts.setdefault(record, amount)
        return cls(proofs, follow_ups, in_time, amounts)

    def line(self, record: int, rectification: str) -> dict[str, Any]:
        """Return that part of a visit's line; `rectification` as it was entered into the record."""
        items = self.follow_ups.get(record, [])
        back = next((one for one in reversed(items) if one.kind == FollowUpKind.RETURN_APPOINTMENT), None)
        due_on = back.due_on.isoformat() if back and back.due_on else None
        rectified = rectified_by(rectification, items)
        return {
            "rectification": rectified, "resolution": rectified, "remedied": any(one.kind in REMEDIES for one in items),
            "complaint_raised": any(one.kind == FollowUpKind.COMPLAINT for one in items),
            "return_on": due_on, "next_visit_on": due_on, "return_state": back.state if back else "",
            "repairs": [repair_number(one) for one in items if one.kind == FollowUpKind.RECOMMENDED_REPAIR],
            "evidence": dict(Counter(self.proofs.get(record, []))),
            "amount": figure_words(self.amounts.get(record)), "in_time": self.in_time.get(record),
        }  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """What lines are made of beside their records, read once for all of them."""

    links: Mapping[int, list[RecordTask]] = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)
    last_tries: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Sequence[VisitRecord], tasks: Sequence[VisitTask]) -> "Gathered":
        """Read the tasks, the evidence and the follow-ups of the records: a few queries, however many there are."""
        ids = [record.pk for record in records]
        links: dict[int, list[RecordTask]] = defaultdict(list)
        found = RecordTask.objects.filter(record__in=ids).select_related("task__event")
        for link in found.prefetch_related("task__step__rule").order_by("pk"):
            links[link.record_id].append(link)
        tries = RecordTask.objects.filter(task__in=[task.pk for task in tasks], attempt__gt=0).order_by("pk")
        return cls(links, Beside.of(ids), dict(tries.values_list("task", "record__outcome")))

    def lacks(self, record: VisitRecord) -> list[str]:
        """Return what a record lacks today (as `visits.domain.proof.attaching.still_lacks`, without a query)."""
        done_since = mended_by(self.beside.follow_ups.get(record.pk, []))
        lacking = lacks_now(record.incomplete, record.proof_wanted, set(self.beside.proofs.get(record.pk, [])))
        return [code for code in lacking if code not in done_since]


def mended_by(items: Sequence[FollowUpItem]) -> frozenset[str]:
    """Return the codes of what a record lacked and has by its follow-ups (as `visits.domain.follow_up.mending`)."""
    kinds = {item.kind for item in items}
    found: set[str] = set(REPAIRS) & kinds and {RECOMMENDED_REPAIR} or set()
    if any(item.kind == FollowUpKind.PROBLEM and item.state == FollowUpState.SETTLED for item in items):
        found |= {RECTIFICATION, "resolution", SOLUTION}
    if kinds & set(REMEDIES):
        found |= {RECTIFICATION, "resolution"}
    return frozenset(found)


def visit_line(record: VisitRecord, gathered: Gathered) -> dict[str, Any]:
    """Return the line of a visit: result, time, channel with its reason, what was found and what follows from it."""
    links = gathered.links.get(record.pk, [])
    event = links[0].task.event if links else None
    texts = ("problem", "need", "suggestion", "summary", "displeasure", "channel_reason", "reason", "early_reason")
    return {
        "orders": [number for link in links for number in _orders(link.task)],
        "steps": [_step(link.task) for link in links],
        "result": record.outcome, "outcome": record.outcome, "time": record.started_at.isoformat(),
        "logged_at": record.logged_at.isoformat(), "channel": record.channel, "inbound": record.inbound,
        "seconds": round((record.ended_at - record.started_at).total_seconds()) if record.ended_at else None,
        "satisfaction": record.satisfaction, "satisfied": record.satisfied, "css": figure_words(record.css),
        "nps": figure_words(record.nps), "answers": {name: _plain(value) for name, value in record.answers.items()},
        **{name: mask_in_text(getattr(record, name)) for name in texts},
        "feedback": mask_in_text(record.suggestion),
        "product": event.product if event else "",
        "ordered": {name: _plain(value) for name, value in event.attributes.items()} if event else {},
        **gathered.beside.line(record.pk, record.rectification),
    }  # fmt: skip


def rectified_by(entered: str, items: Sequence[FollowUpItem]) -> str:
    """Return what was done about the problem: as it was entered, else the result that the follow-up brought."""
    if entered.strip():
        return mask_in_text(entered)
    results = (one.result for one in items if one.kind == FollowUpKind.PROBLEM and one.result.strip())
    return mask_in_text(next(results, ""))


def open_line(task: VisitTask, gathered: Gathered, *, reason: str, overdue: bool) -> dict[str, Any]:
    """Return the line of a listed task that is not done, with how often it was tried and why it carries over."""
    return {
        "orders": _orders(task),
        "steps": [_step(task)],
        "closes_at": task.closes_at.isoformat(),
        "inclusive": task.closes_inclusive,
        "attempts": task.attempts,
        "last_try": gathered.last_tries.get(task.pk, ""),
        "overdue": overdue,
        "status": task.status,
        "reason": mask_in_text(reason),
    }


def _orders(task: VisitTask) -> list[str]:
    """Return the number of the order as the house knows it; what the program itself began has none."""
    return [] if task.event.source == SOURCE else [task.event.order_no]


def _step(task: VisitTask) -> str:
    rule = task.step.rule
    return " / ".join(dict.fromkeys(filter(None, [rule.title or rule.code, task.step.title])))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return mask_in_text(value)
    return value if isinstance(value, int | float | bool | list) or value is None else str(value)
