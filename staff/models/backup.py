"""The book of backups: when each was made, what became of its trial restore, whether its file is still kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.choices import BackupCause, BackupState
from staff.models.employee import Employee


class BackupQuerySet(models.QuerySet):
    """Which backups there are."""

    def kept(self):
        """Return those whose file is there and opened on trial, the newest first."""
        return self.filter(state=BackupState.SOUND, removed_at=None).order_by("-began_at", "-pk")


class Backup(models.Model):
    """One backup. `file` is a name in the folder of backups; `size` counts bytes, `rows` and `files` what is in it.

    `fault` says in words what went wrong. `removed_at` is when the retention took the file away.
    """

    file = models.CharField(_("file"), max_length=80, blank=True)
    cause = models.CharField(_("cause"), max_length=10, choices=BackupCause)
    state = models.CharField(_("state"), max_length=10, choices=BackupState, default=BackupState.ASKED)
    asked_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked for by")
    )
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    is_sealed = models.BooleanField(_("encrypted"), default=False)
    size = models.BigIntegerField(_("size"), default=0)
    rows = models.BigIntegerField(_("rows"), default=0)
    files = models.PositiveIntegerField(_("files"), default=0)
    fault = models.CharField(_("what went wrong"), max_length=500, blank=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=BackupState.values), name="backup_state_is_known"),
            models.CheckConstraint(condition=models.Q(cause__in=BackupCause.values), name="backup_cause_is_known"),
            # One at a time: a second process that wants to make one finds that it may not.
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state=BackupState.RUNNING), name="one_backup_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.state}"
