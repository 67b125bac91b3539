"""What opens without signing in; everything else asks for it first (`staff.domain.access`)."""

PUBLIC = frozenset({
    "account_login", "account_logout", "mfa_authenticate", "healthz", "metrics", "staff:activate", "staff:language",
    "staff:logo", "setup:begin", "reports:customer_vote", "complaints:public_form", "complaints:public_status",
    "complaints:public_confirm", "api:document", "api:missing",
    # the API asks for a token of its own (staff.views.api_door)
    "complaints:api_cases", "complaints:api_case", "complaints:api_case_lines",
    "visits:api_events", "visits:api_record_file", "reports:api_tasks", "reports:api_records",
})  # fmt: skip
