"""Broken and kept clauses: the proposal, what people decided about it, and its consequences without money."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.packs.codes import MEASURES, VIOLATIONS
from staff.choices import ConductKind, Liability, MeasureState, Unit, ViolationDeed, ViolationState
from staff.models.employee import Employee
from staff.models.organisation import Branch, Department
from staff.models.policy import Policy, Release
from staff.models.training import TrainingRecord

LONGEST_SUBJECT = 120


class ViolationQuerySet(models.QuerySet):
    """Vocabulary of violations."""

    def waiting(self):
        """Keep what somebody still has to decide: proposed, or appealed."""
        return self.filter(state__in=(ViolationState.PROPOSED, ViolationState.APPEALED))

    def standing(self):
        """Keep what counts: confirmed, and not taken back; an appeal leaves it standing until it is decided."""
        return self.filter(state__in=(ViolationState.CONFIRMED, ViolationState.APPEALED, ViolationState.SETTLED))


class Violation(models.Model):
    """One broken clause of one person (or a kept one: a reward, an award), from proposal to settlement (DECISIONS 36).

    `rule` is the code of the pack's penalty or reward, `violation` that of the catalogue, empty where a figure caused
    it. `subject` names what it is about as ``<kind>:<id>`` (``record:55``, ``report:7``, ``period:2026-10``) and is
    never shared by two different things. `primary` is whose violation somebody is jointly liable for. `amount` is in
    hundredths of `unit` (fen, hundredths of a point), never negative; empty until a confirmer chooses it from a range.
    `tier` and `amount` are provisional until confirmation. `facts` are what the explanation is made of, `evidence`
    lists ``{"kind", "id"}``; neither holds a customer's name or number.
    `exempt` says why the program itself waived it: it stays visible, and counts nowhere.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=ConductKind)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="violations", verbose_name=_("policy"))
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    rule = models.CharField(_("rule"), max_length=80)
    violation = models.CharField(_("violation"), max_length=40, blank=True)
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="violations", verbose_name=_("employee"))
    liability = models.CharField(_("liability"), max_length=8, choices=Liability, default=Liability.PRIMARY)
    primary = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joint", verbose_name=_("liable for")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    occurred_on = models.DateField(_("day"))
    occurred_at = models.DateTimeField(_("moment"), null=True, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    evidence = models.JSONField(_("evidence"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    amount = models.BigIntegerField(_("amount in hundredths"), null=True, blank=True)
    tier = models.PositiveSmallIntegerField(_("tier"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ViolationState, default=ViolationState.PROPOSED)
    exempt = models.CharField(_("exempt"), max_length=20, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by"), db_index=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"), db_index=False
    )

    objects = ViolationQuerySet.as_manager()

    class Meta:
        verbose_name = _("violation")
        verbose_name_plural = _("violations")
        ordering = ["-occurred_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "rule", "subject", "employee", "liability"], name="violation_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=ConductKind.values), name="violation_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=ViolationState.values), name="violation_state_is_known"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="violation_unit_is_known"),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=VIOLATIONS), name="violation_is_of_the_catalogue"
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="violation_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(liability=Liability.PRIMARY, primary=None)
                | Q(liability=Liability.JOINT, primary__isnull=False),
                name="joint_liability_names_its_violation",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("employee")), name="nobody_decides_his_own"
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "occurred_on"], name="violation_of_employee"),
            models.Index(fields=["state", "occurred_on"], name="violation_by_state"),
            models.Index(fields=["subject"], name="violation_of_subject"),
        ]

    def __str__(self):
        return f"{self.rule} #{self.pk}"


class ViolationStep(models.Model):
    """One line of a violation's history: appended only. `data` holds amounts, tiers and ids as they were then."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="steps", verbose_name=_("violation"))
    deed = models.CharField(_("deed"), max_length=12, choices=ViolationDeed)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("by"), db_index=False)
    text = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("step of a violation")
        verbose_name_plural = _("steps of violations")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(deed__in=ViolationDeed.values), name="violation_deed_known")]

    def __str__(self):
        return f"{self.violation} {self.deed}"


class Measure(models.Model):
    """A consequence without a figure that a confirmed violation or award brings: retraining, a certificate, …

    One that has to be carried out has a day; a training that was recorded closes it (L-05). A dismissal proposal is
    decided by people; no account changes before that (L-06, AE-16).
    """

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="measures", verbose_name=_("violation"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="measures", verbose_name=_("employee"))
    what = models.CharField(_("measure"), max_length=20)
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=MeasureState, default=MeasureState.OPEN)
    made_at = models.DateTimeField(_("ordered at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by"), db_index=False
    )
    training = models.ForeignKey(
        TrainingRecord, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name=_("training")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["violation", "what"], name="measure_once"),
            models.CheckConstraint(condition=Q(what__in=MEASURES), name="measure_is_of_the_catalogue"),
            models.CheckConstraint(condition=Q(state__in=MeasureState.values), name="measure_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=MeasureState.OPEN, closed_at=None)
                | (~Q(state=MeasureState.OPEN) & Q(closed_at__isnull=False)),
                name="measure_closed_by_its_state",
            ),
        ]
        indexes = [models.Index(fields=["employee", "due_on"], condition=Q(state="open"), name="measure_of_employee")]

    def __str__(self):
        return f"{self.what} #{self.pk}"


class DetectorMark(models.Model):
    """Until when one detector has looked: a run that comes hours late looks at all that has fallen due meanwhile."""

    name = models.CharField(_("detector"), max_length=60, unique=True)
    until = models.DateTimeField(_("looked until"))

    class Meta:
        verbose_name = _("mark of a detector")
        verbose_name_plural = _("marks of detectors")

    def __str__(self):
        return f"{self.name} {self.until:%Y-%m-%d %H:%M}"


class Ballot(models.Model):
    """One vote of one voter in one period's election: of staff by account, of a customer by number (AE-19)."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="ballots", verbose_name=_("policy"))
    rule = models.CharField(_("rule"), max_length=80)
    period = models.CharField(_("period"), max_length=20)
    voter = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("voter"), db_index=False
    )
    customer = models.BigIntegerField(_("customer"), null=True, blank=True)
    choice = models.ForeignKey(Employee, models.PROTECT, related_name="ballots", verbose_name=_("vote for"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "rule", "period", "voter"], condition=Q(voter__isnull=False), name="one_vote_of_staff"
            ),
            models.UniqueConstraint(
                fields=["policy", "rule", "period", "customer"],
                condition=Q(customer__isnull=False),
                name="one_vote_of_customer",
            ),
            models.CheckConstraint(
                condition=Q(voter=None, customer__isnull=False) | Q(voter__isnull=False, customer=None),
                name="ballot_of_one_voter",
            ),
            models.CheckConstraint(condition=Q(voter=None) | ~Q(voter=F("choice")), name="nobody_votes_for_himself"),
        ]

    def __str__(self):
        return f"{self.rule} {self.period}"
