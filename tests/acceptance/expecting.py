"""Which tasks ought to exist, computed a second time: packs, orders and people as plain dictionaries.

What the contract leaves to chance (who of several equals, who is drawn) is expected as a set or a number.
"""

import math
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.acceptance.judging import holds, is_always, listed
from tests.acceptance.reckoning import Window, midnight, window


@dataclass
class Task:
    """A task that ought to be there; `people`: who may have it (None: nobody), `pool`: with whom it is drawn."""

    order_no: str
    policy: str
    release: int
    rule: str
    step: str
    occurrence: int
    window: Window
    status: str
    people: set
    clause: str | None
    pool: tuple | None = None
    always: bool = False

    @property
    def key(self) -> tuple:
        """Return what makes the task one."""
        return self.order_no, self.policy, self.rule, self.step, self.occurrence


@dataclass
class World:
    """Packs, people and what has happened so far; `import_` and `tick` are told as they are told to the program."""

    packs: list[dict]
    staff: list[dict] = field(default_factory=list)
    away: dict = field(default_factory=dict)  # (username, day) -> substitute or None
    releases: dict = field(default_factory=dict)  # slug -> [(number, pack)]
    tasks: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)

    def __post_init__(self):
        for pack in self.packs:
            self.releases.setdefault(pack["policy"]["slug"], []).append((1, pack))

    def release(self, pack: dict) -> None:
        """Load a changed pack."""
        found = self.releases.setdefault(pack["policy"]["slug"], [])
        found.append((len(found) + 1, pack))

    def take_in(self, orders: list[dict], now: datetime) -> None:
        """Take orders in; each makes the first task of every step that wants it."""
        for order in orders:
            if order["order_no"] not in self.orders:
                self.orders[order["order_no"]] = order
                for found in self.releases.values():
                    self.plan(order, found, now)
        self.open(now)

    def plan(self, order: dict, found: list, now: datetime) -> None:
        """Make the first tasks of an order under one policy."""
        zone = ZoneInfo(found[0][1]["policy"].get("timezone", "Asia/Shanghai"))
        on = order["at"].astimezone(zone).date()
        ruling = [(no, pack) for no, pack in found if pack["policy"]["effective_from"] <= on]
        late = not ruling
        number, pack = ruling[-1] if ruling else found[-1]
        departments = listed(pack["policy"].get("departments"))
        if departments and order.get("department") not in departments:
            return
        taken = set()
        for rule in pack.get("visit_rule", []):
            if order["kind"] not in listed(rule["trigger"]) or not holds(rule, order):
                continue
            if rule.get("group") and rule["group"] in taken:
                continue
            taken.add(rule.get("group"))
            if late and not rule.get("earlier"):
                continue
            for step in rule["step"]:
                self.add(order, number, pack, rule, step, now, zone, late)

    def add(self, order, number, pack, rule, step, now, zone, late) -> None:
        """Make the first task of one step, if it is wanted."""
        own = {key: rule[key] for key in rule if key not in ("code", "title", "match", "when", "step", "trigger")}
        step = own | step
        if "?" in step.values() or not holds(step, order):
            return
        found = window(step, anchor=order["at"], k=0, zone=zone, given=order.get("due"))
        start = midnight(pack["policy"]["effective_from"], zone)
        if found is None or (late and found.is_over(start)):
            return
        self.make(order, number, pack, rule, step, 0, found, now)

    def make(self, order, number, pack, rule, step, k, found, now) -> None:
        """Put a task into the world."""
        over = found.is_over(order["taken_in"])
        task = Task(
            order["order_no"], pack["policy"]["slug"], number, rule["code"], step["code"], k, found,
            "expired" if over else "planned", self.people(order, step, max(found.opens_at, now)),
            clause_of(pack, rule["code"], step["code"]),
        )  # fmt: skip
        if not over and step.get("sample"):
            task.pool = pool_of(order, step["sample"])
            task.always = any(is_always(each, order) for each in listed(step["sample"].get("always")))
        task.made_of = (order, pack, rule, step)
        self.tasks[task.key] = task

    def tick(self, now: datetime) -> None:
        """Let a moment come: repeat what repeats, open what opens."""
        for task in [task for task in self.tasks.values() if task.occurrence == 0]:
            order, pack, rule, step = task.made_of
            if "every" in step or step.get("align", "none") != "none":
                self.repeat(task, order, pack, rule, step, now)
            elif step.get("anchor") == "previous_visit":
                self.chain(task, order, pack, rule, step, now)
        self.open(now)

    def repeat(self, first, order, pack, rule, step, now) -> None:
        """Make the occurrences whose opening has come; what they supersede undone is missed."""
        zone = ZoneInfo(pack["policy"].get("timezone", "Asia/Shanghai"))
        before, k = first, 1
        while True:
            found = window(step, anchor=order["at"], k=k, zone=zone, given=order.get("due"))
            if found is None or found.opens_at > now:
                return
            key = (*first.key[:4], k)
            if key not in self.tasks:
                self.make(order, first.release, pack, rule, step, k, found, now)
                if before.status in ("planned", "open"):
                    before.status = "missed"
            before, k = self.tasks[key], k + 1

    def chain(self, first, order, pack, rule, step, now) -> None:
        """Make the next link when the one before is over and the next one opens."""
        zone = ZoneInfo(pack["policy"].get("timezone", "Asia/Shanghai"))
        last, k = first, 1
        while step.get("times") is None or k < step["times"]:
            key = (*first.key[:4], k)
            if key not in self.tasks:
                end = last.window.closes_at.astimezone(zone)
                if not last.window.inclusive:
                    end = datetime.combine(date.fromordinal(end.toordinal() - 1), datetime.min.time(), zone)
                found = window(step, anchor=end.replace(hour=12), k=0, zone=zone)
                if found.opens_at > now or not last.window.is_over(now):
                    return
                self.make(order, first.release, pack, rule, step, k, found, now)
                if last.status in ("planned", "open"):
                    last.status = "missed"
            last, k = self.tasks[key], k + 1

    def open(self, now: datetime) -> None:
        """Open what has come."""
        for task in self.tasks.values():
            if task.status == "planned" and task.window.opens_at <= now and task.pool is None:
                task.status = "open"

    def people(self, order: dict, step: dict, at: datetime) -> set:
        """Return who may have the task: the first of the list who is at work that day."""
        on = at.astimezone(ZoneInfo("Asia/Shanghai")).date()
        needs = set(listed(step.get("needs")))
        barred = {self.standing(order.get("advisor"), None)} if "advisor" in listed(step.get("exclude")) else set()
        fit = {each["username"] for each in self.staff if needs <= set(each.get("holds", []))} - barred
        for person in listed(step.get("assign", ["advisor", "owner"])):
            found = {None} if person.startswith("pool:") else self.named(person, order, on, fit)
            if found:
                return found
        return {None}

    def named(self, person: str, order: dict, on: date, fit: set) -> set:
        """Return those whom one word of the list means on a day, of those who are fit."""
        if person in ("advisor", "owner"):
            return {self.standing(order.get(person), on)} & fit
        code, _, local = person.removeprefix("role:").partition("@")
        there = [each for each in self.staff if code in each["roles"] and self.is_there(each["username"], on)]
        holders = [each for each in there if each["username"] in fit]
        if local:
            of_it = [each for each in self.staff if code in each["roles"] and each.get("area") == order.get("area")]
            there = {self.standing(each["username"], on) for each in of_it if order.get("area")}
            return (there & {each["username"] for each in holders} or there) & fit
        for unit in ("department", "branch", None):
            near = [each for each in holders if unit is None or self.shares(each, order, unit)]
            if near:
                return {each["username"] for each in near}
        return set()

    def shares(self, person: dict, order: dict, unit: str) -> bool:
        """Say whether somebody is of the order's branch, or of its department too."""
        units = ("branch", "department") if unit == "department" else ("branch",)
        return all(person.get(each) and person.get(each) == order.get(each) for each in units)

    def who(self, username: str) -> dict:
        """Return what is known of somebody."""
        return next((each for each in self.staff if each["username"] == username), {})

    def is_there(self, username: str, on: date) -> bool:
        """Say whether somebody works here and is at work on a day."""
        left = self.who(username).get("left_on")
        return bool(self.who(username)) and (not left or on <= left) and (username, on) not in self.away

    def standing(self, username: str | None, on: date | None) -> str | None:
        """Return somebody, or who stands in for him."""
        if not username or on is None or self.is_there(username, on):
            return username
        other = self.away.get((username, on)) or self.who(username).get("hand_over_to")
        return self.standing(other, on)


