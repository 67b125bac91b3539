"""The tabs above the queue, and what was called today as rows of it."""

from django.utils.translation import gettext as _

from staff.domain.wording import local
from visits.choices import Outcome
from visits.domain.explaining.telling import step_words
from visits.domain.finding.queueing import Counts
from visits.domain.finding.reasons import Pile
from visits.domain.finding.today import is_settled, worked_today

DONE = "done"
OUTCOMES = dict(Outcome.choices)


def tabs(counts: Counts, pile: str | None) -> list[dict]:
    """Return the piles with their counts, and the addresses that show one pile only."""
    piles = (
        ("", _("All"), counts.all),
        (Pile.CALL_BACK, _("Promised"), counts.call_backs),
        (Pile.OVERDUE, _("Overdue"), counts.overdue),
        (Pile.TODAY, _("Today"), counts.today),
        (Pile.LATER, _("Later"), counts.later),
    )
    return [
        {"code": code or "all", "words": words, "count": count, "here": (pile or "") == code, "href": f"/?pile={code}"}
        for code, words, count in piles
    ]


def called_today(request) -> list[dict]:
    """Return the calls of today, latest first: whoever rings back is one click away."""
    return [
        {
            "id": link.task_id,
            "customer": link.record.customer.name,
            "plate": str(link.task.event.vehicle or ""),
            "title": step_words(link.task.step),
            "outcome": OUTCOMES[link.record.outcome],
            "at": f"{local(link.record.started_at):%H:%M}",
            "settled": is_settled(link),
        }
        for link in worked_today(request.user, now=request.now)
    ]
