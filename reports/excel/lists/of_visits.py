"""The lists of visits as files: tasks, events, customers, contacts, follow-ups, promises, what is owed, people."""

from operator import itemgetter
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.excel.lists.listing import Asking, Listing, Wanted, col, day_of, lean, masked, number_col, of, text_of
from staff.choices import MeasureState
from staff.domain.access import MANAGERS, may_open
from staff.domain.oversight import overseen_by
from staff.domain.pages import cut
from staff.domain.workforce import load_workforce
from staff.models import Department
from visits.choices import (
    ArchiveState,
    Channel,
    DoubtKind,
    FollowUpKind,
    FollowUpState,
    Outcome,
    PromiseKind,
    PromiseState,
    ProofWanted,
    TaskStatus,
)
from visits.domain.assigning import reassigning
from visits.domain.contact.masking import mask, mask_in_text
from visits.domain.finding import browsing
from visits.domain.follow_up import archiving, finding
from visits.domain.obliging import listing as owed
from visits.domain.obliging.counting import spec_of_obligation
from visits.domain.obliging.naming import deed_words
from visits.domain.origin.answered import asked_for, hours_to_visit
from visits.domain.promising import listing as promised
from visits.domain.proof import gaps
from visits.domain.staffing.burden import members
from visits.forms.contacting import FindPromises
from visits.forms.finding import FindCustomers, FindEvents, FindTasks
from visits.forms.finding_follow_ups import FindFollowUps, FindRecords
from visits.forms.obliging import FindObligations
from visits.forms.proof import FindProof
from visits.models import EventKind, ImportantWord, Segment

CUSTOMER: Final = col("customer", _("Customer"), "customer_name")
PLATE: Final = col("plate", _("Plate"))
ORDER: Final = col("order_no", _("Order number"))
RELEASE_TEXT: Final = "release__content"


def _tasks_form(asking: Asking) -> FindTasks:
    gives = may_open("visits:task_reassign", "POST", asking.employee.base_roles)
    return FindTasks(asking.query, people=reassigning.candidates(asking.employee, now=asking.now) if gives else [])


def _next(row: dict[str, Any]) -> Any:
    return (row["call_back_at"] or row["next_attempt_at"]) if row["status"] == TaskStatus.OPEN else None


TASKS: Final = Listing(
    "visits:task_list",
    _("Tasks"),
    (
        CUSTOMER, PLATE, col("visit", _("Visit"), lambda row: row["title"] or row["rule_title"] or row["rule_code"]),
        ORDER, col("status", _("State"), words=TaskStatus.choices), col("opens_at", _("Opens at")),
        col("closes_at", _("In time until")), col("priority", _("Priority")), col("attempts", _("Attempts")),
        col("next_at", _("Next attempt"), _next), col("assignee", _("Assignee"), "assignee_name"),
    ),
    lambda asking, wanted: browsing.tasks(asking.employee, wanted, now=asking.now, on=asking.on),
    _tasks_form,
)  # fmt: skip

EVENTS: Final = Listing(
    "visits:event_list",
    _("Events"),
    (
        ORDER, col("kind", _("Kind"), lambda row: row["kind_title"] or row["kind_code"]),
        col("happened_at", _("Happened")), CUSTOMER, PLATE, col("model", _("Model")),
        col("advisor", _("Advisor"), "advisor_name"), col("amount", _("Amount")), col("css", _("CSS")),
        col("rating", _("Rating")), col("visits", _("Visits"), "task_count"), col("history", _("History")),
    ),
    lambda asking, wanted: browsing.events(asking.employee, wanted, on=asking.on),
    lambda asking: FindEvents(asking.query, kinds=[(kind.code, str(kind)) for kind in EventKind.objects.all()]),
)  # fmt: skip

CUSTOMERS: Final = Listing(
    "visits:customer_list",
    _("Customers"),
    (
        col("customer", _("Customer"), "name"),
        number_col("number", _("Number"), lambda row: row["number"] or "", mask, itemgetter("id")), PLATE,
        col("model", _("Model")), col("last_event_on", _("Last event"), day_of("last_event_at")),
        col("open_tasks", _("Open tasks")), col("left_on", _("Left"), day_of("left_at")),
    ),
    lambda asking, wanted: browsing.customers(asking.employee, wanted, on=asking.on),
    lambda asking: FindCustomers(asking.query, segments=[(one.code, str(one)) for one in Segment.objects.all()]),
    reveals="visits:number_reveal",
)  # fmt: skip


