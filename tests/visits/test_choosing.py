"""Who makes a visit, by worked cases and against an independent computation from the same plain data."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.packs.persons import Person
from staff.domain.workforce import Colleague, Held, Leave, Post, Span, Workforce
from visits.domain.assigning.choosing import PassedOver, Wanted, choose

DAY = date(2026, 3, 2)
EVER = Span(date(2020, 1, 1))
TODAY = Span(DAY, DAY)
USERNAMES = ["adam", "bo", "chen", "dong", "eve", "fang"]


def persons(*words):
    return tuple(Person.parse(word) for word in words)


def company(*, roles=(), posts=None, leaves=None, left=(), heirs=None, qualified=()):
    """Return the six people, numbered from 1, of whom all but `left` work here."""
    heirs = heirs or {}
    people = {
        number: Colleague(number, username, username.title(), number not in left, None, heirs.get(number))
        for number, username in enumerate(USERNAMES, 1)
    }
    return Workforce(
        people=people,
        roles=[(EVER, Held(number, role, area)) for number, role, area in roles],
        posts={number: [(EVER, Post(*post))] for number, post in (posts or {}).items()},
        leaves={number: [Leave(TODAY, substitute)] for number, substitute in (leaves or {}).items()},
        qualifications={number: [(EVER, "manners")] for number in qualified},
    )


ADAM, BO, CHEN, DONG = 1, 2, 3, 4
ALL_ADVISE = [(number, "service_advisor", "") for number in range(1, 7)]


class TestTheList:
    def test_it_is_tried_in_order(self):
        choice = choose(Wanted(persons("owner", "advisor"), advisor=BO), company(), load={}, on=DAY)
        assert (choice.assignee, choice.by) == (BO, "advisor")
        assert [(one.person, one.why) for one in choice.passed] == [("owner", PassedOver.UNKNOWN)]

    def test_a_substitute_comes_before_the_next_of_the_list(self):
        wanted = Wanted(persons("advisor", "owner"), advisor=ADAM, owner=BO)
        choice = choose(wanted, company(leaves={ADAM: CHEN}), load={}, on=DAY)
        assert (choice.assignee, choice.by) == (CHEN, "advisor")

    def test_the_hand_over_target_comes_after_the_substitute(self):
        wanted = Wanted(persons("advisor"), advisor=ADAM)
        force = company(leaves={ADAM: CHEN}, left=[CHEN], heirs={ADAM: DONG})
        assert choose(wanted, force, load={}, on=DAY).assignee == DONG

    @pytest.mark.parametrize(
        ("words", "role"),
        [
            (["advisor"], "service_advisor"),
            (["owner"], ""),
            (["owner", "role:quality_manager"], "quality_manager"),
            (["advisor", "pool:desk"], "desk"),
            (["named"], ""),
            (["named", "pool:desk"], ""),
        ],
    )
    def test_with_nobody_left_a_pool_takes_it_or_it_waits_to_be_assigned(self, words, role):
        choice = choose(Wanted(persons(*words)), company(), load={}, on=DAY)
        assert (choice.assignee, choice.role) == (None, role)

    def test_nothing_behind_a_pool_is_tried(self):
        choice = choose(Wanted(persons("pool:desk", "advisor"), advisor=ADAM), company(), load={}, on=DAY)
        assert choice.assignee is None

    def test_the_line_manager_is_the_advisors(self):
        force = company(posts={ADAM: (None, None, DONG)})
        assert choose(Wanted(persons("line_manager"), advisor=ADAM), force, load={}, on=DAY).assignee == DONG

    def test_whoever_has_the_task_is_stood_in_for_before_the_list(self):
        wanted = Wanted(persons("advisor"), advisor=ADAM, holder=BO)
        assert choose(wanted, company(leaves={BO: CHEN}), load={}, on=DAY).assignee == CHEN
        assert choose(wanted, company(leaves={BO: None}), load={}, on=DAY).assignee == ADAM


class TestARole:
    def test_department_then_branch_then_company(self):
        posts = {ADAM: (20, 200), BO: (10, 101), CHEN: (10, 100)}
        roles = [(number, "desk", "") for number in (ADAM, BO, CHEN)]
        wanted = Wanted(persons("role:desk"), unit=Post(10, 100))
        asked = []
        for gone in ([], [CHEN], [CHEN, BO], [CHEN, BO, ADAM]):
            asked.append(choose(wanted, company(roles=roles, posts=posts, left=gone), load={CHEN: 9}, on=DAY).assignee)
        assert asked == [CHEN, BO, ADAM, None]

    def test_fewest_open_tasks_then_user_name(self):
        force = company(roles=ALL_ADVISE[:3])
        wanted = Wanted(persons("role:service_advisor"))
        assert choose(wanted, force, load={ADAM: 2, BO: 1, CHEN: 1}, on=DAY).assignee == BO
        assert choose(wanted, force, load={}, on=DAY).assignee == ADAM

    def test_of_an_area(self):
        force = company(roles=[(ADAM, "desk", "north"), (BO, "desk", "south"), (CHEN, "desk", "")])
        words = persons("role:desk@area")
        assert choose(Wanted(words, area="south"), force, load={}, on=DAY).assignee == BO
        assert choose(Wanted(words, area="east"), force, load={}, on=DAY).assignee is None
        assert choose(Wanted(words, area=""), force, load={}, on=DAY).assignee is None

    def test_with_every_holder_away_a_substitute_outside_the_role(self):
        force = company(roles=[(ADAM, "desk", ""), (BO, "desk", "")], leaves={ADAM: None, BO: CHEN})
        assert choose(Wanted(persons("role:desk")), force, load={}, on=DAY).assignee == CHEN

    def test_everybody_who_calls_is_staff(self):
        roles = [(EVER, Held(BO, "inspector", like="quality_manager")), (EVER, Held(ADAM, "it", like="administrator"))]
        force = Workforce(people=company().people, roles=roles)
        assert choose(Wanted(persons("staff")), force, load={}, on=DAY).assignee == BO

    def test_of_two_postings_the_later_one_counts_and_an_ended_role_does_not(self):
        before, after = Span(date(2020, 1, 1)), Span(DAY)
        ended = Span(date(2020, 1, 1), DAY - timedelta(1))
        force = Workforce(
            people=company().people,
            roles=[(EVER, Held(ADAM, "desk")), (EVER, Held(BO, "desk")), (ended, Held(CHEN, "desk"))],
            posts={ADAM: [(after, Post(20)), (before, Post(10))], BO: [(before, Post(10))], CHEN: [(before, Post(10))]},
        )
        wanted = Wanted(persons("role:desk"), unit=Post(10))
        load = {BO: 5, ADAM: 1}
        assert choose(wanted, force, load=load, on=DAY).assignee == BO
        assert choose(wanted, force, load=load, on=DAY - timedelta(1)).assignee == CHEN


class World(NamedTuple):
    """Plain facts for the independent computation."""

    holders: dict[str, list[int]]
    branch: dict[int, int]
    department: dict[int, int]
    away: dict[int, int | None]
    gone: list[int]
    heirs: dict[int, int]
    qualified: list[int]
    load: dict[int, int]


numbers = st.integers(1, 6)
some = st.lists(numbers, unique=True, max_size=6)
worlds = st.builds(
    World,
    holders=st.fixed_dictionaries({"desk": some, "service_advisor": some}),
    branch=st.dictionaries(numbers, st.sampled_from([10, 20])),
    department=st.dictionaries(numbers, st.sampled_from([100, 101])),
    away=st.dictionaries(numbers, st.none() | numbers, max_size=3),
    gone=st.lists(numbers, unique=True, max_size=2),
    heirs=st.dictionaries(numbers, numbers, max_size=2),
    qualified=st.lists(numbers, unique=True, min_size=2),
    load=st.dictionaries(numbers, st.integers(0, 3)),
)
words = st.lists(
    st.sampled_from(["advisor", "owner", "role:desk", "role:service_advisor", "pool:desk", "named"]),
    min_size=1,
    max_size=4,
    unique=True,
)


def works(world, person):
    return person not in world.gone and person not in world.away


def first_deputies(world, person, tried):
    """Return everybody who may do the work of `person`, in order."""
    if person in tried:
        return []
    tried.append(person)
    if works(world, person):
        return [person]
    found = []
    if world.away.get(person):
        found += first_deputies(world, world.away[person], tried)
    if world.heirs.get(person):
        found += first_deputies(world, world.heirs[person], tried)
    return found


def naive_holders(world, role, task):
    """Return the holders unit by unit, each unit by load and name, those at work first."""
    by_load = sorted(world.holders[role], key=lambda person: (world.load.get(person, 0), USERNAMES[person - 1]))
    in_department = [one for one in by_load if task["department"] and world.department.get(one) == task["department"]]
    in_branch = [one for one in by_load if task["branch"] and world.branch.get(one) == task["branch"]]
    by_unit = list(dict.fromkeys(in_department + in_branch + by_load))
    return [one for one in by_unit if works(world, one)] + [one for one in by_unit if not works(world, one)]


def naive(world, entries, task):
    """Return (assignee, pool) by the words of POLICY_PACK, one unit after the other."""
    codes = [entry.split(":")[1] for entry in entries if ":" in entry]
    pool = codes[0] if codes else ("service_advisor" if "advisor" in entries else "")
    for entry in entries:
        if entry == "named" or entry.startswith("pool:"):
            return None, entry.removeprefix("named").removeprefix("pool:")
        if entry.startswith("role:"):
            candidates = naive_holders(world, entry[5:], task)
        else:
            candidates = [task[entry]] if task[entry] else []
        for deputy in (deputy for one in candidates for deputy in first_deputies(world, one, [])):
            if deputy not in task["barred"] and (not task["needs"] or deputy in world.qualified):
                return deputy, pool
    return None, pool


@settings(max_examples=400, deadline=None)
@given(
    world=worlds,
    entries=words,
    task=st.fixed_dictionaries(
        {
            "advisor": st.none() | numbers,
            "owner": st.none() | numbers,
            "branch": st.sampled_from([None, 10, 20]),
            "department": st.sampled_from([None, 100, 101]),
            "excludes": st.booleans(),
            "needs": st.booleans(),
        }
    ),
)
def test_the_holder_is_the_one_of_an_independent_computation(world, entries, task):
    force = company(
        roles=[(person, role, "") for role, people in world.holders.items() for person in people],
        posts={person: (world.branch.get(person), world.department.get(person)) for person in range(1, 7)},
        leaves=world.away,
        left=world.gone,
        heirs=world.heirs,
        qualified=world.qualified,
    )
    wanted = Wanted(
        persons(*entries),
        exclude=persons("advisor") if task["excludes"] else (),
        needs=("manners",) if task["needs"] else (),
        advisor=task["advisor"],
        owner=task["owner"],
        unit=Post(task["branch"], task["department"]),
    )
    barred = [task["advisor"]] if task["excludes"] else []
    choice = choose(wanted, force, load=world.load, on=DAY)
    assert (choice.assignee, choice.role) == naive(world, entries, {**task, "barred": barred})
