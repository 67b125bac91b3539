"""Reports that are owed, the versions that were handed in, and their frozen lines (DECISIONS 34, 35)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reports.choices import LineKind, ReportFate, ReportState
from staff.domain.access import scope_of
from staff.domain.seeing import of_people
from staff.models import Branch, Department, Employee, Policy, Release
from visits.models import VisitRecord, VisitTask


class OwedReportQuerySet(models.QuerySet):
    """Vocabulary of reports."""

    def visible_to(self, employee, *, on):
        """Keep one's own reports, those of whom one looks after on that day, and those that were sent to one."""
        scope = scope_of(employee, on=on)
        if scope.everything:  # said apart: an empty condition joined by "or" would be no condition at all
            return self.all()
        sent = ReportCopy.objects.filter(recipient=employee, version__report=OuterRef("pk"))
        return self.filter(of_people(scope) | Exists(sent))


class OwedReport(models.Model):
    """A report that one person owes under one `[[report]]` for one period, or for one visit (`record`).

    `covers_from` and `covers_to` are its first and last local day. `due_at` is the cut-off: in time is what the server
    took before it, or at it where `inclusive`; `day_ends_at` is the end of the day of the cut-off, when a report that
    has not come is missing; both are empty where the regulation sets no bound. `fate` is written at the cut-off by
    what was handed in first, and never again. `listing` are the ids of the tasks that were the owner's and open at
    00:00 of the day (of one of the days) that it covers; `listed` is how many they are.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="reports", verbose_name=_("policy"), db_index=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    rule = models.CharField(_("report"), max_length=80)
    employee = models.ForeignKey(
        Employee, models.PROTECT, related_name="owed_reports", verbose_name=_("owed by"), db_index=False
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    key = models.CharField(_("covers"), max_length=24)
    covers_from = models.DateField(_("from"))
    covers_to = models.DateField(_("until"))
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("visit")
    )
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    inclusive = models.BooleanField(_("the bound itself is in time"), default=True)
    day_ends_at = models.DateTimeField(_("missing from"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DUE)
    fate = models.CharField(_("found at the cut-off"), max_length=8, choices=ReportFate, blank=True)
    first_submitted_at = models.DateTimeField(_("first handed in at"), null=True, blank=True)
    listing = models.JSONField(_("tasks at 00:00"), default=list, blank=True)
    listed = models.PositiveIntegerField(_("tasks listed"), default=0)
    made_at = models.DateTimeField(_("noted at"))

    objects = OwedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-covers_to", "employee", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "policy", "rule", "key"], name="report_once"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_is_known"),
            models.CheckConstraint(condition=Q(fate="") | Q(fate__in=ReportFate.values), name="report_fate_is_known"),
            models.CheckConstraint(
                condition=Q(state=ReportState.DUE, first_submitted_at=None)
                | (~Q(state=ReportState.DUE) & Q(first_submitted_at__isnull=False)),
                name="report_handed_in_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(fate=""), name="report_to_judge"),
            models.Index(fields=["covers_to", "branch"], name="report_by_day"),
        ]

    def __str__(self):
        return f"{self.rule} {self.key} #{self.pk}"


class ReportVersion(models.Model):
    """What was handed in: appended only, with the hash of its content and the release it was judged by."""

    report = models.ForeignKey(OwedReport, models.PROTECT, related_name="versions", verbose_name=_("report"))
    number = models.PositiveSmallIntegerField(_("version"))
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    submitted_at = models.DateTimeField(_("handed in at"))
    submitted_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("handed in by"), db_index=False
    )
    remark = models.TextField(_("remark"), blank=True)
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of reports")
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_once")]

    def __str__(self):
        return f"{self.report} v{self.number}"


class ReportCopy(models.Model):
    """A version that was sent to somebody: whom the regulation names, or a unit it was passed on to (G-05, AK-12)."""

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="copies", verbose_name=_("version"))
    recipient = models.ForeignKey(
        Employee, models.PROTECT, related_name="report_copies", verbose_name=_("sent to"), db_index=False
    )
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by"), db_index=False
    )
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy of a report")
        verbose_name_plural = _("copies of reports")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["version", "recipient"], name="report_copy_once")]
        indexes = [models.Index(fields=["recipient", "id"], condition=Q(read_at=None), name="report_copy_unread")]

    def __str__(self):
        return f"{self.version} → {self.recipient_id}"


class ReportLine(models.Model):
    """One line as it was handed in: a frozen copy with its record, or an open task with its reason. Appended only."""

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="lines", verbose_name=_("version"))
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=6, choices=LineKind)
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="report_lines", verbose_name=_("record")
    )
    task = models.ForeignKey(
        VisitTask, models.PROTECT, null=True, blank=True, related_name="report_lines", verbose_name=_("task")
    )
    content = models.JSONField(_("content"))
    lacks = models.JSONField(_("breaks a clause"), default=list, blank=True)

    class Meta:
        verbose_name = _("line of a report")
        verbose_name_plural = _("lines of reports")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="report_line_once"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="report_line_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.version} {self.position}"


class OpenReason(models.Model):
    """Why a task is not done though the report of that day lists it; it carries over with this reason (A-06)."""

    report = models.ForeignKey(OwedReport, models.CASCADE, related_name="reasons", verbose_name=_("report"))
    task = models.ForeignKey(VisitTask, models.PROTECT, related_name="+", verbose_name=_("task"))
    text = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reason of an open task")
        verbose_name_plural = _("reasons of open tasks")
        constraints = [models.UniqueConstraint(fields=["report", "task"], name="open_reason_once")]

    def __str__(self):
        return f"{self.report} · {self.task}"
