"""Facts of days: whatever happens to the rows and whenever they are counted, a figure is what its rows say."""

from collections import Counter
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest

from reports.domain.auditing import kept as audited
from reports.domain.facts import rolling
from reports.domain.facts.kept import kept
from reports.domain.facts.measures import HEADLINES
from reports.domain.figures.counted import EVERYTHING, Part
from reports.domain.figures.measured import NOTHING
from reports.domain.figures.measuring import as_figure, counted_by, sums_by, sums_over_by
from reports.domain.figures.query import Query
from reports.domain.figures.reading import parted, parted_over, rows_behind, series
from reports.models import DayFact, Measure, TouchedDay
from staff.domain.periods import period_named
from staff.models import Branch, Employee
from tests.reports import test_figures
from tests.reports.test_reading import LIMITED, asked, shop
from visits.models import ServiceEvent, Vehicle, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
PERIODS = ("2024-05", "2024-04", "2024-Q2", "2024-W20", "2024-05-14", "2024-05-31", "2024")
KEYS = ("", "who", "where", "rule", "channel", "kind", "model", "segment")


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch):
    monkeypatch.setattr(rolling, "FEW", 0)


def parts(random: Random) -> list[Part]:
    """Return everything, and what some may see of it."""
    people = frozenset(random.sample(list(Employee.objects.values_list("pk", flat=True)), 2))
    branches = frozenset(random.sample(list(Branch.objects.values_list("pk", flat=True)), 1))
    return [
        EVERYTHING, Part(people=people), Part(branches=branches), Part(people=people, branches=branches),
        Part(by="rule", key="first"), Part(by="channel", key="mobile", branches=branches),
        Part(by="segment", key="vip"),
    ]  # fmt: skip


def figures_are_their_rows(release, random: Random, now) -> int:
    """Compare what is read with what the rows say, of every metric; return how many answers were read from facts."""
    from_facts = 0
    some = parts(random)
    for metric, spec in [*((name, {}) for name in HEADLINES), *LIMITED]:
        periods = [period_named(name) for name in random.sample(PERIODS, 3)]  # some of them overlap
        questions: list[Query] = [asked(metric, release, period, now, **spec) for period in periods]
        part, key = random.choice(some), random.choice(KEYS)
        from_facts += sum(one is not None for one in kept(questions, key, part))
        keys = {key, *random.sample(KEYS, 2)}
        for one, sums in sums_over_by(questions, [*keys], part).items():
            for question, read in zip(questions, sums, strict=True):
                told = counted_by(question, one, part)
                assert tidied(read) == tidied(told), (metric, spec, question.period, one, part)
        behind, told = rows_behind(question, part, most=1), counted_by(question, "", part).get(None, NOTHING)
        assert (behind.count, behind.good) == (told.denominator, told.numerator), (metric, spec, question.period, part)
    return from_facts


def tidied(sums):
    """Return the sums without what is nothing, None told as nothing is in a dimension."""
    found: dict = {}
    for key, one in sums.items():
        if one.numerator or one.denominator:
            key = "" if key is None else key  # a car without a model, and none at all, are one
            found[key] = found.get(key, NOTHING) + one
    return found


def live(random: Random, now) -> None:
    """Let rows change as people and jobs change them: late calls, other hands, days and scores."""
    tasks = list(VisitTask.objects.all())
    for task in random.sample(tasks, min(6, len(tasks))):
        task.status = random.choice(["open", "done", "unreachable", "cancelled"])
        task.completed_at = now - timedelta(hours=random.randrange(900)) if task.status == "done" else None
        task.completed_in_time = task.status == "done" and random.random() < 0.5
        task.save()
    VisitTask.objects.filter(pk=random.choice(tasks).pk).update(assignee=Employee.objects.order_by("?").first())
    moved = random.choice(tasks)
    VisitTask.objects.filter(pk=moved.pk).update(
        closes_at=moved.closes_at + timedelta(days=random.randrange(20)), channel="wechat"
    )
    void(random, now)
    cars = list(Vehicle.objects.all())
    Vehicle.objects.filter(pk=random.choice(cars).pk).update(model=random.choice(["AX4", "AX7", ""]))
    event = ServiceEvent.objects.order_by("?").first()
    ServiceEvent.objects.filter(pk=event.pk).update(vehicle=random.choice([None, *cars]))
    ServiceEvent.objects.filter(pk=event.pk).update(
        happened_on=event.happened_on + timedelta(days=random.randrange(-9, 9)), css=random.choice([None, 88, 115])
    )


def void(random: Random, now) -> None:
    """Let one call be taken back, as the page of a call does: a row that supersedes it."""
    made = random.choice(list(VisitRecord.objects.filter(kind="contact", superseded_by=None)))
    VisitRecord.objects.create(
        kind="void", supersedes=made, form_token=uuid4(), fingerprint="x", customer=made.customer, branch=made.branch,
        advisor=made.advisor, channel=made.channel, started_at=made.started_at, logged_at=now, outcome=made.outcome,
    )  # fmt: skip


