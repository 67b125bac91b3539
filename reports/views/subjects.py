"""Where the subject of a violation or of an improvement action is looked at."""

from django.urls import reverse

PAGES = {
    "record": "visits:record_proof", "task": "visits:task", "appointment": "visits:follow_up",
    "report": "reports:report_review", "improvement": "reports:improvement",
}  # fmt: skip


def subject_address(subject: str) -> str:
    """Return the address of what `<kind>:<id>` names; nothing where it has no page of its own."""
    kind, _colon, number = subject.partition(":")
    return reverse(PAGES[kind], args=[number]) if kind in PAGES and number.isdecimal() else ""
