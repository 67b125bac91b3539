"""April at a car dealer's, under regulation A: what it costs and earns, against a reckoning from the clauses alone.

The reckoning below knows nothing of the program: it reads the story, the working days as the State Council gave them
out (Qingming from the 4th to the 6th, Labour Day to the 5th of May), and the text of the clauses.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from reports.domain.auditing.everything import differences
from staff.models import LedgerEntry
from tests.packs import SHIPPED
from tests.policies.month import Month, posted, stated
from tests.visits.world import at, branch, customer, event, publish
from visits.domain.follow_up.wishes import FollowOn
from visits.models import Ownership, Vehicle

pytestmark = pytest.mark.django_db

OFF = {date(2026, 4, 6), *(date(2026, 5, day) for day in range(1, 6))}
FINE, PRIZE = 50_00, 500_00


@dataclass(frozen=True)
class Call:
    """One customer of a list, and what became of the call; `css` is the score of the order that put them on it."""

    by: str
    listed: str
    called: str = ""
    said: bool = True
    proven: bool = True
    css: int = 110
    problem: str = ""
    mended: bool = False
    returns: str = ""
    comes: str = ""
    repair: bool = False
    whole: bool = True


STORY = [
    # Ann: tidy. Called on the day after each list, in time to the second.
    Call("ann", "04-01", "04-02 10:00", css=118),
    Call("ann", "04-02", "04-03 10:00", css=119),
    Call("ann", "04-08", "04-09 09:30", css=108),
    Call("ann", "04-14", "04-15 15:00", problem="异响", mended=True, returns="04-20", comes="04-20"),
    # Bo: five days are a promise, six need a repair on file.
    Call("bo", "04-01", "04-02 11:00", said=False),
    Call("bo", "04-02", "04-03 16:00", proven=False),
    Call("bo", "04-08", "04-09 10:00", problem="刹车软"),
    Call("bo", "04-08", "04-09 11:00", problem="漏油", mended=True, returns="04-14"),
    Call("bo", "04-08", "04-09 12:00", problem="跑偏", mended=True, returns="04-15"),
    Call("bo", "04-08", "04-09 14:00", problem="抖动", mended=True, returns="04-15", repair=True),
    Call("bo", "04-21", "04-22 10:00", said=False, proven=False),
    # Chen: late everywhere, and one customer never called.
    Call("chen", "04-01", "04-02 09:30", whole=False),
    Call("chen", "04-28", "04-30 10:00"),
    Call("chen", "04-29"),
]
CONTENT = {"ann": 1, "bo": 6, "chen": 0}  # customers with the full score: ann has 115 exactly, bo a bit less
HANDED = {
    ("ann", "04-02"): "04-03 09:00:00",  # at nine, to the second
    ("ann", "04-03"): "04-07 09:00:00",  # over Qingming
    ("ann", "04-09"): "04-10 08:59:59",
    ("ann", "04-15"): "04-15 18:00:00",
    ("bo", "04-02"): "04-03 09:00:01",  # one second late
    ("bo", "04-03"): "04-07 23:59:59",  # late, not missing
    ("bo", "04-09"): "04-09 18:00:00",
    ("bo", "04-22"): "04-24 09:00:00",  # a day too late: missing stands
    ("chen", "04-02"): "04-02 18:00:00",
    ("chen", "04-29"): "04-30 08:00:00",
    ("chen", "04-30"): "05-06 09:00:00",  # over Labour Day
}


def day_of(text: str) -> date:
    return datetime.fromisoformat(f"2026-{text}").date()


def is_worked(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


def owed() -> set[tuple[str, date]]:
    """Return which reports are owed: of working days at whose 00:00 somebody had a listed customer uncalled."""
    found = set()
    for call in STORY:
        day = day_of(call.listed) + timedelta(1)
        last = day_of(call.called) if call.called else date(2026, 4, 30)
        while day <= last:
            if is_worked(day):
                found.add((call.by, day))
            day += timedelta(1)
    return found


def nine_after(day: date) -> datetime:
    """Return nine o'clock of the next working day."""
    day += timedelta(1)
    while not is_worked(day):
        day += timedelta(1)
    return datetime.combine(day, time(9))


