"""Registering a case once, from whatever source: one function for the page, the call form, the public form, the API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState, CaseType, Source
from complaints.domain.accusing import instead_of, tell_judges
from complaints.domain.announcing import REGISTERED, announce, tell_handler
from complaints.domain.facts import facts_of_case
from complaints.domain.forms_asked import check_filled
from complaints.domain.owed import settle_owed
from complaints.domain.routing import choose_handler, routed_to, wanted_by
from complaints.domain.ruling import code_of_nameless, levels_of, proposed_level, rules_of, ruling_book
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Accusation, Case, CaseDeed
from config.clock import local_day
from staff.domain.activity import log
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Branch, Department, Employee
from visits.domain.assigning.choosing import everyone
from visits.domain.detecting.dissatisfied import tasks_of
from visits.domain.detecting.naming import told_of_record
from visits.domain.origin.registering import holder_of, read_numbers
from visits.models import Customer, FollowUpItem, ServiceEvent, Vehicle, VisitRecord

MADE_OF = gettext_noop("Made into case %s.")


@dataclass(frozen=True)
class Told:
    """What was told. `opened_at`: when; `level` and `handler` empty: as the regulation proposes. Texts may be empty.

    `values`: the regulation's own fields by code; `accused`: members of staff whom the case names, `attitude` whether
    for how they behaved. `token`: that of the form, the same form twice is one case. `drafted`: by the program itself.
    """

    summary: str
    source: Source
    opened_at: datetime
    type: CaseType = CaseType.COMPLAINT
    customer: Customer | None = None
    name: str = ""
    contact: str = ""
    demand: str = ""
    cause: str = ""
    category: str = ""
    level: str = ""
    severity: str = ""
    importance: str = ""
    urgency: str = ""
    reference: str = ""
    exemption: str = ""
    vehicle: Vehicle | None = None
    event: ServiceEvent | None = None
    record: VisitRecord | None = None
    follow_up: FollowUpItem | None = None
    origin: Case | None = None
    branch: Branch | None = None
    department: Department | None = None
    departments: Iterable[Department] = ()
    handler: Employee | None = None
    tracker: Employee | None = None
    coordinator: Employee | None = None
    accused: Iterable[Employee] = ()
    attitude: bool = False
    token: UUID | None = None
    drafted: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_in_passing(self) -> bool:
        """Whether it comes with a visit, or of itself: it is there whatever it still lacks (DECISIONS 27)."""
        return self.follow_up is not None or self.drafted


def register(told: Told, *, by: Employee | None, now: datetime) -> Case:
    """Write the case, give it to who must handle it, start its clocks. Raises `CannotDo` and writes nothing then.

    A case that its source has numbered (`reference`), that a follow-up or the same form (`token`) has brought, is
    registered once: the one on file is returned. `by` empty: the public form, another system.
    """
    if found := _known(told):
        return found
    try:
        with transaction.atomic():
            return _register(told, by, now)
    except IntegrityError:
        if found := _known(told):  # the other one was quicker by a moment
            return found
        raise


def _known(told: Told) -> Case | None:
    if told.follow_up is not None and (found := Case.objects.filter(follow_up=told.follow_up).first()):
        return found
    if told.token is not None and (found := Case.objects.filter(token=told.token).first()):
        return found
    if told.reference:
        return Case.objects.filter(source=told.source, reference=told.reference).first()
    return None


def _register(told: Told, by: Employee | None, now: datetime) -> Case:
    workforce, on = load_workforce(), local_day(told.opened_at)
    case = _filled(told, by, workforce, now)
    _check_registrar(case, by, workforce, now)
    case.save()
    case.number = f"TS{on:%Y%m%d}-{case.pk:05d}"
    Case.objects.filter(pk=case.pk).update(number=case.number)
    case.departments.set([*told.departments, *filter(None, [routed_to(case)])])
    for person in told.accused:
        named = Accusation.objects.create(case=case, employee=person, attitude=told.attitude, by=by, at=now)
        tell_judges(named, now=now)
    if case.handler is None:
        choice = choose_handler(case, workforce, on=local_day(now))
        case.handler = Employee.objects.filter(pk=choice.assignee).first() if choice.assignee else None
        case.role = "" if case.handler else choice.role
    case.handler = instead_of(case.handler, {one.pk for one in told.accused}, on=local_day(now))
    case.state = CaseState.ASSIGNED if case.handler else CaseState.REGISTERED
    if by is not None and not told.is_in_passing:  # a customer is never sent away for what only the house can fill in
        check_filled(case, "register")
    Case.objects.filter(pk=case.pk).update(handler=case.handler, role=case.role, state=case.state)
    CaseDeed.objects.create(
        case=case, kind=CaseDeedKind.REGISTERED, at=told.opened_at, logged_at=now, by=by, to=case.handler,
        text=case.summary, record=case.record, facts={"level": case.level, "category": case.category},
    )  # fmt: skip
    _note_origin(case, by, now)
    log(now=now, actor=by, verb="case_registered", subject=case, source=case.source, handler=case.handler_id)
    announce(case, REGISTERED, key=case.number, at=told.opened_at, now=now)
    settle_owed(case, now=now)
    case.refresh_from_db(fields=["version", "state", "changed_at"])  # the program may have drafted its work order
    tell_handler(case, now=now)
    return case


def _note_origin(case: Case, by: Employee | None, now: datetime) -> None:
    """Write on the case that this one was made from what has become of it (X-03)."""
    if case.origin_id is not None:
        facts = {"made": case.pk, "number": case.number}
        write(locked(case.origin_id), CaseDeedKind.REMARK, by=by, now=now,
              line=Line(text=_(MADE_OF) % case.number, facts=facts))  # fmt: skip


def drafted(told: Told, *, by: Employee | None, now: datetime) -> Case:
    """Return the case as it would be registered, saved nowhere: its regulation, unit, proposed level.

    Raises `CannotDo` for what cannot be registered at all: nothing said, a moment to come.
    """
    return _filled(told, by, load_workforce(), now)


def _filled(told: Told, by: Employee | None, workforce: Workforce, now: datetime) -> Case:
    """Return the case with what was told and what follows from it: customer, unit, regulation, level."""
    if not told.summary.strip():
        raise CannotDo(_("Write what the customer said."), field="summary")
    if told.opened_at > now:
        raise CannotDo(_("This moment has not come yet."), field="opened_at")
    customer = told.customer or holder_of(read_numbers_of(told.contact))
    case = Case(
        number=uuid4().hex[:20], token=told.token, type=told.type, source=told.source, summary=told.summary.strip(),
        demand=told.demand.strip(), cause=told.cause.strip(), customer=customer, contact=told.contact.strip(),
        name=told.name.strip() or (customer.name if customer else ""), category=told.category,
        severity=told.severity, importance=told.importance, urgency=told.urgency, reference=told.reference.strip(),
        exemption=told.exemption, vehicle=told.vehicle, event=told.event, record=told.record,
        follow_up=told.follow_up, origin=told.origin, handler=told.handler, tracker=told.tracker,
        coordinator=told.coordinator, values=dict(told.values), opened_at=told.opened_at, registered_at=now,
        registered_by=by, changed_at=now,
    )  # fmt: skip
    _place(case, told, by, workforce, now)
    book = ruling_book(local_day(told.opened_at), department=case.department)
    case.policy_id, case.release_id = (book.policy_id, book.release_id) if book else (None, None)
    if by is None and not (case.customer or case.name or case.contact):  # nobody of the house is there to choose
        case.exemption = told.exemption or code_of_nameless(case.release)
    case.level = told.level or proposed_level(levels_of(case.release), facts_told(case, told))
    return case


def facts_told(case: Case, told: Told) -> dict[str, Any]:
    """Return the facts of a case that is not saved yet, with the departments told and the answers of its visit."""
    involved = [one.name for one in told.departments]
    answered = told_of_record(told.record, tasks_of([told.record]).get(told.record.pk, ())) if told.record else {}
    return answered | facts_of_case(case) | ({"departments": involved} if involved else {})


def _place(case: Case, told: Told, by: Employee | None, workforce: Workforce, now: datetime) -> None:
    """Set branch and department: those told, else the order's, the visit's, else those of who registers."""
    post = workforce.post(by.pk, on=local_day(now)) if by else None
    of_event, of_record = told.event, told.record
    case.department = told.department or (of_event.department if of_event else None)
    if case.department is None and not told.branch and not of_event and not of_record and post:
        case.department_id = post.department
    case.branch = told.branch or (case.department.branch if case.department else None)
    if case.branch is None:
        case.branch = (of_event.branch if of_event else None) or (of_record.branch if of_record else None)
    if case.branch is None and post:
        case.branch_id = post.branch


def read_numbers_of(contact: str) -> list[str]:
    """Return the telephone numbers in what was told; an address or a nickname has none."""
    try:
        return read_numbers(contact)
    except ValueError:
        return []


def _check_registrar(case: Case, by: Employee | None, workforce: Workforce, now: datetime) -> None:
    """Refuse who may not register where the regulation names who alone may (I-01); what comes from outside may."""
    allowed = rules_of(case.release).registrar
    if by is None or not allowed or case.source == Source.CALL:
        return
    wanted = wanted_by(case, allowed)
    if not any(by.pk in everyone(person, wanted, workforce, on=local_day(now)) for person in allowed):
        raise CannotDo(_("The regulation lets only the service centre register cases. Pass it on to them."))
