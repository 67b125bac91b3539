"""What somebody has typed about a call and not yet saved: kept by the server while they type (RELIABILITY, T36)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models import Employee
from visits.models.record import VisitRecord
from visits.models.task import VisitTask


class CallDraftQuerySet(models.QuerySet):
    """Vocabulary of drafts."""

    def unsent(self):
        """Keep what no saved record holds: a form whose token was saved is no draft any more."""
        return self.exclude(models.Exists(VisitRecord.objects.filter(form_token=models.OuterRef("token"))))


class CallDraft(models.Model):
    """One form of one person about one task, as far as it is typed.

    `content` is what the form would send, every field with its list of texts. `page` and `turn` are the open page that
    wrote last and how often it had: by them a late request is told from a later one, and two pages from each other.
    """

    task = models.ForeignKey(VisitTask, models.PROTECT, related_name="drafts", verbose_name=_("task"))
    author = models.ForeignKey(
        Employee, models.PROTECT, related_name="drafts", verbose_name=_("written by"), db_index=False
    )
    token = models.UUIDField(_("form"))
    page = models.CharField(max_length=36)
    turn = models.PositiveIntegerField()
    content = models.JSONField(_("content"), default=dict)
    saved_at = models.DateTimeField(_("saved at"))

    objects = CallDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a call")
        verbose_name_plural = _("drafts of calls")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["author", "token"], name="draft_once_for_form")]
        indexes = [models.Index(fields=["saved_at"], name="draft_by_age")]

    def __str__(self):
        return f"{self.task} · {self.saved_at:%Y-%m-%d %H:%M}"
