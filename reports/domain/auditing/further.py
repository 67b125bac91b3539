"""Coverage, lengths of calls, answers, workload and papers, counted a second time by loops over plain rows."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from complaints.models import WorkOrder
from reports.domain.auditing import told
from reports.domain.auditing.company import Company
from reports.domain.auditing.regulation import as_list, tables
from staff.models import QualificationHeld
from visits.models import FollowUpItem, RecordTask, VisitRecord, VisitTask

if TYPE_CHECKING:
    from reports.domain.auditing.metrics import Asked, Row

UNDER_WAY: Final = ("planned", "open", "invalid_number")


def covering(asked: "Asked") -> Iterator[tuple[VisitTask, Any, int | None]]:
    """Yield the tasks of the events of the period, or of the customers whose window ends in it: what counts, whose."""
    found = VisitTask.objects.filter(release__policy=asked.policy).exclude(status__in=("cancelled", "expired"))
    rows = found.select_related("step__rule", "event__kind").order_by("pk")
    for task in rows.iterator(chunk_size=500):
        event = task.event
        names = (task.step.rule.code, task.step.code, event.kind.code, task.channel)
        if not asked.names(*names) or (task.status == "not_sampled" and event.history):
            continue
        spec = step_of(asked.pack, *names[:2])
        if "customer" in as_list(spec.get("trigger")) or spec.get("align", "none") != "none":
            last = task.closes_at - timedelta(microseconds=0 if task.closes_inclusive else 1)
            if asked.since <= last < asked.until:
                yield task, ("customer", task.customer_id), task.assignee_id
        elif asked.first <= event.happened_on <= asked.last:
            yield task, ("event", event.pk), event.advisor_id or task.assignee_id


def coverage(asked: "Asked") -> "Iterator[Row]":
    """Events, or customers, with a visit made in its window; each once in a branch."""
    for task, what, who in covering(asked):
        yield who, (*what, task.branch_id), int(task.status == "done" and task.completed_in_time is True), 1


def is_open(asked: "Asked", looked: Any) -> bool:
    """Say whether a visit could still be made in time when the program looked."""
    return any(task.status in UNDER_WAY and task.closes_at >= looked for task, _what, _who in covering(asked))


def length(asked: "Asked", visits: Iterator[VisitRecord]) -> "Iterator[Row]":
    """Calls as long as the first step with bounds that they complete wants them; with a complaint however long."""
    for record in visits:
        links = RecordTask.objects.filter(record=record, completes=True, task__release__policy=asked.policy)
        for link in links.select_related("task__release", "task__step__rule").order_by("pk"):
            step = link.task.step
            spec = step_of(tables(link.task.release.content), step.rule.code, step.code)
            shortest, longest = spec.get("min_seconds", 0), spec.get("max_seconds", 0)
            if (shortest or longest) and record.ended_at:
                yield record.advisor_id, record.pk, int(_fits(record, shortest, longest)), 1
                break


def _fits(record: VisitRecord, shortest: int, longest: int) -> bool:
    seconds = (record.ended_at - record.started_at).total_seconds() if record.ended_at else 0
    complaints = FollowUpItem.objects.filter(record=record, kind="complaint").exclude(state="withdrawn")
    return seconds >= shortest and (not longest or seconds <= longest or complaints.exists())


def answers(asked: "Asked", visits: Iterator[VisitRecord]) -> "Iterator[Row]":
    """Numbers among the answers to the questions that `of` names."""
    codes = {str(one).rpartition("/")[2] for one in as_list(asked.spec.get("of"))}
    books = as_list(asked.pack.get("questionnaire"))
    known = {question["code"] for one in books for question in as_list(one.get("question"))}
    for record in visits:
        for code in sorted(codes & known & set(record.answers)):
            value = number(record.answers[code])
            if value is not None:
                yield record.advisor_id, (record.pk, code), value, 1


def number(value: Any) -> Fraction | None:
    """Return a number, or the number that a text is; None for anything else."""
    try:
        return None if isinstance(value, bool) else Fraction(Decimal(str(value).replace(",", "")))
    except InvalidOperation:
        return None


def work(asked: "Asked", due: "Iterator[Row]") -> "Iterator[Row]":
    """Visits that fell due, cases and work orders, by who has them; everybody once below the line."""
    of = [str(one) for one in as_list(asked.spec.get("of"))]
    of_cases = [one for one in of if one in told.TYPES or one.startswith(("complaint_level:", "category:"))]
    of_visits = [one for one in of if one not in of_cases]
    pieces: list[tuple[int | None, Any]] = []
    if of_visits or not of_cases:
        pieces += [(who, what) for who, what, _top, _whole in due]
    if of_cases or not of_visits:
        pieces += [(one.handler_id, ("case", one.pk)) for one in told.cases(asked, told.TYPES)]
    if not of:
        orders = WorkOrder.objects.filter(opened_at__gte=asked.since, opened_at__lt=asked.until)
        rows = orders.exclude(state="cancelled").select_related("case__department", "case__branch")
        pieces += [(one.assignee_id, ("order", one.pk)) for one in rows if told.counts(asked, one.case)]
    for who, what in pieces:
        yield who, what, 1, 0
        yield who, "head", 0, 1


def papers(asked: "Asked") -> "Iterator[Row]":
    """Papers held among those demanded of everybody with a role on the last day."""
    company, on = Company.read(), asked.last
    held = {
        (one.employee_id, one.code) for one in QualificationHeld.objects.filter(from_on__lte=on)
        if one.until_on is None or one.until_on >= on
    }  # fmt: skip
    roles: dict[int, set[str]] = {}
    for first, last, who, code, _like in company.roles:
        left = company.left.get(who)
        if first <= on <= last and who not in company.inactive and (left is None or left >= on):
            roles.setdefault(who, set()).add(code)
    units = as_list(asked.pack.get("policy", {}).get("departments"))
    wanted = asked.named("qualification")
    for one in as_list(asked.pack.get("qualification")):
        if "?" in one.values() or (wanted and one["code"] not in wanted):
            continue
        for who, theirs in roles.items():
            if company.is_ruled(who, on, units) and (not one.get("roles") or theirs & set(as_list(one["roles"]))):
                yield who, one["code"], int((who, one["code"]) in held), 1


def step_of(pack: Mapping[str, Any], rule: str, step: str) -> dict[str, Any]:
    """Return a step as the regulation has it, with what its rule says for all of them."""
    for one in as_list(pack.get("visit_rule")):
        for each in as_list(one.get("step")) if one["code"] == rule else ():
            if each.get("code", "") == step:
                return {key: value for key, value in one.items() if key != "step"} | each
    return {}
