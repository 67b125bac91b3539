"""The words that cases, work orders and what belongs to them may have; stored in lower case as packs spell them."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseType(TextChoices):
    """What somebody tells us (POLICY_PACK `[complaints]`, field `type`)."""

    COMPLAINT = "complaint", _("complaint")
    PROBLEM = "problem", _("problem")
    SUGGESTION = "suggestion", _("suggestion")
    ENQUIRY = "enquiry", _("enquiry")
    REPAIR = "repair", _("request for repair")


class CaseState(TextChoices):
    """Where a case stands (DECISIONS 39)."""

    REGISTERED = "registered", _("registered")
    ASSIGNED = "assigned", _("assigned")
    IN_PROGRESS = "in_progress", _("in progress")
    WAITING = "waiting", _("waiting")
    RESOLVED = "resolved", _("resolved")
    VERIFYING = "verifying", _("being verified")
    CLOSED = "closed", pgettext_lazy("case", "closed")
    MERGED = "merged", _("merged")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXEMPT = "exempt", _("closed without a visit")


ENDED = (CaseState.CLOSED, CaseState.MERGED, CaseState.WITHDRAWN, CaseState.EXEMPT)
WORKED = (CaseState.REGISTERED, CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.WAITING)
SETTLED = (CaseState.RESOLVED, CaseState.VERIFYING)
MOVES: dict[str, frozenset[str]] = {
    CaseState.REGISTERED: frozenset((*WORKED, CaseState.RESOLVED, CaseState.MERGED, CaseState.WITHDRAWN)),
    CaseState.ASSIGNED: frozenset((*WORKED, CaseState.RESOLVED, CaseState.MERGED, CaseState.WITHDRAWN)),
    CaseState.IN_PROGRESS: frozenset((*WORKED, CaseState.RESOLVED, CaseState.MERGED, CaseState.WITHDRAWN)),
    CaseState.WAITING: frozenset((*WORKED, CaseState.RESOLVED, CaseState.MERGED, CaseState.WITHDRAWN)),
    CaseState.RESOLVED: frozenset((CaseState.VERIFYING, CaseState.CLOSED, CaseState.EXEMPT, CaseState.IN_PROGRESS)),
    CaseState.VERIFYING: frozenset((CaseState.RESOLVED, CaseState.CLOSED, CaseState.EXEMPT, CaseState.IN_PROGRESS)),
    CaseState.CLOSED: frozenset((CaseState.IN_PROGRESS, CaseState.VERIFYING, CaseState.RESOLVED)),
    CaseState.MERGED: frozenset(WORKED),
    CaseState.WITHDRAWN: frozenset(WORKED),
    CaseState.EXEMPT: frozenset((CaseState.RESOLVED,)),
}


class Source(TextChoices):
    """By which way a case came."""

    PHONE = "phone", _("telephone")
    HOTLINE = "hotline", _("complaint hotline")
    LETTER = "letter", _("letter")
    FAX = "fax", _("fax")
    VISIT = "visit", _("personal visit")
    EMAIL = "email", _("e-mail")
    MAILBOX = "mailbox", _("complaint mailbox")
    ONLINE = "online", _("web form")
    WECHAT = "wechat", _("WeChat")
    CHAT = "chat", _("online service")
    CALL = "call", _("follow-up visit")
    COLLEAGUE = "colleague", _("colleague")
    CS_CENTRE = "cs_centre", _("service centre")
    GOV_HOTLINE = "gov_hotline", _("government hotline")
    API = "api", _("other system")
    OTHER = "other", _("other way")


class Severity(TextChoices):
    """How grave a case is, lowest first."""

    MINOR = "minor", _("minor")
    IMPORTANT = "important", _("important")
    MAJOR = "major", _("major")


class Grade(TextChoices):
    """How important or urgent a case is; priority is the product of both (AA-01)."""

    LOW = "low", _("low")
    NORMAL = "normal", _("normal")
    HIGH = "high", _("high")


class Measure(TextChoices):
    """By what a case is settled (Y-02, W-05, AB-02)."""

    GUIDANCE = "guidance", _("guidance")
    SUPPORT = "support", _("support")
    REPAIR = "repair", _("repair")
    REPLACEMENT = "replacement", _("replacement")
    EXCHANGE = "exchange", _("exchange")
    REFUND = "refund", _("refund")
    COMPENSATION = "compensation", _("compensation")
    APOLOGY = "apology", _("apology and explanation")
    OTHER = "other", _("another measure")


class CaseDeedKind(TextChoices):
    """The lines of a case's timeline."""

    REGISTERED = "registered", _("registered")
    CHANGED = "changed", pgettext_lazy("case", "changed")
    LEVELLED = "levelled", _("level set")
    ASSIGNED = "assigned", _("assigned")
    ACCEPTED = "accepted", pgettext_lazy("case", "accepted")
    REPLIED = "replied", _("first reply")
    ASKED_DEPARTMENT = "asked_department", _("department asked")
    DEPARTMENT_REPLIED = "department_replied", _("department replied")
    PROGRESS = "progress", _("progress")
    TOLD_CUSTOMER = "told_customer", _("customer told")
    DECIDED = "decided", _("decided")
    MEETING = "meeting", _("coordination meeting")
    WAITING = "waiting", _("clock stopped")
    RESUMED = "resumed", _("clock goes on")
    DUE = "due", _("due date changed")
    ESCALATED = "escalated", _("escalated")
    WORK_ORDER = "work_order", _("work order")
    COMPENSATION = "compensation", _("compensation")
    ACCUSED = "accused", _("complaint about a person")
    VERIFIED_FAULT = "verified_fault", _("fault verified")
    RESOLVED = "resolved", _("resolved")
    VERIFYING = "verifying", _("verification begun")
    CONFIRMED = "confirmed", _("customer confirmed the solution")
    REOPENED = "reopened", _("reopened")
    ALIKE = "alike", _("perhaps the same matter")
    MERGED = "merged", _("merged")
    UNMERGED = "unmerged", _("unmerged")
    EXEMPTED = "exempted", _("exempted from the visit")
    LETTER = "letter", _("public letter")
    WITHDRAWN = "withdrawn", _("withdrawn")
    RESTORED = "restored", _("restored")
    CLOSED = "closed", pgettext_lazy("case", "closed")
    ARCHIVED = "archived", _("archived")
    FILE = "file", _("file added")
    REMARK = "remark", _("remark")


