"""The addresses of the staff app."""

from django.urls import path

from staff.views import activating, preferences

app_name = "staff"
urlpatterns = [
    path("language/", preferences.language, name="language"),
    path("activate/<str:token>/", activating.activate, name="activate"),
]