def pool_of(order: dict, sample: dict) -> tuple:
    """Return with which others an order is drawn."""
    on = order["at"].astimezone(ZoneInfo("Asia/Shanghai")).date()
    per = sample.get("per", "day")
    if per == "event":
        return (order["order_no"],)
    return {
        "day": (on,), "week": on.isocalendar()[:2], "month": (on.year, on.month),
        "quarter": (on.year, (on.month - 1) // 3), "half_year": (on.year, on.month > 6), "year": (on.year,),
    }[per]  # fmt: skip


def drawn(sample: dict, n: int, always: int) -> int:
    """Return how many of a pool of n are drawn, of whom `always` are taken whole."""
    if "count" in sample:
        return min(n, max(sample["count"], always, sample.get("min", 0)))
    rest = n - always
    part = math.ceil(Decimal(str(sample["rate"])) * rest)
    return min(n, max(always + part, sample.get("min", 0)))


def clause_of(pack: dict, rule: str, step: str) -> str | None:
    """Return the first clause that names the rule, else the first that names the step."""
    for wanted in (f"visit_rule:{rule}", f"visit_rule:{rule}/{step}"):
        for clause in pack.get("clause", []):
            if wanted in listed(clause.get("enforced_by")):
                return clause["ref"]
    return None


def read(text: str) -> dict:
    """Read a pack as any program can."""
    return tomllib.loads(text, parse_float=Decimal)


def by_pool(tasks) -> dict:
    """Return the tasks of each pool."""
    pools = defaultdict(list)
    for task in tasks:
        if task.pool is not None:
            pools[task.policy, task.rule, task.step, task.occurrence, task.pool].append(task)
    return pools
