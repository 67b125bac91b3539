"""The panels of a case's page: each a function that gathers what its template ``complaints/case_<name>.html`` shows.

A panel that gathers nothing is not shown. Another part of the book adds its panel here, in its place on the page.
"""

from collections.abc import Callable
from typing import Any

from complaints.choices import SpendingState
from complaints.domain import knowledge
from complaints.domain.duplicates import likely
from complaints.domain.filing import files_of
from complaints.domain.forms_asked import lacking as lacking_of
from complaints.domain.orders.timing import state_words
from complaints.domain.rights import may
from complaints.domain.showing.clocks import clocks_of
from complaints.domain.showing.timeline import timeline_of
from complaints.domain.spending import hindrance
from complaints.models import Case
from staff.domain.access import CALLERS
from staff.domain.wording import moment_words
from visits.choices import CASES
from visits.models import VisitTask

Gather = Callable[[Case, Any], Any]
HELPFUL = 3  # articles of the same category that a case shows


def clocks(case: Case, request) -> Any:
    """Return the clocks of the case, what is due first."""
    return clocks_of(case, now=request.now)


def words(case: Case, request) -> Any:
    """Return the case for the panel of what was said; always there."""
    return case


def solution(case: Case, request) -> Any:
    """Return the case where something was found out about it."""
    return case if any((case.cause, case.process, case.solution, case.result, case.remedy, case.opinion)) else None


def orders(case: Case, request) -> Any:
    """Return the work orders of the case, and whether another can be opened."""
    found = case.work_orders.select_related("department", "assignee")
    rows = [{"order": one, "state": state_words(one), "due": moment_words(one.due_at)} for one in found]
    may_open = bool(request.user.base_roles & CALLERS) and may(case, "order", by=request.user, on=request.today)
    return {"rows": rows, "case": case, "may_open": may_open} if rows or may_open else None


def compensations(case: Case, request) -> Any:
    """Return what the customer was given to make good, and which of it this person may decide about."""
    rows = case.compensations.select_related("case", "proposed_by", "decided_by")
    return [
        {"one": one, "may": one.state == SpendingState.PROPOSED and not hindrance(one, request.user, on=request.today)}
        for one in rows
    ]


def visits(case: Case, request) -> Any:
    """Return the visits that this case has called for."""
    found = VisitTask.objects.filter(event__source=CASES, event__order_no__startswith=f"{case.number}/")
    return list(found.select_related("assignee", "step").order_by("pk"))


def accused(case: Case, request) -> Any:
    """Return the members of staff whom the case names."""
    return list(case.accusations.select_related("employee", "verified_by"))


def timeline(case: Case, request) -> Any:
    """Return the lines of the timeline, the latest first."""
    return timeline_of(case)


def people(case: Case, request) -> Any:
    """Return the case for the panel of its people and unit; always there."""
    return case


def files(case: Case, request) -> Any:
    """Return the files that belong to the case."""
    return files_of(case)


def duplicates(case: Case, request) -> Any:
    """Return the cases that were merged into this one, and the open ones that may tell of the same matter."""
    merged = list(case.duplicates.order_by("opened_at", "pk"))
    seen = Case.objects.visible_to(request.user, on=request.today)
    alike = [] if case.is_ended else likely(case, among=seen)
    made = list(case.offspring.filter(pk__in=seen.values("pk")).order_by("pk"))
    return {"case": case, "merged": merged, "alike": alike, "made": made} if merged or alike or made else None


def lacking(case: Case, request) -> Any:
    """Return what the regulation wants of a registered case and nobody has told yet."""
    found = () if case.is_ended else lacking_of(case)
    return {"case": case, "fields": found} if found else None


def articles(case: Case, request) -> Any:
    """Return the articles that the case has brought, those that may help with it, and whether one may be written."""
    own = list(case.articles.filter(retired_at=None))
    helpful = [] if case.is_ended else list(knowledge.like(case)[:HELPFUL])
    told = {"case": case, "own": own, "helpful": helpful, "may_write": case.state in knowledge.SOLVED}
    return told if own or helpful or told["may_write"] else None


# In the order of the page: in its middle, and beside it.
MAIN: tuple[Gather, ...] = (words, lacking, solution, accused, orders, compensations, visits, timeline)
SIDE: tuple[Gather, ...] = (clocks, people, files, duplicates, articles)


def panels_of(case: Case, request) -> dict[str, list[dict[str, Any]]]:
    """Return the panels that have something to show, by their place."""
    return {place: _told(case, request, gathers) for place, gathers in (("main", MAIN), ("side", SIDE))}


def _told(case: Case, request, gathers: tuple[Gather, ...]) -> list[dict[str, Any]]:
    gathered = [(gather.__name__, gather(case, request)) for gather in gathers]
    return [
        {"name": name, "template": f"complaints/case_{name}.html", "told": told} for name, told in gathered if told
    ]  # fmt: skip