def _said(row: dict[str, Any]) -> str:
    said = next((row[name] for name in ("problem", "suggestion", "need", "summary") if row[name]), "")
    return mask_in_text(said)


RECORDS: Final = Listing(
    "visits:record_list",
    _("Archive of contacts"),
    (
        col("started_at", _("Contact")), CUSTOMER, col("outcome", _("Outcome"), words=Outcome.choices),
        col("satisfied", _("Satisfied")), col("said", _("What was said"), _said),
        col("state", _("State"), "archive_state", ArchiveState.choices),
        col("archived_on", _("Archived"), day_of("archived_at")), col("advisor", _("Made by"), "advisor_name"),
    ),
    lambda asking, wanted: archiving.archive(asking.employee, wanted, on=asking.on),
    lambda asking: FindRecords(asking.query),
)  # fmt: skip


def _follow_ups_form(asking: Asking) -> FindFollowUps:
    people = finding.burdens(asking.employee, now=asking.now, on=asking.on)
    return FindFollowUps(asking.query, people=[(str(one.id), one.name) for one in people])


FOLLOW_UPS: Final = Listing(
    "visits:follow_up_list",
    _("Follow-ups"),
    (
        col("due_at", _("Due"), lambda row: row["due_at"] or row["due_on"]), col("what", _("What"), masked("text")),
        col("kind", _("Kind"), words=FollowUpKind.choices), col("state", _("State"), words=FollowUpState.choices),
        CUSTOMER, PLATE, col("vin", _("VIN")), col("waiting_since", _("Without a word since")),
        col("opened_at", _("Opened at")), col("closed_at", _("Closed at")),
        col("result", _("Result"), masked("result")), col("owner", _("Accountable"), "owner_name"),
    ),
    lambda asking, wanted: finding.follow_ups(asking.employee, wanted, now=asking.now, on=asking.on),
    _follow_ups_form,
)  # fmt: skip


def _promises(asking: Asking, wanted: Wanted) -> Any:
    found = promised.promises(asking.employee, wanted, on=asking.on)
    return cut(found.select_related("task__customer", "task__assignee", "made_by", "owner"), wanted["page"])


def _owner(promise: Any) -> str:
    return str((promise.task.assignee if promise.state == PromiseState.WAITING else promise.owner) or "")


PROMISES: Final = Listing(
    "visits:promise_list",
    _("Agreed times"),
    (
        col("promised_at", _("Agreed for"), of("promised_at")),
        col("customer", _("Customer"), of("task.customer.name")),
        col("kind", _("Kind"), of("kind"), PromiseKind.choices),
        col("state", _("State"), of("state"), PromiseState.choices), col("owner", _("Whose"), _owner),
        col("agreed_by", _("Agreed by"), text_of("made_by")), col("settled_at", _("Settled"), of("settled_at")),
    ),
    _promises,
    lambda asking: FindPromises(asking.query),
)  # fmt: skip


def _owed(asking: Asking, wanted: Wanted) -> Any:
    found = owed.obligations(asking.employee, wanted, now=asking.now, on=asking.on)
    page = cut(found.select_related("release", "customer", "employee", "done_by"), wanted["page"])
    return lean(page, RELEASE_TEXT)


def _owed_title(one: Any) -> str:
    spec = spec_of_obligation(one)
    return (spec.title if spec else "") or one.rule


OWED: Final = Listing(
    "visits:obligation_list",
    _("Owed"),
    (
        col("due_at", _("Due"), of("due_at")), col("title", _("What"), _owed_title),
        col("deed", _("To be done"), of("deed"), deed_words), col("customer", _("Customer"), of("customer.name")),
        col("owner", _("Owed by"), text_of("employee")), col("since", _("Since"), of("anchor_at")),
        col("state", _("State"), of("state"), MeasureState.choices), col("done_at", _("Done at"), of("done_at")),
        col("done_by", _("Done by"), text_of("done_by")), col("note", _("Note"), lambda one: mask_in_text(one.note)),
    ),
    _owed,
    lambda asking: FindObligations(asking.query),
)  # fmt: skip


def _is_own(asking: Asking) -> bool:
    return not asking.employee.base_roles & MANAGERS


