"""The stages of a visit that its regulation wants one after the other, each with its moment (Q-02, Q-03)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models import Employee
from visits.choices import Stage
from visits.models.task import VisitTask


class TaskStage(models.Model):
    """One stage of a task that was reached; `told` is what its form was filled in with, by field."""

    task = models.ForeignKey(VisitTask, models.PROTECT, related_name="stages", verbose_name=_("task"), db_index=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    reached_at = models.DateTimeField(_("reached at"))
    reached_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    told = models.JSONField(_("filled in"), default=dict, blank=True)

    class Meta:
        verbose_name = _("stage of a task")
        verbose_name_plural = _("stages of tasks")
        ordering = ["task", "reached_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "stage"], name="stage_once_for_task"),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="stage_is_known"),
        ]

    def __str__(self):
        return f"{self.task} · {self.stage}"
