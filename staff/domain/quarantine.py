"""Keeping apart what a job cannot work on, so that one bad row stops no other (RELIABILITY F20).

A chunk that fails is halved until the rows that fail alone are found; the rest is done. Such a row is tried with every
run, five times; then it is held, with its reason, until somebody mends it and asks for another try.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from config.redacting import error_words
from staff.domain.activity import log
from staff.domain.jobs import hand_over
from staff.models import Employee, Quarantined
from staff.models.health import QuarantinedQuerySet

logger = logging.getLogger(__name__)
MOST_TRIES: Final = 5
MOST_AT_ONCE: Final = 100
# What has gone wrong is not the row: the database is away or full, somebody else holds the lock, memory has run out.
NO_FAULT_OF_A_ROW: Final = (OperationalError, InterfaceError, MemoryError)

Labels = Callable[[Iterable[int]], Mapping[int, str]]


class AllFail(Exception):
    """Row after row fails and none goes through: that is no fault of the rows, and none of them is blamed."""


@dataclass
class Ward:
    """One run of the job `job` over rows of the kind `kind` (a model's name); `labels` names rows to people.

    `do` of `work` gets some of the rows and does them all or none, in a transaction that the ward opens.
    """

    job: str
    kind: str
    now: datetime
    labels: Labels = lambda _ids: {}
    failed: dict[int, Exception] = field(default_factory=dict)
    passed: int = 0
    known: set[int] = field(init=False)
    healed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.known = set(self.rows().values_list("subject_id", flat=True))

    def rows(self) -> QuarantinedQuerySet:
        """Return what stands in the book of this job."""
        return Quarantined.objects.filter(job=self.job, subject_type=self.kind)

    def out(self) -> set[int]:
        """Return the rows to leave alone: those that are held, and those that failed in this run."""
        held = set(self.rows().held().values_list("subject_id", flat=True)) if self.known else set()
        return held | set(self.failed)

    def work(self, ids: Sequence[int], do: Callable[[Sequence[int]], Counter[str]]) -> Counter[str]:
        """Do these rows, together if that goes, else in halves; return what was done of them, added up."""
        try:
            with transaction.atomic():
                counts = do(ids)
        except NO_FAULT_OF_A_ROW:
            raise
        except Exception as error:  # whatever one row meets, the others are done
            return self._halve(ids, do, error)
        self.passed += len(ids)
        self.healed |= self.known.intersection(ids)
        return counts

    def _halve(self, ids: Sequence[int], do: Callable[[Sequence[int]], Counter[str]], error: Exception) -> Counter[str]:
        if len(ids) > 1:
            middle = len(ids) // 2
            return self.work(ids[:middle], do) + self.work(ids[middle:], do)
        self.failed[ids[0]] = error
        if len(self.failed) >= MOST_AT_ONCE and not self.passed:
            raise AllFail(f"{len(self.failed)} rows in a row fail: {error_words(error)}") from error
        return Counter()

    def close(self) -> set[int]:
        """Write down what failed, forget what has gone through since; return what failed and is held now."""
        if not self.failed and not self.known:
            return set()
        labels = self.labels(self.failed)
        with transaction.atomic():
            self.rows().filter(subject_id__in=self.healed).delete()
            self.rows().filter(held_at=None).exclude(subject_id__in=list(self.failed)).delete()
            for pk, error in self.failed.items():
                self._note(pk, error, labels.get(pk, ""))
            if tired := self.rows().filter(held_at=None, tries__gte=MOST_TRIES).update(held_at=self.now):
                logger.error("%s: %d rows are in quarantine after %d tries", self.job, tired, MOST_TRIES)
        return set(self.rows().held().filter(subject_id__in=list(self.failed)).values_list("subject_id", flat=True))

    def _note(self, pk: int, error: Exception, label: str) -> None:
        reason = error_words(error)
        seen = self.rows().filter(subject_id=pk)
        if not seen.update(tries=F("tries") + 1, reason=reason, last_at=self.now, label=label):
            Quarantined.objects.create(
                job=self.job, subject_type=self.kind, subject_id=pk, label=label, reason=reason, first_at=self.now,
                last_at=self.now,
            )  # fmt: skip


def one_by_one(ward: Ward, ids: Iterable[int], do: Callable[[int], Counter[str]]) -> Counter[str]:
    """Do rows that stand for themselves, each in a transaction of its own, but those that are held; write down how."""
    out = ward.out()
    counts: Counter[str] = Counter()
    for pk in ids:
        if pk not in out:
            counts += ward.work([pk], lambda found: do(found[0]))
    ward.close()
    return counts


def try_again(rows: Iterable[Quarantined], *, actor: Employee | None, now: datetime) -> int:
    """Let the jobs try these rows anew, with the next ring; return how many there are."""
    found = list(rows)
    with transaction.atomic():
        for row in found:
            again = Quarantined.objects.filter(pk=row.pk).exclude(held_at=None)
            if again.update(held_at=None, tries=0):
                hand_over("quarantine_left", job=row.job, ids=[row.subject_id], now=now)
                log(now=now, actor=actor, verb="quarantine_retried", subject=row, job=row.job, row=row.subject_id)
    return len(found)
