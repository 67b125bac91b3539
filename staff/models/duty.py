"""Who is on duty when, and who stood in for whom (J-01, J-06)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.models.employee import Employee
from staff.models.organisation import Branch
from staff.models.policy import Policy


class ShiftQuerySet(models.QuerySet):
    """Vocabulary of shifts."""

    def standing(self):
        """Keep what was not taken back."""
        return self.filter(withdrawn_at=None)


class Shift(models.Model):
    """Hours for which somebody is on duty at a desk: what a `[[roster]]` of a policy asks to be staffed in a branch.

    `in_place_of`: for these hours that person is away from the desk, and `reason` says why. A `reason` alone is why
    somebody is on duty who lacks a qualification that the roster needs. What was taken back is kept.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("policy"))
    roster = models.SlugField(_("duty roster"), max_length=60, db_index=False)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch"), db_index=False
    )
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="shifts", verbose_name=_("employee"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    in_place_of = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in place of"), db_index=False
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken back by"),
        db_index=False,
    )  # fmt: skip
    withdrawn_why = models.CharField(_("why it was taken back"), max_length=200, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["policy", "ends_at"], name="shift_by_end")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_in_order"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="shift_taken_back_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(in_place_of=None) | (~Q(in_place_of=F("employee")) & ~Q(reason="")),
                name="shift_stands_in_for_another_and_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.employee} {self.starts_at:%Y-%m-%d %H:%M}"
