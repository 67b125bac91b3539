"""Service-quality reports that the program makes itself: each version frozen as it was made, what people did about it,
and who was given it (issue 7; K-18, AK-12, AK-25)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import ServiceDeed, ServiceKind, ServiceState
from staff.domain.access import scope_of
from staff.models import Branch, Employee, Policy, Release


class ServiceReportQuerySet(models.QuerySet):
    """Vocabulary of service-quality reports."""

    def visible_to(self, employee, *, on):
        """Keep all for whoever sees everything, those of one's branches, those one was given, and published ones.

        What is published is for the company, or for the people of the branch that it is about (AK-25).
        """
        scope = scope_of(employee, on=on)
        if scope.everything:
            return self.all()
        published = Q(state=ServiceState.PUBLISHED)
        home = Q(branch=None) | Q(branch__in=scope.home_branches)
        given = ServiceReportCopy.objects.filter(recipient=employee).values("report")
        return self.filter(Q(branch__in=scope.branches) | (published & home) | Q(pk__in=given))

    def latest(self):
        """Keep the newest version of each report."""
        return self.filter(restated_by=None)


class ServiceReport(models.Model):
    """One version of a report about the quality of service in one period, of a policy's units or of one branch.

    `content` is what was counted at `made_at`, never changed; `as_of` is the moment up to which it was counted. What
    became known later makes a new version (`number`, `restates`), and the old one stays.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=ServiceKind)
    policy = models.ForeignKey(
        Policy, models.PROTECT, related_name="service_reports", verbose_name=_("policy"), db_index=False
    )
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch"), db_index=False
    )
    period = models.CharField(_("period"), max_length=20)
    covers_from = models.DateField(_("from"))
    covers_to = models.DateField(_("until"))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    restates = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="restated_by", verbose_name=_("instead of")
    )
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made at"))
    as_of = models.DateTimeField(_("as of"))
    made_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by"), db_index=False
    )
    state = models.CharField(_("state"), max_length=10, choices=ServiceState, default=ServiceState.MADE)

    objects = ServiceReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("service-quality report")
        verbose_name_plural = _("service-quality reports")
        ordering = ["-covers_to", "kind", "branch", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "policy", "branch", "period", "number"],
                condition=Q(branch__isnull=False),
                name="service_report_once_of_branch",
            ),
            models.UniqueConstraint(
                fields=["kind", "policy", "period", "number"],
                condition=Q(branch=None),
                name="service_report_once_of_all",
            ),
            models.CheckConstraint(condition=Q(kind__in=ServiceKind.values), name="service_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=ServiceState.values), name="service_state_is_known"),
            models.CheckConstraint(
                condition=Q(number=1, restates=None) | Q(number__gt=1, restates__isnull=False),
                name="service_version_has_the_one_before",
            ),
        ]
        indexes = [models.Index(fields=["covers_to", "kind"], name="service_report_by_day")]

    def __str__(self):
        return f"{self.kind} {self.period} #{self.pk}"


class ServiceReportStep(models.Model):
    """One line of the history of a service-quality report: appended only. Without a person it was the program."""

    report = models.ForeignKey(ServiceReport, models.PROTECT, related_name="steps", verbose_name=_("report"))
    deed = models.CharField(_("deed"), max_length=10, choices=ServiceDeed)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    text = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of a service-quality report")
        verbose_name_plural = _("steps of service-quality reports")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(deed__in=ServiceDeed.values), name="service_deed_is_known")]

    def __str__(self):
        return f"{self.report} {self.deed}"


class ServiceReportCopy(models.Model):
    """To whom a version went, when, and when they opened it (AE-13, AK-12)."""

    report = models.ForeignKey(ServiceReport, models.PROTECT, related_name="copies", verbose_name=_("report"))
    recipient = models.ForeignKey(
        Employee, models.PROTECT, related_name="service_copies", verbose_name=_("sent to"), db_index=False
    )
    sent_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy of a service-quality report")
        verbose_name_plural = _("copies of service-quality reports")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "recipient"], name="service_copy_once")]
        indexes = [models.Index(fields=["recipient", "id"], name="service_copy_of")]

    def __str__(self):
        return f"{self.report} → {self.recipient_id}"
