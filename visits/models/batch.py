"""Imports: each row is staged with its verdict first, then taken in by chunks, so that a crash loses nothing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Branch, Employee
from visits.choices import BatchState, RowState


class ImportBatchQuerySet(models.QuerySet):
    """Vocabulary of imports."""

    def visible_to(self, employee, *, on):
        """Keep one's own imports and those of the branches in one's scope on that day; all for whom sees everything."""
        scope = scope_of(employee, on=on)
        return self if scope.everything else self.filter(Q(branch__in=scope.branches) | Q(started_by=employee))


class ImportBatch(models.Model):
    """One file that was read, by its content (`sha256`) and the options it was read with.

    `counts`: how many rows were read and came to each end so far. `file`: the name under which a file that came by the
    pages is kept until it is purged; empty for one that a command read. `reading`: which sheet and row is the header,
    and what each of its columns means. `foreseen`: what taking it in would come to, as it stood when it was read.
    `refusal`: code and details of why the whole file is refused.
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
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("branch"), db_index=False
    )
    file = models.CharField(max_length=40, blank=True)
    reading = models.JSONField(_("columns"), default=dict)
    foreseen = models.JSONField(_("what it would come to"), default=dict)
    refusal = models.JSONField(_("why it is refused"), default=list)

    objects = ImportBatchQuerySet.as_manager()

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


class ImportChunk(models.Model):
    """What one chunk of an import wrote, so that it can be taken back.

    `made`: ids of new rows, and per new event its row in the file; `former`: what changed rows held before, and what
    the import has put there. `left`: what an undo could not take back, each with row, order number and reason.
    Dropped when the time for an undo is over.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="chunks", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("chunk"))
    written_at = models.DateTimeField(_("written at"))
    made = models.JSONField(_("made"), default=dict)
    former = models.JSONField(_("former values"), default=dict)
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    left = models.JSONField(_("what stayed"), default=list)

    class Meta:
        verbose_name = _("chunk of an import")
        verbose_name_plural = _("chunks of imports")
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_chunk_once")]

    def __str__(self):
        return f"{self.batch} {self.number}"


class ColumnMapping(models.Model):
    """What a column of a source system means, as somebody has said it; an empty `key` keeps it as a further column.

    `title` is the header without blanks, case and width (`config.workbooks.columns.plain`).
    """

    source = models.CharField(_("source system"), max_length=40, blank=True)
    title = models.CharField(_("column"), max_length=120)
    key = models.CharField(_("meaning"), max_length=40, blank=True)
    changed_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("changed by"), db_index=False
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("meaning of a column")
        verbose_name_plural = _("meanings of columns")
        ordering = ["source", "title"]
        constraints = [models.UniqueConstraint(fields=["source", "title"], name="column_means_one_thing")]

    def __str__(self):
        return f"{self.source}: {self.title}"
