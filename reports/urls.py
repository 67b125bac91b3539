"""The addresses of the reports app."""

from django.urls import path

from reports.views import improvements

app_name = "reports"
urlpatterns = [
    path("improvements/", improvements.improvement_list, name="improvement_list"),
    path("improvements/new/", improvements.improvement_new, name="improvement_new"),
    path("improvements/<int:pk>/", improvements.improvement, name="improvement"),
    path("improvements/<int:pk>/<slug:deed>/", improvements.improvement_deed, name="improvement_deed"),
]
