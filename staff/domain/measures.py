"""The figures of the program in the text format of Prometheus: counts, ages and durations, nobody's data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from config.version import version
from staff.domain.checking import Level, findings
from staff.domain.installation import backlogs, database_size, disk, signed_in
from staff.domain.job_ledger import standings
from staff.domain.outages import silent_for
from staff.models import Outage, Quarantined

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Value = tuple[dict[str, str], float]


@dataclass(frozen=True)
class Measure:
    """One figure under its name, with a value for each set of labels; `kind` is ``gauge`` or ``counter``."""

    name: str
    says: str
    values: tuple[Value, ...]
    kind: str = "gauge"

    def lines(self) -> Iterator[str]:
        """Yield the figure as Prometheus reads it."""
        yield f"# HELP huifang_{self.name} {self.says}"
        yield f"# TYPE huifang_{self.name} {self.kind}"
        for labels, value in self.values:
            told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
            yield f"huifang_{self.name}{{{told}}} {value}" if told else f"huifang_{self.name} {value}"


def exposition(*, now: datetime) -> str:
    """Return all figures as of `now`, ending with a line break as the format asks."""
    return "\n".join(line for measure in measures(now=now) for line in measure.lines()) + "\n"


def measures(*, now: datetime) -> Iterator[Measure]:
    """Yield the figures; a scheduler that was never heard has no age."""
    yield _one("build_info", "The version of the program.", 1, version=version())
    silent = silent_for()
    if silent is not None:
        yield _one("scheduler_silent_seconds", "Seconds since the scheduler was heard.", silent.total_seconds())
    yield from _of_jobs(now)
    yield from _of_work(now)
    found = findings(now=now)
    yield _many(
        "findings",
        "What the checks of the program found, by level.",
        (({"level": level.value}, sum(one.level is level for one in found)) for level in Level),
    )
    yield _one("outages_total", "Outages of more than five minutes so far.", Outage.objects.count(), kind="counter")
    room = disk()
    yield _one("disk_free_bytes", "Free bytes on the disk of the data folder.", room.free)
    yield _one("disk_total_bytes", "Bytes on the disk of the data folder.", room.total)
    yield _one("database_bytes", "Bytes that the database takes.", database_size())
    yield _one("sessions", "Sign-ins that have not ended.", signed_in(now=now))


def _of_jobs(now: datetime) -> Iterator[Measure]:
    table = standings(now=now)
    ended = [({"job": one.job.name}, one.succeeded_at.timestamp()) for one in table if one.succeeded_at]
    yield _many("job_success_timestamp_seconds", "When the job last succeeded.", ended)
    yield _many(
        "job_failures", "Tries in a row without success.", [({"job": one.job.name}, one.failures) for one in table]
    )
    took = [({"job": one.job.name}, one.last.took_ms / 1000) for one in table if one.last]
    yield _many("job_duration_seconds", "How long the last run took.", took)
    lag = [({"job": one.job.name}, (now - one.owed[0]).total_seconds() if one.owed else 0) for one in table]
    yield _many("job_lag_seconds", "For how long the oldest moment has waited that the job owes.", lag)


def _of_work(now: datetime) -> Iterator[Measure]:
    waiting = backlogs(now=now)
    yield _many("waiting", "Rows that wait for the scheduler.", [({"what": one.what}, one.count) for one in waiting])
    lag = [({"what": one.what}, one.lag(now=now).total_seconds()) for one in waiting]
    yield _many("waiting_seconds", "How long the oldest of them has waited.", lag)
    yield _one("quarantined", "Rows that no job could work on.", Quarantined.objects.held().count())


def _one(name: str, says: str, value: float, *, kind: str = "gauge", **labels: str) -> Measure:
    return Measure(name, says, ((labels, value),), kind)


def _many(name: str, says: str, values: Iterable[Value]) -> Measure:
    return Measure(name, says, tuple(values))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
