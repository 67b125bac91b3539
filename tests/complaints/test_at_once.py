"""Several deeds on one case at the same moment: whoever waits holds nothing that others need, and one of two wins."""

from collections import Counter
from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest

from complaints.choices import CaseDeedKind, CaseState, Source, SpendingKind
from complaints.domain import (
    accusing,
    books,
    clocks,
    conducting,
    entering,
    escalating,
    handling,
    letters,
    merging,
    verdicts,
    verifying,
)
from complaints.domain.orders import dispatching
from complaints.domain.registering import Told
from complaints.domain.taking_in import take_in
from complaints.domain.writing import CannotDo, MeanwhileChanged
from complaints.models import Accusation, Case, CaseDeed, Compensation, Entry, PublicLetter, WorkOrder
from staff.models import Notification
from tests.complaints import ordering, solving
from tests.complaints.at_once import busy_shop, case_of, race, taken_while_waiting
from tests.visits.calls import MONDAY, MORNING, at, told
from visits.choices import WORKABLE, TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.follow_up.wishes import FollowOn
from visits.domain.obliging.watching import watch_obligations
from visits.models import Obligation, VisitTask

pytestmark = pytest.mark.django_db(transaction=True)
NOON, EVENING = at("12:00"), at("17:30")
SLOT = (at("2026-03-03 10:00"), at("2026-03-03 11:00"))


@pytest.fixture
def shop():
    return busy_shop()


def fresh(case):
    """Return the case as a page of its own has read it."""
    return Case.objects.get(pk=case.pk)


def visit_of(case, shop, **facts):
    """Return the deed of saving the visit that asks after the case."""
    [task] = [task for task in verifying.tasks_of(case) if task.status == TaskStatus.OPEN]
    return partial(record_contact, task, told(now=NOON, **facts), advisor=shop.li, now=NOON)


def by_hand(shop):
    """Return what people do about an open case, each as it takes a case."""
    hand = {"by": shop.zhou, "now": NOON}
    return {
        "reply": partial(handling.reply, channel="desk_phone", text="已联系", **hand),
        "accept": partial(handling.accept, by=shop.wang, now=NOON),
        "assign": partial(handling.assign, to=shop.li, **hand),
        "level": partial(handling.set_level, level="major", text="严重", **hand),
        "pause": partial(clocks.pause, reason="等配件", **hand),
        "withdraw": partial(handling.withdraw, text="误登", **hand),
        "resolve": partial(handling.resolve, solution="已修好", **hand),
        "escalate": partial(escalating.escalate, text="请批准", **hand),
        "accuse": partial(conducting.accuse, employee=shop.wang, **hand),
        "compensate": partial(conducting.compensate, kind=SpendingKind.COUPON, amount=100_00, **hand),
    }  # fmt: skip


def every_way(shop):
    """Yield the ways by which a case changes: its name, the case, the deed that is about to be done."""
    hand = {"by": shop.zhou, "now": NOON}
    for name in ("pause", "compensate"):
        case = case_of(shop)
        yield name, case, partial(by_hand(shop)[name], fresh(case))
    case = case_of(shop)
    yield "merge", case, partial(merging.merge, [case], into=case_of(shop), **hand)
    case = solving.solved(shop)
    yield "reopen", case, partial(verdicts.reopen_by_hand, fresh(case), text="还是不凉", **hand)
    case = solving.solved(shop)
    yield "confirmed", case, visit_of(case, shop, satisfied=True)
    case = solving.solved(shop)
    again = {"satisfied": False, "problem": "还是不凉", "follow": FollowOn(complaint=True)}
    yield "complained again", case, visit_of(case, shop, **again)
    case = solving.solved(shop)
    saved = visit_of(case, shop, satisfied=False)()
    yield "taken back", case, partial(undo, saved.record, token=uuid4(), by=shop.li, now=NOON)
    case = case_of(shop)
    order = ordering.on_its_way(case, shop)
    yield "booked", case, partial(dispatching.book, order, *SLOT, by=shop.wang, now=NOON)
    yield "late", case_of(shop), partial(watch_obligations, now=EVENING)


def test_whoever_waits_for_a_case_holds_nothing_that_belongs_to_it(shop):
    held = {name: taken_while_waiting(case, deed) for name, case, deed in every_way(shop)}
    assert {name: found for name, found in held.items() if found} == {}


def is_whole(case) -> bool:
    """Say whether each line has counted, and the clocks stand still where the case waits."""
    case.refresh_from_db()
    stopped = Obligation.objects.filter(subject=f"case:{case.pk}", paused_at__isnull=False).exists()
    return case.version == case.deeds.count() and stopped == (case.state == CaseState.WAITING)


def test_of_two_deeds_at_once_from_one_page_one_is_done_and_the_other_told(shop):
    deeds = by_hand(shop)
    pairs = ["reply pause", "reply reply", "resolve withdraw", "assign level", "escalate accept", "accuse compensate"]
    for pair in pairs:
        case = case_of(shop)
        refused = race(*[partial(deeds[name], fresh(case), version=1) for name in pair.split()])
        assert (pair, [type(one) for one in refused if one]) == (pair, [MeanwhileChanged])
        assert is_whole(case), pair


