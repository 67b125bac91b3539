"""The people: accounts, and the dated roles, postings and qualifications, each asked as of a day."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.choices import BaseRole
from staff.models.organisation import Branch, Department, Role

VISITS_A_DAY = 60  # what one person calls in a day of nothing else; each has their own figure
USERNAME = RegexValidator(r"^[\w.@+-]+$", _("Use letters, digits and . @ + - _ only."))


class Dated(models.Model):
    """What holds from a day on, up to and including `until_on`, or without end."""

    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


class DatedQuerySet(models.QuerySet):
    """Vocabulary of everything that is dated."""

    def on(self, day):
        """Keep what holds on the local day `day`."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


class EmployeeManager(BaseUserManager):
    """Makes accounts; `createsuperuser` makes an administrator."""

    def create_user(self, username, password=None, **facts):
        """Make an account; without a password nobody can sign in until one is set."""
        employee = self.model(username=username, **facts)
        employee.set_password(password)
        employee.save(using=self._db)
        return employee

    def create_superuser(self, username, password=None, **facts):
        """Make an account that holds the role administrator from the beginning of time."""
        employee = self.create_user(username, password, **facts)
        role, _made = Role.objects.get_or_create(
            code=BaseRole.ADMINISTRATOR, defaults={"title": "系统管理员", "like": BaseRole.ADMINISTRATOR}
        )
        RoleAssignment.objects.create(employee=employee, role=role, from_on="2000-01-01")
        return employee


class Employee(AbstractBaseUser):
    """A person who works here and the account they sign in with."""

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[USERNAME])
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(_("pinyin"), max_length=120, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    hand_over_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hand-over to")
    )
    capacity = models.PositiveSmallIntegerField(_("visits a day"), default=VISITS_A_DAY)

    objects = EmployeeManager()
    base_roles: frozenset[str] = frozenset()  # set by the gate for the day of the request
    standing: Any = (None, None)  # (day, staff.domain.access.Standing), set by the gate: asked once in a request

    lacks_papers = False  # set by the gate: no data of customers before they are signed

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        ordering = ["username"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        """Return the person's name as the screens show it."""
        return self.name

    def get_short_name(self):
        """Return the person's name as the screens show it."""
        return self.name

    @property
    def is_staff(self):
        """Say whether Django admin opens: for administrators, as the gate found for this request."""
        return self.is_active and BaseRole.ADMINISTRATOR in self.base_roles

    def has_perm(self, _perm, _obj=None):
        """Administrators configure whatever Django admin registers; customer data is not registered there."""
        return self.is_staff

    def has_module_perms(self, _app):
        """Administrators see every app that Django admin registers."""
        return self.is_staff


class RoleAssignment(Dated):
    """A role that a person holds for a time; `area` narrows it to a customer area (`role:<code>@area`)."""

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="assignments", verbose_name=_("employee"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name=_("role"))
    area = models.CharField(_("area"), max_length=60, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.UniqueConstraint(fields=["employee", "role", "area", "from_on"], name="role_once_from_a_day"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="role_assignment_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.employee} · {self.role}"


class Posting(Dated):
    """Where a person works and to whom they answer, for a time."""

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="postings", verbose_name=_("employee"))
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"))
    line_manager = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("line manager")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.UniqueConstraint(fields=["employee", "from_on"], name="posting_once_from_a_day"),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="posting_in_order"),
        ]

    def __str__(self):
        return f"{self.employee} · {self.department or self.branch or ''}"


class QualificationHeld(Dated):
    """A training, test or signed paper (`[[qualification]]` of a pack) that a person holds for a time."""

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="qualifications", verbose_name=_("employee"))
    code = models.SlugField(_("qualification"), max_length=60)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification held")
        verbose_name_plural = _("qualifications held")
        constraints = [
            models.UniqueConstraint(fields=["employee", "code", "from_on"], name="qualification_once_from_a_day"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="qualification_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.employee} · {self.code}"


class Absence(Dated):
    """Approved leave, with who does the work meanwhile."""

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="absences", verbose_name=_("employee"))
    substitute = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("substitute")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_in_order"),
            models.CheckConstraint(condition=Q(until_on__isnull=False), name="absence_ends"),
        ]

    def __str__(self):
        return f"{self.employee} {self.from_on} – {self.until_on}"
