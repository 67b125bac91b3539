"""Inspections: the draw of a period under a scorecard, its scores, and what makes a record doubtful."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import Doubt, DrawCause, InspectionState
from staff.domain.access import scope_of
from staff.domain.seeing import of_people
from staff.models import Branch, Department, Employee, Policy, Release
from visits.models import VisitRecord


class Inspection(models.Model):
    """What is inspected under one `[[scorecard]]` for one period; the seed of the draw is kept (Q-07)."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="inspections", verbose_name=_("policy"))
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    scorecard = models.CharField(_("scorecard"), max_length=80)
    period = models.CharField(_("period"), max_length=20)
    seed = models.CharField(_("seed"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"))
    population = models.PositiveIntegerField(_("drawn from"), default=0)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-period", "scorecard"]
        constraints = [models.UniqueConstraint(fields=["policy", "scorecard", "period"], name="inspection_once")]

    def __str__(self):
        return f"{self.scorecard} {self.period}"


class InspectionItemQuerySet(models.QuerySet):
    """Vocabulary of what is inspected."""

    def visible_to(self, employee, *, on):
        """Keep what is one's own, and what was made in one's units."""
        return self.filter(of_people(scope_of(employee, on=on)))


class InspectionItem(models.Model):
    """One drawn record, or one person or unit that is assessed; a blind second scoring is an item of its own.

    `result` is in hundredths of a per cent of the scorecard's best result, empty until it is scored.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="items", verbose_name=_("inspection"))
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("record")
    )
    employee = models.ForeignKey(
        Employee, models.PROTECT, related_name="inspected", verbose_name=_("inspected person"), db_index=False
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    cause = models.CharField(_("why it was drawn"), max_length=10, choices=DrawCause)
    second_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="seconds", verbose_name=_("second scoring of")
    )
    state = models.CharField(_("state"), max_length=10, choices=InspectionState, default=InspectionState.DRAWN)
    inspector = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("inspector"), db_index=False
    )
    scored_at = models.DateTimeField(_("scored at"), null=True, blank=True)
    result = models.IntegerField(_("result"), null=True, blank=True)
    accurate = models.BooleanField(_("record accurate"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    reply = models.TextField(_("reply of the inspected"), blank=True)
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)

    objects = InspectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspected item")
        verbose_name_plural = _("inspected items")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "record"],
                condition=Q(record__isnull=False, second_of=None),
                name="record_inspected_once",
            ),
            models.UniqueConstraint(
                fields=["inspection", "employee"],
                condition=Q(record=None, second_of=None),
                name="person_assessed_once",
            ),
            models.CheckConstraint(condition=Q(cause__in=DrawCause.values), name="draw_cause_is_known"),
            models.CheckConstraint(condition=Q(state__in=InspectionState.values), name="inspection_state_is_known"),
            models.CheckConstraint(
                condition=Q(inspector=None) | ~Q(inspector=models.F("employee")), name="nobody_inspects_himself"
            ),
        ]

    def __str__(self):
        return f"{self.inspection} #{self.pk}"


class ItemScore(models.Model):
    """The points of one item of the scorecard, in hundredths; scored again after an appeal, a later row counts."""

    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="scores", verbose_name=_("inspected item"))
    code = models.CharField(_("item"), max_length=80)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    points = models.IntegerField(_("points in hundredths"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["item", "round", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "code", "round"], name="score_once")]

    def __str__(self):
        return f"{self.code}: {self.points}"


class RecordDoubt(models.Model):
    """One thing that makes a record less believable; `weight` in per cent of the chance to be drawn (BEYOND A)."""

    record = models.ForeignKey(VisitRecord, models.CASCADE, related_name="doubts", verbose_name=_("record"))
    kind = models.CharField(_("kind"), max_length=12, choices=Doubt)
    weight = models.PositiveSmallIntegerField(_("weight"))
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("doubt about a record")
        verbose_name_plural = _("doubts about records")
        constraints = [
            models.UniqueConstraint(fields=["record", "kind"], name="doubt_once"),
            models.CheckConstraint(condition=Q(kind__in=Doubt.values), name="record_doubt_is_known"),
        ]

    def __str__(self):
        return f"{self.record} {self.kind}"
