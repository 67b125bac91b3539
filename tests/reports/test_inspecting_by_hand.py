"""Drawing and picking by hand, and what it leaves of the draw of the period."""

from datetime import date

import pytest

from reports.choices import DrawCause
from reports.domain.inspecting.drawing import Draw, Drawable, drawn
from reports.domain.inspecting.opening import NothingToDraw, choose, draw_inspections, draw_more
from reports.domain.inspecting.publishing import CannotPublish, publish
from reports.models import Inspection
from staff.domain.periods import period_named
from tests.reports.inspections import CALLS, Desk, at, items

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)
NIGHT = at("2026-06-01 00:50")


def test_by_hand_one_draws_up_to_a_number_and_picks_single_records():
    desk = Desk(CALLS.replace('sample = { count = 4, per = "month" }', ""))
    records = desk.month(desk.ann, 30)
    month = period_named("2026-05")

    inspection = draw_more(desk.card, month, 20, now=at("2026-05-20 10:00"), actor=desk.li)
    draw_more(desk.card, month, 20, now=at("2026-05-20 10:00"), actor=desk.li)
    drawn = {item.record_id for item in items(inspection)}
    further = next(one for one in records if one.pk not in drawn)
    chosen = choose(desk.card, further, now=at("2026-05-20 11:00"), actor=desk.li)

    assert len(drawn) == 20
    assert chosen == choose(desk.card, further, now=at("2026-05-20 12:00"), actor=desk.lu)
    assert (chosen.inspection, chosen.cause, inspection.items.count()) == (inspection, DrawCause.HAND, 21)
    with pytest.raises(NothingToDraw):
        draw_more(desk.card, period_named("2026-04"), 20, now=at("2026-05-20 10:00"), actor=desk.li)


def test_who_picks_a_record_in_the_running_month_does_not_escape_its_draw():
    desk = Desk()
    records = desk.month(desk.ann, 12)
    chosen = choose(desk.card, records[0], now=at("2026-05-20 11:00"), actor=desk.li)
    draw_more(desk.card, period_named("2026-05"), 2, now=at("2026-05-20 12:00"), actor=desk.li)
    before = {item.record_id for item in items(chosen.inspection)}
    for item in items(chosen.inspection):
        desk.scored(item, "2026-05-21 10:00")
    with pytest.raises(CannotPublish):
        publish(chosen.inspection, actor=desk.li, now=at("2026-05-21 11:00"))

    draw_inspections(now=NIGHT, on=JUNE)
    assert draw_inspections(now=NIGHT, on=JUNE) == {"opened": 0, "drawn": 0}
    found = {item.record_id: item.cause for item in items(chosen.inspection)}
    lots = Draw(chosen.inspection.seed, desk.card.lot_key, desk.card.spec.sample)
    assert found.keys() == before | {int(name) for name in drawn([Drawable(str(one.pk)) for one in records], lots)}
    assert (found[records[0].pk], Inspection.objects.get().population) == (DrawCause.HAND, 12)


def test_who_draws_by_hand_before_the_night_has_drawn_gets_the_draw_first():
    desk = Desk()
    desk.month(desk.ann, 12)
    draw_more(desk.card, period_named("2026-05"), 1, now=at("2026-06-01 00:10"), actor=desk.li)
    assert len(items(Inspection.objects.get())) == 4
    assert draw_inspections(now=NIGHT, on=JUNE) == {"opened": 0, "drawn": 0}
