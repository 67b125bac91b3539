"""The addresses of the staff app."""

from django.urls import path

from staff.views import activating, preferences, regulations

app_name = "staff"
urlpatterns = [
    path("language/", preferences.language, name="language"),
    path("policies/", regulations.policy_list, name="policy_list"),
    path("policies/<int:pk>/", regulations.policy, name="policy"),
    path("releases/<int:pk>/decide/", regulations.release_decide, name="release_decide"),
    path("activate/<str:token>/", activating.activate, name="activate"),
]
