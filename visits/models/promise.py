"""Moments that were agreed with a customer: a call back, the appointment of a visit (E-02, P-02)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Employee
from visits.choices import PromiseKind, PromiseState
from visits.models import scope
from visits.models.record import VisitRecord
from visits.models.task import VisitTask


class PromiseQuerySet(models.QuerySet):
    """Vocabulary of promises."""

    def visible_to(self, employee, *, on):
        """Keep the promises of tasks in the employee's scope on that day."""
        seen = VisitTask.objects.filter(scope.of_tasks(scope_of(employee, on=on)), pk=models.OuterRef("task"))
        return self.filter(models.Exists(seen))

    def waiting(self):
        """Keep those that are still to be kept."""
        return self.filter(state=PromiseState.WAITING)


class Promise(models.Model):
    """One agreed moment of one task. `record` is the contact in which it was promised, empty where it was booked.

    `owner` is who had the task when the moment came: the figure is theirs. `settled_by` is the contact that kept it.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=PromiseKind)
    task = models.ForeignKey(VisitTask, models.PROTECT, related_name="promises", verbose_name=_("task"), db_index=False)
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="promises", verbose_name=_("promised in")
    )
    promised_at = models.DateTimeField(_("agreed for"))
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    agreed_with = models.CharField(_("agreed with"), max_length=80, blank=True)
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("agreed by"), db_index=False)
    made_at = models.DateTimeField(_("agreed at"))
    owner = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"), db_index=False
    )
    state = models.CharField(_("state"), max_length=10, choices=PromiseState, default=PromiseState.WAITING)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="settled_promises", verbose_name=_("kept by")
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["promised_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state=PromiseState.WAITING), name="one_promise_waits_for_a_task"
            ),
            models.CheckConstraint(condition=Q(kind__in=PromiseKind.values), name="promise_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=PromiseState.values), name="promise_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["promised_at"], condition=Q(state="waiting"), name="promise_waiting"),
            models.Index(fields=["task", "promised_at"], name="promise_of_task"),
        ]

    def __str__(self):
        return f"{self.task} · {self.promised_at:%Y-%m-%d %H:%M}"
