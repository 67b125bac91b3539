"""A case: what somebody complained of, asked, suggested or wants repaired, until it is truly settled."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import ENDED, CaseDeedKind, CaseState, CaseType, Grade, Measure, Priority, Severity, Source
from staff.domain.access import Scope, scope_of
from staff.models import Branch, Department, Employee, Policy, Release
from visits.models import Customer, FollowUpItem, ServiceEvent, Vehicle, VisitRecord

IS_ENDED = Q(state__in=ENDED)
POINTS = {Grade.LOW: 1, Grade.NORMAL: 2, Grade.HIGH: 3, "": 2}


def of_cases(scope: Scope) -> Q:
    """Return the cases that the scope opens: those one handles, tracks, coordinates, registered; one's units', pools.

    Whoever works in a department that was asked about a case sees it: somebody there has to answer.
    """
    if scope.everything:
        return Q()
    seen = Q(branch__in=scope.branches) | Q(department__in=scope.departments) | Q(departments__in=scope.departments)
    if scope.own is not None:
        for role in ("handler", "tracker", "coordinator", "escalated_to", "registered_by", "work_orders__assignee"):
            seen |= Q(**{role: scope.own})
        seen |= Q(deeds__kind=CaseDeedKind.ASKED_DEPARTMENT, deeds__department__in=scope.home_departments)
        near = Q(branch=None) | Q(branch__in=scope.home_branches)
        seen |= Q(handler=None, role__in=scope.pools) & near
    return seen


class CaseQuerySet(models.QuerySet):
    """Vocabulary of cases."""

    def visible_to(self, employee, *, on):
        """Keep the cases in the employee's scope on that day (AE-01: a branch sees its own, the centre all)."""
        scope = scope_of(employee, on=on)
        if scope.everything:
            return self.all()
        return self.filter(pk__in=Case.objects.filter(of_cases(scope)).values("pk"))  # joins must not double rows

    def open(self):
        """Keep what is not ended."""
        return self.exclude(IS_ENDED)

    def counted(self):
        """Keep what figures count: duplicates once, nothing that was withdrawn (K-14)."""
        return self.exclude(state__in=(CaseState.MERGED, CaseState.WITHDRAWN))


