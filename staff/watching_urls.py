"""The addresses that machines ask at, outside of every app."""

from django.urls import path

from staff.views import watching

urlpatterns = [
    path("healthz", watching.healthz, name="healthz"),
    path("metrics", watching.metrics, name="metrics"),
]
