"""Asking for leave: the request, who decided it, and the absence that came of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.choices import LeaveKind, LeaveState
from staff.models.employee import Absence, Employee

DECIDED = (LeaveState.GRANTED, LeaveState.REFUSED)


class LeaveRequest(models.Model):
    """Days somebody wants off, both included. A granted one has its `absence`; nobody decides their own."""

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="leave_requests", verbose_name=_("employee"))
    kind = models.CharField(_("kind of leave"), max_length=10, choices=LeaveKind)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    substitute = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("substitute"),
        db_index=False,
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=LeaveState)
    asked_at = models.DateTimeField(_("asked at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"), db_index=False
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    absence = models.OneToOneField(
        Absence, models.SET_NULL, null=True, blank=True, related_name="request", verbose_name=_("absence")
    )

    class Meta:
        verbose_name = _("request for leave")
        verbose_name_plural = _("requests for leave")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LeaveKind.values), name="leave_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=LeaveState.values), name="leave_state_is_known"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="leave_request_in_order"),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_by__isnull=False), name="leave_decided_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("employee")), name="leave_not_decided_by_oneself"
            ),
        ]

    def __str__(self):
        return f"{self.employee} {self.from_on} – {self.until_on}"
