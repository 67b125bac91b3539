"""The table of contents of the site."""

from django.contrib import admin
from django.urls import include, path

handler500 = "config.faults.server_error"
admin.autodiscover()

urlpatterns = [
    path("", include("staff.watching_urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("staff.urls")),
    path("setup/", include("staff.setup_urls")),
    path("", include("visits.urls")),
    path("", include("complaints.urls")),
    path("", include("reports.urls")),
    path("api/", include("staff.api_urls")),  # the last: it answers for what none of the apps knows below /api/
]
