"""The ledger of periodic jobs: which business moment of which job is finished."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.choices import JobState


class JobRun(models.Model):
    """One job for one moment at which it was due; the unique key makes a second run of it find nothing to do.

    `attempts` counts the tries in a row without success, and the one that succeeded; `took_ms` is how long the last
    one took.
    """

    job = models.CharField(_("job"), max_length=60)
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=10, choices=JobState)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    result = models.JSONField(_("result"), default=dict)
    error = models.CharField(_("error"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    took_ms = models.PositiveIntegerField(_("milliseconds taken"), default=0)

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-due_at", "job"]
        constraints = [
            models.UniqueConstraint(fields=["job", "due_at"], name="job_once_per_moment"),
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_is_known"),
        ]

    def __str__(self):
        return f"{self.job} {self.due_at:%Y-%m-%d %H:%M} {self.state}"
