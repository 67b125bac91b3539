"""Measures of improvement: who does what until when, and whether it helped (A-04)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import ActionDeed, ActionState
from staff.domain.access import scope_of
from staff.domain.seeing import of_people
from staff.models import Branch, Department, Employee, Violation


class ImprovementActionQuerySet(models.QuerySet):
    """Vocabulary of improvement actions."""

    def visible_to(self, employee, *, on):
        """Keep one's own actions and those of one's units on that day."""
        return self.filter(of_people(scope_of(employee, on=on), "owner"))

    def overdue(self, *, on):
        """Keep what was to be done before the local day `on` and is not."""
        return self.filter(state=ActionState.OPEN, due_on__lt=on)


class ImprovementAction(models.Model):
    """One action with its owner, its due day and the check of its effect; overdue from the day after `due_on`."""

    title = models.CharField(_("what is to be improved"), max_length=120)
    cause = models.TextField(_("cause"), blank=True)
    measure = models.TextField(_("measure"))
    owner = models.ForeignKey(
        Employee, models.PROTECT, related_name="improvements", verbose_name=_("owner"), db_index=False
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    violation = models.ForeignKey(
        Violation, models.PROTECT, null=True, blank=True, related_name="improvements", verbose_name=_("because of")
    )
    subject = models.CharField(_("about"), max_length=120, blank=True)
    due_on = models.DateField(_("until"))
    check_on = models.DateField(_("effect checked on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ActionState, default=ActionState.OPEN)
    result = models.TextField(_("result"), blank=True)
    effect = models.TextField(_("effect"), blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("made by"), db_index=False)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by"), db_index=False
    )

    objects = ImprovementActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement action")
        verbose_name_plural = _("improvement actions")
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=ActionState.values), name="action_state_is_known")]
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(state="open"), name="action_of_owner")]

    def __str__(self):
        return f"{self.title} #{self.pk}"


class ImprovementStep(models.Model):
    """One line of the history of an improvement action: appended only. `due_on` is the day as it was after it."""

    action = models.ForeignKey(
        ImprovementAction, models.PROTECT, related_name="steps", verbose_name=_("improvement action")
    )
    deed = models.CharField(_("deed"), max_length=12, choices=ActionDeed)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    due_on = models.DateField(_("until"))
    text = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of an improvement action")
        verbose_name_plural = _("steps of improvement actions")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(deed__in=ActionDeed.values), name="action_deed_is_known")]

    def __str__(self):
        return f"{self.action} {self.deed}"
