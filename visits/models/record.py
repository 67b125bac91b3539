"""What was said: one immutable record per contact, linked to the tasks that it bears on (DECISIONS 26)."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from staff.domain.access import scope_of
from staff.models import Branch, Employee
from visits.choices import Channel, Interest, Outcome, ProofWanted, RecordKind
from visits.models import scope
from visits.models.customer import ContactNumber, Customer
from visits.models.task import VisitTask


class VisitRecordQuerySet(models.QuerySet):
    """Vocabulary of records."""

    def visible_to(self, employee, *, on):
        """Keep the records in the employee's scope on that day."""
        return self.filter(scope.of_records(scope_of(employee, on=on)))

    def current(self):
        """Keep contacts that no later row corrects or voids.

        Asked as NOT EXISTS: a join that must find nothing PostgreSQL takes for one that finds next to nothing, and
        reads the whole table for the first page of a list.
        """
        later = VisitRecord._base_manager.filter(supersedes=OuterRef("pk"))
        return self.exclude(kind=RecordKind.VOID).filter(~Exists(later))


class VisitRecord(models.Model):
    """One logged contact. `started_at` is the call, `logged_at` the server's clock (DECISIONS 12, 26).

    `fingerprint` is the hash of what was submitted under `form_token`: the same form twice is one record. A correction
    keeps `logged_at` and `advisor` of what it corrects, so that neither its day nor its credit moves.
    `incomplete` is what lacked when it was saved; evidence that came later mends it (`visits.domain.proof.attaching`).
    `late_by` is empty where the record was saved soon enough after the call (U-04: the step's `enter_within`).
    """

    kind = models.CharField(_("kind"), max_length=12, choices=RecordKind, default=RecordKind.CONTACT)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("corrects")
    )
    form_token = models.UUIDField(_("form"), unique=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="records", verbose_name=_("customer"), db_index=False
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    advisor = models.ForeignKey(
        Employee, models.PROTECT, related_name="records", verbose_name=_("made by"), db_index=False
    )
    number = models.ForeignKey(ContactNumber, models.PROTECT, null=True, blank=True, verbose_name=_("number"))
    inbound = models.BooleanField(_("the customer called"), default=False)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    channel_reason = models.CharField(_("reason for the channel"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reported_by_system = models.BooleanField(_("time reported by a telephone system"), default=False)
    logged_at = models.DateTimeField(_("logged at"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    satisfaction = models.CharField(_("satisfaction"), max_length=40, blank=True)
    satisfied = models.BooleanField(_("satisfied"), null=True, blank=True)
    css = models.DecimalField(_("CSS score"), max_digits=8, decimal_places=2, null=True, blank=True)
    nps = models.DecimalField(_("NPS answer"), max_digits=8, decimal_places=2, null=True, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    phrases = models.JSONField(_("phrases said"), default=list, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    need = models.TextField(_("need"), blank=True)
    suggestion = models.TextField(_("suggestion"), blank=True)
    rectification = models.TextField(_("rectification"), blank=True)
    settled = models.BooleanField(_("problem settled"), null=True, blank=True)
    displeasure = models.TextField(_("reason of dissatisfaction"), blank=True)
    displeasure_kind = models.CharField(_("what it is about"), max_length=60, blank=True)
    offered = models.TextField(_("offered"), blank=True)
    interest = models.CharField(_("interest in the offer"), max_length=12, choices=Interest, blank=True)
    summary = models.TextField(_("notes"), blank=True)
    reason = models.CharField(_("reason for a call out of bounds"), max_length=200, blank=True)
    early_reason = models.CharField(_("reason for a visit before its opening"), max_length=200, blank=True)
    call_back_at = models.DateTimeField(_("promised call-back at"), null=True, blank=True)
    late_by = models.PositiveIntegerField(_("seconds from the call to its late entry"), null=True, blank=True)
    incomplete = models.JSONField(_("still lacks"), default=list, blank=True)
    proof_wanted = models.CharField(_("proof wanted"), max_length=10, choices=ProofWanted, blank=True)
    corrected_by = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrected by"),
        db_index=False,
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
    correction_reason = models.CharField(_("why it was corrected"), max_length=200, blank=True)

    objects = VisitRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit record")
        verbose_name_plural = _("visit records")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RecordKind.values), name="record_kind_is_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="record_channel_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="record_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="record_call_in_order"
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.CONTACT, supersedes=None)
                | (~Q(kind=RecordKind.CONTACT) & Q(supersedes__isnull=False)),
                name="record_correction_names_its_record",
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.CORRECTION, corrected_by__isnull=False, corrected_at__isnull=False)
                | (~Q(kind=RecordKind.CORRECTION) & Q(corrected_by=None, corrected_at=None)),
                name="record_correction_names_who_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "started_at"], name="record_of_customer"),
            models.Index(fields=["advisor", "started_at"], name="record_of_advisor"),
            models.Index(fields=["started_at"], condition=~Q(proof_wanted=""), name="record_wants_proof"),
            models.Index(fields=["logged_at"], name="record_by_moment_of_saving"),
            models.Index(fields=["corrected_at"], condition=Q(kind="correction"), name="correction_by_moment"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class RecordTask(models.Model):
    """A record's bearing on one task: whether it completed it, and whether in time by that task's own window."""

    record = models.ForeignKey(
        VisitRecord, models.PROTECT, related_name="links", verbose_name=_("record"), db_index=False
    )
    task = models.ForeignKey(VisitTask, models.PROTECT, related_name="links", verbose_name=_("task"))
    completes = models.BooleanField(_("completes the task"))
    in_time = models.BooleanField(_("in time"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))

    class Meta:
        verbose_name = _("record of a task")
        verbose_name_plural = _("records of tasks")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["record", "task"], name="record_once_for_task"),
            models.UniqueConstraint(fields=["task", "attempt"], condition=~Q(attempt=0), name="attempt_once_for_task"),
        ]

    def __str__(self):
        return f"{self.record} · {self.task}"
