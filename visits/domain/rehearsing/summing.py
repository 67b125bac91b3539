"""Adding up a rehearsal: both sides by step and person, what made nothing and why, a sample in words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from staff.domain.calendar import WorkCalendar
from staff.models import Employee, Posting
from visits.domain.planning.rulebook import Book
from visits.domain.rehearsing.happening import Days
from visits.domain.rehearsing.outcome import Outcome, PersonLine, SampleLine, Side, StepLine, WindowLine
from visits.domain.rehearsing.question import Question
from visits.domain.rehearsing.replaying import Visit
from visits.domain.rehearsing.sampling import Sampled, Sampler
from visits.domain.rehearsing.tallying import NOBODY, Tally
from visits.models import EventKind

LONGEST_AXIS: Final = 183  # days that the loads are shown for; what is due later is counted in the totals alone
Loads = Counter[tuple[int, date]]


def summed(
    question: Question, days: Days, before: Tally, after: Tally, sampler: Sampler, happened: Counter[int],
    kinds: Mapping[str, int], calendar: WorkCalendar, *, milliseconds: int,
) -> Outcome:  # fmt: skip
    """Return the outcome of a rehearsal whose visits have all been counted."""
    titles = dict(EventKind.objects.values_list("pk", "title"))
    return Outcome(
        first=days.first.isoformat(),
        last=days.last.isoformat(),
        days=days.count,
        moved=days.moved,
        near_days=question.near_days,
        events=happened.total(),
        before=Side(before.tasks, *before.collisions(question.near_days)),
        after=Side(after.tasks, *after.collisions(question.near_days)),
        changed=sampler.changed,
        axis=days.first.isoformat(),
        workdays=sum(calendar.is_workday(days.first + timedelta(day)) for day in range(days.count)),
        steps=list(_steps(question, before, after, happened, kinds)),
        people=_people(days, before, after),
        sample=[_sampled(one, question, titles) for one in sampler.sample()],
        milliseconds=milliseconds,
    )


def _steps(
    question: Question, before: Tally, after: Tally, happened: Counter[int], kinds: Mapping[str, int]
) -> Iterator[StepLine]:
    """Yield a line for each step of the new rules, then for each that they lack."""
    names = Names(question.after, question.before)
    active = {(rule.spec.code, step.spec.code) for rule in question.after.rules for step in rule.steps}
    told = set()
    for rule in question.after.pack.visit_rule:
        events = sum(happened[kinds[code]] for code in rule.trigger if code in kinds)
        for step in rule.step:
            key = (rule.code, step.code)
            told.add(key)
            if question.only and rule.code != question.only:
                continue
            counts = (before.steps[key], after.steps[key])
            why = "" if counts[1] else _why(is_active=key in active, on_customers=rule.is_on_customers, events=events)
            yield StepLine(*names.of(*key), *counts, why, events)
    for key, count in before.steps.items():
        if key not in told and not question.only:
            yield StepLine(*names.of(*key), count, 0, "gone")


def _why(*, is_active: bool, on_customers: bool, events: int) -> str:
    if not is_active:
        return "figure"
    if on_customers:
        return "night"
    return "conditions" if events else "events"


class Names:
    """What rules and steps are called: their titles in the new rules, else in the old ones, else their codes."""

    def __init__(self, *books: Book | None) -> None:
        self.rules: dict[str, str] = {}
        self.steps: dict[tuple[str, str], str] = {}
        for book in books:
            for rule in book.pack.visit_rule if book else ():
                self.rules.setdefault(rule.code, rule.title or rule.code)
                for step in rule.step:
                    self.steps.setdefault((rule.code, step.code), step.title or step.code)

    def of(self, rule: str, step: str) -> tuple[str, str]:
        """Return what the rule and the step are called."""
        return self.rules.get(rule, rule), self.steps.get((rule, step), step)


def _people(days: Days, before: Tally, after: Tally) -> list[PersonLine]:
    """Return everybody with a visit on either side, who has the heaviest day first; the pool at the end."""
    old, new = _by_person(before.loads + before.others), _by_person(after.loads + after.others)
    own_old, own_new = _by_person(before.loads), _by_person(after.loads)
    last = max((on for loads in (*old.values(), *new.values()) for on in loads), default=days.last)
    length = min(LONGEST_AXIS, (max(last, days.last) - days.first).days + 1)
    axis = [days.first + timedelta(place) for place in range(length)]
    people = Employee.objects.in_bulk((old.keys() | new.keys()) - {NOBODY})
    units = _units(people)
    lines = []
    for who in old.keys() | new.keys():
        person, on = people.get(who), _heaviest(new[who])
        lines.append(
            PersonLine(
                name=str(person) if person else "",
                unit=units.get(who, ""),
                capacity=person.capacity if person else 0,
                before=own_old[who].total(),
                after=own_new[who].total(),
                peak_before=max(old[who].values(), default=0),
                peak_after=max(new[who].values(), default=0),
                peak_on=on.isoformat() if on else "",
                days_before=[old[who][day] for day in axis],
                days_after=[new[who][day] for day in axis],
            )
        )
    return sorted(lines, key=lambda line: (not line.name, -line.peak_after, line.name))


def _by_person(loads: Loads) -> dict[int, Counter[date]]:
    found: dict[int, Counter[date]] = defaultdict(Counter)
    for (who, on), count in loads.items():
        found[who][on] = count
    return found


def _heaviest(loads: Counter[date]) -> date | None:
    """Return the day with the most visits, the first of several."""
    return min(loads, key=lambda on: (-loads[on], on), default=None)


def _units(people: Iterable[int]) -> dict[int, str]:
    posts = Posting.objects.filter(employee__in=list(people), until_on=None).order_by("from_on")
    return {who: name or "" for who, name in posts.values_list("employee_id", "department__name")}


def _sampled(one: Sampled, question: Question, titles: Mapping[int, str]) -> SampleLine:
    names = Names(question.after, question.before)
    facts = one.happening.facts
    windows = [
        WindowLine(*names.of(*key[:2]), _window(one.before.get(key)), _window(one.after.get(key)))
        for key in dict.fromkeys((*one.after, *one.before))
    ]
    return SampleLine(facts.order_no, titles.get(one.happening.kind, ""), facts.happened_on.isoformat(), windows)


def _window(visit: Visit | None) -> str:
    """Return a window as its two days; empty where there is no visit."""
    return f"{visit.opens_on} – {visit.due_on}" if visit else ""
