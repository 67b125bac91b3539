"""Kill -9 in the middle of a case's life: nothing is half done, nothing lost, and whoever goes on finishes it once."""

from collections import Counter
from uuid import UUID

import pytest

from complaints.choices import WORKED, CaseState, Source
from complaints.domain import handling, letters, merging, verifying
from complaints.domain.registering import Told, register
from complaints.models import Case, PublicLetter
from staff.models import Notification
from tests.complaints.at_once import busy_shop
from tests.faults.killing import kill_cycles
from tests.visits.calls import MORNING, at, told
from visits.choices import TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.obliging.fulfilling import of_subject
from visits.domain.obliging.watching import watch_obligations
from visits.models import Obligation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]
NOON, EVENING = at("12:00"), at("17:30")


class Life:
    """A case that is told twice, refused once by its customer, escalated, settled; and one that a letter answers."""

    def __init__(self, shop, number: int) -> None:
        self.shop, self.number = shop, number
        self.customer = shop.customer()
        self.letter = letters.compose(
            title="停水", text="已修复。", branch=shop.branch, by=shop.zhou, now=MORNING
        ).pk  # fmt: skip

    def case(self, part: int) -> Case:
        """Register one of the three cases; sent again, its form finds it."""
        said = Told(
            summary="空调不凉", source=Source.PHONE, opened_at=at("09:00"), branch=self.shop.branch,
            customer=self.customer, handler=self.shop.wang, token=UUID(int=10 * self.number + part),
        )  # fmt: skip
        return register(said, by=self.shop.wang, now=MORNING)

    def go_on(self) -> None:
        """Do what is not done yet, each deed as its page or job would."""
        zhou, first, again, answered = self.shop.zhou, self.case(1), self.case(2), self.case(3)
        if again.state != CaseState.MERGED:
            merging.merge([again], into=first, by=zhou, now=NOON)
        self.solve_and_ask(Case.objects.get(pk=first.pk), 1, satisfied=False, now=NOON)
        watch_obligations(now=EVENING)
        self.solve_and_ask(Case.objects.get(pk=first.pk), 2, satisfied=True, now=EVENING)
        letter = PublicLetter.objects.get(pk=self.letter)
        if not letter.cases.exists():
            letters.put_under(letter, [answered], by=zhou, now=NOON)
        if letter.published_at is None:
            letters.publish(letter, by=zhou, now=NOON)

    def solve_and_ask(self, case: Case, number: int, *, satisfied: bool, now) -> None:
        """Solve a case in this round of it and take the customer's word."""
        if case.round == number and case.state in WORKED:
            handling.resolve(case, solution="已修好", by=self.shop.zhou, now=now)
        if case.round == number and case.state == CaseState.VERIFYING:
            [task] = [task for task in verifying.tasks_of(case) if task.status == TaskStatus.OPEN]
            caller = self.shop.wang if case.handler == self.shop.li else self.shop.li
            said = told(now=now, satisfied=satisfied, token=UUID(int=10 * self.number + 4 + number))
            record_contact(task, said, advisor=caller, now=now)

    def shape(self) -> list:
        """Return what has become of each case, without who and which."""
        found = []
        for case in Case.objects.filter(token__in=[UUID(int=10 * self.number + part) for part in (1, 2, 3)]):
            clocks = Obligation.objects.filter(of_subject(f"case:{case.pk}"))
            heard = Notification.objects.filter(url=f"/complaints/{case.pk}/")
            visits = [(task.status, task.attempts) for task in verifying.tasks_of(case)]
            assert case.version == case.deeds.count()
            found.append((
                case.state, case.round, case.escalations, visits, Counter(case.deeds.values_list("kind", flat=True)),
                Counter(clocks.values_list("deed", "state")), Counter(heard.values_list("kind", flat=True)),
            ))  # fmt: skip
        return found


def test_killed_again_and_again_each_case_ends_as_one_that_nobody_killed():
    shop = busy_shop()
    lives = [Life(shop, 0)]
    lives[0].go_on()
    undisturbed = lives[0].shape()
    assert [(one[0], one[2]) for one in undisturbed] == [
        (CaseState.CLOSED, 2), (CaseState.MERGED, 0), (CaseState.CLOSED, 1),
    ]  # fmt: skip

    def supply(_round):
        lives.append(Life(shop, len(lives)))

    kill_cycles(supply=supply, work=lambda: lives[-1].go_on(), cycles=7, seed=8, longest=0.4)
    lives[-1].go_on()
    assert [life.shape() for life in lives[1:]] == [undisturbed] * (len(lives) - 1)
