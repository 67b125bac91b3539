"""Closing an inspection: results become final, everybody hears of theirs, ranks are public where the card says so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.choices import InspectionState
from reports.domain.facts.ripening import is_ripening
from reports.domain.figures.query import query
from reports.domain.figures.rewarding import judge_period
from reports.domain.inspecting.cards import Card, card_of, may_inspect, period_of_inspection, recipients
from reports.domain.inspecting.computing import computed_from
from reports.domain.inspecting.opening import is_to_draw
from reports.domain.inspecting.reckoning import hundredths
from reports.domain.inspecting.refreshing import refresh
from reports.domain.inspecting.standing import Standing, standings
from reports.models import Inspection, InspectionItem
from staff.domain import activity
from staff.domain.notifying import notify
from staff.domain.policies import spec_of
from staff.domain.workforce import load_workforce
from staff.models import Employee


class CannotPublish(Exception):
    """The inspection cannot be closed yet, or not by this person; `str()` says why."""


@transaction.atomic
def publish(inspection: Inspection, *, actor: Employee, now: datetime) -> list[Standing]:
    """Make the results of an inspection final and tell everybody; return how they came off. Raises `CannotPublish`.

    What they earn or cost by the regulation (a reward above, a coaching below a bar, E-07) is proposed at once.
    """
    card, period = card_of(inspection), period_of_inspection(inspection)
    if not may_inspect(actor, card, on=local_day(now)):
        raise CannotPublish(_("Only who inspects by this scorecard publishes the results."))
    if card.is_assessment and now < period.ends_at(card.zone):
        raise CannotPublish(_("This period is not over: further rounds may follow. Publish the results after it."))
    if is_to_draw(card, period):
        raise CannotPublish(_("The visits of this period are drawn when it is over; publish the results after that."))
    public = {"published_at": now, "is_public": card.spec.publish}
    if not Inspection.objects.filter(pk=inspection.pk, published_at=None).update(**public):
        raise CannotPublish(_("These results are public already."))
    inspection.refresh_from_db()
    refresh(inspection, card, now=now)
    inspection.items.filter(state=InspectionState.SCORED).update(state=InspectionState.FINAL)
    _check_ripe(inspection, card, now=now)
    _check_done(inspection)  # only now: who appeals at this moment has done so before, or is refused
    found = standings(inspection)
    activity.log(now=now, actor=actor, verb="inspection.published", subject=inspection, items=len(found))
    _tell(inspection, card, found, now=now)
    judge_period(inspection.policy, period, load_workforce(), now=now)
    return found


def _check_done(inspection: Inspection) -> None:
    items = InspectionItem.objects.filter(inspection=inspection)
    if not items.exists():
        raise CannotPublish(_("Nothing was inspected yet."))
    if left := items.filter(state=InspectionState.DRAWN, second_of=None).count():
        raise CannotPublish(_("Not scored yet: %(count)d. Score them first.") % {"count": left})
    if appeals := items.filter(state=InspectionState.APPEALED).count():
        raise CannotPublish(_("Appeals without an answer: %(count)d. Answer them first.") % {"count": appeals})


def _check_ripe(inspection: Inspection, card: Card, *, now: datetime) -> None:
    """Refuse results computed from a figure that visits or inspections under way can still change."""
    period, pack = period_of_inspection(inspection), spec_of(inspection.release)
    for spec in card.items():
        if spec.metric is not None:
            kpi = computed_from(spec, pack)
            if is_ripening(query(kpi, inspection.release, period, now=now)):
                told = {"item": spec.title or spec.code}
                raise CannotPublish(
                    _("“%(item)s” is still ripening: visits or inspections of its period are under way.") % told
                )


def _tell(inspection: Inspection, card: Card, found: list[Standing], *, now: datetime) -> None:
    """Tell each person their result, with the rank where ranks are public, and the managers that it is done."""
    people = Employee.objects.in_bulk([one.employee for one in found if one.employee is not None])
    url, key = f"/inspections/{inspection.pk}/", f"inspection-published-{inspection.pk}"
    for one in found:
        if one.employee is not None and one.result is not None:
            result = f"{hundredths(one.result) / 100:.2f}"
            facts = {"card": card.name, "period": inspection.period, "result": result, "rank": one.rank}
            ranked = gettext_noop("%(card)s, %(period)s: your result is %(result)s, rank %(rank)s")
            plain = gettext_noop("%(card)s, %(period)s: your result is %(result)s")
            notify(
                [people[one.employee]], kind="inspection_published", message=ranked if card.spec.publish else plain,
                facts=facts, url=url, key=key, now=now,
            )  # fmt: skip
    notify(
        [one for one in recipients(card, load_workforce(), on=local_day(now)) if one.pk not in people],
        kind="inspection_published",
        message=gettext_noop("The inspection %(card)s of %(period)s is finished"),
        facts={"card": card.name, "period": inspection.period},
        url=url,
        key=key,
        now=now,
    )
