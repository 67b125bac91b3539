"""A company's written regulation: its draft rows, which people edit, and its releases, which nobody can change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.choices import ReleaseState
from staff.models.employee import Employee


class Policy(models.Model):
    """One regulation. What stands here is the draft; all that acts reads releases only (DECISIONS 8)."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    effective_from = models.DateField(_("effective from"))
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    owner = models.CharField(_("responsible for the regulation"), max_length=80, blank=True)
    approve = models.CharField(_("approved by"), max_length=80, blank=True)
    departments = models.JSONField(_("departments"), default=list, blank=True)
    one_call = models.BooleanField(_("one call may end several tasks"), default=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["slug"]

    def __str__(self):
        return self.title


class Clause(models.Model):
    """One clause of the regulation, with what carries it out."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="clauses", verbose_name=_("policy"))
    position = models.PositiveIntegerField(_("position"))
    ref = models.CharField(_("clause"), max_length=40)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    enforced_by = models.JSONField(_("enforced by"), default=list, blank=True)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["policy", "position"]
        constraints = [models.UniqueConstraint(fields=["policy", "ref"], name="clause_once_in_policy")]

    def __str__(self):
        return f"{self.ref} {self.title or self.text[:30]}"


class PolicyEntry(models.Model):
    """One entry of any other section of the pack (`[[penalty]]`, `[ledger]` …) as the draft holds it."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="entries", verbose_name=_("policy"))
    section = models.CharField(_("section"), max_length=40)
    code = models.CharField(_("code"), max_length=80, blank=True)
    position = models.PositiveIntegerField(_("position"))
    body = models.JSONField(_("content"))
    waiting = models.JSONField(_("waiting for a figure"), default=list, blank=True)

    class Meta:
        verbose_name = _("policy entry")
        verbose_name_plural = _("policy entries")
        ordering = ["policy", "section", "position"]
        constraints = [models.UniqueConstraint(fields=["policy", "section", "code"], name="entry_once_in_section")]

    def __str__(self):
        return f"{self.section}:{self.code}"


class Release(models.Model):
    """An immutable published state of a policy; `in_force_seq` grows each time one is put in force."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="releases", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=ReleaseState)
    content = models.TextField(_("content"))
    sha256 = models.CharField(max_length=64)
    effective_from = models.DateField(_("effective from"))
    in_force_seq = models.PositiveIntegerField(_("put in force as"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("published by")
    )
    approved_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="release_number_once"),
            models.UniqueConstraint(fields=["policy", "in_force_seq"], name="release_in_force_once"),
            models.CheckConstraint(
                condition=Q(state=ReleaseState.PUBLISHED) | Q(in_force_seq=None), name="release_in_force_is_published"
            ),
            models.CheckConstraint(condition=Q(state__in=ReleaseState.values), name="release_state_is_known"),
        ]

    def __str__(self):
        return f"{self.policy} v{self.number}"
