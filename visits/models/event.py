"""What starts visits: kinds of events, the events themselves, and which release rules each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.packs.codes import CUSTOMER
from staff.domain.access import scope_of
from staff.models import Branch, Department, Employee, Policy, Release
from visits.choices import BOOKS, CASES
from visits.models import scope
from visits.models.customer import Customer
from visits.models.vehicle import Vehicle


class EventKind(models.Model):
    """A kind of event; the company's, shared by all policies. `many`: one event concerns a list of customers."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=60, blank=True)
    many = models.BooleanField(_("concerns many customers"), default=False)
    start = models.DateField(_("first made on"), null=True, blank=True)
    every = models.CharField(_("made every"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("event kind")
        verbose_name_plural = _("event kinds")
        ordering = ["code"]

    def __str__(self):
        return self.title or self.code


class ServiceEventQuerySet(models.QuerySet):
    """Vocabulary of events."""

    def visible_to(self, employee, *, on):
        """Keep the events in the employee's scope on that day."""
        return self.filter(scope.of_events(scope_of(employee, on=on)))

    def orders(self):
        """Keep what was done for customers; what cases, own books and customers' own days announce is none of it."""
        return self.exclude(Q(source__in=(CASES, BOOKS)) | Q(kind__code=CUSTOMER))


class ServiceEvent(models.Model):
    """Something that happened to one customer and may call for visits; `(source, order_no, member)` is its key.

    `member` tells the customers of one `many` event apart; it is empty otherwise. `attributes` holds further columns
    of the import as text. `history` keeps an event that must not start visits. `visits_from`: visits that close before
    count as taken in late, so that an old order brings today's visits and no heap of past ones. `made_by`: who entered
    it by hand.
    """

    source = models.CharField(_("source system"), max_length=40)
    order_no = models.CharField(_("order number"), max_length=80)
    member = models.CharField(_("member of the list"), max_length=40, blank=True)
    kind = models.ForeignKey(EventKind, models.PROTECT, related_name="events", verbose_name=_("kind"), db_index=False)
    happened_at = models.DateTimeField(_("happened at"))
    happened_on = models.DateField(_("happened on"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    due_has_time = models.BooleanField(_("due to the minute"), default=False)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="events", verbose_name=_("customer"), db_index=False
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("vehicle")
    )
    advisor = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("advisor")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    css = models.DecimalField(_("CSS score"), max_digits=8, decimal_places=2, null=True, blank=True)
    rating = models.CharField(_("rating"), max_length=40, blank=True)
    product = models.CharField(_("product"), max_length=80, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    attributes = models.JSONField(_("further columns"), default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    history = models.BooleanField(_("history, starts no visits"), default=False)
    visits_from = models.DateTimeField(_("visits from"), null=True, blank=True)
    needs_planning = models.BooleanField(_("waits for planning"), default=True)
    corrected = models.BooleanField(_("corrected since it was planned"), default=False)
    made_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    taken_in_at = models.DateTimeField(_("taken in at"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = ServiceEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "order_no", "member"], name="event_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(needs_planning=True), name="event_waiting_for_planning"),
            models.Index(fields=["customer", "happened_at"], name="event_of_customer"),
            models.Index(fields=["happened_at"], name="event_by_moment"),
            models.Index(fields=["kind", "taken_in_at"], name="event_by_intake"),
        ]

    def __str__(self):
        return self.order_no


class EventBinding(models.Model):
    """Which release of a policy rules an event: settled when the event is first planned under it (DECISIONS 9)."""

    event = models.ForeignKey(
        ServiceEvent, models.CASCADE, related_name="bindings", verbose_name=_("event"), db_index=False
    )
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("policy"), db_index=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)

    class Meta:
        verbose_name = _("event under a policy")
        verbose_name_plural = _("events under policies")
        constraints = [models.UniqueConstraint(fields=["event", "policy"], name="event_bound_once")]

    def __str__(self):
        return f"{self.event} · {self.release}"