def reckoned() -> dict[str, dict[str, int]]:
    """Return what each clause takes or gives, from the story alone."""
    found: dict[str, Counter[str]] = {name: Counter() for name in CONTENT}
    for name, day in owed():
        handed = HANDED.get((name, f"{day:%m-%d}"))
        if handed is None or datetime.fromisoformat(f"2026-{handed}") > nine_after(day):
            found[name]["A-11"] -= FINE
    for call in STORY:
        if not call.called:
            continue
        found[call.by]["A-12"] -= FINE * bool(call.problem and not call.mended)
        found[call.by]["A-17"] -= FINE * (not call.said)
        found[call.by]["A-18"] -= FINE * (not call.proven)
        if call.returns:
            ahead = (day_of(call.returns) - day_of(call.called)).days
            found[call.by]["A-14"] -= FINE * (ahead <= 5 and call.comes != call.returns)
            found[call.by]["A-16"] -= FINE * (ahead > 5 and not call.repair)
    for name, content in CONTENT.items():
        own = [call for call in STORY if call.by == name]
        scores = [call.css for call in own] + [120] * content
        found[name]["A-19"] += PRIZE * (sum(scores) >= 115 * len(scores))
        due = [call for call in own if day_of(call.listed) + timedelta(1) <= date(2026, 4, 30)]
        good = [call for call in due if call.called and call.whole]
        found[name]["A-20"] += PRIZE * (len(good) * 5 > len(due) * 4)
    return {name: told for name, sums in found.items() if (told := {key: sum_ for key, sum_ in sums.items() if sum_})}


def listed(call: Call, place: int, month: Month) -> None:
    """Put a customer of the story on the list of that day, and let the rest of the story follow."""
    driver = customer(f"客户{place}")
    car = Vehicle.objects.create(plate=f"沪A{place:05}")
    Ownership.objects.create(vehicle=car, customer=driver, from_at=at("2025-01-01"))
    facts = {"customer": driver, "vehicle": car, "branch": branch(), "advisor": month.people[call.by]}
    scored = {"css": call.css, "rating": "满意"}
    order = f"L{place:03}"
    month.then(
        f"2026-{call.listed} 10:00",
        lambda now: event("list_received", f"{now:%Y-%m-%d} 10:00", order_no=order, **scored, **facts),
    )
    if call.called:
        answers = {"has-problem": bool(call.problem), "css": 120, "satisfaction": "满意"} if call.whole else {}
        follow = FollowOn(
            return_on=day_of(call.returns) if call.returns else None, repair=call.problem if call.repair else ""
        )
        said = {
            "answers": answers, "problem": call.problem, "rectification": "已安排技师处理" if call.mended else "",
            "phrases": ("极为满意",) if call.said else (), "follow": follow,
        }  # fmt: skip
        month.then(f"2026-{call.called}", lambda now: month.call(order, now, by=call.by, proven=call.proven, **said))
    if call.comes:
        month.then(
            f"2026-{call.comes} 16:00",
            lambda now: event("repair_done", f"{now:%Y-%m-%d} 16:00", order_no=f"R{place:03}", **facts),
        )


def april() -> Month:
    """Return the month of the story, before anything happened."""
    month = Month()
    month.hire("ann", "bo", "chen")
    month.hire("qian", role="quality_manager")
    month.hire("gao", role="general_manager")
    publish((SHIPPED / "auto-dealer-service.toml").read_text(encoding="utf-8"), on="2026-03-31")
    for place, call in enumerate(STORY):
        listed(call, place, month)
    for name, count in CONTENT.items():
        for number in range(count):
            facts = {"branch": branch(), "advisor": month.people[name], "css": Decimal(120), "rating": "极为满意"}
            event("list_received", "2026-04-10 10:00", order_no=f"OK-{name}-{number}", **facts)
    for (name, day), moment in HANDED.items():
        month.then(f"2026-{moment}", lambda now, name=name, day=day: month.hand_in(name, f"2026-{day}", now))
    return month


# The worker must have made the visits of a list, and noted a report, before people can work with them.
NEEDED = [f"2026-{day} 10:01" for day in sorted({call.listed for call in STORY})] + [
    f"2026-04-{day} 00:01" for day in ("03", "09", "15", "22", "30")
]
CUT_OFFS = [
    "04-03 09:00:01",
    "04-04 00:00",
    "04-07 09:00:01",
    "04-08 00:00",
    "04-10 09:00",
    "04-15 00:00",
    "04-24 00:00",
]


@pytest.mark.parametrize(
    ("ticks", "twice"),
    [([f"2026-{tick}" for tick in CUT_OFFS], False), pytest.param([], True, marks=pytest.mark.any_database)],
    ids=["to the second", "days late, twice"],
)
def test_april_costs_and_earns_what_the_clauses_say(ticks, twice):
    month = april()
    month.then("2026-05-06 18:00", lambda now: month.confirm_all("qian", now))
    month.then("2026-05-06 20:00", lambda now: month.close("2026-04", "gao", now))
    month.live(ticks={"2026-03-31 23:00", *NEEDED, *ticks, "2026-05-06 17:00", "2026-05-06 19:00"}, twice=twice)

    assert posted() == reckoned()
    assert posted()["ann"] == {"A-19": 500_00, "A-20": 500_00}  # 115 on the dot
    assert posted()["bo"]["A-11"] == -150_00  # a second late, a day's last second, not that day at all
    assert stated("2026-04") == {name: sum(sums.values()) for name, sums in reckoned().items()}
    assert not LedgerEntry.objects.exclude(period="2026-04", counts_in="2026-04").exists()
    assert [str(one) for one in differences(now=at("2026-05-06 20:00"))[1]] == []
