"""Files that people asked for: which list with which filters, how far it is written, where it lies and until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reports.choices import ExportContacts, ExportFault, ExportForm, ExportState
from staff.domain.access import ADMINISTRATOR, GENERAL, QUALITY, roles_of
from staff.domain.oversight import overseen_by
from staff.models import Employee

TO_DO = (ExportState.WAITING, ExportState.RUNNING)
UNAPPROVED = (ExportState.ASKED, ExportState.REFUSED, ExportState.LAPSED, ExportState.CANCELLED)
LONGEST_REASON = 200


class ExportQuerySet(models.QuerySet):
    """Vocabulary of exports."""

    def visible_to(self, employee, *, on):
        """Keep one's own exports and those one decided on.

        For who answers for quality also those of the people they look after on that day; for administrators those with
        whole numbers, so that somebody who sees no customer can look who took them.
        """
        mine = Q(asked_by=employee) | Q(decided_by=employee)
        roles = roles_of(employee, on=on)
        if ADMINISTRATOR in roles:
            mine |= Q(contacts=ExportContacts.WHOLE)
        if roles & {QUALITY, GENERAL}:
            mine |= Q(asked_by__in=overseen_by(employee, on=on).order_by().values("pk"))
        return self.filter(mine)

    def to_do(self):
        """Keep what is not written yet, the oldest first."""
        return self.filter(state__in=TO_DO).order_by("id")


class Export(models.Model):
    """One file that somebody asked for.

    `source` is the URL name of the list's page, `path` and `query` the address with its filters as the person saw it.
    `file` is the name below `EXPORT_DIR`, without anything of anybody in it; empty once the file is gone. `rows` counts
    the rows in the file, None before it is done; `size` its bytes. `attempts` counts how often it was begun. `standing`
    is a fingerprint of what the person might see while it was written: with other rights the file is not handed out.

    `contacts`: whole numbers need a `reason` and somebody else's word before `decide_until` (DECISIONS 31); `refusal`
    is why it was refused.
    """

    asked_by = models.ForeignKey(Employee, models.PROTECT, related_name="exports", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked at"))
    source = models.CharField(_("list"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    path = models.CharField(_("page"), max_length=300)
    query = models.TextField(_("filters"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    form = models.CharField(_("kind of file"), max_length=4, choices=ExportForm)
    contacts = models.CharField(
        _("telephone numbers"), max_length=6, choices=ExportContacts, default=ExportContacts.MASKED
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    decide_until = models.DateTimeField(_("to be approved until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    refusal = models.CharField(_("why it was refused"), max_length=LONGEST_REASON, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=ExportState, default=ExportState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    rows_total = models.BigIntegerField(_("rows expected"), null=True, blank=True)
    rows = models.BigIntegerField(_("rows"), null=True, blank=True)
    file = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(_("size"), default=0)
    standing = models.CharField(max_length=64, blank=True)
    began_at = models.DateTimeField(_("began at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    downloads = models.PositiveIntegerField(_("downloads"), default=0)
    fault = models.CharField(_("what went wrong"), max_length=10, choices=ExportFault, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_is_known"),
            models.CheckConstraint(condition=Q(form__in=ExportForm.values), name="export_form_is_known"),
            models.CheckConstraint(condition=Q(fault__in=["", *ExportFault.values]), name="export_fault_is_known"),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE) | Q(rows__isnull=False, done_at__isnull=False),
                name="done_export_is_counted",
            ),
            models.CheckConstraint(condition=Q(contacts__in=ExportContacts.values), name="export_contacts_are_known"),
            models.CheckConstraint(
                condition=Q(contacts=ExportContacts.MASKED)
                | (~Q(reason="") & (Q(state__in=UNAPPROVED) | Q(decided_by__isnull=False))),
                name="whole_numbers_are_approved",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="nobody_approves_their_own"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.ASKED) | Q(contacts=ExportContacts.WHOLE, decide_until__isnull=False),
                name="asked_export_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state__in=TO_DO), name="export_to_do")]

    def __str__(self):
        return f"E{self.pk}"
