"""The pages of the book of complaints."""

app_name = "complaints"
urlpatterns: list = []
