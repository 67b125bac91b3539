"""What proves a contact: recordings, screenshots, signatures; what is doubtful about them, and who judged it (A-18)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Employee
from visits.choices import DoubtKind, EvidenceKind, FileFault
from visits.models import scope
from visits.models.record import VisitRecord
from visits.models.task import VisitTask


class EvidenceQuerySet(models.QuerySet):
    """Vocabulary of evidence."""

    def visible_to(self, employee, *, on):
        """Keep what belongs to tasks and records of the employee's own or of their units on that day."""
        return self.filter(scope.of_evidence(scope_of(employee, on=on)))

    def waiting(self):
        """Keep what was handed in during a call that is not saved yet."""
        return self.filter(record=None, subject="")

    def images(self):
        """Keep what has perceptual prints."""
        return self.exclude(prints="")


class Evidence(models.Model):
    """One file that proves a contact. It waits at its task until the contact is saved, then it is the record's.

    `sha256` is of the bytes as they came, `stored_sha256` of the cleaned copy that is kept as `file` (a name that the
    program made). `made_at` is what the file or the device says and proves nothing; `seconds` is the length of a
    recording; `prints` are the perceptual hashes of an image (`config.media.prints`). The original name of a file is
    not kept: telephones write numbers and names into it. A row outlives its file (`purged_at`), so that the same file
    is still noticed years later. `subject` names what else a file belongs to, as ``case:<id>``: a letter, a photograph,
    a signature; whoever may see that thing may see the file. `uploaded_by` is empty for what a customer or another
    system has handed in.
    """

    task = models.ForeignKey(
        VisitTask, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("task")
    )
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("record")
    )
    subject = models.CharField(_("about"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=EvidenceKind)
    file = models.CharField(_("file"), max_length=48, unique=True)
    media = models.CharField(_("type of the file"), max_length=20)
    sha256 = models.CharField(max_length=64)
    stored_sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    seconds = models.DecimalField(_("length in seconds"), max_digits=9, decimal_places=1, null=True, blank=True)
    silent = models.BooleanField(_("nothing is heard"), default=False)
    prints = models.TextField(_("perceptual prints"), blank=True)
    made_at = models.DateTimeField(_("made at, by its own word"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handed in by"),
        db_index=False,
    )  # fmt: skip
    uploaded_at = models.DateTimeField(_("handed in at"))
    compared_at = models.DateTimeField(_("compared with others at"), null=True, blank=True)
    checked_at = models.DateTimeField(_("file last checked at"), null=True, blank=True)
    fault = models.CharField(_("fault of the file"), max_length=8, choices=FileFault, blank=True)
    purged_at = models.DateTimeField(_("file removed at"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_is_known"),
            models.CheckConstraint(
                condition=Q(task__isnull=False) | Q(record__isnull=False) | ~Q(subject=""),
                name="evidence_belongs_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="evidence_same_file"),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="evidence_of_subject"),
            models.Index(fields=["stored_sha256"], name="evidence_same_copy"),
            models.Index(fields=["uploaded_by", "uploaded_at"], name="evidence_of_person"),
            models.Index(fields=["id"], condition=~Q(prints="") & Q(compared_at=None), name="evidence_to_compare"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class EvidenceDoubt(models.Model):
    """Why one piece of evidence may prove nothing: found by the program, judged by a person (RELIABILITY T16, T17).

    `other` is what it resembles; `measure` says how much: bits that differ, seconds that lack.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="doubts", verbose_name=_("evidence"))
    kind = models.CharField(_("kind"), max_length=16, choices=DoubtKind)
    other = models.ForeignKey(
        Evidence, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("resembles")
    )
    measure = models.PositiveIntegerField(_("measure"), default=0)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("doubt about evidence")
        verbose_name_plural = _("doubts about evidence")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DoubtKind.values), name="doubt_kind_is_known"),
            models.UniqueConstraint(
                fields=["evidence", "kind"], condition=Q(other=None), name="doubt_once_for_evidence"
            ),
            models.UniqueConstraint(
                fields=["evidence", "kind", "other"], condition=Q(other__isnull=False), name="doubt_once_for_pair"
            ),
        ]

    def __str__(self):
        return f"{self.evidence} · {self.get_kind_display()}"


class RecordCheck(models.Model):
    """One person's judgement whether a contact took place as it was logged; the latest one holds."""

    record = models.ForeignKey(VisitRecord, models.PROTECT, related_name="checks", verbose_name=_("record"))
    holds = models.BooleanField(_("is true"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("judged by"), db_index=False)
    at = models.DateTimeField(_("judged at"))

    class Meta:
        verbose_name = _("check of a record")
        verbose_name_plural = _("checks of records")
        ordering = ["id"]

    def __str__(self):
        return f"{self.record} · {self.holds}"
