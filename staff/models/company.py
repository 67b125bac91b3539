"""The company that runs this installation: one row, with its name and logo, and how far its set-up has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.choices import NoticeShows

ONLY = 1  # the key of the one row


class Company(models.Model):
    """The one company (DECISIONS 1). A demo is marked as such, so that no real company is ever taken for one.

    `steps` are the codes of the set-up steps that are settled; `set_up_at` is empty until all of them are. The logo is
    kept here, re-encoded and small, so that it goes wherever the database goes. `notice_shows` is how the monthly
    notice names staff (DECISIONS 38).
    """

    name = models.CharField(_("name of the company"), max_length=60, blank=True)
    logo = models.BinaryField(null=True, editable=False)
    logo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    is_demo = models.BooleanField(_("demo company"), default=False, editable=False)
    steps = models.JSONField(default=list, blank=True, editable=False)
    notice_shows = models.CharField(
        _("monthly notice shows"), max_length=8, choices=NoticeShows, default=NoticeShows.NAMES
    )
    set_up_at = models.DateTimeField(_("set up at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=ONLY), name="company_once"),
            models.CheckConstraint(condition=models.Q(notice_shows__in=NoticeShows.values), name="notice_shows_known"),
        ]

    def __str__(self):
        return self.name
