"""Where people work and what they may do: branches, departments, roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.choices import BaseRole


class Branch(models.Model):
    """A shop or site of the company; the scope in which most people see data."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Department(models.Model):
    """A department of one branch, or of the company where `branch` is empty."""

    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "name"], name="department_once_in_branch"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(branch=None), name="department_once_in_company"
            ),
        ]

    def __str__(self):
        return self.name


class Role(models.Model):
    """A role by its code; `like` names the role whose rights and screens it has (POLICY_PACK, `[[role]]`)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=60)
    like = models.CharField(_("has the rights of"), max_length=30, choices=BaseRole)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(like__in=BaseRole.values), name="role_like_is_known"),
        ]

    def __str__(self):
        return self.title or self.code
