"""Releases: read-only, compared with the one before, approved, put back in force."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from config import clock
from staff.domain import policies
from staff.models import Employee, Release


def approve(release: Release, *, actor: Employee) -> None:
    """Let a release that awaits approval rule."""
    now = clock.now()
    policies.approve(release, now=now, on=clock.local_day(now), actor=actor)


def reject(release: Release, *, actor: Employee) -> None:
    """Turn down a release that awaits approval."""
    now = clock.now()
    policies.reject(release, now=now, on=clock.local_day(now), actor=actor)


DEEDS: dict[str, Callable[..., None]] = {"approve": approve, "reject": reject}


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):
    """What a policy said at one time; nothing of it can be edited."""

    list_display = ["policy", "number", "state", "effective_from", "in_force_seq", "published_at", "published_by"]
    list_filter = ["policy", "state"]
    fields = [
        *["policy", "number", "state", "effective_from", "in_force_seq"],
        *["published_at", "published_by", "approved_by", "sha256", "changes", "text"],
    ]
    readonly_fields = fields
    change_form_template = "admin/staff/release/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: a release is made by publishing."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """Never: what it caused refers to it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """Never: a release does not change."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """For everybody who may open these pages at all."""
        return bool(request.user.is_staff)

    def get_urls(self) -> list[Any]:
        """Add what can be done with a release."""
        deed = self.admin_site.admin_view(require_POST(self.do))
        return [path("<int:pk>/do/<slug:deed>/", deed, name="staff_release_do"), *super().get_urls()]

    def do(self, request: HttpRequest, pk: int, deed: str) -> HttpResponse:
        """Approve or reject, and say what hindered it."""
        release = get_object_or_404(Release, pk=pk)
        if deed not in DEEDS:
            return redirect("admin:staff_release_change", pk)
        try:
            DEEDS[deed](release, actor=request.user)
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
        else:
            self.message_user(request, _("Done."))
        return redirect("admin:staff_release_change", pk)

    @admin.display(description=gettext_lazy("changed against the one before"))
    def changes(self, release: Release) -> str:
        """Return the difference to the release before it."""
        before = release.policy.releases.filter(number__lt=release.number).order_by("-number").first()
        lines = policies.difference(before.content if before else "", release.content)
        return format_html("<pre>{}</pre>", "\n".join(lines)) if before else "—"

    @admin.display(description=gettext_lazy("content"))
    def text(self, release: Release) -> str:
        """Return the canonical text."""
        return format_html("<pre>{}</pre>", release.content)