class Case(models.Model):
    """One case under one release of a regulation (`release` empty: none rules it).

    `opened_at` is when the customer told of it: the clocks run from there; `registered_at` is the server's moment.
    `name` and `contact` are as told, beside the customer on file; `reference` is the number in the system it came from.
    `summary` keeps the customer's own words. `handler` empty with a `role`: in that role's pool. `round` counts the
    tries to settle it; cause, solution, result and remedy are those of the present round, earlier ones stand in its
    deeds. `escalations` counts them all, `rung` how far up the regulation's own chain the case has come; `escalated_to`
    is who was told last. `version` rises with every deed, so that of two at once the later one is told. `token` is that
    of the form that registered it: the same form twice is one case.
    """

    number = models.CharField(pgettext_lazy("case", "number"), max_length=24, unique=True)
    token = models.UUIDField(unique=True, null=True, editable=False)
    type = models.CharField(_("type"), max_length=10, choices=CaseType)
    state = models.CharField(_("state"), max_length=12, choices=CaseState, default=CaseState.REGISTERED)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    version = models.PositiveIntegerField(default=1, editable=False)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy"), db_index=False
    )
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("release"), db_index=False
    )
    level = models.CharField(_("level"), max_length=60, blank=True)
    category = models.CharField(_("category"), max_length=60, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    importance = models.CharField(_("importance"), max_length=10, choices=Grade, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Grade, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source)
    reference = models.CharField(_("number at its source"), max_length=80, blank=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    contact = models.CharField(_("telephone or address"), max_length=120, blank=True)
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("vehicle"), db_index=False
    )
    event = models.ForeignKey(
        ServiceEvent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("case", "order"),
        db_index=False,
    )
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("raised in the visit")
    )
    follow_up = models.OneToOneField(
        FollowUpItem, models.PROTECT, null=True, blank=True, related_name="case", verbose_name=_("follow-up")
    )
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="offspring", verbose_name=_("made from")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    departments = models.ManyToManyField(
        Department, blank=True, related_name="cases", verbose_name=_("departments involved")
    )
    handler = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("handler")
    )
    role = models.CharField(_("pool"), max_length=60, blank=True)
    coordinator = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("coordinator"), db_index=False
    )
    tracker = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tracker"), db_index=False
    )
    summary = models.TextField(_("what was said"))
    demand = models.TextField(_("demand"), blank=True)
    values = models.JSONField(_("further fields"), default=dict, blank=True)
    cause = models.TextField(_("cause"), blank=True)
    process = models.TextField(_("course"), blank=True)
    solution = models.TextField(_("solution"), blank=True)
    measure = models.CharField(pgettext_lazy("case", "measure"), max_length=14, choices=Measure, blank=True)
    result = models.TextField(_("result"), blank=True)
    remedy = models.TextField(_("remedy"), blank=True)
    opinion = models.TextField(_("the customer's opinion"), blank=True)
    satisfied = models.BooleanField(_("customer satisfied"), null=True, blank=True)
    exemption = models.CharField(_("exemption"), max_length=60, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name=_("merged into")
    )
    letter = models.ForeignKey(
        "PublicLetter", models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("public letter")
    )
    escalations = models.PositiveSmallIntegerField(_("escalations"), default=0)
    rung = models.PositiveSmallIntegerField(_("rung of the escalation"), default=0)
    escalated_to = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("escalated to"),
        db_index=False,
    )  # fmt: skip
    opened_at = models.DateTimeField(_("told at"))
    registered_at = models.DateTimeField(_("registered at"))
    registered_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("registered by")
    )
    changed_at = models.DateTimeField(_("changed at"))
    replied_at = models.DateTimeField(_("first reply at"), null=True, blank=True)
    informed_at = models.DateTimeField(_("customer told of the result at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=CaseType.values), name="case_type_is_known"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_is_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="case_source_is_known"),
            models.CheckConstraint(condition=~Q(summary=""), name="case_says_what"),
            models.CheckConstraint(
                condition=(IS_ENDED & Q(closed_at__isnull=False)) | (~IS_ENDED & Q(closed_at=None)),
                name="case_ended_by_its_state",
            ),
            models.CheckConstraint(
                condition=(Q(state=CaseState.MERGED) & Q(merged_into__isnull=False))
                | (~Q(state=CaseState.MERGED) & Q(merged_into=None)),
                name="case_merged_by_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.EXEMPT) | ~Q(exemption=""), name="case_exempt_by_a_code"
            ),
            models.UniqueConstraint(
                fields=["source", "reference"], condition=~Q(reference=""), name="case_once_from_its_source"
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], name="case_by_moment"),
            models.Index(fields=["state", "opened_at"], condition=~IS_ENDED, name="case_open"),
            models.Index(fields=["branch", "opened_at"], name="case_of_branch"),
            models.Index(fields=["closed_at"], name="case_by_end"),
        ]

    def __str__(self):
        return self.number

    @property
    def priority(self) -> Priority:
        """Return importance × urgency as P1 (both high) to P4 (AA-01); what is not graded counts as normal."""
        product = POINTS[self.importance] * POINTS[self.urgency]
        return (
            Priority.P1
            if product == 9
            else Priority.P2
            if product == 6
            else Priority.P3
            if product > 2
            else Priority.P4
        )

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is done about it."""
        return self.state in ENDED


class Accusation(models.Model):
    """A case that names a member of staff: whether the fault was verified, and whether it did harm (I-07, AE-14)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="accusations", verbose_name=_("case"), db_index=False)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="accusations", verbose_name=_("about"))
    text = models.CharField(pgettext_lazy("case", "of what"), max_length=200, blank=True)
    attitude = models.BooleanField(_("about the attitude"), default=False)
    harm = models.BooleanField(_("it did harm"), default=False)
    verified = models.BooleanField(_("verified"), null=True, blank=True)
    finding = models.TextField(_("what was found"), blank=True)
    by = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    at = models.DateTimeField(_("entered at"))
    verified_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by"), db_index=False
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)

    class Meta:
        verbose_name = _("complaint about a person")
        verbose_name_plural = _("complaints about persons")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "employee"], name="accused_once_in_case"),
            models.CheckConstraint(
                condition=Q(verified=None, verified_at=None) | Q(verified__isnull=False, verified_at__isnull=False),
                name="accusation_verified_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["verified_at"], name="accusation_by_verdict")]

    def __str__(self):
        return f"{self.case} #{self.pk}"


class CaseDeed(models.Model):
    """One line of a case's timeline: appended only. `at`: when it happened, `logged_at`: when it was written down.

    `facts` holds what the deed changed, as plain data: old and new values, people's ids, the round's solution.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="deeds", verbose_name=_("case"))
    kind = models.CharField(_("deed"), max_length=20)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    at = models.DateTimeField(_("at"))
    logged_at = models.DateTimeField(_("written down at"))
    by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    to = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to"), db_index=False
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
        db_index=False,
    )
    text = models.TextField(_("note"), blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    record = models.ForeignKey(
        VisitRecord, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("visit"), db_index=False
    )
    work_order = models.ForeignKey(
        "WorkOrder", models.PROTECT, null=True, blank=True, related_name="deeds", verbose_name=_("work order")
    )

    class Meta:
        verbose_name = _("deed about a case")
        verbose_name_plural = _("deeds about cases")
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "logged_at"], name="case_deed_by_kind")]

    def __str__(self):
        return f"{self.case_id} {self.kind}"
