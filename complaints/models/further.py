"""What belongs to cases: compensations, public letters, articles of knowledge, links to the public form, own books."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import CaseType, EntryState, SpendingKind, SpendingState
from complaints.models.case import Case
from staff.domain.access import scope_of
from staff.domain.seeing import of_people
from staff.models import Branch, Department, Employee, Policy, Release
from visits.models import Customer


class Compensation(models.Model):
    """What a customer is given to make good, once somebody else has approved it (H-03). `amount` in hundredths."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="compensations", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=SpendingKind)
    amount = models.PositiveIntegerField(_("value in hundredths"))
    text = models.CharField(_("what"), max_length=200, blank=True)
    allowance = models.CharField(_("allowance"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SpendingState, default=SpendingState.PROPOSED)
    proposed_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("proposed by"), db_index=False
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"), db_index=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SpendingState.values), name="compensation_state_is_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="compensation_is_worth_something"),
            models.CheckConstraint(
                condition=Q(state=SpendingState.PROPOSED, decided_at=None)
                | (~Q(state=SpendingState.PROPOSED) & Q(decided_at__isnull=False)),
                name="compensation_decided_by_its_state",
            ),
        ]
        indexes = [models.Index(fields=["decided_at"], name="compensation_by_decision")]

    def __str__(self):
        return f"#{self.pk}"


class PublicLetter(models.Model):
    """One letter that answers many cases; it is published with its file and stays in the archive (K-12)."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    written_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("written by"), db_index=False
    )
    written_at = models.DateTimeField(_("written at"))
    published_by = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
        db_index=False,
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("public letter")
        verbose_name_plural = _("public letters")
        ordering = ["id"]

    def __str__(self):
        return self.title


class Article(models.Model):
    """What was learned from a solved case: problem, method, minutes that it took (AA-04)."""

    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("case")
    )
    title = models.CharField(_("title"), max_length=120)
    problem = models.TextField(_("problem"))
    method = models.TextField(_("method"))
    minutes = models.PositiveIntegerField(_("minutes"))
    category = models.CharField(_("category"), max_length=60, blank=True)
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    at = models.DateTimeField(_("at"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["id"]

    def __str__(self):
        return self.title


class IntakeLink(models.Model):
    """A link to the public form; what comes by it belongs to its unit and is ruled by its regulation (M-01, Z-01)."""

    token = models.CharField(_("token"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=80)
    types = models.JSONField(_("types"), default=list, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    made_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("case", "made by"), db_index=False
    )
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("link to the public form")
        verbose_name_plural = _("links to the public form")
        ordering = ["id"]

    def __str__(self):
        return self.title

    def offered(self) -> list[str]:
        """Return the types of cases that the form takes."""
        return [one for one in CaseType.values if one in self.types] or list(CaseType.values)


class EntryQuerySet(models.QuerySet):
    """Vocabulary of entries of own books."""

    def visible_to(self, employee, *, on):
        """Keep one's own, whoever wrote their later versions, and those of one's units."""
        scope = scope_of(employee, on=on)
        begun = Q(first__by=scope.own) if scope.own is not None else Q()
        return self.filter(of_people(scope, "by") | begun) if not scope.everything else self.all()

    def open(self):
        """Keep what is not closed."""
        return self.filter(state=EntryState.OPEN)


class Entry(models.Model):
    """One line of a book that a regulation demands (`[[form]]`, ``of = "register"``): version after version.

    A row never changes: what is corrected, replied, closed is a new row that `replaces` the old one (AE-11), written by
    `by`; `first` is the first version of all.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("policy"), db_index=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("release"), db_index=False)
    form = models.CharField(_("book"), max_length=80)
    values = models.JSONField(pgettext_lazy("case", "entries"), default=dict)
    words = models.TextField(editable=False, blank=True)  # what it is searched by: the values as they are read
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("customer")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("case made of it")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("instead of")
    )
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="versions", verbose_name=_("first version")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), db_index=False
    )
    by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    at = models.DateTimeField(_("happened at"))
    logged_at = models.DateTimeField(_("entered at"))
    state = models.CharField(_("state"), max_length=8, choices=EntryState, default=EntryState.OPEN)
    reply = models.TextField(_("reply"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by"), db_index=False
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a book")
        verbose_name_plural = _("entries of books")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=EntryState.OPEN, closed_at=None)
                | Q(state=EntryState.CLOSED, closed_at__isnull=False),
                name="entry_closed_by_its_state",
            ),
        ]
        indexes = [models.Index(fields=["policy", "form", "at"], name="entry_of_book")]

    def __str__(self):
        return f"{self.form} #{self.pk}"
