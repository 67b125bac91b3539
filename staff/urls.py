"""The addresses of the staff app."""

from django.urls import path

from staff.views import (
    account,
    activating,
    company,
    guidance,
    health,
    leave,
    notifications,
    papers,
    people_import,
    preferences,
    regulations,
)

app_name = "staff"
urlpatterns = [
    path("company/logo/", company.logo, name="logo"),
    path("language/", preferences.language, name="language"),
    path("account/", account.account, name="account"),
    path("account/sessions/<int:pk>/end/", account.session_end, name="session_end"),
    path("account/sessions/end-others/", account.session_end_others, name="session_end_others"),
    path("help/", guidance.help_list, name="help_list"),
    path("help/<str:page>/", guidance.help_topic, name="help_topic"),
    path("policies/", regulations.policy_list, name="policy_list"),
    path("policies/<int:pk>/", regulations.policy, name="policy"),
    path("releases/<int:pk>/decide/", regulations.release_decide, name="release_decide"),
    path("health/", health.health, name="health"),
    path("health/ring/", health.health_ring, name="health_ring"),
    path("health/jobs/retry/", health.job_retry, name="job_retry"),
    path("health/quarantine/retry/", health.quarantine_retry, name="quarantine_retry"),
    path("session/", notifications.session_stay, name="session_stay"),
    path("bell/", notifications.bell, name="bell"),
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/read/", notifications.notification_read_all, name="notification_read_all"),
    path("notifications/<int:pk>/read/", notifications.notification_read, name="notification_read"),
    path("papers/", papers.paper_list, name="paper_list"),
    path("papers/<str:code>/sign/", papers.paper_sign, name="paper_sign"),
    path("trainings/", papers.training_list, name="training_list"),
    path("trainings/enter/", papers.training_enter, name="training_enter"),
    path("trainings/<int:pk>/revoke/", papers.training_revoke, name="training_revoke"),
    path("leave/", leave.leave_list, name="leave_list"),
    path("leave/ask/", leave.leave_ask, name="leave_ask"),
    path("leave/calendar/", leave.leave_calendar, name="leave_calendar"),
    path("leave/<int:pk>/decide/", leave.leave_decide, name="leave_decide"),
    path("leave/<int:pk>/withdraw/", leave.leave_withdraw, name="leave_withdraw"),
    path("people/import/", people_import.people_import, name="people_import"),
    path("people/import/template/", people_import.people_template, name="people_template"),
    path("people/import/links/", people_import.people_links, name="people_links"),
    path("activate/<str:token>/", activating.activate, name="activate"),
]
