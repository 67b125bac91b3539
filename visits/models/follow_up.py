"""What a contact leaves to be done: problems and their remedies, questions, reminders (DECISIONS 27, 28)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Branch, Department, Employee
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState
from visits.models import scope
from visits.models.customer import Customer
from visits.models.event import ServiceEvent
from visits.models.record import VisitRecord
from visits.models.vehicle import Vehicle

WAITING = Q(state__in=(FollowUpState.OPEN, FollowUpState.BOOKED))
IS_APPOINTMENT = Q(kind=FollowUpKind.RETURN_APPOINTMENT)
IS_REPAIR = Q(kind=FollowUpKind.RECOMMENDED_REPAIR)


class FollowUpItemQuerySet(models.QuerySet):
    """Vocabulary of follow-ups."""

    def visible_to(self, employee, *, on):
        """Keep the follow-ups in the employee's scope on that day."""
        return self.filter(scope.of_follow_ups(scope_of(employee, on=on)))

    def waiting(self):
        """Keep what still has to be done."""
        return self.filter(closed_at=None)

    def standing(self):
        """Leave out what was withdrawn: taken back, entered by mistake."""
        return self.exclude(state=FollowUpState.WITHDRAWN)

    def overdue(self, *, now):
        """Keep what waits though its bound has passed; the bound itself is over, as every bound of days is."""
        return self.waiting().filter(due_at__lte=now)


class FollowUpItem(models.Model):
    """One thing to be done for a customer, and who answers for it (Q-05).

    `due_on` is the local day that was promised or planned, `due_at` the bound (UTC): the end of that day, or the
    moment itself. `limit_on`: of an appointment the last day that the regulation promises; a later one is a plan that
    needs a recommended repair (A-15). `number` counts the recommended repairs of a vehicle; where there is none it is
    no key, for customers may be merged. `waiting_since`: the customer's last word from us (S-06).
    """

    kind = models.CharField(_("kind"), max_length=20, choices=FollowUpKind)
    state = models.CharField(_("state"), max_length=12, choices=FollowUpState)
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("contact")
    )
    problem = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="remedies", verbose_name=_("problem")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("instead of")
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="follow_ups", verbose_name=_("customer"))
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("vehicle")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    owner = models.ForeignKey(
        Employee, models.PROTECT, related_name="follow_ups", verbose_name=_("accountable"), db_index=False
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    text = models.TextField(_("what"))
    result = models.TextField(_("result"), blank=True)
    due_on = models.DateField(_("planned for"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    limit_on = models.DateField(_("promised at the latest"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    waiting_since = models.DateTimeField(_("the customer waits since"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    arrival = models.ForeignKey(
        ServiceEvent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seen by the event")
    )
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)

    objects = FollowUpItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FollowUpKind.values), name="follow_up_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=FollowUpState.values), name="follow_up_state_is_known"),
            models.CheckConstraint(
                condition=(WAITING & Q(closed_at=None)) | (~WAITING & Q(closed_at__isnull=False)),
                name="follow_up_closed_by_its_state",
            ),
            models.CheckConstraint(
                condition=~IS_APPOINTMENT | Q(due_on__isnull=False, due_at__isnull=False),
                name="return_appointment_has_its_day",
            ),
            models.CheckConstraint(
                condition=(IS_REPAIR & Q(number__isnull=False)) | (~IS_REPAIR & Q(number=None)),
                name="recommended_repair_is_numbered",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="follow_up_says_what"),
            models.UniqueConstraint(
                fields=["vehicle", "number"], condition=Q(number__isnull=False), name="repair_once_for_vehicle"
            ),
            models.UniqueConstraint(
                fields=["record"], condition=Q(kind=FollowUpKind.PROBLEM), name="one_problem_for_record"
            ),
            models.UniqueConstraint(
                fields=["problem"], condition=Q(state=FollowUpState.BOOKED), name="one_appointment_for_problem"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(closed_at=None), name="follow_up_of_owner"),
            models.Index(fields=["due_at"], condition=IS_APPOINTMENT & Q(arrived_at=None), name="appointment_awaited"),
        ]

    def __str__(self):
        return f"#{self.pk}"  # never what it says: this text ends up in logs

    @property
    def is_promise(self) -> bool:
        """Whether a broken appointment counts (A-14): one beyond the limit is a plan, which a repair stands for."""
        return self.limit_on is None or (self.due_on is not None and self.due_on <= self.limit_on)


class FollowUpDeed(models.Model):
    """One line of a follow-up's history: appended only. `record`: the contact that brought it about."""

    item = models.ForeignKey(FollowUpItem, models.PROTECT, related_name="deeds", verbose_name=_("follow-up"))
    kind = models.CharField(_("deed"), max_length=16, choices=FollowUpDeedKind)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("by"), db_index=False)
    to = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to"), db_index=False
    )
    text = models.TextField(_("note"), blank=True)
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )

    class Meta:
        verbose_name = _("deed about a follow-up")
        verbose_name_plural = _("deeds about follow-ups")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FollowUpDeedKind.values), name="follow_up_deed_is_known"),
        ]

    def __str__(self):
        return f"#{self.pk}"
