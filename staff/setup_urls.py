"""The addresses of the set-up of an installation."""

from django.urls import path

from staff.views import founding, setting_up, setting_up_rules

app_name = "setup"
urlpatterns = [
    path("", setting_up.overview, name="overview"),
    path("finish/", setting_up.finish, name="finish"),
    path("begin/<str:token>/", founding.begin, name="begin"),
    path("company/", founding.company, name="company"),
    path("units/", founding.units, name="units"),
    path("administrator/", founding.administrator, name="administrator"),
    path("regulation/", setting_up_rules.regulation, name="regulation"),
    path("calendar/", setting_up_rules.calendar, name="calendar"),
    path("people/", setting_up_rules.people, name="people"),
    path("events/", setting_up_rules.events, name="events"),
]
