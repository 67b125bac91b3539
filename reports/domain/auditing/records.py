"""What contacts lacked when they were judged, told by their versions, files, checks and follow-ups one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db.models import F

from reports.domain.auditing.asked import fields_of_record
from reports.domain.auditing.company import day_of, midnight
from reports.domain.auditing.ground import Ground
from reports.domain.auditing.hours import why_exempt
from reports.domain.auditing.regulation import as_list, tables
from reports.domain.auditing.visits import MOMENT, Known, last_moment, sections_of
from reports.models import OwedReport
from visits.models import Evidence, FollowUpItem, RecordCheck, RecordTask, VisitRecord, VisitTask

LONGEST_LEAVE: Final = 30
OF_THE_REPORT: Final = ("rectification", "resolution", "solution")
RESULTS: Final = ("rectification", "resolution")
KINDS: Final = ("record_incomplete", "phrase_not_mentioned", "recommended_repair_missing", "visit_unverifiable")


@dataclass
class Contact:
    """One contact with all that became of it."""

    versions: list[VisitRecord]
    files: list[Evidence] = field(default_factory=list)
    items: list[FollowUpItem] = field(default_factory=list)
    checks: list[RecordCheck] = field(default_factory=list)
    tasks: list[VisitTask] = field(default_factory=list)

    @property
    def first(self) -> VisitRecord:
        """Return it as it was first saved."""
        return self.versions[0]

    def at(self, moment: datetime) -> VisitRecord | None:
        """Return the version that stood at a moment, none where it had been taken back."""
        stood = self.first
        for version in self.versions[1:]:
            if (version.corrected_at or version.logged_at) <= moment:
                stood = version
        return None if stood.kind == "void" else stood

    def broken(self, moment: datetime, *, in_report: bool) -> dict[str, list[str]]:
        """Return by violation what lacked at a moment."""
        version = self.at(moment)
        if version is None:
            return {}
        files = {one.kind for one in self.files if one.uploaded_at <= moment}
        wanted = version.proof_wanted
        proven = not wanted or wanted in files or (wanted == "any" and bool(files - {"signature"}))
        items = [one for one in self.items if one.opened_at <= moment]
        kinds = {one.kind for one in items}
        done = {"evidence", "signature"} if proven else set()
        done |= {"recommended_repair"} if "recommended_repair" in kinds else set()
        done |= set(RESULTS) if kinds & {"return_appointment", "recommended_repair", "complaint"} else set()
        if any(one.kind == "problem" and _settled(one, moment) for one in items):
            done |= set(OF_THE_REPORT)
        lacks = [code for code in version.incomplete if code not in done]
        own = {"recommended_repair", "evidence"} | (set(OF_THE_REPORT) if in_report else set())
        judged = [one.holds for one in self.checks if one.at <= moment]
        true = wanted in ("", "signature") or (judged[-1] if judged else proven)
        return {
            "record_incomplete": [code for code in lacks if code not in own and not code.startswith("phrase:")],
            "phrase_not_mentioned": [code[7:] for code in lacks if code.startswith("phrase:")],
            "recommended_repair_missing": [code for code in lacks if code == "recommended_repair"],
            "visit_unverifiable": [] if true else ["evidence"],
        }


def _settled(item: FollowUpItem, moment: datetime) -> bool:
    return item.state == "settled" and item.closed_at is not None and item.closed_at <= moment


def contacts_of(pks: Sequence[int]) -> list[Contact]:
    """Return contacts by their first versions, each with the tasks it was about."""
    found = {one.pk: Contact([one]) for one in VisitRecord.objects.filter(pk__in=pks, kind="contact").order_by("pk")}
    whose, newest = dict(found), list(found)
    while newest:
        later = list(VisitRecord.objects.filter(supersedes__in=newest))
        for version in later:
            whose[version.pk] = whose[version.supersedes_id or 0]
            whose[version.pk].versions.append(version)
        newest = [version.pk for version in later]
    for file in Evidence.objects.filter(record__in=whose):
        whose[file.record_id or 0].files.append(file)
    for item in FollowUpItem.objects.filter(record__in=whose).exclude(state="withdrawn"):
        whose[item.record_id or 0].items.append(item)
    for check in RecordCheck.objects.filter(record__in=whose).order_by("pk"):
        whose[check.record_id].checks.append(check)
    links = RecordTask.objects.filter(record__in=list(found), attempt__gt=0).order_by("pk")
    for link in links.select_related("task__step__rule"):
        found[link.record_id].tasks.append(link.task)
    return list(found.values())


def lacking(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield what the contacts lacked at their cut-off, by violation."""
    contacts = [one for one in contacts_of(pks) if one.tasks]
    days = {day_of(one.first.logged_at) for one in contacts}
    reports = OwedReport.objects.filter(
        employee__in={one.first.advisor_id for one in contacts}, covers_from__in=days, covers_to=F("covers_from"),
        record=None,
    ).exclude(fate="excused").exclude(due_at=None)  # fmt: skip
    bounds: dict[tuple[int, int, date], tuple[datetime, bool]] = {}
    columns = ("employee", "policy", "covers_from", "due_at", "inclusive")
    for who, policy, on, due, inclusive in reports.order_by("-due_at", "-pk").values_list(*columns):
        bounds[who, policy, on] = due, inclusive
    for contact in contacts:
        yield from _lacking(contact, bounds, known)


