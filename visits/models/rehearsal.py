"""What a change of the rules would do, before it is made; and what becomes of open work when it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Employee, Policy, Release
from visits.choices import OpenTasks, RehearsalState


class Rehearsal(models.Model):
    """One look at what a regulation would have done with the events of some days; it changes nothing.

    `content` is the canonical text that was rehearsed, so that nobody publishes by a rehearsal of another draft;
    `result` is what came of it (visits.domain.rehearsing.outcome), order numbers and names of staff only.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="rehearsals", verbose_name=_("policy"))
    content = models.TextField(_("content"))
    sha256 = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField(_("days"), default=30)
    near_days = models.PositiveSmallIntegerField(_("days between two visits of a customer"), default=3)
    state = models.CharField(_("state"), max_length=10, choices=RehearsalState, default=RehearsalState.WAITING)
    done = models.PositiveIntegerField(_("events rehearsed"), default=0)
    total = models.PositiveIntegerField(_("events in all"), default=0)
    result = models.JSONField(_("result"), null=True)
    fault = models.CharField(_("why it failed"), max_length=200, blank=True)
    asked_by = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    leased_until = models.DateTimeField(_("leased until"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RehearsalState.values), name="rehearsal_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["policy", "sha256"], name="rehearsal_of_content"),
            models.Index(fields=["id"], condition=Q(state__in=("waiting", "running")), name="rehearsal_to_run"),
        ]

    def __str__(self):
        return f"{self.policy} · {self.asked_at:%Y-%m-%d}"


class Changeover(models.Model):
    """What whoever put a release in force chose for the open tasks of earlier ones, and how far that is done.

    `in_force_seq` tells apart the times that one release was put in force; empty while it awaits approval.
    `cancel_retired`: open visits of steps that the release lacks are cancelled, not worked off (RELIABILITY F35).
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="changeovers", verbose_name=_("release"))
    in_force_seq = models.PositiveIntegerField(_("put in force as"), null=True)
    open_tasks = models.CharField(_("open tasks"), max_length=8, choices=OpenTasks, default=OpenTasks.KEEP)
    cancel_retired = models.BooleanField(_("cancel visits of retired steps"), default=False)
    chosen_by = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("chosen by"))
    chosen_at = models.DateTimeField(_("chosen at"))
    last_event = models.PositiveBigIntegerField(_("events done up to"), default=0)
    counts = models.JSONField(_("what was done"), default=dict)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("changeover")
        verbose_name_plural = _("changeovers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(open_tasks__in=OpenTasks.values), name="changeover_choice_is_known"),
            models.UniqueConstraint(fields=["release"], condition=Q(finished_at=None), name="one_changeover_at_a_time"),
        ]

    def __str__(self):
        return f"{self.release} · {self.get_open_tasks_display()}"
