"""What was handed in, looked at and inspected."""

from reports.models.export import Export
from reports.models.fact import ClosedFigure, DayFact, FrozenRipeness, Measure, Restatement, RollMark, TouchedDay
from reports.models.figure import KpiResult
from reports.models.improvement import ImprovementAction, ImprovementStep
from reports.models.inspection import Inspection, InspectionItem, ItemScore, RecordDoubt
from reports.models.report import OpenReason, OwedReport, ReportCopy, ReportLine, ReportVersion
from reports.models.review import RecordReview, ReviewStep
from reports.models.service import ServiceReport, ServiceReportCopy, ServiceReportStep

__all__ = [
    "ClosedFigure",
    "DayFact",
    "Export",
    "FrozenRipeness",
    "ImprovementAction",
    "ImprovementStep",
    "Inspection",
    "InspectionItem",
    "ItemScore",
    "KpiResult",
    "Measure",
    "OpenReason",
    "OwedReport",
    "RecordDoubt",
    "RecordReview",
    "ReportCopy",
    "ReportLine",
    "ReportVersion",
    "Restatement",
    "ReviewStep",
    "RollMark",
    "TouchedDay",
    "ServiceReport",
    "ServiceReportCopy",
    "ServiceReportStep",
]
