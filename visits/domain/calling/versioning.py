"""The versions of a record: by its first one it is named, its last one stands (decision 20)."""

from collections.abc import Iterable

from visits.choices import RecordKind
from visits.models import VisitRecord


def first_versions(records: Iterable[int]) -> dict[int, int]:
    """Return the first version of each record, by ids: a query for each correction, however many records."""
    first = {pk: pk for pk in records}
    looked_at = set(first)
    while looked_at:
        rows = VisitRecord.objects.filter(pk__in=looked_at, supersedes__isnull=False).values_list("pk", "supersedes")
        links = {pk: earlier for pk, earlier in rows if earlier}
        first = {pk: links.get(name, name) for pk, name in first.items()}
        looked_at = set(links.values())
    return first


def first_records(records: Iterable[VisitRecord]) -> dict[int, VisitRecord]:
    """Return each contact as it was first saved, by the id of the version given; no query where none was corrected."""
    found = {record.pk: record for record in records}
    names = first_versions(pk for pk, record in found.items() if record.supersedes_id is not None)
    earlier = VisitRecord.objects.in_bulk(set(names.values())) if names else {}
    return found | {pk: earlier[name] for pk, name in names.items()}


def standing_versions(records: Iterable[int]) -> dict[int, int]:
    """Return the version that stands in the place of each record now, by ids; 0 for one that was taken back."""
    found = {pk: pk for pk in records}
    newest = set(found)
    while newest:
        rows = VisitRecord.objects.filter(supersedes__in=newest).values_list("supersedes_id", "pk", "kind")
        follows = {before: 0 if kind == RecordKind.VOID else pk for before, pk, kind in rows}
        found = {pk: follows.get(now, now) for pk, now in found.items()}
        newest = {pk for pk in follows.values() if pk}
    return found


def earlier_versions(record: VisitRecord) -> list[int]:
    """Return the ids of a record and of all that it corrects, the latest first."""
    found = [record.pk]
    while record.supersedes is not None:
        record = record.supersedes
        found.append(record.pk)
    return found
