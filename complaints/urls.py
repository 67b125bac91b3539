"""The pages of the book of complaints."""

from django.urls import path

from complaints.views import feedback, links

app_name = "complaints"
urlpatterns = [
    path("feedback/<str:token>/", feedback.public_form, name="public_form"),
    path("feedback/case/<str:token>/", feedback.public_status, name="public_status"),
    path("complaints/links/", links.link_list, name="link_list"),
]
