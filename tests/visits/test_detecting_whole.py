"""A random month of visits, looked at in time or long after: the proposals are those of a reckoning by hand.

The reckoning knows only what was played: who had which visit when, and who called when. It shares no code with the
detectors.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest

from reports.domain.auditing.grounds import faults
from staff.domain.activity import log
from staff.domain.conduct.detecting import find_violations
from staff.models import Violation, ViolationStep
from tests.visits.calls import Shop, at, fresh, told
from visits.choices import Outcome
from visits.domain.calling.recording import record_contact

PACK = """
[[penalty]]
code = "late"
violation = "visit_overdue"
of = "visit_rule:after-service"
tiers = [5, 10]

[[penalty]]
code = "unsaid"
violation = "phrase_not_mentioned"
amount = 50
"""
PHRASE = "极为满意"
START = at("2026-03-02 00:00")
END = at("2026-03-20 12:00")
ENDS_A_TASK = (Outcome.REACHED, Outcome.NO_ANSWER, Outcome.REFUSED)  # with one attempt allowed
SECOND = timedelta(seconds=1)


def play(shop, seed: int) -> list[dict]:
    """Play visits with calls around their bounds; return each as a plain story."""
    dice, stories = random.Random(seed), []
    for _number in range(14):
        hour = dice.randrange(8, 20)
        inclusive = dice.random() < 0.5
        day = START + timedelta(days=dice.randrange(10))
        bound = day + timedelta(hours=hour) if inclusive else day + timedelta(days=1)
        task = shop.task(opens_at=day, closes_at=bound, closes_inclusive=inclusive)
        handed = dice.choice([None, None, -SECOND, timedelta(0), SECOND])
        called = dice.choice([None, timedelta(hours=-2), -SECOND, timedelta(0), SECOND, timedelta(hours=3)])
        outcome, said = dice.choice([*ENDS_A_TASK, Outcome.REACHED]), dice.random() < 0.5
        stories.append({"task": task, "bound": bound, "inclusive": inclusive, "handed": handed, "called": called,
                        "outcome": outcome, "said": said})  # fmt: skip
    return stories


def happen(shop, story) -> None:
    """Let the hand-over and the call of a story happen."""
    task, bound = story["task"], story["bound"]
    if story["handed"] is not None:
        move = {"from": shop.wang.pk, "to": shop.li.pk}
        log(now=bound + story["handed"], actor=None, verb="reassigned", subject=task, **move)
        type(task).objects.filter(pk=task.pk).update(assignee=shop.li)
    if story["called"] is not None:
        now = bound + story["called"]
        phrases = (PHRASE,) if story["said"] else ()
        contact = told(story["outcome"], now=now, phrases=phrases, satisfied=True)
        record_contact(fresh(task), contact, advisor=shop.wang, now=now)


def reckoned(shop, stories) -> set:
    """Return by hand which proposals there have to be."""
    found = set()
    for story in stories:
        called, handed = story["called"], story["handed"]
        latest = timedelta(0) if story["inclusive"] else -timedelta(microseconds=1)
        if called is None or called > latest:
            who = shop.li if handed is not None and handed <= latest else shop.wang
            found.add(("late", f"task:{story['task'].pk}", who.pk))
        if called is not None and story["outcome"] == Outcome.REACHED and not story["said"]:
            record = story["task"].links.get().record_id
            found.add(("unsaid", f"record:{record}", shop.wang.pk))
    return found


def proposals() -> set:
    return set(Violation.objects.values_list("rule", "subject", "employee"))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("looks", ["each day", "once, days later", "twice at the end"])
def test_the_proposals_are_those_of_a_reckoning_by_hand(db, seed, looks):
    shop = Shop(pack=PACK, max_attempts=1, must_mention=[PHRASE])
    stories = play(shop, seed)
    moment = START
    for story in sorted(stories, key=lambda one: one["bound"] + (one["called"] or timedelta(0))):
        until = story["bound"] + (story["called"] or timedelta(0))
        while looks == "each day" and moment + timedelta(days=1) < until - timedelta(hours=3):
            moment += timedelta(days=1)
            find_violations(now=moment)
        happen(shop, story)
    for _time in range(2 if looks == "twice at the end" else 1):
        find_violations(now=END)

    assert proposals() == reckoned(shop, stories)
    assert ViolationStep.objects.filter(deed="proposed").count() == len(proposals())
    assert [str(one) for one in faults(Counter())] == []
