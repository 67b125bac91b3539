"""Stored values of the staff app, with the words that the screen shows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BaseRole(TextChoices):
    """The roles whose rights the program knows; a pack's own role is `like` one of them."""

    SERVICE_ADVISOR = "service_advisor", _("service advisor")
    QUALITY_MANAGER = "quality_manager", _("quality manager")
    DEPARTMENT_MANAGER = "department_manager", _("department manager")
    CS_SUPERVISOR = "cs_supervisor", _("customer-service supervisor")
    GENERAL_MANAGER = "general_manager", _("general manager")
    ADMINISTRATOR = "administrator", _("administrator")


class ReleaseState(TextChoices):
    """Where a release stands: waiting for its approver, published, or turned down."""

    AWAITING = "awaiting", _("awaiting approval")
    PUBLISHED = "published", _("published")
    REJECTED = "rejected", _("rejected")


class JobState(TextChoices):
    """How one run of a periodic job for one moment stands."""

    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class OutageCause(TextChoices):
    """Why the program did no work for a while."""

    STOPPED = "stopped", _("switched off, or its scheduler was")
    RESTORED = "restored", _("set back to a backup")


class LeaveKind(TextChoices):
    """Why somebody is away. Only who decides and the person themself see it: illness is nobody else's business."""

    ANNUAL = "annual", _("annual leave")
    PERSONAL = "personal", _("personal matters")
    SICK = "sick", _("illness")
    TRAINING = "training", _("training")
    TRIP = "trip", _("business trip")
    OTHER = "other", _("other leave")


class LeaveState(TextChoices):
    """Where a request for leave stands."""

    ASKED = "asked", _("waits for a decision")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class TrainingWay(TextChoices):
    """How somebody came by a qualification."""

    CLASS = "class", _("in class")
    ONLINE = "online", _("online")
    CASES = "cases", _("case discussion")
    SIMULATION = "simulation", _("simulated calls")
    TEST = "test", _("test")
    SIGNED = "signed", _("signed online")


class BackupState(TextChoices):
    """How one backup stands; only a sound one was restored on trial and found whole."""

    ASKED = "asked", _("asked for")
    RUNNING = "running", _("being made")
    SOUND = "sound", _("restored on trial, whole")
    FAULTY = "faulty", _("faulty")
    FAILED = "failed", _("not made")


class BackupCause(TextChoices):
    """Why a backup was made."""

    NIGHTLY = "nightly", _("of the night")
    ASKED = "asked", _("by hand")


class ConductKind(TextChoices):
    """What a clause brings: it costs, it earns, or it honours."""

    PENALTY = "penalty", _("penalty")
    REWARD = "reward", _("reward")
    AWARD = "award", _("award")


class ViolationState(TextChoices):
    """Where a proposal stands; `reversed` and `waived` are final, whatever is computed again (RELIABILITY, F72)."""

    PROPOSED = "proposed", pgettext_lazy("violation", "proposed")
    CONFIRMED = "confirmed", _("confirmed")
    APPEALED = "appealed", _("appealed")
    WAIVED = "waived", pgettext_lazy("violation", "waived")
    REVERSED = "reversed", pgettext_lazy("violation", "reversed")
    SETTLED = "settled", pgettext_lazy("violation", "settled")


class ViolationDeed(TextChoices):
    """What somebody, or the program, did about a violation."""

    PROPOSED = "proposed", pgettext_lazy("deed", "proposed")
    EXEMPTED = "exempted", _("exempt")
    MENDED = "mended", _("mended before confirmation")
    RETIERED = "retiered", _("tier changed")
    CONFIRMED = "confirmed", _("confirmed")
    WAIVED = "waived", pgettext_lazy("deed", "waived")
    APPEALED = "appealed", _("appealed")
    UPHELD = "upheld", _("upheld")
    REVERSED = "reversed", pgettext_lazy("deed", "reversed")
    SETTLED = "settled", pgettext_lazy("deed", "settled")
    REMARKED = "remarked", _("remark")


class Liability(TextChoices):
    """Whether somebody did it, or answers for who did."""

    PRIMARY = "primary", _("primary")
    JOINT = "joint", _("joint")


class Unit(TextChoices):
    """What an amount is in; totals of different units are kept apart."""

    CNY = "CNY", _("yuan")
    POINTS = "points", _("points")
    NONE = "none", _("without a figure")


class MeasureState(TextChoices):
    """Whether a consequence without a figure was carried out."""

    OPEN = "open", _("to do")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class NoticeShows(TextChoices):
    """How much of a person the monthly notice shows (DECISIONS 38)."""

    NAMES = "names", _("names and amounts")
    INITIALS = "initials", _("surnames or initials, and amounts")
    POINTS = "points", _("names and points, no money")
