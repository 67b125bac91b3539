"""What a customer does not want to be contacted for; as long as it stands, nobody calls about it (T31, T32)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Employee
from visits.choices import Purpose
from visits.models import scope
from visits.models.customer import Customer


class ContactRestrictionQuerySet(models.QuerySet):
    """Vocabulary of restrictions."""

    def visible_to(self, employee, *, on):
        """Keep the restrictions of customers in the employee's scope on that day."""
        seen = Customer.objects.filter(scope.of_customers(scope_of(employee, on=on)), pk=models.OuterRef("customer"))
        return self.filter(models.Exists(seen))

    def standing(self):
        """Keep those that were not lifted."""
        return self.filter(lifted_at=None)


class ContactRestriction(models.Model):
    """One purpose that the customer refused, when, to whom and why; lifting it needs a reason of its own."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="restrictions", verbose_name=_("customer"), db_index=False
    )
    purpose = models.CharField(_("does not want"), max_length=10, choices=Purpose)
    reason = models.CharField(_("reason"), max_length=200)
    since = models.DateTimeField(_("since"))
    set_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("written down by"), db_index=False
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by"), db_index=False
    )
    lift_reason = models.CharField(_("why it was lifted"), max_length=200, blank=True)

    objects = ContactRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction of contact")
        verbose_name_plural = _("restrictions of contact")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"], condition=Q(lifted_at=None), name="restricted_once_for_a_purpose"
            ),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="restricted_purpose_is_known"),
        ]
        indexes = [models.Index(fields=["customer", "since"], name="restriction_of_customer")]

    def __str__(self):
        return f"#{self.pk} {self.purpose}"