class WorkOrderKind(TextChoices):
    """What a work order asks for."""

    CONTACT_SHEET = "contact_sheet", _("work contact sheet")
    REPAIR = "repair", _("repair")
    RETURN_EXCHANGE = "return_exchange", _("return or exchange")


class WorkOrderState(TextChoices):
    """Where a work order stands."""

    OPENED = "opened", pgettext_lazy("case", "opened")
    CHECKED = "checked", _("checked")
    DISPATCHED = "dispatched", _("dispatched")
    ARRIVED = "arrived", pgettext_lazy("case", "on site")
    REPORTED = "reported", _("reported")
    DONE = "done", _("done")
    REFUSED = "refused", _("not within the service")
    CANCELLED = "cancelled", _("cancelled")


ORDER_ENDED = (WorkOrderState.DONE, WorkOrderState.REFUSED, WorkOrderState.CANCELLED)
ORDER_MOVES: dict[str, frozenset[str]] = {
    WorkOrderState.OPENED: frozenset(
        (
            WorkOrderState.CHECKED,
            WorkOrderState.DISPATCHED,
            WorkOrderState.DONE,
            WorkOrderState.REFUSED,
            WorkOrderState.CANCELLED,
        )
    ),
    WorkOrderState.CHECKED: frozenset((WorkOrderState.DISPATCHED, WorkOrderState.REFUSED, WorkOrderState.CANCELLED)),
    WorkOrderState.DISPATCHED: frozenset(
        (WorkOrderState.ARRIVED, WorkOrderState.REPORTED, WorkOrderState.DONE, WorkOrderState.CANCELLED)
    ),
    WorkOrderState.ARRIVED: frozenset((WorkOrderState.DISPATCHED, WorkOrderState.REPORTED, WorkOrderState.CANCELLED)),
    WorkOrderState.REPORTED: frozenset((WorkOrderState.DISPATCHED, WorkOrderState.DONE, WorkOrderState.CANCELLED)),
    WorkOrderState.DONE: frozenset((WorkOrderState.DISPATCHED, WorkOrderState.OPENED, WorkOrderState.REPORTED)),
    WorkOrderState.REFUSED: frozenset((WorkOrderState.OPENED,)),
    WorkOrderState.CANCELLED: frozenset(),
}


