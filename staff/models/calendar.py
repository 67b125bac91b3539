"""The company's own days off and days on, above the official calendar (DECISIONS 14)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkdayOverride(models.Model):
    """One day on which the company works, or does not, whatever the official calendar says."""

    on = models.DateField(_("day"), unique=True)
    is_workday = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("calendar exception")
        verbose_name_plural = _("calendar exceptions")
        ordering = ["on"]

    def __str__(self):
        return f"{self.on}"
