"""The work: one task per event, step and occurrence, the series that makes later occurrences, the pools of draws."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Branch, Department, Employee, Release
from visits.choices import TaskStatus, Urgency
from visits.models import scope
from visits.models.customer import Customer
from visits.models.event import ServiceEvent
from visits.models.rule import VisitStep


class VisitTaskQuerySet(models.QuerySet):
    """Vocabulary of tasks."""

    def visible_to(self, employee, *, on):
        """Keep the tasks in the employee's scope on that day."""
        return self.filter(scope.of_tasks(scope_of(employee, on=on)))

    def open(self):
        """Keep what can be worked on now."""
        return self.filter(status=TaskStatus.OPEN)

    def overdue(self, *, now):
        """Keep open tasks whose closing bound has passed."""
        return self.open().filter(Q(closes_at__lt=now) | Q(closes_at=now, closes_inclusive=False))


class SamplePool(models.Model):
    """The events of one step and period among which a draw is made; the seed is kept so that it can be repeated."""

    step = models.ForeignKey(VisitStep, models.PROTECT, related_name="pools", verbose_name=_("step"), db_index=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    key = models.CharField(_("period"), max_length=120)
    seed = models.CharField(_("seed"), max_length=64)
    closes_at = models.DateTimeField(_("complete at"), null=True)
    drawn_at = models.DateTimeField(_("drawn at"), null=True)

    class Meta:
        verbose_name = _("pool of a draw")
        verbose_name_plural = _("pools of draws")
        constraints = [models.UniqueConstraint(fields=["step", "release", "key"], name="pool_once")]
        indexes = [models.Index(fields=["closes_at"], condition=Q(drawn_at=None), name="pool_to_draw")]

    def __str__(self):
        return f"{self.step} · {self.key}"


class VisitTask(models.Model):
    """One visit to make: opens at 00:00 of its day or at its instant, closes at `closes_at` (UTC).

    A bound of days is exclusive, one of minutes or hours inclusive (DECISIONS 13: `closes_inclusive`). `assignee`
    empty: in the pool of `department` and `role` since `pooled_at`, or not yet decided; with an empty `role` a
    supervisor picks. `settled` is false while the assignee is provisional (DECISIONS 23). `skipped_at`
    puts the task behind all others of its assignee until that local day ends.
    """

    event = models.ForeignKey(
        ServiceEvent, models.PROTECT, related_name="tasks", verbose_name=_("event"), db_index=False
    )
    step = models.ForeignKey(VisitStep, models.PROTECT, related_name="tasks", verbose_name=_("step"), db_index=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    occurrence = models.PositiveIntegerField(_("occurrence"), default=0)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="tasks", verbose_name=_("customer"), db_index=False
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    assignee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("assignee")
    )
    role = models.CharField(_("pool"), max_length=60, blank=True)
    settled = models.BooleanField(_("assigned for good"), default=True)
    pooled_at = models.DateTimeField(_("in the pool since"), null=True, blank=True)
    status = models.CharField(_("state"), max_length=16, choices=TaskStatus)
    urgency = models.CharField(_("urgency"), max_length=1, choices=Urgency, default=Urgency.NORMAL)
    priority = models.PositiveSmallIntegerField(_("priority"), default=50)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    closes_inclusive = models.BooleanField(_("closing bound included"), default=False)
    pool = models.ForeignKey(
        SamplePool,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("pool of a draw"),
        db_index=False,
    )
    sampled = models.BooleanField(_("drawn"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    call_back_at = models.DateTimeField(_("promised call-back at"), null=True, blank=True)
    leased_by = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("being worked on by"),
        db_index=False,
    )
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    skipped_at = models.DateTimeField(_("put to the back of the queue at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    completed_in_time = models.BooleanField(_("completed in time"), null=True, blank=True)
    closed_reason = models.CharField(_("why it was closed"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made at"))

    objects = VisitTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "step", "occurrence"], name="task_once"),
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="task_status_is_known"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="task_urgency_is_known"),
            models.CheckConstraint(condition=Q(closes_at__gte=F("opens_at")), name="task_window_in_order"),
            models.CheckConstraint(condition=Q(priority__lte=100), name="task_priority_to_100"),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "urgency", "closes_at", "id"], condition=Q(status="open"), name="queue_by_bound"
            ),
            models.Index(
                fields=["assignee", "urgency", "-priority", "closes_at", "id"],
                condition=Q(status="open"),
                name="queue_by_priority",
            ),
            models.Index(
                fields=["assignee", "call_back_at"],
                condition=Q(status="open", call_back_at__isnull=False),
                name="queue_by_call_back",
            ),
            models.Index(
                fields=["assignee", "skipped_at"],
                condition=Q(status="open", skipped_at__isnull=False),
                name="queue_by_skip",
            ),
            models.Index(fields=["opens_at"], condition=Q(status="planned"), name="task_to_open"),
            models.Index(fields=["pool"], condition=Q(pool__isnull=False), name="task_of_pool"),
            models.Index(fields=["branch", "closes_at", "id"], condition=Q(status="open"), name="open_task_of_branch"),
            models.Index(fields=["customer", "status"], name="task_of_customer"),
            models.Index(fields=["status", "id"], condition=Q(settled=False), name="task_to_assign"),
            models.Index(fields=["closes_at"], name="task_by_bound"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class SeriesQuerySet(models.QuerySet):
    """Vocabulary of series."""

    def visible_to(self, employee, *, on):
        """Keep the series whose visits to come lie in the employee's scope on that day."""
        return self.filter(scope.of_series(scope_of(employee, on=on)))


class Series(models.Model):
    """What a repeating step of an event makes next; `next_opens_at` is empty while a chain waits for its visit."""

    event = models.ForeignKey(
        ServiceEvent, models.PROTECT, related_name="series", verbose_name=_("event"), db_index=False
    )
    step = models.ForeignKey(VisitStep, models.PROTECT, related_name="series", verbose_name=_("step"), db_index=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="series", verbose_name=_("customer"))
    anchor_at = models.DateTimeField(_("counted from"))
    anchor_occurrence = models.PositiveIntegerField(_("occurrence of the anchor"), default=0)
    next_occurrence = models.PositiveIntegerField(_("next occurrence"))
    next_opens_at = models.DateTimeField(_("next opens at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_reason = models.CharField(_("why it ended"), max_length=120, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [models.UniqueConstraint(fields=["event", "step"], name="series_once")]
        indexes = [models.Index(fields=["next_opens_at"], condition=Q(ended_at=None), name="series_due")]

    def __str__(self):
        return f"{self.event} · {self.step}"
