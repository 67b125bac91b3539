"""Who works here, as the administrator keeps it: people with their dated roles and postings, their accounts."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from config import clock
from staff.admin.edits import LoggedAdmin, choose_only
from staff.domain import activation, granting
from staff.domain.activity import log
from staff.domain.pinyin import pinyin_of
from staff.models import Absence, Employee, Posting, QualificationHeld, RoleAssignment

LONGEST_PINYIN = 120


class RoleFormSet(forms.BaseInlineFormSet):
    """The roles of a person; `actor` is who changes them."""

    actor: Employee

    def clean(self) -> None:
        """Refuse a change of one's own roles, and one that leaves nobody to configure."""
        super().clean()
        if any(self.errors) or not self.has_changed():
            return
        if self.instance.pk == self.actor.pk:
            raise forms.ValidationError(_("Nobody changes their own roles: ask another administrator."))
        today = clock.local_day(clock.now())
        if self.instance.pk and not granting.other_administrators(self.instance, on=today):
            raise forms.ValidationError(_("Nobody would be left to configure. Name another administrator first."))


class AssignmentInline(admin.TabularInline):
    """Roles, each from a day on."""

    model = RoleAssignment
    formset = RoleFormSet
    extra = 0
    verbose_name_plural = gettext_lazy("roles, each from a day on")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Tell the forms who changes the roles."""
        made = super().get_formset(request, obj, **options)
        choose_only(made.form)
        return type(made.__name__, (made,), {"actor": request.user})


class PostingInline(admin.TabularInline):
    """Where a person works and to whom they answer, each from a day on."""

    model = Posting
    fk_name = "employee"
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Offer choices only."""
        made = super().get_formset(request, obj, **options)
        choose_only(made.form)
        return made


class QualificationInline(admin.TabularInline):
    """What a person has learned or signed: entered where trainings are, only shown here."""

    model = QualificationHeld
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here: trainings have a page of their own, with who entered what."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False


class AbsenceInline(QualificationInline):
    """Leave and who stands in; it is asked for and decided on elsewhere, and why is nobody else's business."""

    model = Absence
    fk_name = "employee"
    fields = ["from_on", "until_on", "substitute"]


class EmployeeForm(forms.ModelForm):
    """A person; `actor` is who changes them."""

    actor: Employee

    class Meta:
        model = Employee
        fields = ["username", "name", "email", "is_active", "left_on", "hand_over_to", "capacity"]
        help_texts = {
            "is_active": gettext_lazy("Without the tick nobody signs in by this account; what the person did stays."),
            "left_on": gettext_lazy("The last day; work is handed over when it has passed."),
            "capacity": gettext_lazy("How many visits the person can make in a day of nothing else."),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse that somebody locks themself out."""
        told = super().clean() or {}
        if self.instance.pk and self.instance.pk == self.actor.pk:
            for name in {"is_active", "left_on"} & set(self.changed_data):
                self.add_error(name, _("Nobody closes their own account: ask another administrator."))
        return told


@admin.register(Employee)
class EmployeeAdmin(LoggedAdmin):
    """A person. Passwords are not set here: an account is opened by its activation link."""

    form = EmployeeForm
    list_display = ["name", "username", "roles_now", "works_at", "account_state", "left_on"]
    list_display_links = ["name", "username"]
    list_filter = ["is_active", "assignments__role"]
    search_fields = ["username", "name", "pinyin"]
    inlines = [AssignmentInline, PostingInline, AbsenceInline, QualificationInline]
    actions = ["take_second_step_off"]
    change_form_template = "admin/staff/employee/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        """Read roles and posts of today along with the people."""
        today = clock.local_day(clock.now())
        held = RoleAssignment.objects.on(today).select_related("role")
        posts = Posting.objects.on(today).select_related("branch", "department")
        today_only = (Prefetch("assignments", held, to_attr="held"), Prefetch("postings", posts, to_attr="posts"))
        return super().get_queryset(request).prefetch_related(*today_only)

    def get_form(self, request: HttpRequest, obj: Employee | None = None, **options: Any) -> Any:
        """Tell the form who changes the person."""
        made = choose_only(super().get_form(request, obj, **options))
        return type(made.__name__, (made,), {"actor": request.user})

    def get_urls(self) -> list[Any]:
        """Add what is done with an account."""
        deeds = {"link": self.make_link, "sessions": self.end_sessions}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(require_POST(deed)), name=f"staff_employee_{name}")
            for name, deed in deeds.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Tell the page what can be done with the account."""
        open_now = UserSession.objects.filter(user=object_id).count() if object_id.isdigit() else 0
        told = {"open_sessions": open_now, "is_oneself": object_id == str(request.user.pk)}
        return super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def make_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the password away, if there is one, and show the link by which the person chooses a new one."""
        employee = get_object_or_404(Employee.objects.exclude(pk=request.user.pk), pk=pk, is_active=True)
        if employee.has_usable_password():
            employee.set_unusable_password()
            employee.save(update_fields=["password"])
        now = clock.now()
        log(now=now, actor=request.user, verb="activation_link_made", subject=employee)
        link = activation.link(employee, now=now, address=request.build_absolute_uri("/"))
        told = {"employee": employee, "link": link, "days": activation.VALID_FOR.days, "title": str(employee)}
        return render(request, "admin/staff/employee/link.html", {**self.admin_site.each_context(request), **told})

    def end_sessions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign the person out everywhere."""
        employee = get_object_or_404(Employee.objects.exclude(pk=request.user.pk), pk=pk)
        sessions = list(UserSession.objects.filter(user=employee))
        for session in sessions:
            session.end()
        log(now=clock.now(), actor=request.user, verb="sessions_ended", subject=employee, count=len(sessions))
        messages.success(request, _("Signed out everywhere."))
        return HttpResponseRedirect(reverse("admin:staff_employee_change", args=[pk]))

    @admin.action(description=gettext_lazy("Take two-step sign-in off the chosen accounts"))
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
        form.roles_before = granting.held_now(obj) if change else set()
        obj.pinyin = pinyin_of(obj.name)[:LONGEST_PINYIN]
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save roles and posts; who got or lost a role is written down, and the management is told."""
        super().save_related(request, form, formsets, change)
        now = clock.now()
        granting.tell_of_roles(form.instance, form.roles_before, actor=request.user, now=now, on=clock.local_day(now))

    @admin.display(description=gettext_lazy("roles"))
    def roles_now(self, employee: Any) -> str:
        """Return the roles that the person holds today."""
        return "、".join(held.role.title for held in employee.held) or "—"

    @admin.display(description=gettext_lazy("works at"))
    def works_at(self, employee: Any) -> str:
        """Return where the person works today."""
        units = [str(unit) for post in employee.posts for unit in (post.branch, post.department) if unit]
        return " · ".join(dict.fromkeys(units)) or "—"

    @admin.display(description=gettext_lazy("account"))
    def account_state(self, employee: Employee) -> str:
        """Return whether the person can sign in."""
        if not employee.is_active:
            return _("closed")
        return _("in use") if employee.has_usable_password() else _("waits for its activation link")
