"""Work orders: what a department, a technician or a partner is to do about a case, from the check to the signature."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import ORDER_ENDED, Confirmed, Measure, Mode, Verdict, WorkOrderKind, WorkOrderState
from complaints.models.case import Case, of_cases
from staff.domain.access import scope_of
from staff.models import Branch, Department, Employee

IS_ENDED = Q(state__in=ORDER_ENDED)


class WorkOrderQuerySet(models.QuerySet):
    """Vocabulary of work orders."""

    def visible_to(self, employee, *, on):
        """Keep one's own, those of the departments and branches that one looks after, those of cases that one sees.

        A contact sheet is for everybody of the department that it asks (I-03).
        """
        scope = scope_of(employee, on=on)
        if scope.everything:
            return self.all()
        seen = Q(department__in=scope.departments) | Q(branch__in=scope.branches)
        if scope.own is not None:
            seen |= Q(assignee=scope.own) | Q(opened_by=scope.own)
            seen |= Q(kind=WorkOrderKind.CONTACT_SHEET, department__in=scope.home_departments)
        cases = Case.objects.filter(of_cases(scope)).values("pk")
        return self.filter(seen | Q(case__in=cases))

    def open(self):
        """Keep what is still to be done."""
        return self.exclude(IS_ENDED)


class WorkOrder(models.Model):
    """One work order of a case. `partner`: an outside firm that does it (AB-02). Spans of time are moments (UTC).

    `materials` is a list of ``{"name": …, "quantity": …}``; `tags` of ``key``, ``typical``, ``difficult`` (N-05).
    `token` opens the customer's page of confirmation (V-04). `signature` names a file of evidence. `values` holds the
    regulation's own fields (`[[form]]`, ``of = "work_order"``) by code.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="work_orders", verbose_name=_("case"))
    number = models.CharField(pgettext_lazy("case", "number"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=WorkOrderKind)
    state = models.CharField(_("state"), max_length=12, choices=WorkOrderState, default=WorkOrderState.OPENED)
    version = models.PositiveIntegerField(default=1, editable=False)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="work_orders", verbose_name=_("department")
    )
    assignee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="work_orders", verbose_name=_("technician")
    )
    partner = models.CharField(_("outside partner"), max_length=80, blank=True)
    instruction = models.TextField(_("what is to be done"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    skill = models.CharField(_("skill that it takes"), max_length=60, blank=True)
    area = models.CharField(_("area"), max_length=60, blank=True)
    product = models.CharField(_("product"), max_length=80, blank=True)
    model = models.CharField(pgettext_lazy("case", "model"), max_length=80, blank=True)
    purchased_on = models.DateField(_("bought on"), null=True, blank=True)
    warranty_months = models.PositiveSmallIntegerField(_("months of warranty"), null=True, blank=True)
    in_scope = models.BooleanField(_("within the service"), null=True, blank=True)
    scope_reason = models.CharField(_("why"), max_length=200, blank=True)
    fault_nature = models.CharField(_("nature of the fault"), max_length=80, blank=True)
    cause = models.TextField(_("probable cause"), blank=True)
    mode = models.CharField(_("way"), max_length=8, choices=Mode, blank=True)
    tracking_no = models.CharField(_("shipping number"), max_length=60, blank=True)
    slot_from = models.DateTimeField(_("agreed from"), null=True, blank=True)
    slot_until = models.DateTimeField(_("agreed until"), null=True, blank=True)
    fault = models.TextField(_("fault found"), blank=True)
    solution = models.TextField(_("solution"), blank=True)
    process = models.TextField(_("what was done"), blank=True)
    materials = models.JSONField(_("materials"), default=list, blank=True)
    minutes = models.PositiveIntegerField(_("minutes of work"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    measure = models.CharField(pgettext_lazy("case", "measure"), max_length=14, choices=Measure, blank=True)
    approved_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by"), db_index=False
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    values = models.JSONField(_("further fields"), default=dict, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    verdict = models.CharField(_("what the visit found"), max_length=8, choices=Verdict, blank=True)
    confirmed_how = models.CharField(_("confirmed by"), max_length=12, choices=Confirmed, blank=True)
    token = models.CharField(max_length=64, blank=True, editable=False)
    signature = models.CharField(_("signature"), max_length=48, blank=True)
    opened_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opened by"), db_index=False
    )
    opened_at = models.DateTimeField(_("opened at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by"), db_index=False
    )
    dispatched_at = models.DateTimeField(_("dispatched at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    arrived_at = models.DateTimeField(pgettext_lazy("case", "arrived at"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WorkOrderState.values), name="work_order_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=WorkOrderKind.values), name="work_order_kind_is_known"),
            models.CheckConstraint(
                condition=(IS_ENDED & Q(closed_at__isnull=False)) | (~IS_ENDED & Q(closed_at=None)),
                name="work_order_ended_by_its_state",
            ),
            models.CheckConstraint(
                condition=Q(slot_from=None, slot_until=None) | Q(slot_until__gt=F("slot_from")),
                name="work_order_slot_in_order",
            ),
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="work_order_by_its_token"),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_at"], condition=~IS_ENDED, name="work_order_of_technician"),
            models.Index(fields=["opened_at"], name="work_order_by_moment"),
        ]

    def __str__(self):
        return self.number

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is done about it."""
        return self.state in ORDER_ENDED
