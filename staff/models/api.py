"""Accounts of other systems: what opens the API, for what, and the answers that are given again to a repeated deed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models.employee import Employee
from staff.models.organisation import Branch


class ApiClient(models.Model):
    """One other system (a DMS, a hotline). Its token is kept as a hash alone; `hint` are the last signs of it.

    `scopes` are words of `staff.domain.api_clients.SCOPES`. With a `branch` it sees and brings that branch's alone.
    """

    name = models.CharField(_("name"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("end of the token"), max_length=6)
    scopes = models.JSONField(_("rights"), default=list)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("made by"), db_index=False)
    made_at = models.DateTimeField(_("made at"))
    used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("account of another system")
        verbose_name_plural = _("accounts of other systems")
        ordering = ["id"]

    def __str__(self):
        return self.name


class ApiAnswer(models.Model):
    """What a deed of a client was answered, under the key that it chose: the same once more does nothing (F41).

    `fingerprint` is the hash of method, address and body; it is written before the deed and with it, or not at all.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="answers", verbose_name=_("client"))
    key = models.CharField(_("key"), max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    body = models.JSONField(_("answer"), default=dict)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer of the API")
        verbose_name_plural = _("answers of the API")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["at"], name="api_answer_by_moment")]

    def __str__(self):
        return f"{self.client_id} {self.key}"
