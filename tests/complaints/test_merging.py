"""Several cases of one matter are counted once, and taken apart again as if nothing had been (K-14)."""

from datetime import timedelta

import pytest

from complaints.choices import CaseDeedKind, CaseState, Source
from complaints.domain import duplicates, editing, merging
from complaints.domain.registering import register
from complaints.domain.writing import CannotDo, MeanwhileChanged
from complaints.models import Case
from staff.choices import MeasureState
from tests.complaints.test_registering import PACK, told
from tests.visits.calls import MORNING, Shop, at
from visits.models import Obligation

CATEGORIES = """
[[category]]
code = "quality"
[[category]]
code = "paint"
parent = "quality"
"""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("空调不凉，修了两次还是不凉", "空调修了两次还不凉", True),
        ("空调不凉", "空 调 不 凉！", True),
        ("空调不凉", "前台态度不好", False),
        ("", "空调不凉", False),
        ("Air conditioning is warm", "AIR conditioning: warm", True),
    ],
)
def test_texts_are_alike_by_their_pairs_of_letters(one, other, same):
    assert (duplicates.alike(one, other) >= duplicates.ALIKE) is same


@pytest.fixture
def shop(db):
    return Shop(pack=PACK + CATEGORIES)


@pytest.fixture
def three(shop):
    """Three complaints of one person to three departments, and one of somebody else."""
    chen = shop.customer("陈先生")
    said = [
        ("空调修了两次还是不凉", Source.PHONE),
        ("空调修了两次都不凉", Source.LETTER),
        ("空调还是不凉", Source.WECHAT),
    ]
    made = [
        register(told(shop, customer=chen, summary=text, source=way, category="paint"), by=shop.wang, now=MORNING)
        for text, way in said
    ]
    register(told(shop, customer=shop.customer("李女士"), category="paint"), by=shop.wang, now=MORNING)
    return made


def test_likely_are_those_of_the_same_person_about_the_same(shop, three):
    far = register(
        told(shop, customer=three[0].customer, opened_at=MORNING - timedelta(days=31)), by=shop.wang, now=MORNING
    )
    other = register(
        told(shop, customer=three[0].customer, summary="发票抬头写错", type="enquiry"), by=shop.wang, now=MORNING
    )
    found = duplicates.likely(three[0], among=Case.objects.all())

    assert {one.case for one in found} == set(three[1:])
    assert [str(reason) for reason in found[0].reasons][:1] == ["同一客户"]
    assert not {far, other} & {one.case for one in found}


def test_three_of_one_person_count_once_and_every_source_is_seen(shop, three):
    master = merging.merge(three[1:], into=three[0], by=shop.wang, now=MORNING, text="同一件事")

    assert Case.objects.counted().filter(customer=three[0].customer).count() == 1
    assert [one.get_source_display() for one in master.duplicates.order_by("opened_at")] == ["信函", "微信"]
    assert Obligation.objects.open().filter(subject__in=[f"case:{one.pk}" for one in three[1:]]).count() == 0
    assert Obligation.objects.open().filter(subject=f"case:{master.pk}").count() == 1
    with pytest.raises(CannotDo):
        merging.merge([three[0]], into=Case.objects.exclude(pk__in=[one.pk for one in three]).get(), by=shop.wang,
                      now=MORNING)  # fmt: skip


def test_taken_apart_it_is_as_before_and_the_time_between_is_a_stop(shop, three):
    merging.merge([three[1]], into=three[0], by=shop.wang, now=MORNING)
    merged = Case.objects.get(pk=three[1].pk)
    back = merging.unmerge(merged, by=shop.wang, now=MORNING + timedelta(hours=2))
    clock = Obligation.objects.get(subject=f"case:{back.pk}")

    assert (back.state, back.merged_into, back.closed_at) == (CaseState.ASSIGNED, None, None)
    assert (clock.state, clock.done_at, clock.paused_at) == (MeasureState.OPEN, None, None)
    assert clock.due_at == at("10:00")  # it was due at the moment of the merge: no stop lengthens what was over
    assert Case.objects.counted().filter(customer=back.customer).count() == 3
    with pytest.raises(CannotDo):
        merging.unmerge(merged, by=shop.wang, now=MORNING + timedelta(hours=2))


def test_a_clock_that_ran_goes_on_for_what_it_had_left(shop):
    chen, told_at = shop.customer(), at("09:50")
    one, two = (
        register(told(shop, customer=chen, opened_at=told_at), by=shop.wang, now=MORNING) for _twice in range(2)
    )
    merging.merge([two], into=one, by=shop.wang, now=MORNING)
    merging.unmerge(Case.objects.get(pk=two.pk), by=shop.wang, now=MORNING + timedelta(hours=2))

    clock = Obligation.objects.get(subject=f"case:{two.pk}")
    assert clock.due_at == told_at + timedelta(hours=3)
    assert [(stop.from_at, stop.until_at) for stop in clock.pauses.all()] == [
        (MORNING, MORNING + timedelta(hours=2))
    ]  # fmt: skip


def test_each_change_is_a_version_with_its_reason(shop):
    case = register(told(shop), by=shop.wang, now=MORNING)
    stale = Case.objects.get(pk=case.pk)
    with pytest.raises(CannotDo):
        editing.change(case, {"summary": "空调不凉，异响"}, reason=" ", by=shop.wang, now=MORNING)
    editing.change(case, {"summary": "空调不凉，异响", "demand": ""}, reason="客户补充", by=shop.wang, now=MORNING)
    with pytest.raises(MeanwhileChanged):
        editing.change(stale, {"summary": "别的"}, reason="晚了", by=shop.wang, now=MORNING)

    [line] = editing.versions(case)
    assert line.facts == {"summary": ["空调不凉", "空调不凉，异响"]}
    assert (line.text, Case.objects.get(pk=case.pk).version) == ("客户补充", 2)
    assert case.deeds.filter(kind=CaseDeedKind.REGISTERED).get().text == "空调不凉"


def test_only_who_has_a_part_in_a_case_changes_it(shop):
    case = register(told(shop, handler=shop.wang), by=shop.wang, now=MORNING)
    with pytest.raises(CannotDo):
        editing.change(case, {"summary": "别的"}, reason="？", by=shop.li, now=MORNING)


def test_nobody_sheds_the_clocks_of_what_they_handle_by_a_merge(shop):
    chen = shop.customer()
    early, late = (
        register(told(shop, customer=chen, opened_at=at(moment), handler=shop.li), by=shop.wang, now=MORNING)
        for moment in ("09:00", "09:40")
    )
    with pytest.raises(CannotDo):
        merging.merge([early], into=late, by=shop.li, now=MORNING)
    merging.merge([late], into=early, by=shop.li, now=MORNING)
    assert Case.objects.get(pk=late.pk).merged_into == early
