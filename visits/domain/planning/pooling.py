"""Draws: the pools of sampled steps and who is drawn from them (POLICY_PACK, `sample`; DECISIONS 22)."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from config.packs.rule import SampleSpec
from staff.domain.quarantine import Ward, one_by_one
from visits.choices import TaskStatus
from visits.domain.planning.drawing import Candidate, draw_end, draw_running, pool_ends_at, pool_key
from visits.domain.planning.rulebook import ActiveStep, Book, Rulebook
from visits.domain.planning.selecting import conditions_hold
from visits.domain.planning.sql import Sql
from visits.models import SamplePool, VisitTask

OUTSIDE = (TaskStatus.EXPIRED, TaskStatus.CANCELLED)
_fresh_seed: ContextVar[Callable[[], str]] = ContextVar("fresh_seed", default=lambda: secrets.token_hex(16))
Place = tuple[date, str]  # the day that decides the pool, and the order number for a pool per event


@contextmanager
def seeds_from(source: Callable[[], str]) -> Iterator[None]:
    """Take the seeds of new draws from `source` meanwhile: a company that is made up draws the same each time."""
    before = _fresh_seed.set(source)
    try:
        yield
    finally:
        _fresh_seed.reset(before)


def fresh_seed() -> str:
    """Return the seed of a new draw, which nobody can foresee."""
    return _fresh_seed.get()()


def pools_for(book: Book, step: ActiveStep, places: Iterable[Place]) -> dict[Place, int]:
    """Return the pool of each place, made with a fresh seed where missing; none for a step that draws no sample.

    Every pool that is asked for waits for a draw again: something may have come into it.
    """
    sample = step.spec.sample
    if sample is None:
        return {}
    keys = {place: pool_key(sample.per, place[0], order_no=place[1]) for place in places}
    ends = {keys[place]: _completion(book, sample, place[0]) for place in keys}
    SamplePool.objects.bulk_create(
        [
            SamplePool(step_id=step.step_id, release_id=book.release_id, key=key, seed=fresh_seed(), closes_at=end)
            for key, end in sorted(ends.items())
        ],
        update_conflicts=True,
        unique_fields=["step", "release", "key"],
        update_fields=["drawn_at"],
    )
    pools = SamplePool.objects.filter(step=step.step_id, release=book.release_id, key__in=set(ends))
    ids = dict(pools.values_list("key", "pk"))
    return {place: ids[key] for place, key in keys.items()}


def _completion(book: Book, sample: SampleSpec, on: date) -> datetime | None:
    """Return when the pool is complete; None: it is drawn from as events come in."""
    return None if sample.draw == "running" else pool_ends_at(sample.per, on, book.zone)


def draw_due(rulebook: Rulebook, *, now: datetime, on: date) -> int:
    """Draw from every pool that is complete, or that runs and has grown; return how many were drawn."""
    due = SamplePool.objects.filter(Q(closes_at=None) | Q(closes_at__lte=now), drawn_at=None).order_by("pk")
    ids = list(due.values_list("pk", flat=True))
    drawn = one_by_one(
        Ward("draw", "samplepool", now=now), ids, lambda pk: Counter(draw=draw(pk, rulebook, now=now, on=on))
    )
    return drawn["draw"]


@transaction.atomic
def draw(pool_id: int, rulebook: Rulebook, *, now: datetime, on: date) -> int:
    """Draw from one pool. What is drawn stays drawn, whatever comes later; a repetition changes nothing."""
    pools = SamplePool.objects.filter(pk=pool_id, drawn_at=None)
    if connection.features.has_select_for_update:
        pools = pools.select_for_update()
    pool = pools.first()
    book = rulebook.book(pool.release_id) if pool else None
    found = book.step(pool.step_id) if pool and book else None
    if pool is None or found is None or found[1].spec.sample is None:
        return 0
    candidates = _candidates(pool, found[1].spec.sample, now=now, on=on)
    draws = draw_running if found[1].spec.sample.draw == "running" else draw_end
    names = draws(candidates.values(), found[1].spec.sample, seed=pool.seed, step_key=_step_key(book, found))
    new = [pk for pk, one in candidates.items() if one.order_no in names and not one.drawn]
    VisitTask.objects.filter(pk__in=new, status=TaskStatus.NOT_SAMPLED).update(status=TaskStatus.PLANNED)
    VisitTask.objects.filter(pk__in=new).update(sampled=True)
    VisitTask.objects.filter(pool=pool, status=TaskStatus.PLANNED, sampled=None).update(
        status=TaskStatus.NOT_SAMPLED, sampled=False
    )
    SamplePool.objects.filter(pk=pool.pk).update(drawn_at=now)
    return len(new)


def _step_key(book: Book | None, found: tuple[object, ActiveStep]) -> str:
    return f"{book.slug if book else ''}/{found[1].step_id}"


def _candidates(pool: SamplePool, sample: SampleSpec, *, now: datetime, on: date) -> dict[int, Candidate]:
    """Return the tasks of a pool, each named by its order number (member and occurrence where they tell it apart)."""
    rows = (
        Sql("SELECT t.id, e.order_no, e.member, t.occurrence, t.sampled, t.closes_at, t.closes_inclusive,")
        + _always(sample, on=on)
        + Sql(
            "FROM visits_visittask t JOIN visits_serviceevent e ON e.id = t.event_id "
            "JOIN visits_customer c ON c.id = t.customer_id LEFT JOIN visits_vehicle v ON v.id = e.vehicle_id "
            "WHERE t.pool_id = %s AND t.status NOT IN (%s, %s) ORDER BY t.id",
            (pool.pk, *(status.value for status in OUTSIDE)),
        )
    ).rows()
    open_ones = _with_open_window(pool, now=now)
    return {
        row[0]: Candidate(
            "/".join(filter(None, (row[1], row[2], str(row[3] or "")))),
            always=bool(row[7]),
            drawn=bool(row[4]),
            is_open=row[0] in open_ones,
        )
        for row in rows
    }


def _with_open_window(pool: SamplePool, *, now: datetime) -> set[int]:
    in_time = Q(closes_at__gt=now) | Q(closes_at=now, closes_inclusive=True)
    return set(VisitTask.objects.filter(in_time, pool=pool).values_list("pk", flat=True))


def _always(sample: SampleSpec, *, on: date) -> Sql:
    """Return whether a task belongs to what is taken whole: any of the sample's segments or conditions."""
    return conditions_hold(sample.always, "any", on=on) if sample.always else Sql("FALSE")
