"""The pages of inspections: who opens what, the scorecard by form, reply and appeal, blindness, what is refused."""

import pytest
from django.test import Client

from reports.choices import InspectionState
from reports.domain.inspecting.finding import findings
from reports.models import Inspection, InspectionItem, RecordDoubt
from staff.domain.conduct.proposing import propose
from staff.models import Violation
from tests.reports.inspections import CALLS, Desk, at, items

pytestmark = pytest.mark.django_db
GOOD = {"points-greeting": "1", "points-closing": "0", "points-true": "-", "note-closing": "没有道别", "remark": "注意"}


@pytest.fixture(autouse=True)
def june(clock_at):
    clock_at("2026-06-02T10:00+08:00")


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_an_inspector_scores_by_form_and_goes_on_to_the_next():
    desk = Desk(CALLS + '[[penalty]]\ncode = "fault"\nviolation = "finding"\namount = 20\n')
    desk.month(desk.ann, 2)
    first, second = items(desk.opened("2026-05", "2026-06-01 00:50"))
    li = as_(desk.li)

    page = text(li.get(f"/inspections/items/{first.pk}/"))
    assert "问候语" in page
    assert "data-scorecard" in page
    answer = li.post(f"/inspections/items/{first.pk}/score/", GOOD)

    assert (answer.status_code, answer["Location"]) == (302, f"/inspections/items/{second.pk}/")
    first.refresh_from_db()
    assert (first.state, first.result, first.accurate, first.remark) == (InspectionState.SCORED, 5000, None, "注意")
    propose(findings(since=at("2026-06-01 00:00"), until=first.scored_at, now=first.scored_at), now=first.scored_at)
    page = text(li.get(f"/inspections/items/{first.pk}/"))
    assert "没有道别" in page
    assert f'href="/ledger/{Violation.objects.get().pk}/"' in page


def test_what_is_refused_keeps_what_was_typed():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))

    answer = as_(desk.li).post(f"/inspections/items/{item.pk}/score/", {**GOOD, "points-true": ""})

    assert answer.status_code == 422
    assert "没有道别" in text(answer)
    assert InspectionItem.objects.get().state == InspectionState.DRAWN


def test_the_inspected_sees_his_own_once_it_is_scored_and_appeals():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    ann, bob, address = as_(desk.ann), as_(desk.bob), f"/inspections/items/{item.pk}/"
    assert ann.get(address).status_code == 404
    as_(desk.li).post(f"{address}score/", GOOD)

    assert "50" in text(ann.get(address))
    assert bob.get(address).status_code == 404
    assert ann.post(f"{address}score/", GOOD).status_code == 422
    assert ann.post(f"{address}reply/", {"text": "", "deed": "appeal"}).status_code == 422
    assert ann.post(f"{address}reply/", {"text": "我道别了", "deed": "appeal"}).status_code == 302
    assert "我道别了" in text(as_(desk.lu).get(address))
    assert as_(desk.li).post(f"{address}decide/", {"text": "不", "deed": "stands"}).status_code == 422
    granted = {**GOOD, "points-closing": "1", "text": "听到了", "deed": "anew"}
    assert as_(desk.lu).post(f"{address}decide/", granted).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.result) == (InspectionState.FINAL, 10000)


def test_who_scores_blindly_does_not_see_the_first_points():
    desk = Desk(CALLS.replace("sample =", "second_rate = 1\nsample ="))
    desk.month(desk.ann, 1)
    inspection = desk.opened("2026-05", "2026-06-01 00:50")
    [first], [second] = items(inspection), list(inspection.items.filter(second_of__isnull=False))
    as_(desk.li).post(f"/inspections/items/{first.pk}/score/", GOOD)
    lu, address = as_(desk.lu), f"/inspections/items/{first.pk}/"

    assert "没有道别" not in text(lu.get(address))
    assert "没有道别" in text(as_(desk.li).get(address))
    [row] = lu.get("/inspections/").context["rows"]
    detail = lu.get(f"/inspections/{inspection.pk}/").context
    assert (row.items, row.waiting) == (len(detail["rows"]), detail["left"]) == (2, 1)
    lu.post(f"/inspections/items/{second.pk}/score/", {**GOOD, "points-closing": "1"})
    assert "没有道别" in text(lu.get(address))
    assert "66.67 % (2/3)" in text(lu.get(f"/inspections/{inspection.pk}/"))


def test_a_draw_by_hand_a_visit_in_doubt_and_the_publication():
    desk = Desk()
    [record, *_others] = desk.month(desk.ann, 3)
    RecordDoubt.objects.create(
        record=record, kind="burst", weight=100, facts={"saved": 6}, found_at=at("2026-06-01 00:40")
    )
    li = as_(desk.li)
    source = f"{desk.policy.pk}:calls:2026-05"

    assert "6" in text(li.get("/inspections/doubts/"))
    assert li.post(f"/inspections/records/{record.pk}/inspect/").status_code == 302
    assert li.post("/inspections/draw/", {"source": source, "count": "0"}).status_code == 422
    assert li.post("/inspections/draw/", {"source": f"{desk.policy.pk}:calls:2026-04", "count": "5"}).status_code == 422
    li.post("/inspections/draw/", {"source": source, "count": "2"})
    inspection = Inspection.objects.get(period="2026-05")
    assert len(items(inspection)) == 3  # May is over: what its regulation draws is drawn before anything by hand
    assert li.post(f"/inspections/{inspection.pk}/publish/").status_code == 422
    for item in items(inspection):
        li.post(f"/inspections/items/{item.pk}/score/", GOOD)
    assert as_(desk.ann).post(f"/inspections/{inspection.pk}/publish/").status_code == 422
    assert li.post(f"/inspections/{inspection.pk}/publish/").status_code == 302
    assert "published" not in text(li.get("/inspections/"))  # it speaks Chinese
    assert "2026-05" in text(as_(desk.ann).get("/inspections/"))


def test_who_looks_after_the_whole_company_sees_all_and_another_shop_nothing():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    far = desk.person("far", ["quality_manager"], branch=desk.west)

    for person, status in ((desk.zong, 200), (desk.li, 200), (far, 404), (desk.bob, 404)):
        assert as_(person).get(f"/inspections/items/{item.pk}/").status_code == status
        assert as_(person).get(f"/inspections/{item.inspection_id}/").status_code == status


def test_an_advisor_draws_nothing_and_sees_no_doubts():
    desk = Desk()
    desk.month(desk.ann, 1)
    ann = as_(desk.ann)

    assert "/inspections/draw/" not in text(ann.get("/inspections/"))
    assert ann.post("/inspections/draw/", {"source": "x", "count": "1"}).status_code == 422
    assert ann.get("/inspections/doubts/").status_code in (403, 404)
