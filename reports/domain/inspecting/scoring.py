"""Scoring what was drawn, the word of the inspected to it, and the answer to an appeal.

A drawn item is scored once: the claim is a conditional UPDATE, so two inspectors never both score it. Nobody scores his
own, nobody scores blindly what he scored openly, and an appeal is decided by somebody else than who scored. Points are
appended; after an appeal those of the later round count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from config.packs.measuring import ItemSpec
from reports.choices import InspectionState
from reports.domain.inspecting.cards import Card, card_of, may_inspect
from reports.domain.inspecting.computing import computed_points
from reports.domain.inspecting.reckoning import ONE, Judged, hundredths, is_accurate, result_of
from reports.models import InspectionItem, ItemScore
from staff.domain import activity
from staff.domain.access import MANAGERS, standing_of
from staff.domain.notifying import notify
from staff.models import Employee


class CannotScore(Exception):
    """The scoring, reply or decision is refused; `str()` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What an inspector found: points by item, None where an item does not apply; notes by item; a remark."""

    points: Mapping[str, Fraction | None]
    notes: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""


def may_score(item: InspectionItem, actor: Employee, *, on: date) -> bool:
    """Say whether the person scores this item: by the card, not their own, not a second time what they scored first."""
    if item.employee_id == actor.pk or not may_inspect(actor, card_of(item.inspection), on=on):
        return False
    other = item.second_of or item.seconds.first()
    return other is None or other.inspector_id != actor.pk


def may_decide(item: InspectionItem, actor: Employee, *, on: date) -> bool:
    """Say whether the person answers the appeal: an inspector or manager, neither whom it is about nor who scored."""
    if actor.pk in (item.employee_id, item.inspector_id):
        return False
    return may_inspect(actor, card_of(item.inspection), on=on) or bool(standing_of(actor, on=on).base_roles & MANAGERS)


@transaction.atomic
def score(item: InspectionItem, scores: Scores, *, actor: Employee, now: datetime) -> InspectionItem:
    """Write down the points of a drawn item. Raises `CannotScore` with the reason in words."""
    if not may_score(item, actor, on=local_day(now)):
        raise CannotScore(_("Somebody else scores this: nobody scores his own, or the same thing twice."))
    card = card_of(item.inspection)
    judged = judge(card, item, scores, now=now)
    facts = {"inspector": actor, "scored_at": now, "remark": scores.remark.strip(), "state": InspectionState.SCORED}
    _write(item, InspectionState.DRAWN, judged, card, facts, notes=scores.notes, round_=1)
    activity.log(now=now, actor=actor, verb="inspection.scored", subject=item, result=item.result)
    if item.second_of_id is None:
        _tell_inspected(item, card, now=now)
    return item


def score_computed(item: InspectionItem, card: Card, *, now: datetime) -> bool:
    """Score an assessment of which nothing is left to people; say whether there was anything to compute it from."""
    judged = [judged_item(spec, computed_points(card, spec, item, now=now)) for spec in card.items()]
    if result_of(judged, card.spec.combine) is None:
        return False
    facts = {"scored_at": now, "state": InspectionState.SCORED}
    _write(item, InspectionState.DRAWN, judged, card, facts, notes={}, round_=1)
    activity.log(now=now, actor=None, verb="inspection.scored", subject=item, result=item.result)
    _tell_inspected(item, card, now=now)
    return True


def score_again(item: InspectionItem, judged: list[Judged], card: Card, *, now: datetime) -> None:
    """Append other points of what is scored and not decided; the notes beside them stay."""
    notes = dict(item.scores.values_list("code", "note"))
    _write(item, InspectionState.SCORED, judged, card, {}, notes=notes, round_=2)
    activity.log(now=now, actor=None, verb="inspection.scored", subject=item, result=item.result)


def judge(card: Card, item: InspectionItem, scores: Scores, *, now: datetime) -> list[Judged]:
    """Return the items of the card with these points and those that are computed. Raises `CannotScore`."""
    found = []
    for spec in card.items():
        if spec.metric is None and spec.code not in scores.points:
            raise CannotScore(_("Judge “%(item)s”, or say that it does not apply.") % {"item": spec.title or spec.code})
        points = scores.points.get(spec.code) if spec.metric is None else computed_points(card, spec, item, now=now)
        found.append(judged_item(spec, points))
    if result_of(found, card.spec.combine) is None:
        raise CannotScore(_("Nothing applies: then there is no result. Judge at least one item."))
    return found


def judged_item(spec: ItemSpec, points: Fraction | None) -> Judged:
    """Return an item of the card with its points. Raises `CannotScore` for points beyond its bounds."""
    most = Fraction(spec.max) if spec.max is not None else ONE
    if points is not None and not 0 <= points <= most:
        told = {"item": spec.title or spec.code, "most": f"{float(most):g}"}
        raise CannotScore(_("“%(item)s” has 0 to %(most)s points.") % told)
    weight = Fraction(spec.weight) if spec.weight is not None else ONE
    return Judged(spec.code, points, most, weight, spec.accuracy, spec.metric is not None)


def _write(
    item: InspectionItem,
    before: InspectionState,
    judged: list[Judged],
    card: Card,
    facts: Mapping[str, object],
    *,
    notes: Mapping[str, str],
    round_: int,
) -> None:
    """Claim the item in the state it must be in, and append the points."""
    result = result_of(judged, card.spec.combine)
    kept = {**facts, "result": None if result is None else hundredths(result), "accurate": is_accurate(judged)}
    if not InspectionItem.objects.filter(pk=item.pk, state=before).update(**kept):
        raise CannotScore(_("Somebody was quicker: this is decided already. Nothing of yours was written."))
    ItemScore.objects.bulk_create(
        ItemScore(
            item=item,
            code=one.code,
            round=round_,
            points=hundredths(one.points),
            numerator=one.points.numerator,
            denominator=one.points.denominator,
            note=notes.get(one.code, "").strip(),
        )  # fmt: skip
        for one in judged
        if one.points is not None
    )
    item.refresh_from_db()


def _tell_inspected(item: InspectionItem, card: Card, *, now: datetime) -> None:
    if item.employee is None:
        return
    notify(
        [item.employee],
        kind="inspection_scored",
        message=gettext_noop("Your work was inspected (%(card)s, %(period)s): read the result and say what you think"),
        facts={"card": card.name, "period": item.inspection.period},
        url=f"/inspections/items/{item.pk}/",
        key=f"inspection-{item.pk}",
        now=now,
    )


@transaction.atomic
def reply(item: InspectionItem, text: str, *, appeal: bool, actor: Employee, now: datetime) -> InspectionItem:
    """Let the inspected say what they think, or appeal, until the result is final. Raises `CannotScore`."""
    text = text.strip()
    if item.employee_id != actor.pk:
        raise CannotScore(_("Only whose work it is replies."))
    if not text:
        raise CannotScore(_("Write a sentence."))
    state = InspectionState.APPEALED if appeal else InspectionState.SCORED
    said = f"{item.reply}\n{text}".strip()
    open_ones = InspectionItem.objects.filter(pk=item.pk, state=InspectionState.SCORED, second_of=None)
    if not open_ones.update(reply=said, replied_at=now, state=state):
        raise CannotScore(_("The result is final, or your appeal waits for its answer already."))
    item.refresh_from_db()
    activity.log(now=now, actor=actor, verb="inspection.appealed" if appeal else "inspection.replied", subject=item)
    if item.inspector is not None:
        _tell_inspector(item, appeal=appeal, now=now)
    return item


def _tell_inspector(item: InspectionItem, *, appeal: bool, now: datetime) -> None:
    notify(
        [item.inspector] if item.inspector else [],
        kind="inspection_replied",
        message=gettext_noop("%(name)s appeals against the result of an inspection; somebody else decides")
        if appeal
        else gettext_noop("%(name)s has replied to an inspection"),
        facts={"name": str(item.employee)},
        url=f"/inspections/items/{item.pk}/",
        now=now,
    )


@transaction.atomic
def decide(item: InspectionItem, text: str, *, scores: Scores | None, actor: Employee, now: datetime) -> InspectionItem:
    """Answer an appeal: the result stands, or is scored anew by `scores`. It is final then. Raises `CannotScore`."""
    if not may_decide(item, actor, on=local_day(now)):
        raise CannotScore(_("Somebody else decides this: neither whose work it is nor who scored it."))
    if not text.strip():
        raise CannotScore(_("Say why in a sentence."))
    facts = {"state": InspectionState.FINAL, "decided_by": actor, "decided_at": now, "decision": text.strip()}
    if scores is None:
        if not InspectionItem.objects.filter(pk=item.pk, state=InspectionState.APPEALED).update(**facts):
            raise CannotScore(_("Somebody was quicker: this is decided already. Nothing of yours was written."))
        item.refresh_from_db()
    else:
        card = card_of(item.inspection)
        judged = judge(card, item, scores, now=now)
        _write(item, InspectionState.APPEALED, judged, card, facts, notes=scores.notes, round_=2)
    activity.log(now=now, actor=actor, verb="inspection.decided", subject=item, changed=scores is not None)
    _tell_decided(item, changed=scores is not None, now=now)
    return item


def _tell_decided(item: InspectionItem, *, changed: bool, now: datetime) -> None:
    notify(
        [one for one in (item.employee, item.inspector) if one],
        kind="inspection_decided",
        message=gettext_noop("The appeal against an inspection was granted: it was scored anew")
        if changed
        else gettext_noop("The appeal against an inspection was answered: the result stands"),
        url=f"/inspections/items/{item.pk}/",
        now=now,
    )
