"""What reports break: handed in late, not at all, or with problems that say nothing of what was done (DECISIONS 35).

Nobody answers for a cut-off at which the program stood still, nor for days of leave: such breaches are found all the
same, with what exempts them. A report that was noted late, because nothing ran when its day began, is found as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from reports.choices import ReportFate
from reports.domain.daily.composing import spec_of_report
from reports.domain.daily.cutoff import SECOND, Cutoff
from reports.models import OwedReport, ReportLine, ReportVersion
from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.domain.outages import outages_in
from staff.domain.wording import day_words, local
from staff.models import Activity, Outage, Violation
from visits.domain.calling.versioning import first_versions
from visits.domain.detecting.naming import visits_of

OVERLAP: Final = timedelta(hours=1)  # a page that was slow to save lies behind the tick that ran meanwhile


def detect_late(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield reports that came after their cut-off, on its day."""
    found = _reports().filter(fate=ReportFate.LATE, first_submitted_at__gt=since - OVERLAP)
    for report in found.filter(first_submitted_at__lte=until):
        yield _breach(report, "report_late", report.first_submitted_at, exempt=_excuse_late(report))


def detect_missing(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield reports that had not come when the day of their cut-off ended; those that came later stay missing."""
    new = Q(day_ends_at__gt=since - OVERLAP) | Q(made_at__gte=since - OVERLAP)
    late = Q(first_submitted_at=None) | Q(fate=ReportFate.MISSING)
    found = _reports().filter(new, late, day_ends_at__lte=until).exclude(fate=ReportFate.EXCUSED)
    for report in found:
        yield _breach(report, "report_missing", report.day_ends_at, exempt=_excuse_missing(report))


def detect_unrectified(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield lines with a problem that were handed in without what the report expects of them; each record once."""
    lines = ReportLine.objects.filter(
        version__submitted_at__gt=since - OVERLAP, version__submitted_at__lte=until, record__isnull=False
    ).exclude(lacks=[])
    related = lines.select_related("version__report__release", "version__report__policy")
    found = []
    for line in related.order_by("pk"):
        _pack, spec = spec_of_report(line.version.report)
        if missed := [name for name in spec.expects if name in line.lacks]:
            found.append((line, missed))
    first = first_versions(line.record_id or 0 for line, _missed in found)
    visits = visits_of(first.values())
    for line, missed in found:
        name = first[line.record_id or 0]
        yield _of_line(line, missed, name, visits[name])


def _reports() -> QuerySet[OwedReport]:
    return OwedReport.objects.select_related("release", "policy").order_by("pk")


def _breach(report: OwedReport, violation: str, at: datetime | None, *, exempt: str) -> Breach:
    zone = ZoneInfo(report.policy.timezone)
    due_at = report.due_at or report.day_ends_at or report.made_at
    handed_in = report.first_submitted_at
    return Breach(
        violation=violation, subject=f"report:{report.pk}", employee=report.employee_id,
        on=local_date((report.day_ends_at or due_at) - SECOND, zone), at=at, release=report.release_id,
        of=_codes(report), fields={"rule": report.rule}, branch=report.branch_id, department=report.department_id,
        facts={
            "report": report.rule, "key": report.key, "due_at": due_at.isoformat(), "inclusive": report.inclusive,
            "day_ends_at": report.day_ends_at and report.day_ends_at.isoformat(),
            "handed_in_at": handed_in.isoformat() if handed_in else None,
        },
        evidence=({"kind": "report", "id": report.pk},), exempt=exempt,
    )  # fmt: skip


def _codes(report: OwedReport) -> frozenset[str]:
    return frozenset({report.rule, f"report:{report.rule}"})


def _of_line(line: ReportLine, missed: list[str], first: int, visit: str) -> Breach:
    version = line.version
    report = version.report
    on = local_date(version.submitted_at, ZoneInfo(report.policy.timezone))
    return Breach(
        violation="rectification_missing", subject=f"record:{first}", employee=report.employee_id, on=on,
        at=version.submitted_at, release=version.release_id, of=_codes(report),
        fields={"rule": report.rule, "missing": missed}, branch=report.branch_id, department=report.department_id,
        facts={
            "report": report.rule, "key": report.key, "line": line.position, "version": version.number,
            "handed_in_at": version.submitted_at.isoformat(), "missing": missed, "visit": visit,
        },
        evidence=(
            {"kind": "report", "id": report.pk}, {"kind": "line", "id": line.pk}, {"kind": "record", "id": first},
        ),
    )  # fmt: skip


def _excuse_late(report: OwedReport) -> str:
    """Return ``outage`` where the program stood still at the cut-off and the report came once it was back."""
    if report.due_at is None or report.first_submitted_at is None:
        return ""
    over = (one for one in _stood_still(report.due_at) if one.to_at <= report.first_submitted_at)
    return "outage" if any(over) else ""


def _excuse_missing(report: OwedReport) -> str:
    """Return ``outage`` where the program stood still when the day of the cut-off ended."""
    return "outage" if report.day_ends_at and any(_stood_still(report.day_ends_at)) else ""


def _stood_still(moment: datetime) -> Iterator[Outage]:
    """Yield the outages over a moment in which nobody did anything: where people worked, the pages were there."""
    for outage in outages_in(moment - SECOND, moment + SECOND):
        if outage.from_at < moment <= outage.to_at and not worked_in(outage):
            yield outage


def worked_in(outage: Outage) -> bool:
    """Say whether somebody did something in the program meanwhile, so that its scheduler alone stood still."""
    deeds = Activity.objects.filter(at__gt=outage.from_at, at__lt=outage.to_at, actor__isnull=False)
    return deeds.exists()


def mended(violations: Iterable[Violation]) -> list[int]:
    """Return which proposals a further version has settled that came before the cut-off of the report."""
    violations = list(violations)
    ids = {violation.pk: {one["kind"]: one["id"] for one in violation.evidence} for violation in violations}
    last = _last_in_time({found.get("report", 0) for found in ids.values()})
    told = [line for version in last.values() for line in version.lines.all() if line.record_id]
    first = first_versions(line.record_id or 0 for line in told)
    lacks: dict[tuple[int, int], list[set[str]]] = defaultdict(list)
    for line in told:
        lacks[line.version_id, first[line.record_id or 0]].append(set(line.lacks))
    gone = []
    for violation in violations:
        version = last.get(ids[violation.pk].get("report", 0))
        lines = lacks.get((version.pk, ids[violation.pk]["record"])) if version else None
        if lines and not any(set(violation.facts["missing"]) & one for one in lines):
            gone.append(violation.pk)
    return gone


def _last_in_time(reports: Iterable[int]) -> dict[int, ReportVersion]:
    """Return the last version of each report with its lines, as far as it came before the cut-off."""
    rows = ReportVersion.objects.filter(report__in=reports).select_related("report").order_by("number")
    last = {version.report_id: version for version in rows.prefetch_related("lines")}
    return {
        pk: version
        for pk, version in last.items()
        if not Cutoff(version.report.due_at, version.report.inclusive).is_over(now=version.submitted_at)
    }


def explain(facts: Mapping[str, Any]) -> str:
    """Return the moment of truth of a late or missing report: its cut-off, and when it was handed in."""
    told = {"key": facts["key"], "due": _second(facts["due_at"]), "handed": _second(facts["handed_in_at"])}
    if not facts["inclusive"] and facts["due_at"] == facts["day_ends_at"]:
        told["due"] = _end_of_day(facts["due_at"])
    if facts["handed_in_at"]:
        return _("Report for %(key)s: cut-off %(due)s, handed in %(handed)s.") % told
    return _("Report for %(key)s: cut-off %(due)s, not handed in by the end of that day.") % told


def explain_unrectified(facts: Mapping[str, Any]) -> str:
    """Return which line of which report said nothing of what was done about its problem."""
    told = {"key": facts["key"], "line": facts["line"], "handed": _second(facts["handed_in_at"])}
    return _("Report for %(key)s, handed in %(handed)s: line %(line)s has a problem and no rectification.") % told


def _second(text: str | None) -> str:
    return f"{local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M:%S}" if text else ""


def _end_of_day(text: str) -> str:
    return f"{day_words(local(datetime.fromisoformat(text) - SECOND).date())} 24:00"
