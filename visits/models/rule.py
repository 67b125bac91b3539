"""Whom to visit, when: rules and steps as the draft holds them, and as a release froze them."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Policy, Release


class VisitRule(models.Model):
    """A rule of a policy: stable by (policy, code), its columns are the draft. `retired` since a pack lacks it."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="visit_rules", verbose_name=_("policy"))
    code = models.SlugField(_("code"), max_length=80)
    title = models.CharField(_("title"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    trigger = models.JSONField(_("trigger"), default=list)
    match = models.CharField(_("conditions"), max_length=3, default="all")
    when = models.JSONField(_("only if"), default=list, blank=True)
    group = models.CharField(_("group"), max_length=60, blank=True)
    earlier = models.BooleanField(_("also earlier events"), default=False)
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("visit rule")
        verbose_name_plural = _("visit rules")
        ordering = ["policy", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "code"], name="rule_once_in_policy"),
            models.CheckConstraint(condition=Q(match__in=["all", "any"]), name="rule_match_is_known"),
        ]

    def __str__(self):
        return self.title or self.code


class VisitStep(models.Model):
    """One step of a rule: stable by (rule, code), its columns are the draft.

    `opens` … `times` are the cadence in the pack's spelling ("3wd"; "?" waits for a figure). Every other key of the
    step stands in `details`, in the pack's own form.
    """

    rule = models.ForeignKey(VisitRule, models.PROTECT, related_name="steps", verbose_name=_("rule"))
    code = models.SlugField(_("code"), max_length=80)
    title = models.CharField(_("title"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    when = models.JSONField(_("only if"), default=list, blank=True)
    match = models.CharField(_("conditions"), max_length=3, default="all")
    opens = models.CharField(_("opens"), max_length=12, default="0d")
    closes = models.CharField(_("closes"), max_length=12)
    anchor = models.CharField(_("counted from"), max_length=20, default="event")
    counts = models.CharField(_("which visits count"), max_length=8, default="rule")
    every = models.CharField(_("repeats every"), max_length=12, blank=True)
    align = models.CharField(_("calendar periods"), max_length=12, default="none")
    times = models.CharField(_("how many times"), max_length=6, blank=True)
    shift = models.CharField(_("on a day off"), max_length=8, default="none")
    priority = models.PositiveSmallIntegerField(_("priority"), default=50, validators=[MaxValueValidator(100)])
    details = models.JSONField(_("further keys"), default=dict, blank=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["rule", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "code"], name="step_once_in_rule"),
            models.CheckConstraint(condition=Q(match__in=["all", "any"]), name="step_match_is_known"),
            models.CheckConstraint(condition=Q(priority__lte=100), name="step_priority_to_100"),
        ]

    def __str__(self):
        return f"{self.rule} · {self.title or self.code}"


class ReleasedRule(models.Model):
    """A rule as one release froze it; `spec` is its canonical form (config.packs.rule.RuleSpec)."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="rules", verbose_name=_("release"))
    rule = models.ForeignKey(VisitRule, models.PROTECT, related_name="released", verbose_name=_("rule"))
    position = models.PositiveIntegerField(_("position"))
    active = models.BooleanField(_("active"))
    spec = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("released rule")
        verbose_name_plural = _("released rules")
        ordering = ["release", "position"]
        constraints = [models.UniqueConstraint(fields=["release", "rule"], name="released_rule_once")]

    def __str__(self):
        return f"{self.release} · {self.rule.code}"


class ReleasedStep(models.Model):
    """A step as one release froze it; inactive while it waits for a figure."""

    rule = models.ForeignKey(ReleasedRule, models.PROTECT, related_name="steps", verbose_name=_("rule"))
    step = models.ForeignKey(VisitStep, models.PROTECT, related_name="released", verbose_name=_("step"))
    position = models.PositiveIntegerField(_("position"))
    active = models.BooleanField(_("active"))
    spec = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("released step")
        verbose_name_plural = _("released steps")
        ordering = ["rule", "position"]
        constraints = [models.UniqueConstraint(fields=["rule", "step"], name="released_step_once")]

    def __str__(self):
        return f"{self.rule} · {self.step.code}"
