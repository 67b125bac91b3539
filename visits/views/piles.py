"""The tabs above the queue, and what is said when no call waits."""

from django.db.models import Min
from django.utils.translation import gettext as _

from staff.domain.wording import near_words
from visits.domain.finding.queueing import Counts
from visits.domain.finding.reasons import Pile
from visits.models import VisitTask


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


def waiting_words(employee, *, now) -> str:
    """Return when the next of the person's open tasks can be called again; nothing where none waits for its time."""
    mine = VisitTask.objects.open().filter(assignee=employee, next_attempt_at__gt=now)
    at = mine.aggregate(at=Min("next_attempt_at"))["at"]
    return _("The next one can be called %(time)s.") % {"time": near_words(at, now=now)} if at else ""
