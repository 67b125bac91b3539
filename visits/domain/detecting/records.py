"""Records that lack something when they are judged (DECISIONS 27; A-15 to A-18, L-05).

What a record lacks is told as of its cut-off: by the version that stood then, the files that were there, the follow-ups
that were entered. So a look that comes late finds the same; what was mended since takes the proposal back, but never an
unsaid phrase: what was not said cannot be said afterwards.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.domain.policies import spec_of
from staff.models import Violation
from visits.domain.calling.lacking import PHRASE
from visits.domain.calling.terms import terms_of_all
from visits.domain.detecting.bounds import house, last_moment
from visits.domain.detecting.cut_offs import Due, due_records
from visits.domain.detecting.exempting import Circumstances, exemption
from visits.domain.detecting.naming import codes_of, fields_of_record, visit_of
from visits.domain.detecting.versions import Versions, versions_of
from visits.domain.follow_up.limits import RECOMMENDED_REPAIR, RECTIFICATION, SOLUTION
from visits.domain.follow_up.mending import RESOLUTION
from visits.models import VisitRecord

INCOMPLETE: Final = "record_incomplete"
UNSAID: Final = "phrase_not_mentioned"
NO_REPAIR: Final = "recommended_repair_missing"
UNPROVEN: Final = "visit_unverifiable"
EVIDENCE: Final = "evidence"
IN_THE_REPORT: Final = frozenset({RECTIFICATION, RESOLUTION, SOLUTION})


def detect_incomplete(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield the records that were not complete at their cut-off, by what no other violation stands for."""
    del now
    return _detect(INCOMPLETE, incomplete, since=since, until=until)


def detect_unsaid(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield the records of calls in which a phrase of the regulation was not said (A-17)."""
    del now
    return _detect(UNSAID, unsaid, since=since, until=until)


def detect_repair(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield the records of returns past the promised days without a recommended repair on file (A-15, A-16)."""
    del now
    return _detect(NO_REPAIR, no_repair, since=since, until=until)


def detect_unproven(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield the visits that nothing proves, and that nobody has judged to be true (A-18)."""
    del now
    return _detect(UNPROVEN, unproven, since=since, until=until)


def mended_incomplete(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose records are complete by now."""
    return _mended(violations, incomplete)


def mended_repair(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose recommended repair was entered since."""
    return _mended(violations, no_repair)


def mended_proof(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose visit is proven by now, or judged to be true."""
    return _mended(violations, unproven)


@dataclass(frozen=True)
class Judged:
    """What a record lacks at a moment; `in_report`: its report asks for the result of a problem by itself."""

    lacks: Sequence[str]
    proven: bool
    in_report: bool


Finding = Callable[[Judged], Collection[str]]


def incomplete(judged: Judged) -> list[str]:
    """Return what lacks and is no violation of its own: neither phrase nor proof nor repair, nor a line's result."""
    own = {RECOMMENDED_REPAIR, EVIDENCE} | (IN_THE_REPORT if judged.in_report else set())
    return [code for code in judged.lacks if code not in own and not code.startswith(PHRASE)]


def unsaid(judged: Judged) -> list[str]:
    """Return the phrases that were not said."""
    return [code.removeprefix(PHRASE) for code in judged.lacks if code.startswith(PHRASE)]


def no_repair(judged: Judged) -> list[str]:
    """Return the code of the repair if it lacks."""
    return [code for code in judged.lacks if code == RECOMMENDED_REPAIR]


def unproven(judged: Judged) -> list[str]:
    """Return the code of the proof if it lacks."""
    return [] if judged.proven else [EVIDENCE]


def _detect(kind: str, finding: Finding, *, since: datetime, until: datetime) -> Iterator[Breach]:
    due = list(due_records(since=since, until=until))
    if not due:
        return
    versions = versions_of([one.record for one in due])
    found = []
    for one in due:
        last = last_moment(one.cut_off.at, inclusive=one.cut_off.inclusive)
        judged = _judged(versions[one.record.pk], last, one)
        if judged and (lacking := list(finding(judged))):
            found.append((one, versions[one.record.pk], lacking))
    if found:
        yield from _breaches(kind, found)


def _judged(versions: Versions, at: datetime | None, due: Due | None) -> Judged | None:
    """Return what a record lacks at a moment (None: today); None for one that was taken back."""
    if versions.at(at) is None:
        return None
    in_report = due is not None and _report_asks(due)
    return Judged(versions.lacks(at), versions.is_proven(at), in_report)


def _report_asks(due: Due) -> bool:
    reports = spec_of(due.links[0].task.release).report
    return any(RECTIFICATION in report.expects for report in reports)


def _breaches(kind: str, found: Sequence[tuple[Due, Versions, list[str]]]) -> Iterator[Breach]:
    first = min(due.record.logged_at for due, _versions, _lacking in found)
    known = Circumstances.of(first, max(due.cut_off.at for due, _versions, _lacking in found))
    terms = terms_of_all({due.links[0].task for due, _versions, _lacking in found})
    for due, versions, lacking in found:
        record, tasks = due.record, [link.task for link in due.links]
        last = last_moment(due.cut_off.at, inclusive=due.cut_off.inclusive)
        on = local_date(record.logged_at, house())
        why = exemption(record.advisor_id, record.logged_at, last, hours=terms[tasks[0].pk].hours, known=known)
        post = known.workforce.post(record.advisor_id, on=on)
        yield Breach(
            violation=kind, subject=f"record:{record.pk}", employee=record.advisor_id, on=on, at=due.cut_off.at,
            release=tasks[0].release_id, of=codes_of(tasks),
            fields=fields_of_record(versions.at(last) or record, tasks, on=on),
            facts=_facts(due, lacking) | dict(why.facts), exempt=why.why,
            evidence=_evidence(due, versions),
            branch=post.branch or record.branch_id, department=post.department,
        )  # fmt: skip


def _evidence(due: Due, versions: Versions) -> tuple[dict[str, Any], ...]:
    """Return what shows it: the record, its visit, and the recordings in which one hears for oneself."""
    files = ({"kind": "evidence", "id": file.pk} for file in versions.files)
    return ({"kind": "record", "id": due.record.pk}, {"kind": "task", "id": due.links[0].task_id}, *files)


def _facts(due: Due, lacking: list[str]) -> dict[str, Any]:
    return {
        "record": due.record.pk, "logged_at": due.record.logged_at.isoformat(), "lacking": lacking,
        "bound": due.cut_off.at.isoformat(), "inclusive": due.cut_off.inclusive,
        "visit": visit_of(due.record.pk, [link.task for link in due.links]),
    }  # fmt: skip


def _mended(violations: Iterable[Violation], finding: Finding) -> frozenset[int]:
    """Return the proposals whose records lack nothing of that kind any more, or were taken back."""
    subjects = {violation.pk: int(violation.subject.removeprefix("record:")) for violation in violations}
    records = VisitRecord.objects.in_bulk(set(subjects.values()))
    versions = versions_of(records.values())
    asks = {violation.pk: violation.facts.get("lacking", []) for violation in violations}
    gone = set()
    for pk, record in subjects.items():
        judged = _judged(versions[record], None, None) if record in versions else None
        lacking = set(finding(judged)) & set(asks[pk]) if judged else set()
        if not lacking:
            gone.add(pk)
    return frozenset(gone)
