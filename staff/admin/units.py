"""Branches, departments and roles; what each role may open."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import clock
from config.packs.codes import ROLES as STANDARD_ROLES
from staff.admin.edits import LoggedAdmin, choose_only
from staff.choices import BaseRole
from staff.domain.access import ACCESS, may_open
from staff.domain.granting import other_administrators
from staff.models import Branch, Department, Employee, Role, RoleAssignment
from staff.navigation import ENTRIES


class RoleForm(forms.ModelForm):
    """A role; `actor` is who changes it."""

    actor: Employee

    class Meta:
        model = Role
        fields = ["code", "title", "like"]
        help_texts = {
            "code": gettext_lazy("Regulations and staff lists name the role by it; it stays."),
            "like": gettext_lazy("Whose rights and screens the role has: the table below says which."),
        }

    def clean_like(self) -> str:
        """Refuse other rights for a role that the program knows, for one's own, and for the last administrators'."""
        like, role = str(self.cleaned_data["like"]), self.instance
        if not role.pk or like == role.like:
            return like
        if role.code in STANDARD_ROLES:
            raise forms.ValidationError(_("The rights of this role are fixed; make a role of your own for others."))
        today = clock.local_day(clock.now())
        held = RoleAssignment.objects.on(today).filter(role=role)
        if held.filter(employee=self.actor).exists():
            raise forms.ValidationError(_("Nobody changes the rights of a role that they hold themselves."))
        if (
            role.like == BaseRole.ADMINISTRATOR
            and not other_administrators(self.actor, on=today)
            and not held.exclude(employee=self.actor)
        ):
            raise forms.ValidationError(_("Nobody would be left to configure. Name another administrator first."))
        return like


def rights() -> list[tuple[Any, list[tuple[Any, list[str]]]]]:
    """Return for each place of the navigation, by groups, what each base role may do there: "", see, or act."""
    groups: dict[Any, list[tuple[Any, list[str]]]] = {}
    for entry in ENTRIES:
        names = (entry.name, *entry.pages)
        row = [right(names, entry.name, role) for role in BaseRole.values]
        groups.setdefault(entry.group, []).append((entry.words, row))
    return list(groups.items())


def right(names: tuple[str, ...], name: str, role: str) -> str:
    """Return what a role may do at one place."""
    if not may_open(name, "GET", frozenset({role})):
        return ""
    stem = name.removesuffix("_list")
    deeds = [other for other in ACCESS if other in names or other.startswith(stem + "_") or other == stem]
    deeds = [other for other in deeds if "POST" in ACCESS[other]] + ([name] if name.startswith("admin:") else [])
    return "act" if any(may_open(other, "POST", frozenset({role})) for other in deeds) else "see"


@admin.register(Role)
class RoleAdmin(LoggedAdmin):
    """A role and the one whose rights it has."""

    form = RoleForm
    list_display = ["title", "code", "like", "holders"]
    list_display_links = ["title", "code"]
    search_fields = ["code", "title"]
    change_form_template = "admin/staff/role/change_form.html"
    change_list_template = "admin/staff/role/change_list.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> list[str]:
        """Keep the code: regulations name it."""
        return ["code"] if obj else []

    def get_form(self, request: HttpRequest, obj: Role | None = None, **options: Any) -> Any:
        """Tell the form who changes the role."""
        made = super().get_form(request, obj, **options)
        return type(made.__name__, (made,), {"actor": request.user})

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        """Never of a role that the program knows; one that people held the database keeps."""
        return obj is None or obj.code not in STANDARD_ROLES

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer no deed on several roles at once."""
        return {}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show below the list what each role may open."""
        return super().changelist_view(request, {**table_of_rights(""), **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show below the form what the role may open."""
        role = self.get_object(request, object_id) if object_id else None
        told = table_of_rights(role.like if role else "")
        return super().changeform_view(request, object_id, form_url, {**told, **(extra_context or {})})

    @admin.display(description=gettext_lazy("held by"))
    def holders(self, role: Role) -> str:
        """Return who holds the role today."""
        held = RoleAssignment.objects.on(clock.local_day(clock.now())).filter(role=role, employee__is_active=True)
        names = list(held.order_by("employee__pinyin").values_list("employee__name", flat=True).distinct()[:6])
        return "、".join(names[:5]) + (" …" if len(names) > 5 else "") or "—"


def table_of_rights(marked: str) -> dict[str, Any]:
    """Return what the table of rights shows, with the column of one role marked."""
    return {"rights": rights(), "base_roles": BaseRole.choices, "marked": marked}


class DepartmentInline(admin.TabularInline):
    """The departments on the page of their branch."""

    model = Department
    extra = 0
    show_change_link = True
    can_delete = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Name each input."""
        made = super().get_formset(request, obj, **options)
        choose_only(made.form)
        return made


@admin.register(Branch)
class BranchAdmin(LoggedAdmin):
    """A shop or site."""

    search_fields = ["name"]
    inlines = [DepartmentInline]


@admin.register(Department)
class DepartmentAdmin(LoggedAdmin):
    """A department."""

    list_display = ["name", "branch"]
    list_filter = ["branch"]
    search_fields = ["name"]