def _lacking(
    contact: Contact, bounds: dict[tuple[int, int, date], tuple[datetime, bool]], known: Known
) -> Iterator[Ground]:
    """A contact is judged at the cut-off of the daily report, else when the next working day ends."""
    record, release = contact.first, contact.tasks[0].release_id
    on = day_of(record.logged_at)
    reported = bounds.get((record.advisor_id, known.releases.policy(release), on))
    bound, inclusive = reported or (end_of_next_day(record.advisor_id, on, known), False)
    last = last_moment(bound, inclusive=inclusive)
    reports = as_list(tables(known.releases.content(release)).get("report", []))
    in_report = any("rectification" in as_list(one.get("expects")) for one in reports)
    stood, then = contact.at(last), contact.broken(last, in_report=in_report)
    now = contact.broken(max(known.until, last), in_report=in_report)
    for kind, codes in then.items():
        if codes:
            told = partial(fields_of_record, stood or record, record, on)
            yield Ground(
                kind=kind, subject=f"record:{record.pk}", employee=record.advisor_id, on=on, since=last + MOMENT,
                last=last, release=release, sections=sections_of(contact.tasks),
                exempt=why_exempt(record.advisor_id, record.logged_at, last, known.hours(release), known.company),
                department=known.company.place(record.advisor_id, on).department,
                mended=kind != KINDS[1] and not set(codes) & set(now.get(kind, [])),
                told=told,
            )  # fmt: skip


def end_of_next_day(who: int, on: date, known: Known) -> datetime:
    """Return when the next day ends on which the company works and somebody is not on leave."""
    usual = day = next_worked(on, known)
    while known.company.is_away(who, day) and (day - on).days <= LONGEST_LEAVE:
        day = next_worked(day, known)
    return midnight((usual if (day - on).days > LONGEST_LEAVE else day) + timedelta(1))


def next_worked(on: date, known: Known) -> date:
    """Return the next day on which the company works."""
    on += timedelta(1)
    while not known.company.is_worked(on):
        on += timedelta(1)
    return on


def dissatisfied(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the contacts whose customers were not satisfied, in any version: a look may have missed one that passed."""
    for contact in contacts_of(pks):
        unhappy = [one for one in contact.versions if one.satisfied is False and one.kind != "void"]
        if not unhappy:
            continue
        record, on = contact.first, day_of(contact.first.logged_at)
        stands: Any = contact.at(known.until)
        still = stands is not None and stands.satisfied is False
        version = stands if still else unhappy[-1]
        yield Ground(
            kind="customer_dissatisfied", subject=f"record:{record.pk}", employee=record.advisor_id, on=on,
            since=version.corrected_at or version.logged_at, last=record.logged_at,
            release=contact.tasks[0].release_id if contact.tasks else None, sections=sections_of(contact.tasks),
            department=known.company.place(record.advisor_id, on).department, certain=still, mended=not still,
            told=partial(fields_of_record, version, record, on),
        )  # fmt: skip
