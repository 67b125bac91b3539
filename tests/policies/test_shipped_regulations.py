"""The regulations that ship: every clause is there, carried out by something, and no figure is invented."""

from decimal import Decimal

import pytest

from config.packs.pack import Pack
from config.packs.read import read_pack
from config.packs.waiting import waiting
from config.packs.write import write_pack
from reports.domain.daily.tables import TABLES
from tests.packs import SHIPPED, shipped

BOOK_OF_COMPLAINTS = {"complaints_by_branch"}  # tables that its cases will fill
CLAUSES = {
    "aftersales-feedback": ("Y", 4),
    "aftersales-field-repair": ("V", 7),
    "aftersales-mgmt-system": ("AA", 7),
    "aftersales-repair-return": ("W", 7),
    "bank-customer-service": ("X", 4),
    "complaint-callback-dept": ("M", 6),
    "cs-callback-overview": ("H", 9),
    "enterprise-service-centre": ("AB", 4),
    "phone-callback-mgmt": ("S", 6),
    "property-complaint-callback": ("I", 7),
    "repair-request-handling": ("Z", 4),
    "auto-dealer-service": ("A", 20),
    "building-callback-system": ("AJ", 7),
    "callback-reward-penalty": ("L", 9),
    "cement-delivery-callback": ("G", 7),
    "customer-visit-specialist": ("AF", 9),
    "experience-callback": ("U", 13),
    "heating-callback": ("N", 8),
    "logistics-cs": ("AE", 20),
    "phone-callback-service": ("E", 8),
    "property-callback-2023": ("K", 18),
    "service-callback-active-passive": ("Q", 8),
    "standard-after-sales": ("S", 10),
    "telecom-operator-callback": ("AK", 36),
}
# What the regulations leave blank, entry by entry: the software never fills it in by itself.
BLANK = {
    "aftersales-feedback": {"obligation": 2},
    "aftersales-field-repair": {"visit_rule": 2},
    "aftersales-mgmt-system": {"obligation": 6, "penalty": 2, "reward": 2, "scorecard": 4},
    "aftersales-repair-return": {"visit_rule": 1},
    "complaint-callback-dept": {"visit_rule": 1},
    "cs-callback-overview": {"allowance": 1, "visit_rule": 2},
    "enterprise-service-centre": {"visit_rule": 2},
    "phone-callback-mgmt": {"obligation": 2, "penalty": 1},
    "property-complaint-callback": {"penalty": 1, "visit_rule": 1},
    "repair-request-handling": {"obligation": 2},
    "building-callback-system": {"visit_rule": 3},
    "callback-reward-penalty": {"penalty": 3, "reward": 3, "scorecard": 2},
    "customer-visit-specialist": {"allowance": 1},
    "experience-callback": {"calling_hours": 1, "obligation": 1, "visit_rule": 2},
    "heating-callback": {"calling_hours": 1, "penalty": 1, "visit_rule": 4},
    "logistics-cs": {"penalty": 2, "roster": 1, "visit_rule": 1},
    "phone-callback-service": {
        "obligation": 2, "penalty": 2, "qualification": 2, "quota": 1, "reward": 3, "scorecard": 6,
    },
    "property-callback-2023": {"visit_rule": 3},
    "service-callback-active-passive": {"penalty": 4, "reward": 2, "scorecard": 5, "visit_rule": 1},
    "telecom-operator-callback": {
        "calling_hours": 2, "obligation": 2, "penalty": 3, "reward": 3, "scorecard": 4, "visit_rule": 7,
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {path.stem: shipped(path.stem) for path in SHIPPED.glob("*.toml")}


def test_these_regulations_ship(packs):
    assert set(packs) == set(CLAUSES)


@pytest.mark.parametrize("slug", CLAUSES)
def test_every_clause_is_there_in_its_own_order_and_is_carried_out_by_something(slug, packs):
    code, count = CLAUSES[slug]
    assert [clause.ref for clause in packs[slug].clause] == [f"{code}-{number:02}" for number in range(1, count + 1)]
    assert all(clause.text and clause.enforced_by for clause in packs[slug].clause)


@pytest.mark.parametrize("slug", CLAUSES)
def test_what_the_regulation_leaves_blank_waits_for_a_figure(slug, packs):
    found: dict[str, int] = {}
    for (section, _code, _step), wait in waiting(packs[slug]).items():
        if wait.keys:
            found[section] = found.get(section, 0) + len(wait.keys)
    assert found == BLANK.get(slug, {})


@pytest.mark.parametrize("slug", CLAUSES)
def test_written_and_read_again_it_says_the_same(slug, packs):
    assert read_pack(write_pack(packs[slug]), f"{slug}.toml") == packs[slug]


@pytest.mark.parametrize("slug", CLAUSES)
def test_every_penalty_and_reward_names_a_clause_that_names_it(slug, packs):
    pack = packs[slug]
    for section in ("penalty", "reward"):
        for entry in pack.entries(section):
            clause = pack.entry("clause", entry.clause)
            named = {clause.ref for clause in pack.clause if f"{section}:{entry.code}" in clause.enforced_by}
            assert clause is not None and entry.clause in named


@pytest.mark.parametrize("slug", CLAUSES)
def test_every_table_that_a_report_asks_for_is_one_that_the_program_fills(slug, packs):
    asked = {name for report in packs[slug].report for name in report.content}
    assert asked - BOOK_OF_COMPLAINTS <= set(TABLES)


def test_ae_14_to_18_the_fines_of_the_logistics_company(packs):
    pack = packs["logistics-cs"]
    fault, neglect = pack.entry("penalty", "staff-fault"), pack.entry("penalty", "manager-neglect")

    assert (fault.tiers, fault.tier_period) == ((Decimal(10), Decimal(20), Decimal(50)), "month")
    assert [(str(joint.who[0]), joint.amount, joint.from_tier) for joint in fault.joint] == [
        ("role:department_manager", Decimal(10), 1)
    ]
    assert [(measure.what, measure.from_tier) for measure in fault.also] == [("announcement", 3)]
    assert neglect.range == (Decimal(50), Decimal(200))
    assert [(str(joint.who[0]), joint.amount) for joint in neglect.joint] == [("coordinator", Decimal(50))]


def test_l_01_to_l_03_month_quarter_and_year_have_their_best(packs):
    rewards = packs["callback-reward-penalty"].reward
    found = {reward.clause: (reward.per, reward.top or reward.top_n, reward.ties) for reward in rewards}
    assert found == {
        "L-01": ("month", Decimal("0.10"), "all"),
        "L-02": ("quarter", 1, "decide"),
        "L-03": ("year", 1, "decide"),
    }


def test_k_03_k_05_k_06_half_of_complaints_three_of_ten_repairs_one_of_ten_guests(packs):
    pack = packs["property-callback-2023"]
    samples = {code: pack.rule(code).step[0].sample for code in ("complaint", "repair", "activity")}
    assert {code: (sample.rate, sample.per) for code, sample in samples.items()} == {
        "complaint": (Decimal("0.5"), "month"),
        "repair": (Decimal("0.3"), "month"),
        "activity": (Decimal("0.1"), "event"),
    }
    assert {level.code: str(level.handler[0]) for level in pack.complaint_level} == {
        "general": "role:property_assistant",
        "important": "role:department_manager",
        "major": "role:general_manager",
    }


def test_u_02_u_07_two_windows_and_three_minutes(packs):
    first, second = packs["experience-callback"].rule("experience").step
    assert (str(first.opens), first.closes) == ("3d", "?")
    assert (str(second.opens), str(second.closes), second.max_seconds) == ("8d", "15d", 180)
