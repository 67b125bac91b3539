"""Stored values of the visits app: states with their transitions, outcomes, channels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CASES, BOOKS = "cases", "books"  # the sources of the events that cases and entries of own books announce


class TaskStatus(TextChoices):
    """Where a task stands (DECISIONS 17, 18); the spelling is the export's."""

    PLANNED = "planned", _("planned")
    OPEN = "open", _("open")
    DONE = "done", _("done")
    UNREACHABLE = "unreachable", _("unreachable")
    REFUSED = "refused", _("refused")
    INVALID_NUMBER = "invalid_number", _("invalid number")
    MISSED = "missed", _("missed")
    EXPIRED = "expired", _("taken in late")
    CANCELLED = "cancelled", _("cancelled")
    NOT_SAMPLED = "not_sampled", _("not sampled")


TRANSITIONS: dict[str, frozenset[str]] = {
    TaskStatus.PLANNED: frozenset(
        {
            TaskStatus.OPEN,
            TaskStatus.DONE,
            TaskStatus.UNREACHABLE,
            TaskStatus.REFUSED,
            TaskStatus.INVALID_NUMBER,
            TaskStatus.MISSED,
            TaskStatus.CANCELLED,
            TaskStatus.NOT_SAMPLED,
        }
    ),
    TaskStatus.OPEN: frozenset(
        {
            TaskStatus.DONE,
            TaskStatus.UNREACHABLE,
            TaskStatus.REFUSED,
            TaskStatus.INVALID_NUMBER,
            TaskStatus.MISSED,
            TaskStatus.CANCELLED,
        }
    ),
    TaskStatus.INVALID_NUMBER: frozenset(
        {TaskStatus.OPEN, TaskStatus.PLANNED, TaskStatus.MISSED, TaskStatus.CANCELLED}
    ),
    # What a visit ended goes back by undo only: to open, or to planned where it was made before the opening.
    TaskStatus.DONE: frozenset({TaskStatus.OPEN, TaskStatus.PLANNED}),
    TaskStatus.UNREACHABLE: frozenset({TaskStatus.OPEN, TaskStatus.PLANNED}),
    TaskStatus.REFUSED: frozenset({TaskStatus.OPEN, TaskStatus.PLANNED}),
    TaskStatus.CANCELLED: frozenset({TaskStatus.OPEN, TaskStatus.PLANNED, TaskStatus.INVALID_NUMBER}),
    TaskStatus.NOT_SAMPLED: frozenset({TaskStatus.OPEN, TaskStatus.PLANNED}),  # a running draw tops up
    TaskStatus.MISSED: frozenset(),
    TaskStatus.EXPIRED: frozenset(),
}

WORKABLE = (TaskStatus.PLANNED, TaskStatus.OPEN)


class Urgency(TextChoices):
    """What lifts a task above its bound and its priority in the queue (DECISIONS 30); the letters sort."""

    VERIFICATION = "a", _("verification")
    DISSATISFIED = "b", _("dissatisfied customer")
    NORMAL = "c", _("normal")


class Outcome(TextChoices):
    """How one contact ended; the spelling is the export's."""

    REACHED = "reached", _("reached")
    NO_ANSWER = "no_answer", _("no answer")
    BUSY = "busy", _("busy or switched off")
    WRONG_NUMBER = "wrong_number", _("wrong or dead number")
    REFUSED = "refused", _("refused")
    CALL_BACK = "call_back", _("call back later")
    NO_LONGER_CUSTOMER = "no_longer_customer", _("no longer a customer")


class Interest(TextChoices):
    """What a customer makes of what was offered in a call."""

    INTERESTED = "interested", _("interested")
    CONSIDERING = "considering", _("wants to think about it")
    DECLINED = "declined", _("not interested")


class SkipReason(TextChoices):
    """Why a task was put to the back of the queue."""

    MOMENT = "moment", _("bad moment for this customer")
    PREPARE = "prepare", _("I must find something out first")
    COLLEAGUE = "colleague", _("a colleague should call")
    LINE = "line", _("trouble with the telephone")
    OTHER = "other", _("another reason")


class Channel(TextChoices):
    """By what a contact was made (POLICY_PACK, `channels`)."""

    DESK_PHONE = "desk_phone", _("desk phone")
    MOBILE = "mobile", _("mobile phone")
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")
    WECHAT = "wechat", _("WeChat")
    IM = "im", _("instant message")
    LETTER = "letter", _("letter")
    ONSITE = "onsite", _("on site")
    QUESTIONNAIRE = "questionnaire", _("questionnaire")
    SEMINAR = "seminar", _("seminar")
    OTHER = "other", _("other")


class FollowUpKind(TextChoices):
    """What a contact may leave to be done (DECISIONS 28)."""

    PROBLEM = "problem", _("problem")
    RETURN_APPOINTMENT = "return_appointment", _("return appointment")
    RECOMMENDED_REPAIR = "recommended_repair", _("recommended repair")
    COMPLAINT = "complaint", _("complaint")
    QUESTION = "question", _("question to clarify")
    REMINDER = "reminder", _("follow-up")


