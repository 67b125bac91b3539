"""What reviewers said: of versions of reports, of their lines, of single records. Appended only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import ReviewDeed
from reports.models.report import ReportLine, ReportVersion
from staff.models import Employee
from visits.models import VisitRecord


class ReviewStep(models.Model):
    """One deed of a reviewer about a version of a report, or about one line of it."""

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="steps", verbose_name=_("version"))
    line = models.ForeignKey(
        ReportLine, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("line")
    )
    deed = models.CharField(_("deed"), max_length=10, choices=ReviewDeed)
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("step of a review")
        verbose_name_plural = _("steps of reviews")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(deed__in=ReviewDeed.values), name="review_deed_is_known"),
            models.CheckConstraint(
                condition=~Q(deed=ReviewDeed.RETURNED) | Q(line__isnull=False) | ~Q(text=""),
                name="a_return_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.version} {self.deed}"


class RecordReview(models.Model):
    """A supervisor's signed opinion of one record: name and moment are the signature (K-09)."""

    record = models.ForeignKey(VisitRecord, models.PROTECT, related_name="reviews", verbose_name=_("record"))
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("signed by"), db_index=False)
    at = models.DateTimeField(_("signed at"))
    opinion = models.TextField(_("opinion"))

    class Meta:
        verbose_name = _("opinion of a record")
        verbose_name_plural = _("opinions of records")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(opinion=""), name="opinion_says_something")]

    def __str__(self):
        return f"{self.record} {self.at:%Y-%m-%d}"
