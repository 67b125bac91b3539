"""Looking for broken clauses: each detector from where it looked last up to now, whatever was missed meanwhile.

Detectors are pure about time: the same span finds the same, however late it is asked. The mark of each moves in the
transaction that proposes the last of what was found, so that a run that dies leaves no gap; one that fails stops no
other. Of much that is found at once, chunks are committed before: nobody else who writes waits for all of it.
"""

import logging
import time
from collections import Counter
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Min
from django.utils.module_loading import import_string

from config.wiring import DETECTORS
from staff.choices import Liability, ReleaseState, ViolationDeed, ViolationState
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.entering import MENDED
from staff.domain.conduct.posting import lock_ledger
from staff.domain.conduct.proposing import KNOWN, UNRULED, propose
from staff.domain.conduct.releasing import let_go
from staff.models import DetectorMark, Release, Violation

logger = logging.getLogger(__name__)
AT_ONCE: Final = 50  # breaches that are proposed in one transaction
# Seconds between two chunks: who waits for SQLite's lock asks again every tenth of a second, and would never be first.
PAUSE: Final = {"sqlite": 0.15, "postgresql": 0.0}
EVERYTHING: Final = "*"  # the mark from which a detector looks that has never looked yet


def find_violations(*, now: datetime) -> Counter[str]:
    """Let every detector look at what fell due since its mark; return what came of it (a job of every tick)."""
    counts: Counter[str] = Counter()
    if _beginning() is None:
        return counts  # no regulation is in force yet
    failures: list[Exception] = []
    for name in DETECTORS:
        try:
            counts += look(name, now=now)
        except Exception as error:  # whatever one detector meets, the others go on and the ledger of jobs says it
            logger.exception("detector %s failed", name)
            failures.append(error)
    counts += withdraw_mended(now=now)
    if failures:
        raise failures[0]
    return counts


def look(name: str, *, now: datetime) -> Counter[str]:
    """Let one detector look from its mark up to `now`, and move the mark.

    Much at once is proposed in committed chunks first. Then it looks again with the mark locked, as leave may have been
    granted meanwhile; what the chunks have proposed is known by then.
    """
    ahead: Counter[str] = Counter()
    counts, many = _look_at_once(name, now=now, most=AT_ONCE)
    for start in range(0, len(many), AT_ONCE):
        ahead += propose(many[start : start + AT_ONCE], now=now)
        time.sleep(PAUSE[connection.vendor])
    if many:
        counts, _none = _look_at_once(name, now=now)
        del ahead[KNOWN], ahead[UNRULED]  # told by the second look
        counts[KNOWN] -= ahead.total()
    return counts + ahead


@transaction.atomic
def _look_at_once(name: str, *, now: datetime, most: int | None = None) -> tuple[Counter[str], list[Breach]]:
    """Propose what is found and move the mark; of more than `most` do neither, and return what was found."""
    mark = _mark(name, now=now)
    if mark is None or now <= mark.until:
        return Counter(), []
    detect = import_string(DETECTORS[name].detect)
    found = list(detect(since=mark.until, until=now, now=now))
    if most is not None and len(found) > most:
        return Counter(), found
    counts = propose(found, now=now)
    DetectorMark.objects.filter(pk=mark.pk).update(until=now)
    return counts, []


def withdraw_mended(*, now: datetime) -> Counter[str]:
    """Take back proposals whose cause is gone before anybody confirmed them, where the catalogue allows it."""
    counts: Counter[str] = Counter()
    # Who answers for it follows it, whatever becomes of it; what people proposed, people decide.
    proposed = Violation.objects.filter(state=ViolationState.PROPOSED, liability=Liability.PRIMARY, proposed_by=None)
    for name in sorted(set(proposed.values_list("violation", flat=True))):
        if name in DETECTORS and (mended := DETECTORS[name].mended):
            with transaction.atomic():
                lock_ledger()
                waiting = proposed.filter(violation=name).select_related("release__policy", "employee")
                gone = set(import_string(mended)(waiting))
                withdrawn = waiting.filter(pk__in=gone)
                counts[MENDED] += sum(let_go(one, MENDED, now=now, deed=ViolationDeed.MENDED) for one in withdrawn)
    return counts


def _mark(name: str, *, now: datetime) -> DetectorMark | None:
    """Return the detector's mark, locked; a new one begins where the company began to work by a regulation."""
    mark = DetectorMark.objects.select_for_update().filter(name=name).first()
    if mark is not None:
        return mark
    since = _beginning()
    if since is None or since > now:
        return None
    DetectorMark.objects.get_or_create(name=name, defaults={"until": since})
    return DetectorMark.objects.select_for_update().get(name=name)


def _beginning() -> datetime | None:
    """Return from when on violations are looked for: a company that worked before is not judged backwards."""
    everything = DetectorMark.objects.filter(name=EVERYTHING).values_list("until", flat=True).first()
    if everything is not None:
        return everything
    published = Release.objects.filter(state=ReleaseState.PUBLISHED, in_force_seq__isnull=False)
    return published.aggregate(first=Min("published_at"))["first"]
