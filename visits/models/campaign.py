"""Visits that people start: filters of customers that were saved, and plans for a list of customers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.models import Employee
from visits.choices import Channel
from visits.models.event import EventKind


class SavedFilter(models.Model):
    """A filter of customers under a name: conditions as segments have them (POLICY_PACK), asked anew at each use."""

    name = models.CharField(_("name"), max_length=60)
    when = models.JSONField(_("conditions"), default=list)
    match = models.CharField(_("match"), max_length=3, default="all")
    owner = models.ForeignKey(Employee, models.PROTECT, related_name="filters", verbose_name=_("owner"))
    shared = models.BooleanField(_("for everybody"), default=False)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("filter of customers")
        verbose_name_plural = _("filters of customers")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(match__in=["all", "any"]), name="filter_match_is_known"),
            models.UniqueConstraint(fields=["owner", "name"], name="filter_once_by_name"),
        ]

    def __str__(self):
        return self.name


class Campaign(models.Model):
    """A plan for a list of customers: why, when, what and by what they are visited (S-03, F-03).

    `customers` is how many were on the list when it started; the events carry the plan's number as order number.
    """

    kind = models.ForeignKey(EventKind, models.PROTECT, related_name="+", verbose_name=_("kind"), db_index=False)
    title = models.CharField(_("title"), max_length=80)
    aim = models.CharField(_("aim"), max_length=200)
    content = models.TextField(_("content"))
    way = models.CharField(_("way"), max_length=20, choices=Channel)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    filter = models.ForeignKey(
        SavedFilter,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("filter"),
        db_index=False,
    )
    customers = models.PositiveIntegerField(_("customers"))
    form_token = models.UUIDField(_("form"), unique=True)
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="campaigns", verbose_name=_("by"))
    made_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_days_in_order"),
            models.CheckConstraint(condition=~Q(aim=""), name="campaign_has_an_aim"),
            models.CheckConstraint(condition=Q(way__in=Channel.values), name="campaign_way_is_known"),
        ]

    def __str__(self):
        return self.title

    @property
    def order_no(self) -> str:
        """Return the order number of the plan's events."""
        return f"campaign-{self.pk}"