class FollowUpState(TextChoices):
    """Where a follow-up stands. Only `open` and `booked` (of return appointments) wait for anybody."""

    OPEN = "open", _("open")
    BOOKED = "booked", _("booked")
    SETTLED = "settled", _("settled")
    ARRIVED = "arrived", _("arrived")
    MISSED = "missed", _("did not come")
    RESCHEDULED = "rescheduled", _("rescheduled")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ArchiveState(TextChoices):
    """Where a record stands (S-04): something lacks, something is still to be done, or all of it is over."""

    RECORDED = "recorded", _("recorded, incomplete")
    FOLLOW_UP = "follow_up", _("being followed up")
    ARCHIVED = "archived", _("archived")


class FollowUpDeedKind(TextChoices):
    """What was done about a follow-up; the lines of its history."""

    OPENED = "opened", _("opened")
    PROGRESS = "progress", _("progress")
    TOLD_CUSTOMER = "told_customer", _("customer informed")
    TRANSFERRED = "transferred", _("handed to")
    RESCHEDULED = "rescheduled", _("rescheduled")
    ARRIVED = "arrived", _("arrived")
    MISSED = "missed", _("did not come")
    SETTLED = "settled", _("settled")
    REOPENED = "reopened", _("reopened")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CORRECTED = "corrected", _("corrected")


class RecordKind(TextChoices):
    """What a record is: a contact, a correction that supersedes one, or the voiding of one."""

    CONTACT = "contact", _("contact")
    CORRECTION = "correction", _("correction")
    VOID = "void", _("voided")


class BatchState(TextChoices):
    """Where an import stands; one that a command starts begins with `staging` and waits for nobody's consent."""

    DRAFT = "draft", _("columns to be confirmed")
    WAITING = "waiting", _("waiting to be read")
    STAGING = "staging", _("being read")
    CHECKED = "checked", _("to be confirmed")
    STAGED = "staged", _("waiting to be taken in")
    APPLYING = "applying", _("being taken in")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")
    REFUSED = "refused", _("not readable")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")


class RowState(TextChoices):
    """What became of one row of an import."""

    STAGED = "staged", _("staged")
    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
    REJECTED = "rejected", _("rejected")


class EvidenceKind(TextChoices):
    """What a piece of evidence shows (A-18, K-08)."""

    RECORDING = "recording", _("recording")
    MOBILE_LOG = "mobile_log", _("call list of a mobile phone")
    SMS_LOG = "sms_log", _("text messages")
    PHOTO = "photo", _("photo")
    SIGNATURE = "signature", _("signature")


class ProofWanted(TextChoices):
    """What proof a record owed when it was saved, by its step (POLICY_PACK, `evidence`)."""

    NONE = "", _("none")
    ANY = "any", _("recording or other proof")
    RECORDING = "recording", _("recording")
    SIGNATURE = "signature", _("signature of the customer")


class DoubtKind(TextChoices):
    """Why evidence may prove nothing (RELIABILITY T16, T17)."""

    SAME_FILE = "same_file", _("the same file belongs to another visit")
    SIMILAR_IMAGE = "similar_image", _("looks like the picture of another visit")
    TOO_SHORT = "too_short", _("shorter than the call")
    SILENT = "silent", _("nothing is heard")
    OTHER_TIME = "other_time", _("made at another time than the call")


class FileFault(TextChoices):
    """What the nightly look at the files found."""

    MISSING = "missing", _("the file is missing")
    CHANGED = "changed", _("the file was changed")


class ChangeState(TextChoices):
    """Where a change of a customer's file stands: made at once, or proposed and decided by somebody else."""

    APPLIED = "applied", _("changed")
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("turned down")


class Stage(TextChoices):
    """The stages of a visit as the forms of a plan name them (POLICY_PACK, `at`), in their order."""

    START = "start", _("appointment made")
    PREPARE = "prepare", _("prepared")
    CLOSE = "close", _("archived")
    REPORT = "report", _("reported")


class Origin(TextChoices):
    """Whether a visit was arranged by the house or asked for by the customer (Q-01); the spelling is the export's."""

    ACTIVE = "active", _("arranged by us")
    PASSIVE = "passive", _("asked for by the customer")


class Purpose(TextChoices):
    """What a contact is for, and what a customer may refuse: one purpose, or every one (RELIABILITY T32)."""

    SERVICE = "service", _("service calls")
    SURVEY = "survey", _("surveys")
    PROMOTION = "promotion", _("offers and advertising")
    ALL = "all", _("every contact")


class PromiseKind(TextChoices):
    """What was agreed with a customer: that we call back, or when the visit is to be."""

    CALL_BACK = "call_back", _("call-back")
    APPOINTMENT = "appointment", _("appointment")


class PromiseState(TextChoices):
    """What became of an agreed moment: kept, kept too late, broken when its day ended, or taken back."""

    WAITING = "waiting", _("waiting")
    KEPT = "kept", _("kept")
    LATE = "late", _("kept too late")
    BROKEN = "broken", _("broken")
    WITHDRAWN = "withdrawn", _("withdrawn")


class RehearsalState(TextChoices):
    """Where a rehearsal of rules stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class OpenTasks(TextChoices):
    """What becomes of the open tasks of earlier releases when another one is put in force (RELIABILITY F34)."""

    KEEP = "keep", _("stay as they are")
    REPLAN = "replan", _("follow the new rules")
