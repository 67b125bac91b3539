"""What people change of a customer's file: changes with both values, proposals that wait, merges that can be split."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Employee
from visits.choices import ChangeState
from visits.models import scope
from visits.models.customer import Customer
from visits.models.record import VisitRecord


class CustomerChangeQuerySet(models.QuerySet):
    """Vocabulary of changes."""

    def visible_to(self, employee, *, on):
        """Keep the changes of customers in the employee's scope on that day."""
        return self.filter(scope.of_changes(scope_of(employee, on=on)))


class CustomerChange(models.Model):
    """One field of a customer's file from `before` to `after`, made or proposed by a person (F-05, U-01).

    `record`: the contact in which it was told. Both values are texts as the file shows them; a proposal changes nothing
    until somebody else has approved it.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="changes", verbose_name=_("customer"))
    field = models.CharField(_("field"), max_length=40)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ChangeState)
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("told in"), db_index=False
    )
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    made_at = models.DateTimeField(_("at"))
    decided_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"), db_index=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = CustomerChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a customer")
        verbose_name_plural = _("changes of customers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="change_state_is_known"),
            models.UniqueConstraint(
                fields=["customer", "field"], condition=Q(state="proposed"), name="one_proposal_for_a_field"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("applied", "proposed"), decided_at=None)
                | Q(state__in=("approved", "rejected"), decided_at__isnull=False),
                name="change_decided_when_it_says_so",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="proposed"), name="change_to_decide")]

    def __str__(self):
        return f"{self.customer} {self.field}"  # never the values: this text ends up in logs


class CustomerMerge(models.Model):
    """Two files of one customer made one. `moved`: the ids of the rows that came with the merged file, by relation."""

    survivor = models.ForeignKey(Customer, models.PROTECT, related_name="absorbed", verbose_name=_("customer"))
    merged = models.ForeignKey(Customer, models.PROTECT, related_name="merges", verbose_name=_("merged file"))
    reason = models.CharField(_("reason"), max_length=200)
    moved = models.JSONField(_("what was moved"), default=dict)
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    made_at = models.DateTimeField(_("at"))
    split_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("split by"), db_index=False
    )
    split_at = models.DateTimeField(_("split at"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="merge_of_two_customers"),
            models.UniqueConstraint(fields=["merged"], condition=Q(split_at=None), name="merged_once_at_a_time"),
        ]

    def __str__(self):
        return f"{self.merged} → {self.survivor}"
