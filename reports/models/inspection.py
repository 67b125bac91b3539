"""Inspections: the draw of a period under a scorecard, its scores, and what makes a record doubtful."""

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import Doubt, DrawCause, InspectionState
from staff.domain.access import scope_of
from staff.domain.seeing import of_people
from staff.models import Branch, Department, Employee, Policy, Release
from visits.models import VisitRecord


class InspectionQuerySet(models.QuerySet):
    """Vocabulary of inspections."""

    def visible_to(self, employee, *, on):
        """Keep those with something in them that one sees, those that are public, and to managers the empty ones."""
        seen = Q(pk__in=InspectionItem.objects.visible_to(employee, on=on).values("inspection"))
        scope = scope_of(employee, on=on)
        if scope.everything or scope.branches or scope.departments:
            seen |= Q(items=None)
        return self.filter(seen | Q(is_public=True)).distinct()


class Inspection(models.Model):
    """What is inspected under one `[[scorecard]]` for one period; the seed of the draw is kept (Q-07).

    Once published its results are final; `is_public` where the scorecard shows the ranks to everybody (E-07, AK-32).
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="inspections", verbose_name=_("policy"))
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    scorecard = models.CharField(_("scorecard"), max_length=80)
    period = models.CharField(_("period"), max_length=20)
    seed = models.CharField(_("seed"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"))
    population = models.PositiveIntegerField(_("drawn from"), default=0)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    is_public = models.BooleanField(_("ranks are public"), default=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-period", "scorecard"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "scorecard", "period"], name="inspection_once"),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(published_at__isnull=False), name="public_ranks_are_published"
            ),
        ]

    def __str__(self):
        return f"{self.scorecard} {self.period}"


class InspectionItemQuerySet(models.QuerySet):
    """Vocabulary of what is inspected."""

    def visible_to(self, employee, *, on):
        """Keep what one scores, one's own once it is scored, and what was made in one's units.

        A second scoring is nobody's business but that of who scores and who looks after the unit.
        """
        scope = scope_of(employee, on=on)
        if scope.everything:
            return self.all()
        own = Q(employee=employee, second_of=None) & ~Q(state=InspectionState.DRAWN)
        return self.filter(of_people(replace(scope, own=None)) | Q(inspector=employee) | own)


class InspectionItem(models.Model):
    """One drawn record, or one person or unit that is assessed; a blind second scoring is an item of its own.

    Without `employee` it is about a department, a branch or, with neither, the whole system; `round` counts how often
    the same is assessed in a period (N-08). `result` is in hundredths of a per cent of the scorecard's best result,
    empty until it is scored. An appeal is decided by somebody else than who scored and than whom it is about.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="items", verbose_name=_("inspection"))
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("record")
    )
    employee = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inspected",
        verbose_name=_("inspected person"),
        db_index=False,
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
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
    decided_by = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("appeal decided by"),
        db_index=False,
    )
    decided_at = models.DateTimeField(_("appeal decided at"), null=True, blank=True)
    decision = models.TextField(_("answer to the appeal"), blank=True)

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
                fields=["inspection", "employee", "round"],
                condition=Q(record=None, second_of=None, employee__isnull=False),
                name="person_assessed_once",
            ),
            models.UniqueConstraint(
                fields=["inspection", "department", "round"],
                condition=Q(record=None, second_of=None, employee=None, department__isnull=False),
                name="department_assessed_once",
            ),
            models.UniqueConstraint(
                fields=["inspection", "branch", "round"],
                condition=Q(record=None, second_of=None, employee=None, department=None, branch__isnull=False),
                name="branch_assessed_once",
            ),
            models.UniqueConstraint(
                fields=["inspection", "round"],
                condition=Q(record=None, second_of=None, employee=None, department=None, branch=None),
                name="system_assessed_once",
            ),
            models.UniqueConstraint(
                fields=["second_of"], condition=Q(second_of__isnull=False), name="second_scoring_once"
            ),
            models.CheckConstraint(condition=Q(cause__in=DrawCause.values), name="draw_cause_is_known"),
            models.CheckConstraint(condition=Q(state__in=InspectionState.values), name="inspection_state_is_known"),
            models.CheckConstraint(
                condition=Q(inspector=None) | Q(employee=None) | ~Q(inspector=models.F("employee")),
                name="nobody_inspects_himself",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | ((Q(employee=None) | ~Q(decided_by=models.F("employee"))) & ~Q(decided_by=models.F("inspector"))),
                name="appeal_decided_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.inspection} #{self.pk}"


class ItemScore(models.Model):
    """The points of one item of the scorecard; scored again after an appeal, a later row counts.

    They are `numerator` / `denominator`, exactly: two of three satisfied customers are not 0.67. `points` are the same
    in hundredths, for people, and all that rows from before there were the two have.
    """

    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="scores", verbose_name=_("inspected item"))
    code = models.CharField(_("item"), max_length=80)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    points = models.IntegerField(_("points in hundredths"))
    numerator = models.BigIntegerField(_("numerator"), null=True, blank=True)
    denominator = models.BigIntegerField(_("denominator"), null=True, blank=True)
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
