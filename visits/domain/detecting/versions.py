"""Every version of a record with its files and follow-ups: what stood, and what lacked, at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from visits.choices import FollowUpState, RecordKind
from visits.domain.calling.lacking import PHRASE
from visits.domain.follow_up.mending import mended_by
from visits.domain.proof.attaching import lacks_now, meets
from visits.models import Evidence, FollowUpItem, RecordCheck, VisitRecord


@dataclass(frozen=True)
class Versions:
    """One contact, from its first version to the one that stands. Questions about no moment are about today."""

    chain: Sequence[VisitRecord]
    files: Sequence[Evidence] = ()
    items: Sequence[FollowUpItem] = ()
    checks: Sequence[RecordCheck] = ()

    def at(self, moment: datetime | None) -> VisitRecord | None:
        """Return the version that stood then; None for one that was taken back."""
        standing: VisitRecord | None = None
        for version in self.chain:
            since = version.corrected_at or version.logged_at
            if moment is None or since <= moment or standing is None:
                standing = None if version.kind == RecordKind.VOID else version
        return standing

    def is_proven(self, moment: datetime | None) -> bool:
        """Say whether the proof that was wanted was there, or somebody had judged the contact to be true."""
        version = self.at(moment)
        if version is None or not version.proof_wanted or version.proof_wanted == "signature":
            return True
        judged = [check for check in self.checks if moment is None or check.at <= moment]
        return judged[-1].holds if judged else meets(version.proof_wanted, self._kinds(moment))

    def lacks(self, moment: datetime | None) -> list[str]:
        """Return what lacked: as the version was saved, less what files and follow-ups had mended."""
        version = self.at(moment)
        if version is None:
            return []
        done = mended_by(
            (item for item in self.items if moment is None or item.opened_at <= moment),
            settled=lambda item: (
                item.state == FollowUpState.SETTLED
                and (moment is None or (item.closed_at is not None and item.closed_at <= moment))
            ),
        )
        found = lacks_now(version.incomplete, version.proof_wanted, self._kinds(moment))
        return [code for code in found if code not in done or code.startswith(PHRASE)]

    def _kinds(self, moment: datetime | None) -> set[str]:
        return {one.kind for one in self.files if moment is None or one.uploaded_at <= moment}


def versions_of(records: Iterable[VisitRecord]) -> dict[int, Versions]:
    """Return all versions of each first version, by its id; one query for each length of the chains and three more."""
    chains = {record.pk: [record] for record in records}
    heads = {record: record for record in chains}  # the latest version known -> the first one
    while heads:
        found = list(VisitRecord.objects.filter(supersedes__in=list(heads)))
        for version in found:
            chains[heads[version.supersedes_id or 0]].append(version)
        heads = {version.pk: heads[version.supersedes_id or 0] for version in found}
    first = {version.pk: pk for pk, chain in chains.items() for version in chain}
    files = _by_first(first, Evidence.objects.filter(record__in=list(first)).order_by("pk"))
    items = _by_first(first, FollowUpItem.objects.standing().filter(record__in=list(first)).order_by("pk"))
    checks = _by_first(first, RecordCheck.objects.filter(record__in=list(first)).order_by("pk"))
    return {pk: Versions(chain, files[pk], items[pk], checks[pk]) for pk, chain in chains.items()}


def _by_first(first: Mapping[int, int], rows: Iterable) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[first[row.record_id]].append(row)
    return found
