"""What can be done about a work order from its page: one table of deeds with their words, form, function and states."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.choices import Confirmed, Mode, OrderDeed, WorkOrderState
from complaints.domain.orders import checked_back, checking, choosing, dispatching, ending, reporting, signing
from complaints.domain.orders.permitting import may
from complaints.domain.orders.timing import needs_confirmation, waits_for_approval
from complaints.forms import orders as forms
from complaints.models import WorkOrder
from staff.domain.workforce import load_workforce
from staff.models import Employee
from staff.policy import QUALIFICATIONS

S, D = WorkOrderState, OrderDeed
UNDER_WAY = frozenset({S.DISPATCHED, S.ARRIVED})
OPEN = frozenset({S.OPENED, S.CHECKED, *UNDER_WAY, S.REPORTED})


def always(_order: WorkOrder) -> bool:
    """Say that nothing but its state keeps an order from a deed."""
    return True


@dataclass(frozen=True)
class Panel:
    """One deed: for which states, what its form asks; `do` takes order, `by`, `now` and what the form told."""

    deed: OrderDeed
    words: Any
    icon: str
    form: type[forms.OrderForm]
    do: Callable[..., Any]
    states: frozenset[str]
    fits: Callable[[WorkOrder], bool] = always


def _check(order, *, text, values, by, now, **found):
    return checking.check(order, checking.Found(**found), by=by, now=now, text=text, values=values)


def _dispatch(order, *, to, partner, mode, due_at, text, values, by, now):
    person = Employee.objects.filter(pk=int(to)).first() if to and not partner.strip() else None
    given = dispatching.Given(to=person, partner=partner, mode=mode, due_at=due_at, values=values)
    return dispatching.dispatch(order, given, by=by, now=now, text=text)


def _book(order, *, start, end, by, now):
    return dispatching.book(order, start, end, by=by, now=now)


def _confirm(order, *, by, now, **told):
    return ending.confirm(order, Confirmed.TELEPHONE, by=by, now=now, **told)


def _report(order, *, told, by, now):
    return reporting.report(order, told, by=by, now=now)


def _urgent(order, *, by, now):
    return checking.set_urgent(order, not order.urgent, by=by, now=now)


def _names_customer(order: WorkOrder) -> bool:
    return order.case.customer_id is not None


def _is_checked(order: WorkOrder) -> bool:
    return order.state != S.OPENED or not needs_confirmation(order)


def _is_untaken(order: WorkOrder) -> bool:
    return order.accepted_at is None and _is_checked(order)


def _has_technician(order: WorkOrder) -> bool:
    return needs_confirmation(order) and order.assignee_id is not None


def _sent_in(order: WorkOrder) -> bool:
    return order.mode == Mode.MAIL_IN


PANELS: dict[str, Panel] = {
    "approve": Panel(
        D.APPROVED,
        _("Approve exchange or refund"),
        "check",
        forms.RemarkForm,
        reporting.approve,
        OPEN,
        waits_for_approval,
    ),
    "disapprove": Panel(
        D.DISAPPROVED,
        _("Refuse exchange or refund"),
        "x",
        forms.ReasonForm,
        reporting.disapprove,
        OPEN,
        waits_for_approval,
    ),
    "check": Panel(
        D.CHECKED,
        _("Check and analyse"),
        "checklist",
        forms.CheckForm,
        _check,
        frozenset({S.OPENED, S.CHECKED}),
        needs_confirmation,
    ),
    "dispatch": Panel(
        D.DISPATCHED,
        _("Give it to somebody"),
        "user-plus",
        forms.DispatchForm,
        _dispatch,
        frozenset({S.OPENED, S.CHECKED, *UNDER_WAY}),
        _is_checked,
    ),
    "accept": Panel(
        D.ACCEPTED,
        _("Accept it"),
        "thumb-up",
        forms.PressForm,
        dispatching.accept,
        frozenset({S.OPENED, S.DISPATCHED}),
        _is_untaken,
    ),
    "book": Panel(
        D.BOOKED,
        _("Agree on a time with the customer"),
        "calendar-time",
        forms.SlotForm,
        _book,
        UNDER_WAY,
        _has_technician,
    ),
    "arrive": Panel(
        D.ARRIVED,
        _("The work begins"),
        "map-pin",
        forms.ArriveForm,
        dispatching.arrive,
        frozenset({S.DISPATCHED}),
        needs_confirmation,
    ),
    "report": Panel(
        D.REPORTED, _("Report the result"), "report", forms.ReportForm, _report, UNDER_WAY | {S.OPENED}, _is_checked
    ),
    "notice": Panel(
        D.NOTICE,
        _("The customer was told to collect it, or it was sent"),
        "message-check",
        forms.NoticeForm,
        ending.notice,
        frozenset({S.ARRIVED, S.REPORTED}),
        _sent_in,
    ),
    "confirm": Panel(
        D.CONFIRMED,
        _("The customer confirms by telephone"),
        "phone",
        forms.ConfirmForm,
        _confirm,
        frozenset({S.REPORTED}),
    ),
    "sign": Panel(
        D.CONFIRMED,
        _("The customer signs"),
        "signature",
        forms.SignForm,
        signing.sign,
        frozenset({S.REPORTED}),
    ),
    "not-solved": Panel(
        D.NOT_SOLVED,
        _("The customer says that it is not settled"),
        "rotate",
        forms.ReasonForm,
        ending.not_solved,
        frozenset({S.REPORTED}),
    ),
    "measure": Panel(
        D.MEASURE,
        _("Exchange, refund or another measure"),
        "exchange",
        forms.MeasureForm,
        reporting.propose_measure,
        UNDER_WAY | {S.CHECKED},
        needs_confirmation,
    ),
    "progress": Panel(D.PROGRESS, _("Note progress"), "message", forms.TextForm, dispatching.progress, OPEN),
    "refuse": Panel(
        D.REFUSED,
        _("Not within the service"),
        "ban",
        forms.RefuseForm,
        checking.refuse,
        frozenset({S.OPENED, S.CHECKED}),
        needs_confirmation,
    ),
    "unconfirmed": Panel(
        D.UNCONFIRMED,
        _("Close it without the customer's confirmation"),
        "lock",
        forms.ReasonForm,
        ending.close_unconfirmed,
        frozenset({S.REPORTED}),
    ),
    "reopen": Panel(D.REOPENED, _("Reopen it"), "rotate", forms.ReasonForm, ending.reopen, frozenset({S.DONE})),
    "look-back": Panel(
        D.LOOKED_BACK,
        _("Begin a look-back visit"),
        "repeat",
        forms.PressForm,
        checked_back.look_back,
        frozenset({S.REPORTED, S.DONE}),
        _names_customer,
    ),
    "tag": Panel(D.TAGGED, _("Mark it"), "tag", forms.TagForm, checked_back.tag, frozenset(WorkOrderState.values)),
    "urgent": Panel(D.TAGGED, _("Urgent, or urgent no more"), "urgent", forms.PressForm, _urgent, OPEN),
    "cancel": Panel(D.CANCELLED, _("Give it up"), "trash", forms.ReasonForm, ending.cancel, OPEN),
}


# What usually comes next; it stands first and is open.
NEXT: dict[str, tuple[str, ...]] = {
    S.OPENED: ("check", "report"), S.CHECKED: ("dispatch",), S.DISPATCHED: ("accept", "arrive", "report"),
    S.ARRIVED: ("report",), S.REPORTED: ("notice", "confirm", "sign"),
}  # fmt: skip


def offered(order: WorkOrder, request) -> dict[str, Panel]:
    """Return what this person can do about the order now, the next step of its way first."""
    first = ("approve", *NEXT.get(order.state, ()))
    ranked = sorted(PANELS, key=lambda slug: first.index(slug) if slug in first else len(first))
    return {
        slug: panel
        for slug, panel in ((slug, PANELS[slug]) for slug in ranked)
        if order.state in panel.states
        and panel.fits(order)
        and may(order, panel.deed, request.user, on=request.today)
        and not (slug == "confirm" and order.assignee_id == request.user.pk)
    }


def panels_of(order: WorkOrder, request, *, refused=None) -> list[dict[str, Any]]:
    """Return the panels of the page with their forms; one that was refused has what was typed."""
    slug, form = refused or ("", None)
    return [
        {
            "slug": name, "words": panel.words, "icon": panel.icon, "refused": name == slug,
            "form": form if name == slug else form_of(name, panel, order, request),
        }
        for name, panel in offered(order, request).items()
    ]  # fmt: skip


def form_of(slug: str, panel: Panel, order: WorkOrder, request, data=None, files=None):
    """Return the form of one deed; only what it chooses from is read."""
    options: dict[str, Any] = {"order": order, "deed": slug}
    if panel.form is forms.CheckForm:
        options["skills"] = skills()
    if panel.form is forms.DispatchForm:
        options["people"] = people(order, request.today)
    return panel.form(data, files, **options)


def people(order: WorkOrder, on) -> list[tuple[str, str]]:
    """Return who could do the order, the best first, each with the reasons."""
    found = choosing.candidates(order, load_workforce(), load=choosing.open_orders(), on=on)
    return [(str(one.employee), f"{one.name}（{'，'.join(map(str, one.reasons()))}）") for one in found]


def skills() -> list[tuple[str, str]]:
    """Return the qualifications that there are, as the skills that an order may take."""
    return [("", "—"), *sorted(QUALIFICATIONS.titles().items(), key=lambda one: one[1])]
