"""What people were taught, tested in or signed: one row for each time, whether it led to a qualification or not."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.choices import TrainingWay
from staff.models.employee import Employee, QualificationHeld
from staff.models.policy import Release


class TrainingRecord(models.Model):
    """One training, test or signature. Passed, it gives `held`; a wrong entry is revoked, never deleted.

    `release`: whose pass mark was applied, or whose clauses were signed.
    """

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="trainings", verbose_name=_("employee"))
    code = models.SlugField(_("qualification"), max_length=60)
    on = models.DateField(_("day"))
    way = models.CharField(_("way"), max_length=12, choices=TrainingWay)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"))
    note = models.CharField(_("topic"), max_length=200, blank=True)
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("release"), db_index=False
    )
    held = models.OneToOneField(
        QualificationHeld, models.SET_NULL, null=True, blank=True, related_name="training", verbose_name=_("gives")
    )
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by"), db_index=False
    )

    class Meta:
        verbose_name = _("training record")
        verbose_name_plural = _("training records")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(way__in=TrainingWay.values), name="training_way_is_known"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__gte=0), name="training_score_not_negative"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, held=None),
                name="training_revoked_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.employee} · {self.code} {self.on}"
