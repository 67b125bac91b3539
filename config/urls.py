"""The table of contents of the site."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

handler500 = "config.faults.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("staff/", include("staff.urls")),
    path("", include("visits.urls")),
]