class OrderDeed(TextChoices):
    """What happens to a work order, as its lines of the case's timeline say (`facts["deed"]`)."""

    OPENED = "opened", _("work order opened")
    CHECKED = "checked", _("checked and analysed")
    REFUSED = "refused", _("not within the service")
    DISPATCHED = "dispatched", _("given to somebody")
    ACCEPTED = "accepted", _("work order accepted")
    BOOKED = "booked", _("time agreed")
    ARRIVED = "arrived", _("work begun")
    PROGRESS = "progress", _("progress")
    REPORTED = "reported", _("work reported")
    MEASURE = "measure", _("exchange or refund proposed")
    APPROVED = "approved", _("exchange or refund approved")
    DISAPPROVED = "disapproved", _("exchange or refund refused")
    NOTICE = "notice", _("customer told")
    CONFIRMED = "confirmed", _("confirmed by the customer")
    UNCONFIRMED = "unconfirmed", _("closed without the customer's confirmation")
    NOT_SOLVED = "not_solved", _("not settled, says the customer")
    REOPENED = "reopened", _("work order reopened")
    CANCELLED = "cancelled", _("work order cancelled")
    TAGGED = "tagged", _("marked")
    VERDICT = "verdict", _("result checked by a visit")
    LOOKED_BACK = "looked_back", _("look-back visit begun")


class OrderTag(TextChoices):
    """Why a work order is worth a second look (N-05)."""

    KEY = "key", _("key case")
    TYPICAL = "typical", _("typical case")
    DIFFICULT = "difficult", _("difficult case")


class Mode(TextChoices):
    """Where a repair is done (W-03)."""

    ONSITE = "onsite", _("on site")
    MAIL_IN = "mail_in", _("sent in")


class Confirmed(TextChoices):
    """How the customer confirmed a work order (V-04)."""

    SIGNATURE = "signature", _("signature")
    LINK = "link", _("by the link")
    TELEPHONE = "telephone", _("by telephone")


class Verdict(TextChoices):
    """Whether what a unit reported is true (N-04)."""

    TRUE = "true", _("true")
    FALSE = "false", _("false")
    PARTLY = "partly", _("partly true")


class SpendingKind(TextChoices):
    """What a customer is given to make good (H-03)."""

    COUPON = "coupon", _("coupon")
    CASH = "cash", _("money")
    DISCOUNT = "discount", _("discount")
    GIFT = "gift", _("gift")
    SERVICE = "service", _("free service")


class SpendingState(TextChoices):
    """Where a compensation stands."""

    PROPOSED = "proposed", _("waits for approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class EntryState(TextChoices):
    """Where an entry of a book stands."""

    OPEN = "open", _("open")
    CLOSED = "closed", pgettext_lazy("case", "closed")


class Priority(IntegerChoices):
    """Importance × urgency (AA-01): high × high is P1."""

    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"
    P4 = 4, "P4"