def test_two_cases_merged_into_each_other_are_one_and_unmerged_while_it_is_assigned(shop):
    one, other, hand = case_of(shop), case_of(shop), {"by": shop.zhou, "now": NOON}
    refused = race(partial(merging.merge, [one], into=other, **hand), partial(merging.merge, [other], into=one, **hand))
    assert [type(fault) for fault in refused if fault] == [CannotDo]
    [merged] = Case.objects.filter(state=CaseState.MERGED)
    master = merged.merged_into
    race(partial(merging.unmerge, merged, **hand), partial(handling.assign, master, to=shop.li, **hand))
    assert is_whole(fresh(merged)) and is_whole(master)
    assert not Case.objects.filter(state=CaseState.MERGED).exists()


def test_a_word_that_meets_a_reopening_by_hand_opens_one_round(shop):
    case = solving.solved(shop)
    again = partial(verdicts.reopen_by_hand, fresh(case), by=shop.zhou, now=NOON, text="客户来电说不凉")
    said = {"satisfied": False, "problem": "还是不凉", "follow": FollowOn(complaint=True)}
    refused = race(visit_of(case, shop, **said), visit_of(case, shop, **said), again)
    assert len([one for one in refused if one]) == 2 and is_whole(case)
    assert Case.objects.count() == 1  # who came too late has spoken of the same matter
    assert (case.round, case.deeds.filter(kind=CaseDeedKind.REOPENED).count()) == (2, 1)
    assert VisitTask.objects.filter(event__source="cases", status__in=WORKABLE).count() == 0


def test_two_ticks_and_a_withdrawal_escalate_once_or_not_at_all(shop):
    case = case_of(shop)
    tick = partial(watch_obligations, now=EVENING)
    *_ticks, refused = race(tick, tick, partial(handling.withdraw, fresh(case), by=shop.zhou, now=EVENING, text="误登"))
    assert is_whole(case)
    lines = case.deeds.filter(kind=CaseDeedKind.ESCALATED).count()
    assert (lines, case.escalations) == ((1, 1) if refused else (0, 0))
    assert Notification.objects.filter(kind="obligation_late").count() == lines
    assert case.state == (CaseState.ASSIGNED if refused else CaseState.WITHDRAWN)


def test_one_slot_one_allowance_and_one_verdict_hold_one_each(shop):
    hand = {"by": shop.zhou, "now": NOON}
    orders = [ordering.on_its_way(case_of(shop), shop) for _number in range(2)]
    refused = race(*[partial(dispatching.book, order, *SLOT, by=shop.wang, now=NOON) for order in orders])
    assert len([one for one in refused if one]) == WorkOrder.objects.filter(slot_from=SLOT[0]).count() == 1
    gift = by_hand(shop)["compensate"]
    refused = race(*[partial(gift, fresh(order.case)) for order in orders])
    assert (len([one for one in refused if one]), Compensation.objects.count()) == (1, 1)
    case = case_of(shop)
    named = accusing.accuse(case, shop.wang, text="态度差", **hand)
    words = {True: "属实", False: "不属实"}
    race(*[
        partial(conducting.judge, fresh(case), accusation=Accusation.objects.get(pk=named.pk), verified=verified,
                finding=words[verified], harm=False, **hand)
        for verified in words
    ])  # fmt: skip
    named.refresh_from_db()
    assert case.deeds.get(kind=CaseDeedKind.VERIFIED_FAULT).text == words[named.verified] == named.finding


def test_a_letter_published_twice_while_its_case_is_taken_out_closes_each_once(shop):
    cases, hand = [case_of(shop) for _number in range(3)], {"by": shop.zhou, "now": NOON}
    letter = letters.compose(title="停水", text="已修复", branch=shop.branch, **hand)
    letters.put_under(letter, cases, **hand)
    race(
        partial(letters.publish, PublicLetter.objects.get(), **hand),
        partial(letters.publish, PublicLetter.objects.get(), **hand),
        partial(letters.take_out, letter, cases[1], **hand),
        partial(handling.withdraw, fresh(cases[2]), text="误登", **hand),
    )
    assert all(map(is_whole, cases))
    ends = Counter(CaseDeed.objects.filter(kind=CaseDeedKind.CLOSED).values_list("case", flat=True))
    closed = Case.objects.filter(state=CaseState.CLOSED).values_list("pk", flat=True)
    assert ends == dict.fromkeys(closed, 1) and cases[0].pk in closed


def test_one_form_pressed_three_times_is_one_case_or_entry_and_numbers_are_never_shared(shop):
    told_once = Told(summary="空调不凉", source=Source.PHONE, opened_at=MORNING, branch=shop.branch, token=uuid4())
    forms = [told_once] * 3 + [replace(told_once, token=uuid4()) for _number in range(3)]
    assert race(*[partial(take_in, one, by=shop.wang, now=MORNING) for one in forms]) == [None] * 6
    assert Case.objects.values("number").distinct().count() == Case.objects.count() == 4
    [book] = books.offered(shop.wang, on=MONDAY)
    race(*[partial(entering.enter, book, {"cargo": "H-1"}, at=MORNING, by=shop.wang, now=MORNING)] * 3)
    assert Entry.objects.count() == 1
