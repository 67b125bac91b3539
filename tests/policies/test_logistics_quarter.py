"""A quarter under regulation AE, the logistics company: tiers by month, managers liable, a range, an appeal, a close.

The reckoning reads the story and the clauses alone: it counts on its fingers, month by month.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from staff.choices import ViolationState
from staff.domain.conduct import deciding
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.proposing import propose, propose_by_hand
from staff.domain.conduct.rules import by_hand
from staff.domain.policies import approve
from staff.models import LedgerEntry, Measure, Posting, Release, RoleAssignment, Violation
from tests.packs import SHIPPED
from tests.policies.month import Month, posted, stated
from tests.visits.world import at, branch, department, publish

pytestmark = pytest.mark.django_db

PACK = (SHIPPED / "logistics-cs.toml").read_text(encoding="utf-8")
FOURTH_IN_A_QUARTER = PACK.replace('from_count = "?"\ntier_period = "?"', 'from_count = 4\ntier_period = "3m"')


@dataclass(frozen=True)
class Complaint:
    """A complaint that was verified to be somebody's fault; `fate`: confirmed, waived, or taken back on appeal."""

    by: str
    on: str
    known: str = ""
    fate: str = "confirmed"
    verified: bool = True


STORY = [
    Complaint("ann", "07-02"), Complaint("ann", "07-15"), Complaint("ann", "07-31"),  # 10 + 20 + 50
    Complaint("ann", "08-01"),  # a new month begins at 10; the fourth within three months
    Complaint("bo", "07-06"), Complaint("bo", "07-07", fate="waived"), Complaint("bo", "07-20"),
    Complaint("bo", "07-30", verified=False),  # it was not the fault of bo
    Complaint("bo", "08-05"), Complaint("bo", "08-10", fate="reversed"), Complaint("bo", "08-20"),
    Complaint("bo", "08-31", known="09-03"),  # becomes known when August is closed
    Complaint("bo", "09-15"),
    Complaint("ma", "08-12"),  # the manager himself: nobody answers beside him
]  # fmt: skip
MANAGER = {7: "ma", 8: "ma", 9: "mi"}  # ma leads the department until the end of August
TIERS = {1: 10_00, 2: 20_00, 3: 50_00}


def month_of(text: str) -> int:
    return int(text[:2])


