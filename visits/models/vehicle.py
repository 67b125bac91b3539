"""What the customer drives (or owns): a VIN, else a plate, is a vehicle (DECISIONS 32)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from visits.models import scope
from visits.models.customer import Customer


class VehicleQuerySet(models.QuerySet):
    """Vocabulary of vehicles."""

    def visible_to(self, employee, *, on):
        """Keep the vehicles of events and follow-ups in the employee's scope on that day."""
        return self.filter(scope.of_vehicles(scope_of(employee, on=on)))


class Vehicle(models.Model):
    """A vehicle by its VIN, or by its plate where the VIN is not known."""

    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    plate = models.CharField(_("plate"), max_length=16, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    mileage = models.PositiveIntegerField(_("mileage (km)"), null=True, blank=True)
    first_registered_on = models.DateField(_("first registered on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    high_tech = models.BooleanField(_("high-tech product"), null=True, blank=True)

    objects = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["vin"], condition=~Q(vin=""), name="vehicle_by_vin"),
            models.UniqueConstraint(fields=["plate"], condition=~Q(plate=""), name="vehicle_by_plate"),
            models.CheckConstraint(condition=~Q(vin="") | ~Q(plate=""), name="vehicle_has_vin_or_plate"),
        ]
        indexes = [
            models.Index(Right("plate", 4), name="vehicle_by_end_of_plate"),
            models.Index(Right("vin", 4), name="vehicle_by_end_of_vin"),
        ]

    def __str__(self):
        return self.plate or self.vin


class Ownership(models.Model):
    """Whose vehicle it is; another phone adds a link, a sale ends one."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="ownerships", verbose_name=_("vehicle"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="ownerships", verbose_name=_("customer"))
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("owner of a vehicle")
        verbose_name_plural = _("owners of vehicles")
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "customer"], condition=Q(until_at=None), name="owner_once_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.vehicle} · {self.customer}"
