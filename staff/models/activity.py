"""Who did what, when: appended in the transaction of the deed, never changed (triggers on both databases)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models.employee import Employee


class Activity(models.Model):
    """One deed. `data` holds ids and figures, never a phone number or a name of a customer."""

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    verb = models.CharField(_("deed"), max_length=60)
    subject_type = models.CharField(_("subject"), max_length=40)
    subject_id = models.BigIntegerField(_("number"), null=True)
    data = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="activity_of_subject")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_type} {self.subject_id}"
