"""What was posted: entries that are only appended, months that are closed, statements that stay as they were."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.choices import ConductKind, NoticeShows, Unit
from staff.models.conduct import LONGEST_SUBJECT, Violation
from staff.models.employee import Employee
from staff.models.policy import Policy

# A pattern would be shorter, but SQLite knows patterns only where Django has brought them: no backup could be proven.
IS_A_MONTH = Q(*(("period__endswith", f"-{month:02}") for month in range(1, 13)), _connector=Q.OR)


class MonthClose(models.Model):
    """A closed month: its statements are frozen, what becomes known later is posted to the month that is open."""

    period = models.CharField(_("month"), max_length=7, unique=True)
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by"), db_index=False
    )
    entries = models.PositiveIntegerField(_("entries"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["-period"]
        constraints = [models.CheckConstraint(condition=IS_A_MONTH, name="closed_month_is_a_month")]

    def __str__(self):
        return self.period


class LedgerEntry(models.Model):
    """One posting of a confirmed violation or award; a mistake is reversed by a counter-entry, never changed.

    `amount` is in hundredths of `unit`: what a penalty takes or a reward gives, by `kind`; a counter-entry carries the
    same amount with a minus. `period` is the month it is paid in, `counts_in` the one it belongs to: another only where
    that one was closed already. `capped` is what the monthly cap of the person took off. `seq` counts the postings of a
    violation: where a later decision changes what it comes to, its entry is countered and posted anew.
    """

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="entries", verbose_name=_("violation"))
    employee = models.ForeignKey(
        Employee, models.PROTECT, related_name="entries", verbose_name=_("employee"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ConductKind)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("policy"), db_index=False)
    rule = models.CharField(_("rule"), max_length=80)
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    amount = models.BigIntegerField(_("amount in hundredths"))
    capped = models.BigIntegerField(_("taken off by the cap"), default=0)
    seq = models.PositiveSmallIntegerField(_("posting"), default=1)
    period = models.CharField(_("month"), max_length=7)
    counts_in = models.CharField(_("belongs to"), max_length=7)
    occurred_on = models.DateField(_("day"))
    posted_at = models.DateTimeField(_("posted at"))
    posted_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posted by"), db_index=False
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("reverses")
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["violation", "seq"], condition=Q(reverses=None), name="violation_posted_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=ConductKind.values), name="entry_kind_is_known"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="entry_unit_is_known"),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gte=0) | Q(reverses__isnull=False, amount__lte=0),
                name="counter_entry_has_a_minus",
            ),
            models.CheckConstraint(condition=Q(capped__gte=0), name="cap_takes_off"),
            models.CheckConstraint(condition=IS_A_MONTH, name="entry_period_is_a_month"),
            models.CheckConstraint(condition=Q(period__gte=F("counts_in")), name="entry_not_before_its_month"),
            models.CheckConstraint(
                condition=Q(posted_by=None) | ~Q(posted_by=F("employee")), name="nobody_posts_his_own"
            ),
        ]
        indexes = [models.Index(fields=["employee", "period"], name="entry_of_employee")]

    def __str__(self):
        return f"#{self.pk}"


class Statement(models.Model):
    """What one person gets or owes for a closed month in one unit: frozen lines and sums, in hundredths of the unit."""

    close = models.ForeignKey(MonthClose, models.PROTECT, related_name="statements", verbose_name=_("closed month"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="statements", verbose_name=_("employee"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    penalties = models.BigIntegerField(_("penalties"))
    rewards = models.BigIntegerField(_("rewards"))
    lines = models.JSONField(_("lines"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["close", "employee", "unit"]
        constraints = [models.UniqueConstraint(fields=["close", "employee", "unit"], name="statement_once")]

    def __str__(self):
        return f"{self.employee} {self.close}"

    @property
    def net(self) -> int:
        """Return rewards less penalties, in hundredths of the unit."""
        return self.rewards - self.penalties


class MonthNotice(models.Model):
    """The public notice of a closed month, once it was published to all staff (L-09); `shows` as it was decided then.

    Withdrawn, it is no longer shown and may be published again: a new row.
    """

    close = models.ForeignKey(MonthClose, models.PROTECT, related_name="notices", verbose_name=_("closed month"))
    shows = models.CharField(_("shows"), max_length=8, choices=NoticeShows)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("published by"), db_index=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("monthly notice")
        verbose_name_plural = _("monthly notices")
        ordering = ["-close__period", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["close"], condition=Q(withdrawn_at=None), name="notice_once"),
            models.CheckConstraint(condition=Q(shows__in=NoticeShows.values), name="notice_shows_what_is_known"),
        ]

    def __str__(self):
        return f"{self.close}"
