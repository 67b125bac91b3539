"""Deeds that are owed after an event: whose, until when, and what became of them (`[[obligation]]`)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.choices import MeasureState
from staff.domain.access import scope_of
from staff.domain.seeing import of_people
from staff.models import Branch, Department, Employee, Policy, Release, Violation
from visits.models.customer import Customer
from visits.models.event import ServiceEvent
from visits.models.record import VisitRecord


class ObligationQuerySet(models.QuerySet):
    """Vocabulary of obligations."""

    def visible_to(self, employee, *, on):
        """Keep one's own, those of the roles that one holds where nobody has them yet, and those of one's units."""
        scope = scope_of(employee, on=on)
        if scope.everything:
            return self.all()
        free = Q(employee=None, role__in=scope.pools) & (Q(branch=None) | Q(branch__in=scope.home_branches))
        return self.filter(of_people(scope) | free)

    def open(self):
        """Keep what is still to be done."""
        return self.filter(state=MeasureState.OPEN)

    def overdue(self, *, now):
        """Keep what is to be done and late; a clock that stands still is not."""
        late = Q(due_at__lt=now) | Q(due_at=now, inclusive=False)
        return self.open().filter(late, paused_at=None)


class Obligation(models.Model):
    """One deed that somebody owes after one event under one `[[obligation]]`.

    `subject` names the event as ``event:<id>``, ``record:<id>``, ``violation:<id>``, ``kpi:<id>``, ``case:<id>``,
    ``work_order:<id>`` or ``entry:<id>``; of a case that was opened again ``case:<id>/<round>``. `anchor_at` is
    when it happened; without `due_at` the deed is a to-do without a bound. `employee` empty: nobody's yet (`role`).
    `tell_at` is when the next escalation is due, `told` how many were. Done by the deed itself, a to-do by hand.
    `paused_at`: the clock stands still since then (DECISIONS 39); its earlier stops are its `pauses`. `set_due_at`: the
    bound that a manager has set by hand, at `set_at`.
    """

    policy = models.ForeignKey(
        Policy, models.PROTECT, related_name="obligations", verbose_name=_("policy"), db_index=False
    )
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    rule = models.CharField(_("rule"), max_length=80)
    deed = models.CharField(_("deed"), max_length=20)
    subject = models.CharField(_("about"), max_length=60)
    event = models.ForeignKey(
        ServiceEvent, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("event")
    )
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("record")
    )
    violation = models.ForeignKey(
        Violation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("violation"), db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("customer")
    )
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("owed by"),
        db_index=False,
    )  # fmt: skip
    role = models.CharField(_("pool"), max_length=60, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    anchor_at = models.DateTimeField(_("happened at"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    inclusive = models.BooleanField(_("the bound itself is in time"), default=True)
    set_due_at = models.DateTimeField(_("bound set by hand"), null=True, blank=True)
    set_at = models.DateTimeField(_("bound set at"), null=True, blank=True)
    warn_at = models.DateTimeField(_("warned from"), null=True, blank=True)
    tell_at = models.DateTimeField(_("escalated from"), null=True, blank=True)
    told = models.PositiveSmallIntegerField(_("escalations"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=MeasureState, default=MeasureState.OPEN)
    paused_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    made_at = models.DateTimeField(_("noted at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by"), db_index=False
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "rule", "subject"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(set_due_at=None, set_at=None) | Q(set_due_at__isnull=False, set_at__isnull=False),
                name="obligation_bound_set_at_a_moment",
            ),
            models.CheckConstraint(condition=Q(state__in=MeasureState.values), name="obligation_state_is_known"),
            models.CheckConstraint(
                condition=(Q(state=MeasureState.OPEN, done_at=None))
                | (~Q(state=MeasureState.OPEN) & Q(done_at__isnull=False)),
                name="obligation_done_by_its_state",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="obligation_by_bound"),
            models.Index(fields=["made_at"], name="obligation_by_moment"),
            models.Index(fields=["subject"], name="obligation_of_subject"),
            models.Index(fields=["employee", "due_at"], condition=Q(state="open"), name="obligation_of_employee"),
            models.Index(
                fields=["tell_at"], condition=Q(state="open", tell_at__isnull=False), name="obligation_to_tell"
            ),
            models.Index(
                fields=["warn_at"], condition=Q(state="open", warn_at__isnull=False), name="obligation_to_warn"
            ),
        ]

    def __str__(self):
        return f"{self.rule} #{self.pk}"


class ObligationPause(models.Model):
    """One stop of a clock: by whom, why, from when until when; without `until_at` it lasts."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="pauses", verbose_name=_("obligation"))
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)

    class Meta:
        verbose_name = _("stop of a clock")
        verbose_name_plural = _("stops of clocks")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=models.F("from_at")), name="pause_in_order"
            ),
            models.UniqueConstraint(fields=["obligation"], condition=Q(until_at=None), name="one_pause_at_a_time"),
        ]

    def __str__(self):
        return f"{self.obligation} {self.from_at}"
