"""How violations are found, and what shows what they are about, in the app that owns the data: by dotted name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Detector:
    """The functions that find, explain and take back one violation of the catalogue, by dotted name."""

    detect: str
    explain: str
    mended: str = ""


# `detect(*, since, until, now)` yields a `staff.domain.conduct.breach.Breach` for all that fell due in (since, until];
# `explain(facts)` tells its moment of truth in words; `mended(violations)` returns the ids of proposals whose cause is
# gone, for those that may be mended.
DETECTORS: dict[str, Detector] = {
    "report_late": Detector(
        "reports.domain.daily.detecting.detect_late",
        "reports.domain.daily.detecting.explain",
        "reports.domain.daily.excusing.mended",
    ),
    "report_missing": Detector(
        "reports.domain.daily.detecting.detect_missing",
        "reports.domain.daily.detecting.explain",
        "reports.domain.daily.excusing.mended",
    ),
    "rectification_missing": Detector(
        "reports.domain.daily.detecting.detect_unrectified",
        "reports.domain.daily.detecting.explain_unrectified",
        "reports.domain.daily.detecting.mended",
    ),
    "visit_overdue": Detector(
        "visits.domain.detecting.overdue.detect",
        "visits.domain.detecting.telling.explain_overdue",
        "visits.domain.detecting.overdue.mended",
    ),
    "record_incomplete": Detector(
        "visits.domain.detecting.records.detect_incomplete",
        "visits.domain.detecting.telling.explain_record",
        "visits.domain.detecting.records.mended_incomplete",
    ),
    "phrase_not_mentioned": Detector(
        "visits.domain.detecting.records.detect_unsaid",
        "visits.domain.detecting.telling.explain_unsaid",
    ),
    "recommended_repair_missing": Detector(
        "visits.domain.detecting.records.detect_repair",
        "visits.domain.detecting.telling.explain_record",
        "visits.domain.detecting.records.mended_repair",
    ),
    "visit_unverifiable": Detector(
        "visits.domain.detecting.records.detect_unproven",
        "visits.domain.detecting.telling.explain_record",
        "visits.domain.detecting.records.mended_proof",
    ),
    "customer_dissatisfied": Detector(
        "visits.domain.detecting.dissatisfied.detect",
        "visits.domain.detecting.telling.explain_dissatisfied",
        "visits.domain.detecting.dissatisfied.mended",
    ),
    "return_appointment_missed": Detector(
        "visits.domain.detecting.returning.detect",
        "visits.domain.detecting.telling.explain_return",
        "visits.domain.detecting.returning.mended",
    ),
    "promise_broken": Detector(
        "visits.domain.detecting.promised.detect",
        "visits.domain.detecting.telling.explain_promise",
        "visits.domain.detecting.promised.mended",
    ),
    "obligation_missed": Detector(
        "visits.domain.detecting.obligations.detect",
        "visits.domain.detecting.telling.explain_obligation",
        "visits.domain.detecting.obligations.mended",
    ),
    "complaint_against_employee": Detector(
        "complaints.domain.violations.detect",
        "complaints.domain.violations.explain",
        "complaints.domain.violations.mended",
    ),
    "entry": Detector(
        "complaints.domain.priced_entries.detect",
        "complaints.domain.priced_entries.explain",
        "complaints.domain.priced_entries.mended",
    ),
    "quota_unmet": Detector("visits.domain.detecting.quotas.detect", "visits.domain.detecting.telling.explain_quota"),
    "finding": Detector(
        "reports.domain.inspecting.finding.findings",
        "reports.domain.inspecting.finding.explain_finding",
        "reports.domain.inspecting.finding.mended",
    ),
    "sample_unmet": Detector(
        "reports.domain.inspecting.finding.unmet",
        "reports.domain.inspecting.finding.explain_unmet",
    ),
}

# What owed deeds are about where an app above visits has noted them, by the kind in front of the colon: each
# `find(keys)` returns `visits.domain.obliging.about.About` by key.
OWED_ABOUT: dict[str, str] = {
    "case": "complaints.domain.subjects.owed_about_cases",
    "work_order": "complaints.domain.subjects.owed_about_orders",
    "entry": "complaints.domain.subjects.owed_about_entries",
}

# What violations are about and what shows them, by the kind in front of the colon of a subject: each
# `find(keys, *, actor, on)` returns `staff.domain.conduct.subjects.Told` by key, for what the person may see.
SUBJECTS: dict[str, str] = {
    "record": "visits.domain.explaining.subjects.records",
    "task": "visits.domain.explaining.subjects.tasks",
    "appointment": "visits.domain.explaining.subjects.appointments",
    "reply": "visits.domain.explaining.subjects.appointments",
    "obligation": "visits.domain.explaining.subjects.obligations",
    "promise": "visits.domain.explaining.subjects.promises",
    "event": "visits.domain.explaining.subjects.events",
    "evidence": "visits.domain.explaining.subjects.proofs",
    "figure": "reports.domain.figures.subjects.figures",
    "report": "reports.domain.subjects.reports",
    "line": "reports.domain.subjects.lines",
    "item": "reports.domain.subjects.inspections",
    "inspection": "reports.domain.subjects.inspections",
    "improvement": "reports.domain.subjects.improvements",
    "case": "complaints.domain.subjects.cases",
    "work_order": "complaints.domain.subjects.work_orders",
    "entry": "complaints.domain.subjects.entries",
}
