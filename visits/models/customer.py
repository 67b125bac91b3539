"""Whom we talk to: customers, the history of their numbers, their segments."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Employee
from visits.models import scope


class CustomerQuerySet(models.QuerySet):
    """Vocabulary of customers."""

    def visible_to(self, employee, *, on):
        """Keep the customers of events and tasks in the employee's scope on that day (DECISIONS 1)."""
        return self.filter(scope.of_customers(scope_of(employee, on=on)))


class Customer(models.Model):
    """A person or company that is visited. A phone number is a customer (DECISIONS 32)."""

    name = models.CharField(_("name"), max_length=80)
    pinyin = models.CharField(_("pinyin"), max_length=160, blank=True, editable=False)
    contact = models.CharField(_("contact person"), max_length=80, blank=True)
    owner = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    area = models.CharField(_("area"), max_length=60, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    type = models.CharField(_("type"), max_length=40, blank=True)
    company = models.CharField(_("company"), max_length=120, blank=True)
    lifecycle = models.CharField(_("stage"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    influence = models.CharField(_("influence"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), max_length=120, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    im = models.CharField(_("QQ or other messenger"), max_length=60, blank=True)
    address = models.CharField(_("postal address"), max_length=200, blank=True)
    preferred_channel = models.CharField(_("preferred channel"), max_length=20, blank=True)
    preferred_time = models.CharField(_("preferred time"), max_length=80, blank=True)
    quiet_hours = models.CharField(_("not to be disturbed"), max_length=80, blank=True)
    visit_interval = models.CharField(_("own visit interval"), max_length=12, blank=True)
    note = models.TextField(_("note"), blank=True)
    attributes = models.JSONField(_("further data"), default=dict, blank=True)
    registered_at = models.DateTimeField(_("registered at"))
    confirmed_at = models.DateTimeField(_("file confirmed at"), null=True, blank=True)
    left_at = models.DateTimeField(_("no longer a customer since"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["id"]
        indexes = [models.Index(fields=["pinyin"], name="customer_by_pinyin")]

    def __str__(self):
        return f"#{self.pk}"  # never the name: this text ends up in logs


class ContactNumber(models.Model):
    """One number of a customer with the time in which it was theirs; a correction closes it and opens another."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="numbers", verbose_name=_("customer"))
    number = models.CharField(_("number"), max_length=40)
    last_four = models.CharField(_("last four digits"), max_length=4, editable=False)
    is_primary = models.BooleanField(_("first to dial"), default=True)
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    closed_reason = models.CharField(_("why it was closed"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("contact number")
        verbose_name_plural = _("contact numbers")
        ordering = ["customer", "-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(valid_until=None), name="number_of_one_customer_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(valid_until=None, is_primary=True), name="one_primary_number"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="number_valid_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["last_four"], condition=Q(valid_until=None), name="number_by_last_four"),
            models.Index(fields=["number"], condition=Q(valid_until__isnull=False), name="number_given_up"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class Segment(models.Model):
    """A class of customers; the company's, shared by all policies (DECISIONS 9)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=60, blank=True)
    when = models.JSONField(_("members, judged every night"), default=list, blank=True)
    match = models.CharField(_("conditions"), max_length=3, default="all")
    set = models.CharField(_("set"), max_length=60, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    guidance = models.TextField(_("guidance for the call"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(priority__lte=100), name="segment_priority_to_100"),
            models.CheckConstraint(condition=Q(match__in=["all", "any"]), name="segment_match_is_known"),
        ]

    def __str__(self):
        return self.title or self.code


class CustomerSegment(models.Model):
    """A customer's membership of a segment."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="memberships", verbose_name=_("customer"), db_index=False
    )
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="memberships", verbose_name=_("segment"))
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("membership of a segment")
        verbose_name_plural = _("memberships of segments")
        constraints = [models.UniqueConstraint(fields=["customer", "segment"], name="customer_once_in_segment")]

    def __str__(self):
        return f"{self.customer} · {self.segment}"
