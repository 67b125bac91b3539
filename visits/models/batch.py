"""Imports: each row is staged with its verdict first, then taken in by chunks, so that a crash loses nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models import Employee
from visits.choices import BatchState, RowState


class ImportBatch(models.Model):
    """One file that was read, by its content (`sha256`) and the options it was read with.

    `counts`: how many rows were read and came to each end so far.
    """

    source = models.CharField(_("source system"), max_length=40)
    filename = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(_("options"), default=dict)
    counts = models.JSONField(_("rows"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=BatchState)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    started_by = models.ForeignKey(Employee, models.PROTECT, null=True, verbose_name=_("started by"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=BatchState.values), name="batch_state_is_known"),
        ]

    def __str__(self):
        return self.filename


class ImportRow(models.Model):
    """One row of the file: what it means, what became of it and why.

    A row that was taken in without a remark is dropped in the same transaction: customers' data is not kept twice.
    `cells`, as they were read, are kept of refused rows alone, to be mended.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("import"))
    row_no = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("state"), max_length=10, choices=RowState)
    cells = models.JSONField(_("cells"))
    facts = models.JSONField(_("meaning"), default=dict)
    reasons = models.JSONField(_("reasons"), default=list)
    warnings = models.JSONField(_("warnings"), default=list)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["batch", "row_no"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_no"], name="import_row_once"),
            models.CheckConstraint(condition=models.Q(state__in=RowState.values), name="row_state_is_known"),
        ]
        indexes = [models.Index(fields=["batch", "state", "row_no"], name="import_row_by_state")]

    def __str__(self):
        return f"{self.batch} {self.row_no}"