def _wrong(row: dict[str, Any]) -> str:
    lacks = [str(ProofWanted(row["proof_wanted"]).label)] if row["is_lacking"] else []
    return "、".join([*lacks, *(str(DoubtKind(kind).label) for kind in row["doubts"])])


PROOF: Final = Listing(
    "visits:proof_list",
    _("Proof of visits"),
    (
        CUSTOMER, col("started_at", _("Visited")),
        col("visit", _("Visit"), lambda row: row["step_title"] or row["rule_title"] or ""),
        col("advisor", _("Made by"), "advisor_name"), col("outcome", _("Outcome"), words=Outcome.choices),
        col("channel", _("Channel"), words=Channel.choices), col("wrong", _("What is wrong"), _wrong),
        col("files", _("Files"), lambda row: row["files"] or 0), col("holds", _("Judged true")),
    ),
    lambda asking, wanted: gaps.page_of(asking.employee, wanted, on=asking.on, own=_is_own(asking)),
    lambda asking: FindProof(
        asking.query, people=[] if _is_own(asking) else gaps.advisors(asking.employee, on=asking.on)
    ),
)  # fmt: skip


def _words(asking: Asking, wanted: Wanted) -> Any:
    mine = Q(recipients__employee=asking.employee) | Q(raised_by=asking.employee)
    found = ImportantWord.objects.filter(mine).distinct().select_related("customer", "raised_by")
    return cut(found.prefetch_related("recipients__employee"), wanted["page"])


WORDS: Final = Listing(
    "visits:word_list",
    _("Passed on"),
    (
        col("raised_at", _("Passed on at"), of("raised_at")), col("customer", _("Customer"), of("customer.name")),
        col("text", _("What they must know"), lambda word: mask_in_text(word.text)),
        col("raised_by", _("Passed on by"), text_of("raised_by")),
        col("told", _("Told"), lambda word: "、".join(str(one.employee) for one in word.recipients.all())),
        col("handled", _("Handled"), lambda word: sum(one.handled_at is not None for one in word.recipients.all())),
    ),
    _words,
)  # fmt: skip


def _requests(asking: Asking, wanted: Wanted) -> Any:
    return cut(asked_for(asking.employee, on=asking.on), wanted["page"])


REQUESTS: Final = Listing(
    "visits:request_list",
    _("Requests of customers"),
    (
        col("customer", _("Customer"), of("customer.name")), col("order_no", _("Order number"), of("event.order_no")),
        col("asked_at", _("Asked for at"), of("event.happened_at")),
        col("closes_at", _("In time until"), of("closes_at")),
        col("status", _("State"), of("status"), TaskStatus.choices),
        col("visited_at", _("Visited"), of("completed_at")), col("hours", _("Response time (h)"), hours_to_visit),
        col("assignee", _("Assignee"), text_of("assignee")),
    ),
    _requests,
)  # fmt: skip


def _people(asking: Asking, _wanted: Wanted) -> Any:
    people = overseen_by(asking.employee, on=asking.on).filter(is_active=True)
    units = {one.pk: str(one) for one in Department.objects.select_related("branch")}
    found = members(people, load_workforce(), on=asking.on, now=asking.now)
    return [{"one": one, "department": units.get(one.department, "")} for one in found]


STATES: Final = {"here": _("here"), "away": _("away"), "leaving": _("leaving"), "left": _("has left")}
_BURDEN: Final = (
    ("open", _("Open tasks")), ("overdue", _("Overdue")), ("promised", _("Promised")), ("planned", _("Planned")),
    ("follow_ups", _("Follow-ups")),
)  # fmt: skip


def _of(path: str) -> Any:
    read = of(path)
    return lambda row: read(row["one"])


PEOPLE: Final = Listing(
    "visits:person_list",
    _("People"),
    (
        col("name", _("Name"), _of("person.name")), col("username", _("User name"), _of("person.username")),
        col("department", _("Department")), col("today", _("Today"), _of("state"), STATES),
        col("deputy", _("Substitute"), _of("deputy")),
        *(col(name, label, _of(f"burden.{name}")) for name, label in _BURDEN),
        col("capacity", _("Visits a day"), _of("person.capacity")),
    ),
    _people,
)  # fmt: skip

OF_VISITS: Final = (
    TASKS, EVENTS, CUSTOMERS, RECORDS, FOLLOW_UPS, PROMISES, OWED, PROOF, WORDS, REQUESTS, PEOPLE,
)  # fmt: skip