def test_whatever_happens_and_whenever_it_is_counted_a_figure_is_what_its_rows_say():
    random = Random(20240511)
    release = shop(random)
    now = test_figures.NOW
    rolling.rebuild(now=now)
    assert figures_are_their_rows(release, random, now) > 4
    for _turn in range(2):
        live(random, now)
        now += timedelta(days=random.randrange(1, 9), minutes=20)
        figures_are_their_rows(release, random, now)
        rolling.roll_facts(now=now)
        assert figures_are_their_rows(release, random, now) > 4
        assert not TouchedDay.objects.exists()


def test_facts_that_were_counted_day_by_day_are_those_of_a_rebuild():
    random = Random(20240512)
    shop(random)
    now = test_figures.NOW
    rolling.rebuild(now=now)
    for _turn in range(3):
        live(random, now)
        now += timedelta(hours=random.randrange(1, 60))
        rolling.roll_facts(now=now)
    grown = facts()
    rolling.rebuild(now=now)
    assert grown == facts() != []


def facts() -> list[tuple]:
    """Return all facts, in an order of their own."""
    rows = DayFact.objects.values_list(
        "measure__key", "dimension", "on", "since", "branch", "employee", "key", "numerator", "denominator"
    )
    return sorted(tuple("" if one is None else str(one) for one in row) for row in rows)


def test_a_roll_that_is_broken_off_loses_nothing(monkeypatch):
    random = Random(20240513)
    release = shop(random)
    now = test_figures.NOW
    rolling.rebuild(now=now)
    live(random, now)
    now += timedelta(days=1)
    counted, calls = rolling.count_again, []

    def breaks_off(*words, **named):
        calls.append(words)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return counted(*words, **named)

    monkeypatch.setattr(rolling, "count_again", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        rolling.roll_facts(now=now)
    assert TouchedDay.objects.filter(taken=True).exists()
    live(random, now)
    figures_are_their_rows(release, random, now)
    monkeypatch.setattr(rolling, "count_again", counted)
    rolling.roll_facts(now=now)
    assert figures_are_their_rows(release, random, now) > 4
    assert not TouchedDay.objects.exists()


def test_what_bears_on_no_figure_touches_no_day():
    shop(Random(20240514))
    rolling.rebuild(now=test_figures.NOW)
    assert not TouchedDay.objects.exists()
    VisitTask.objects.update(leased_until=test_figures.NOW, priority=3)
    assert not TouchedDay.objects.exists()
    task = VisitTask.objects.order_by("pk").first()
    VisitTask.objects.filter(pk=task.pk).update(channel="sms" if task.channel != "sms" else "mobile")
    noted = set(TouchedDay.objects.values_list("kind", "day"))
    assert noted == {("due", task.closes_at.date()), ("event", task.event.happened_on)}


def test_a_spoilt_fact_is_found_by_the_audit_and_mended_by_a_rebuild():
    release = shop(Random(20240515))
    now = test_figures.NOW
    rolling.rebuild(now=now)
    counts: Counter[str] = Counter()
    assert [str(one) for one in audited.faults(counts)] == [] and counts["sums"] > 10
    question = asked("completion_rate", release, period_named("2024-05"), now)
    right = as_figure(sums_by(question, "")[None], "completion_rate")
    DayFact.objects.filter(measure__metric="completion_rate", dimension="").update(denominator=1000)
    assert sums_by(question, "")[None] != right
    assert any("completion_rate" in one.where for one in audited.faults(counts))
    rolling.rebuild(now=now)
    assert sums_by(question, "")[None] == right


def test_a_year_is_read_by_as_many_statements_as_a_month(django_assert_num_queries):
    release = shop(Random(20240517))
    now = test_figures.NOW + timedelta(days=40)
    rolling.rebuild(now=now)
    question = asked("completion_rate", release, period_named("2024-06"), now)
    months = [period_named(f"2024-{month:02}") for month in range(1, 7)]
    with django_assert_num_queries(5):  # closed months, the measure, its mark, touched days, facts
        parted_over(question, months[-1:], "employee")
    with django_assert_num_queries(5):
        found = parted_over(question, months, "employee")
    assert [parted(question.over(month), "employee") for month in months] == found
    with django_assert_num_queries(5):
        assert series(question, months) == [sum(people.values(), NOTHING) for people in found]


def test_few_visits_are_counted_and_not_kept(monkeypatch):
    monkeypatch.setattr(rolling, "FEW", 20_000)
    shop(Random(20240516))
    assert not rolling.roll_facts(now=test_figures.NOW)
    assert not Measure.objects.exists()
