"""The standard codes, fields and catalogues of the pack format (POLICY_PACK) as data."""

ROLES = (
    "service_advisor", "quality_manager", "department_manager", "cs_supervisor", "general_manager", "administrator",
)  # fmt: skip
USUAL_ROLES = (
    "hr", "finance", "inspector", "technician", "duty_officer", "attending_doctor", "analyst", "expert", "marketing",
    "hq_coordinator",
)  # fmt: skip

CUSTOMER = "customer"  # the trigger of a rule on each customer, from registration on
PROGRAM_KINDS = (
    "customer_request", "assigned", "visit_recorded", "survey_answered", "complaint_registered", "complaint_resolved",
    "work_order_opened", "work_order_reported", "work_order_done", "violation_found", "kpi_missed", "project_started",
    "released",
)  # fmt: skip
USUAL_KINDS = (
    "service_completed", "repair_done", "purchase", "deal", "first_contact", "first_service", "experience",
    "list_received", "delivery_receipt", "joined", "operation", "discharge", "treatment_end", "exam_end", "move_in",
)  # fmt: skip
MANY_KINDS = ("festival", "activity_ended", "emergency_closed", "campaign")
ENTRY = "entry"  # `entry:<form>`: an entry of one of the company's own books

ORDER_FIELDS = (
    "order_no", "kind", "at", "due", "department", "branch", "advisor", "amount", "css", "rating", "source", "product",
    "lines",
)  # fmt: skip
CUSTOMER_FIELDS = (
    "name", "contact", "segment", "lifecycle", "type", "company", "region", "area", "source", "owner", "influence",
    "first_service_days", "last_order_days", "last_visit_days", "order_interval_days", "order_count", "order_total",
    "service_count", "open_complaints",
)  # fmt: skip
VEHICLE_FIELDS = ("model", "plate", "mileage", "age_days", "warranty_left_days", "high_tech")
CASE_FIELDS = (
    "type", "level", "category", "source", "time", "summary", "departments", "severity", "importance", "urgency",
    "verified", "round", "mode", "path", "demand", "cause", "process", "solution", "measure", "remedy", "result",
    "customer_informed", "customer_opinion", "tracker", "harm", "attitude",
)  # fmt: skip
WORK_ORDER_FIELDS = ("fault_nature", "fault", "materials", "customer_confirmation", "tracking_no")
RECORD_FIELDS = (
    "rule", "step", "channel", "outcome", "time", "seconds", "result", "satisfied", "reason", "css", "nps", "problem",
    "need", "suggestion", "feedback", "summary", "rectification", "resolution", "follow_on", "next_visit_on",
    "reply_promised_at", "mismatch", "complaint_raised",
)  # fmt: skip
PLAN_FIELDS = ("aim", "time", "content", "way")
FIELDS = tuple(
    dict.fromkeys(
        ORDER_FIELDS + CUSTOMER_FIELDS + VEHICLE_FIELDS + CASE_FIELDS + WORK_ORDER_FIELDS + RECORD_FIELDS + PLAN_FIELDS
    )
)
ANSWER = "answer."  # `answer.<question>`: what was answered in a visit

FEATURES = (
    "access", "archive", "audit", "dashboard", "duplicates", "improvement", "knowledge", "materials", "messages",
    "numbers", "opportunities", "participants", "plans", "print", "privacy", "projects", "promises", "public_pages",
    "questions", "releases", "routing", "scheduling", "survey_links", "vehicles", "work_orders", "workbench",
)  # fmt: skip

VIOLATIONS = (
    "report_late", "report_missing", "rectification_missing", "return_appointment_missed", "record_incomplete",
    "phrase_not_mentioned", "recommended_repair_missing", "visit_unverifiable", "customer_dissatisfied",
    "visit_overdue", "obligation_missed", "promise_broken", "complaint_against_employee", "finding", "entry",
    "quota_unmet", "sample_unmet", "duty_absent", "false_report", "privacy_breach", "misconduct",
)  # fmt: skip

METRICS = (
    "worked_rate", "completion_rate", "success_rate", "timely_rate", "coverage_rate", "satisfaction_rate",
    "css_average", "nps", "answer_average", "evaluation_rate", "resolution_rate", "reply_rate", "reopen_rate",
    "obligation_rate", "report_rate", "duration_rate", "ring_rate", "accuracy_rate", "quality_score",
    "response_time", "solve_time", "qualification_rate", "roster_rate", "visit_count", "complaint_count",
    "violation_count", "award_count", "votes", "workload", "compensation_sum", "opportunity_sum",
)  # fmt: skip

CHANNELS = (
    "desk_phone", "mobile", "sms", "email", "wechat", "im", "letter", "onsite", "questionnaire", "seminar", "other",
)  # fmt: skip

DEEDS = (
    "record", "attempt", "first_reply", "department_reply", "progress", "resolve", "tell_customer", "decide",
    "complaint", "work_order", "onsite_visit", "correct_number", "close_entry", "archive", "todo",
)  # fmt: skip
PROGRAM_DEEDS = ("notify", "reopen", "draft_complaint", "draft_work_order", "improvement_action")

MEASURES = (
    "announcement", "criticism", "retraining", "coaching", "interview", "warning", "demerit", "bonus_cut", "transfer",
    "dismissal_proposal", "legal_referral", "personnel_note", "certificate", "trophy", "photo", "promotion",
)  # fmt: skip

QUESTION_KINDS = ("score", "rating", "choice", "multi", "text", "yesno", "number", "date", "confirm")
FIGURES = ("css", "satisfaction", "nps")
PERIODS = ("day", "week", "month", "quarter", "half_year", "year")

FORM_OWNERS = ("visit_plan", "visit_record", "complaint", "work_order", "improvement_action", "register", "checklist")
FORM_STAGES = (
    "start", "prepare", "save", "complete", "register", "decide", "escalate", "close", "request", "verify", "dispatch",
    "report",
)  # fmt: skip

CASE_TYPES = ("complaint", "problem", "suggestion", "enquiry", "repair")
