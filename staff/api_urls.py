"""What belongs to the API as a whole; its addresses stand in the apps whose things they are about."""

from django.urls import path

from staff.views import api_document

app_name = "api"
urlpatterns = [
    path("v1/openapi.json", api_document.api_document, name="document"),
    path("<path:url>", api_document.refuse_missing, name="missing"),
]
