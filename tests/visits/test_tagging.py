"""Kinds of customers that are set by hand: one of a set, guidance at once, never what the program judges itself."""

import pytest

from staff.models import Activity
from tests.visits.calls import Shop, at
from tests.visits.desk import HTMX, signed_in
from visits.domain.matching.tagging import NotByHand, put_tag, tags_of
from visits.models import CustomerSegment, Segment

NOW = at("10:00")


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T10:00+08:00")
    shop = Shop()
    for position, (code, title) in enumerate((("gentle", "冲动型"), ("firm", "寡断型"), ("praise", "满足型"))):
        Segment.objects.create(code=code, title=title, set="类型", guidance=f"对{title}这样说", position=position)
    Segment.objects.create(code="friend", title="朋友介绍", position=5)
    when = [{"field": "order_total", "op": ">=", "value": 50000}]
    Segment.objects.create(code="vip", title="贵宾", when=when, position=6)
    return shop


def held(customer):
    return list(
        CustomerSegment.objects.filter(customer=customer).values_list("segment__code", flat=True).order_by("pk")
    )


def test_of_one_set_a_customer_has_one_and_of_no_set_several(shop):
    who = shop.customer()
    for code in ("gentle", "friend", "firm", "firm"):
        put_tag(who, code, held=True, by=shop.wang, now=NOW)
    assert sorted(held(who)) == ["firm", "friend"]
    put_tag(who, "firm", held=False, by=shop.wang, now=NOW)
    put_tag(who, "firm", held=False, by=shop.wang, now=NOW)
    assert held(who) == ["friend"]
    lines = [line.data for line in Activity.objects.order_by("pk")]
    assert [(line["segment"], line["held"], line["instead_of"]) for line in lines] == [
        ("gentle", True, []), ("friend", True, []), ("firm", True, ["gentle"]), ("firm", False, []),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["vip", "unknown", ""])
def test_what_the_program_judges_is_not_set_by_hand(shop, code):
    with pytest.raises(NotByHand):
        put_tag(shop.customer(), code, held=True, by=shop.wang, now=NOW)


def test_a_judged_segment_is_shown_where_it_holds(shop):
    who = shop.customer()
    CustomerSegment.objects.create(customer=who, segment=Segment.objects.get(code="vip"), since=NOW)
    assert [(tag.code, tag.held, tag.by_hand) for tag in tags_of(who)][-2:] == [
        ("friend", False, True), ("vip", True, False),
    ]  # fmt: skip


def test_one_press_sets_the_kind_and_brings_its_guidance(shop):
    task = shop.task()
    wang = signed_in(shop.wang)
    answer = wang.post(f"/customers/{task.customer_id}/tag/", {"tag": "firm"}, headers=HTMX).content.decode()
    assert ("对寡断型这样说" in answer, 'hx-swap-oob="true"' in answer, 'value="-firm"' in answer) == (True,) * 3
    assert "对寡断型这样说" in wang.get(f"/tasks/{task.pk}/").content.decode()
    back = wang.post(f"/customers/{task.customer_id}/tag/", {"tag": "-firm"})
    assert (back.status_code, held(task.customer)) == (302, [])


def test_unknown_kinds_and_customers_out_of_sight_are_not_there(shop):
    task, stranger = shop.task(), shop.customer()
    wang = signed_in(shop.wang)
    assert wang.post(f"/customers/{task.customer_id}/tag/", {"tag": "vip"}).status_code == 404
    assert wang.post(f"/customers/{stranger.pk}/tag/", {"tag": "firm"}).status_code == 404
