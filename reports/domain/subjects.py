"""What the ledger is about, as far as it was reported or inspected: in words, with the page of each."""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _

from reports.models import ImprovementAction, InspectionItem, OwedReport, ReportLine
from staff.domain.conduct.subjects import Told
from staff.models import Employee


def reports(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the reports by what they cover."""
    rows = OwedReport.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    return {str(row.pk): Told(_("report of %s") % row.key, "reports:daily_report", row.pk) for row in rows}


def lines(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return lines as they were handed in, each with the version in which it stands."""
    seen = OwedReport.objects.visible_to(actor, on=on)
    rows = ReportLine.objects.filter(pk__in=_ids(keys), version__report__in=seen).select_related("version")
    return {
        str(row.pk): Told(
            _("the line as handed in, version %s") % row.version.number, "reports:daily_version", row.version_id
        )
        for row in rows
    }


def inspections(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return inspected things; a key may name an item of the scorecard behind a slash."""
    numbers = {key: key.partition("/")[0] for key in keys}
    rows = InspectionItem.objects.visible_to(actor, on=on).filter(pk__in=_ids(numbers.values()))
    known = {str(row.pk): row for row in rows.select_related("inspection")}
    return {
        key: Told(_inspected(known[number], key), "reports:inspection_item", known[number].pk)
        for key, number in numbers.items()
        if number in known
    }


def improvements(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return improvement actions, each with its page."""
    rows = ImprovementAction.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    return {str(row.pk): Told(row.title, "reports:improvement", row.pk) for row in rows}


def _inspected(row: InspectionItem, key: str) -> str:
    item = key.partition("/")[2]
    told = {"period": row.inspection.period, "item": item}
    return _("inspection of %(period)s, item “%(item)s”") % told if item else _("inspection of %(period)s") % told


def _ids(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]
