"""The events of some days, read for a rehearsal in chunks: what windows, conditions and people depend on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet

from config.packs.codes import CUSTOMER
from staff.domain.calendar import day_end, day_start
from staff.domain.workforce import Post
from visits.domain.assigning.choosing import written_on
from visits.domain.planning.anchoring import EventFacts
from visits.domain.planning.events import FACTS
from visits.models import ServiceEvent

CHUNK: Final = 5000
PEOPLE: Final = (
    "kind_id", "advisor_id", "customer__owner_id", "customer__area", "branch_id", "department__branch_id",
    "department_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: its facts for windows, its kind, and what its step's list of persons may ask of it."""

    facts: EventFacts
    kind: int
    advisor: int | None
    owner: int | None
    area: str
    unit: Post
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Days:
    """The local days whose events are rehearsed, both included; `moved`: they end before today, where events end."""

    first: date
    last: date
    moved: bool = False

    @property
    def count(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1


def days_until(on: date, count: int) -> Days:
    """Return the `count` days up to `on`; where nothing happened in them, those up to the last day of any event."""
    days = Days(on - timedelta(count - 1), on)
    if events_of(days).exists():
        return days
    last = _of_orders().filter(happened_on__lte=on).aggregate(last=Max("happened_on"))["last"]
    return days if last is None else Days(last - timedelta(count - 1), last, moved=True)


def _of_orders() -> QuerySet[ServiceEvent]:
    return ServiceEvent.objects.exclude(kind__code=CUSTOMER)


def events_of(days: Days) -> QuerySet[ServiceEvent]:
    """Return the events of these days, those that were taken in as history included: nothing comes of it here."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return _of_orders().filter(happened_at__gte=day_start(days.first, zone), happened_at__lt=day_end(days.last, zone))


def happenings(ids: Sequence[int], *, written: bool) -> Iterator[list[Happening]]:
    """Yield these events chunk by chunk, in their order; with what they say of people where `written` is wanted."""
    columns = (*FACTS, *PEOPLE, *(("attributes",) if written else ()))
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = ServiceEvent.objects.filter(pk__in=part).order_by("happened_at", "pk").values_list(*columns)
        yield [_happening(row) for row in rows]


def _happening(row: tuple[object, ...]) -> Happening:
    facts = EventFacts(*row[: len(FACTS)])  # type: ignore[arg-type]  # the columns are those of EventFacts
    kind, advisor, owner, area, branch, of_department, department, *said = row[len(FACTS) :]
    told = said[0] if said and isinstance(said[0], dict) else {}
    written = written_on(told)
    post = Post(branch or of_department, department)  # type: ignore[arg-type]  # columns of a values list are untyped
    return Happening(facts, kind, advisor, owner, area, post, written)  # type: ignore[arg-type]  # likewise
