"""What the end of a period found of each `[[kpi]]`: kept, so that a missed target is told once (`kpi_missed`)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Employee, Policy, Release


class KpiResult(models.Model):
    """One figure as the end of its period found it, of one employee, or of all together (`employee` empty).

    `numerator` / `denominator` are exact. `met` says whether the target was reached. Appended only: what comes to light
    later changes the figures of pages, never what was judged.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("policy"), db_index=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    kpi = models.CharField(_("figure"), max_length=80)
    period = models.CharField(_("period"), max_length=20)
    employee = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="kpi_results",
        verbose_name=_("employee"),
        db_index=False,
    )
    numerator = models.DecimalField(_("numerator"), max_digits=24, decimal_places=6)
    denominator = models.PositiveBigIntegerField(_("denominator"))
    met = models.BooleanField(_("target reached"))
    judged_at = models.DateTimeField(_("judged at"))

    class Meta:
        verbose_name = _("judged figure")
        verbose_name_plural = _("judged figures")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "kpi", "period", "employee"],
                condition=Q(employee__isnull=False),
                name="kpi_judged_once_of_employee",
            ),
            models.UniqueConstraint(
                fields=["policy", "kpi", "period"], condition=Q(employee=None), name="kpi_judged_once_of_all"
            ),
            models.CheckConstraint(condition=Q(denominator__gt=0), name="kpi_judged_over_something"),
        ]

    def __str__(self):
        return f"{self.kpi} {self.period}"