def reckoned() -> dict[str, dict[str, int]]:
    """Return what each person pays in each month, as the clauses say, by the month in which it is posted."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    confirmed: Counter[tuple[str, int]] = Counter()
    for one in sorted(STORY, key=lambda one: one.known or one.on):
        month = month_of(one.on)
        if not one.verified or one.fate == "waived":
            continue
        confirmed[one.by, month] += 1
        if one.fate == "reversed":
            confirmed[one.by, month] -= 1
            continue
        paid_in = f"2026-{month_of(one.known or one.on):02}"
        found[paid_in][one.by] -= TIERS[min(confirmed[one.by, month], 3)]
        if one.by != MANAGER[month]:
            found[paid_in][MANAGER[month]] -= 10_00
    return {month: dict(sums) for month, sums in found.items()}


def found_by(one: Complaint, place: int, month: Month, now) -> None:
    """Let the complaint be found, twice, and decided as the story says."""
    person = month.people[one.by]
    breach = Breach(
        violation="complaint_against_employee", subject=f"complaint:{place}", employee=person.pk,
        on=date.fromisoformat(f"2026-{one.on}"), at=at(f"2026-{one.on} 15:00"), release=Release.objects.get().pk,
        fields={"verified": one.verified, "coordinator": month.people["hua"].pk},
    )  # fmt: skip
    propose([breach], now=now)
    propose([breach], now=now)
    boss = month.people["gao"]
    open_ones = list(Violation.objects.filter(subject=f"complaint:{place}", state=ViolationState.PROPOSED))
    if one.fate == "waived":
        deciding.waive(open_ones, actor=boss, now=now, text="客户自己说明了误会")
        return
    deciding.confirm(open_ones, actor=boss, now=now)
    if one.fate == "reversed":
        for row in open_ones:
            if row.employee == person:
                deciding.appeal(row, actor=person, now=now, text="录音证明不是我的责任")
                deciding.decide_appeal(row, uphold=False, actor=month.people["qian"], now=now, text="属实")


def in_force(text: str, month: Month) -> Release:
    """Publish the regulation; its general manager approves it, as it wants."""
    now = at("2026-06-30")
    return approve(publish(text, on="2026-06-30"), now=now, on=date(2026, 6, 30), actor=month.people["gao"])


@pytest.fixture
def quarter() -> Month:
    month, office = Month(), department("运作部", branch())
    month.hire("ann", "bo", department=office)
    month.hire("ma", role="department_manager", department=office)
    month.hire("mi", role="department_manager", department=office)
    RoleAssignment.objects.filter(employee=month.people["ma"]).update(until_on=date(2026, 8, 31))
    RoleAssignment.objects.filter(employee=month.people["mi"]).update(from_on=date(2026, 9, 1))
    month.hire("qian", role="general_manager")
    month.hire("gao", role="general_manager")
    month.hire("hua", role="hq_coordinator", like="cs_supervisor")
    Posting.objects.filter(employee=month.people["hua"]).update(branch=None)  # of the head office
    return month


def test_three_months_cost_what_the_clauses_say(quarter):
    in_force(FOURTH_IN_A_QUARTER, quarter)
    for place, one in enumerate(STORY):
        day = one.known or one.on
        quarter.then(f"2026-{day} 17:00", lambda now, one=one, place=place: found_by(one, place, quarter, now))
    quarter.then("2026-08-01 09:00", lambda now: quarter.close("2026-07", "gao", now))
    quarter.then("2026-09-01 09:00", lambda now: quarter.close("2026-08", "gao", now))
    quarter.then("2026-10-01 09:00", lambda now: quarter.close("2026-09", "gao", now))
    quarter.live(ticks=[])

    for month, sums in reckoned().items():
        told = {name: sum(clauses.values()) for name, clauses in posted(period=month, unit="CNY").items() if clauses}
        assert told == sums, month
        assert {name: net for name, net in stated(month).items() if net} == sums
    late = LedgerEntry.objects.filter(counts_in="2026-08", period="2026-09", unit="CNY", employee__username="bo").get()
    assert late.amount == 50_00  # the third of August, paid in September
    assert Measure.objects.filter(what="announcement").count() == 2  # ann in July, bo in August
    proposed = (
        Measure.objects.filter(what="dismissal_proposal").exclude(state="dropped").order_by("violation__occurred_on")
    )
    fourth = [(one.employee.username, f"{one.violation.occurred_on:%m-%d}", one.employee.is_active) for one in proposed]
    assert fourth == [("ann", "08-01", True), ("bo", "08-20", True)]  # AE-16: only people decide about it


def neglect(month: Month, release: Release, case: str) -> Violation:
    """Let the general manager propose that the department manager did not care about a complaint."""
    [rule] = [rule for rule in by_hand(on=date(2026, 7, 10)) if rule.spec.code == "manager-neglect"]
    subject, text = f"hand:{case}", "客户两次来电，经理一直没有处理"
    return propose_by_hand(
        rule.spec, month.people["ma"], subject, release=release, by=month.people["qian"], text=text,
        now=at("2026-07-10 10:00"),
    )  # fmt: skip


def test_a_manager_who_does_not_care_pays_50_to_200_and_the_coordinator_50(quarter):
    release = in_force(PACK, quarter)
    why = {"actor": quarter.people["gao"], "now": at("2026-07-11 10:00"), "text": "客户要走"}
    for amount in (49_99, 200_01, 49_00, 201_00):
        with pytest.raises(ValidationError):
            deciding.confirm(neglect(quarter, release, f"no-{amount}"), amount=amount, **why)
    for number, amount in enumerate((50_00, 120_00, 200_00)):
        deciding.confirm(neglect(quarter, release, f"c{number}"), amount=amount, **why)

    assert posted() == {"ma": {"AE-17": -370_00}, "hua": {"AE-17": -150_00}}
    subjects = LedgerEntry.objects.order_by("id").values_list("subject", flat=True)
    assert [subjects.filter(subject=f"hand:c{number}").count() for number in range(3)] == [2, 2, 2]  # one case number
