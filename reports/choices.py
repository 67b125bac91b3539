"""Stored values of the reports app, with the words that the screen shows."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportState(TextChoices):
    """Where an owed report stands; late and missing are not states but what its cut-off found."""

    DUE = "due", _("not handed in")
    SUBMITTED = "submitted", _("handed in")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", pgettext_lazy("report", "approved")


class ReportFate(TextChoices):
    """What the cut-off found of a report, once and for all (DECISIONS 35)."""

    IN_TIME = "in_time", _("in time")
    LATE = "late", pgettext_lazy("report", "late")
    MISSING = "missing", pgettext_lazy("report", "missing")
    EXCUSED = "excused", _("on leave")  # not owed after all: leave was granted before anything was found


class LineKind(TextChoices):
    """What one line of a report is about."""

    VISIT = "visit", _("visit")
    OPEN = "open", _("not done")


class ReviewDeed(TextChoices):
    """What a reviewer did with a version of a report, or with one of its lines."""

    APPROVED = "approved", pgettext_lazy("report", "approved")
    RETURNED = "returned", _("returned")
    FLAGGED = "flagged", _("flagged")
    OPINION = "opinion", _("opinion")


class Differing(TextChoices):
    """How a report differs from what the system has now."""

    CHANGED = "changed", _("changed since")
    TAKEN_BACK = "taken_back", _("taken back since")
    LACKING = "lacking", _("lacks a visit")


class ActionState(TextChoices):
    """Where an improvement action stands; its effect is checked after it was carried out (A-04)."""

    OPEN = "open", _("to do")
    DONE = "done", _("done, effect to be checked")
    EFFECTIVE = "effective", _("effective")
    INEFFECTIVE = "ineffective", _("without effect")
    DROPPED = "dropped", _("dropped")


class ActionDeed(TextChoices):
    """One line of the history of an improvement action."""

    BEGUN = "begun", _("begun")
    NOTED = "noted", _("progress noted")
    DONE = "done", _("done")
    POSTPONED = "postponed", _("postponed")
    EFFECTIVE = "effective", _("found effective")
    INEFFECTIVE = "ineffective", _("found without effect")
    DROPPED = "dropped", _("dropped")


class InspectionState(TextChoices):
    """Where the inspection of one drawn thing stands."""

    DRAWN = "drawn", _("to inspect")
    SCORED = "scored", _("scored")
    APPEALED = "appealed", _("appealed")
    FINAL = "final", _("final")


class DrawCause(TextChoices):
    """Why something is among what is inspected."""

    NEWCOMER = "newcomer", _("newcomer: all")
    SAMPLE = "sample", _("drawn")
    RISK = "risk", _("drawn by risk")
    HAND = "hand", _("chosen by hand")
    SECOND = "second", _("blind second scoring")


class Doubt(TextChoices):
    """What makes a record less believable; it raises the chance to be drawn and is never a fine by itself."""

    BURST = "burst", _("entered in a burst")
    COPIED = "copied", _("text copied from other records")
    TALK = "talk", _("impossible talk time")
    SAME_PROOF = "same_proof", _("one recording used twice")


class ExportState(TextChoices):
    """Where an export stands; its file is there only while it is done and its time is not over."""

    ASKED = "asked", pgettext_lazy("export", "awaits approval")
    WAITING = "waiting", pgettext_lazy("export", "waits")
    RUNNING = "running", pgettext_lazy("export", "being written")
    DONE = "done", pgettext_lazy("export", "done")
    FAILED = "failed", pgettext_lazy("export", "failed")
    CANCELLED = "cancelled", pgettext_lazy("export", "cancelled")
    EXPIRED = "expired", pgettext_lazy("export", "expired")
    REFUSED = "refused", pgettext_lazy("export", "refused")
    LAPSED = "lapsed", pgettext_lazy("export", "not approved in time")


class ExportContacts(TextChoices):
    """How the telephone numbers in the number columns of a file are written."""

    MASKED = "masked", pgettext_lazy("export", "masked")
    WHOLE = "whole", pgettext_lazy("export", "whole")


class ExportForm(TextChoices):
    """What kind of file is written."""

    XLSX = "xlsx", _("Excel workbook")
    CSV = "csv", "CSV"
    JSON = "json", "JSON"


class ExportFault(TextChoices):
    """Why an export failed."""

    RIGHTS = "rights", _("You may no longer open this page.")
    GONE = "gone", _("What was to be exported is not there any more.")
    APPROVAL = "approval", _("Who approved it may no longer approve it: ask anew.")
    DISK = "disk", _("There is no room for the file on the disk.")
    DIED = "died", _("It broke off several times in the middle.")
    UNEXPECTED = "unexpected", _("Something unexpected went wrong; the log of the program says what.")


class ServiceKind(TextChoices):
    """Which service-quality report it is: of which length, about whom, or by what it is sorted."""

    MONTHLY = "monthly", pgettext_lazy("report", "monthly report")
    WEEKLY = "weekly", pgettext_lazy("report", "weekly report")
    DAILY = "daily", pgettext_lazy("report", "report of the day")
    BRANCH = "branch", pgettext_lazy("report", "monthly report of a branch")
    CATEGORY = "category", pgettext_lazy("report", "monthly report by category")


class ServiceState(TextChoices):
    """Where a service-quality report stands: made by the program, then what people do with it (K-18, AK-12, AK-25)."""

    MADE = "made", pgettext_lazy("service report", "made")
    SUBMITTED = "submitted", pgettext_lazy("service report", "submitted")
    REVIEWED = "reviewed", pgettext_lazy("service report", "reviewed")
    PUBLISHED = "published", pgettext_lazy("service report", "published")


class ServiceDeed(TextChoices):
    """One line of the history of a service-quality report."""

    MADE = "made", pgettext_lazy("service report", "made")
    RESTATED = "restated", _("made anew, for figures have changed")
    SUBMITTED = "submitted", pgettext_lazy("service report", "submitted")
    RETURNED = "returned", _("returned")
    REVIEWED = "reviewed", pgettext_lazy("service report", "reviewed")
    PUBLISHED = "published", pgettext_lazy("service report", "published")
    ORDERED = "ordered", _("improvement asked for")


class Touched(StrEnum):
    """What places a row that changed: the bound of a visit, the moment at which one was saved, the day of an event."""

    DUE = "due"
    VISIT = "visit"
    EVENT = "event"
