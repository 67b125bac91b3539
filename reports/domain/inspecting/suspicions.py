"""What makes records less believable, told from their times and texts alone. Pure: records in, suspicions out.

None of it proves anything: a suspicion raises the chance that somebody looks, and is never a fine by itself (BEYOND A,
13). The bounds are generous on purpose; somebody who works fast and honestly shall not meet them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from reports.choices import Doubt

BURST_CALLS: Final = 5
BURST_TIME: Final = timedelta(minutes=5)
COPIES: Final = 3
SHORTEST_TEXT: Final = 12  # signs without spaces and punctuation: "一切正常，客户满意" is said a hundred times a day
OVERLAP: Final = timedelta(seconds=30)
ANSWER_SECONDS: Final = 2  # nobody hears a question and its answer in less
WEIGHTS: Final = {Doubt.BURST: 100, Doubt.COPIED: 100, Doubt.TALK: 200, Doubt.SAME_PROOF: 300}
NO_WORDS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit that was made by telephone or on the spot, as the checks see it. `asked`: questions answered."""

    pk: int
    advisor: int
    customer: int
    started_at: datetime
    ended_at: datetime | None
    logged_at: datetime
    by_voice: bool = True
    asked: int = 0
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One thing against one record; `facts` hold ids and figures only."""

    record: int
    kind: Doubt
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Return what it adds to the chance to be drawn, in per cent."""
        return WEIGHTS[self.kind]


def bursts(records: Iterable[Seen]) -> Iterator[Suspicion]:
    """Yield the visits of which one person saved five or more within five minutes, whatever length they claim."""
    for found in _by_advisor(records).values():
        ordered = sorted(found, key=lambda one: (one.logged_at, one.pk))
        suspect: dict[int, int] = {}
        for index, first in enumerate(ordered):
            close = [one for one in ordered[index:] if one.logged_at - first.logged_at <= BURST_TIME]
            if len(close) >= BURST_CALLS:
                suspect |= {one.pk: max(len(close), suspect.get(one.pk, 0)) for one in close}
        yield from (Suspicion(pk, Doubt.BURST, {"saved": count}) for pk, count in suspect.items())


def copied(records: Iterable[Seen]) -> Iterator[Suspicion]:
    """Yield the visits whose words stand alike in those of three or more different customers of one person."""
    said: dict[tuple[int, str], list[Seen]] = defaultdict(list)
    for one in records:
        for text in {plain_text(text) for text in one.texts}:
            if len(text) >= SHORTEST_TEXT:
                said[one.advisor, text].append(one)
    told: dict[int, int] = {}
    for alike in said.values():
        if len({one.customer for one in alike}) >= COPIES:
            told |= {one.pk: max(len(alike), told.get(one.pk, 0)) for one in alike}
    yield from (Suspicion(pk, Doubt.COPIED, {"alike": count}) for pk, count in told.items())


def plain_text(text: str) -> str:
    """Return a text without spaces and punctuation, letters of one width and case: what is compared."""
    return NO_WORDS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def impossible(records: Iterable[Seen]) -> Iterator[Suspicion]:
    """Yield calls that cannot have been: two at once, over after they were saved, too short for what was answered."""
    for found in _by_advisor(one for one in records if one.by_voice and one.ended_at).values():
        told: dict[int, dict[str, Any]] = {one.pk: why for one in found if (why := _impossible_alone(one))}
        for one, other in _overlapping(found):
            told.setdefault(one.pk, {"with": other.pk})
            told.setdefault(other.pk, {"with": one.pk})
        yield from (Suspicion(pk, Doubt.TALK, facts) for pk, facts in told.items())


def _impossible_alone(one: Seen) -> dict[str, Any]:
    if one.ended_at is None:
        return {}
    seconds = int((one.ended_at - one.started_at).total_seconds())
    if one.ended_at > one.logged_at + OVERLAP:
        return {"over_after_saved": int((one.ended_at - one.logged_at).total_seconds())}
    return {"seconds": seconds, "answers": one.asked} if one.asked and seconds < one.asked * ANSWER_SECONDS else {}


def _overlapping(found: Sequence[Seen]) -> Iterator[tuple[Seen, Seen]]:
    """Yield pairs of calls with two customers of which the later began well before the earlier was over."""
    ordered = sorted(found, key=lambda one: (one.started_at, one.pk))
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if one.ended_at is None or other.started_at > one.ended_at - OVERLAP:
                break
            shared = min(one.ended_at, other.ended_at or other.started_at) - other.started_at
            if other.customer != one.customer and shared >= OVERLAP:
                yield one, other


def _by_advisor(records: Iterable[Seen]) -> dict[int, list[Seen]]:
    found: dict[int, list[Seen]] = defaultdict(list)
    for one in records:
        found[one.advisor].append(one)
    return found
