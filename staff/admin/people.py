"""Who works here, as the administrator keeps it: units, roles, people with their dated assignments, the calendar."""

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config import clock
from staff.admin.edits import LoggedAdmin
from staff.domain.activity import log
from staff.models import (
    Absence,
    Branch,
    Department,
    Employee,
    Posting,
    QualificationHeld,
    Role,
    RoleAssignment,
    WorkdayOverride,
)


class AssignmentInline(admin.TabularInline):
    """Roles, each from a day on."""

    model = RoleAssignment
    extra = 0


class PostingInline(admin.TabularInline):
    """Where a person works and to whom they answer, each from a day on."""

    model = Posting
    fk_name = "employee"
    extra = 0


class QualificationInline(admin.TabularInline):
    """What a person has learned or signed."""

    model = QualificationHeld
    extra = 0


class AbsenceInline(admin.TabularInline):
    """Leave, with who does the work meanwhile."""

    model = Absence
    fk_name = "employee"
    extra = 0


@admin.register(Employee)
class EmployeeAdmin(LoggedAdmin):
    """A person. Passwords are not set here: a new account is opened by its activation link."""

    fields = ["username", "name", "email", "is_active", "left_on", "hand_over_to", "capacity"]
    list_display = ["username", "name", "is_active", "left_on"]
    search_fields = ["username", "name", "pinyin"]
    inlines = [AssignmentInline, PostingInline, QualificationInline, AbsenceInline]
    actions = ["take_second_step_off"]

    @admin.action(description=_("Take two-step sign-in off the chosen accounts"))
    def take_second_step_off(self, request: HttpRequest, chosen: QuerySet[Employee]) -> None:
        """For whoever has neither the phone nor a recovery code; nobody does it to their own account here."""
        for employee in chosen.exclude(pk=request.user.pk):
            taken, _kinds = Authenticator.objects.filter(user=employee).delete()
            if taken:
                log(now=clock.now(), actor=request.user, verb="two_step_taken_off", subject=employee)
        messages.success(request, _("The chosen people sign in by their password alone until they set it up again."))

    def has_delete_permission(self, request: HttpRequest, obj: Employee | None = None) -> bool:
        """Never: what a person did keeps their name. Who leaves gets a day on which they left."""
        return False

    def save_model(self, request: HttpRequest, obj: Employee, form: forms.ModelForm, change: bool) -> None:
        """Save; a new account cannot sign in before its link is used."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Role)
class RoleAdmin(LoggedAdmin):
    """A role and the one whose rights it has."""

    list_display = ["code", "title", "like"]


@admin.register(Branch)
class BranchAdmin(LoggedAdmin):
    """A shop or site."""


@admin.register(Department)
class DepartmentAdmin(LoggedAdmin):
    """A department."""

    list_display = ["name", "branch"]


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(LoggedAdmin):
    """A day on which the company works, or does not, whatever the official calendar says."""

    list_display = ["on", "is_workday", "note"]
