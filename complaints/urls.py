"""The pages of the book of complaints."""

from django.urls import path

from complaints.views import (
    api,
    board,
    books,
    cases,
    compensations,
    confirming,
    editing,
    entries,
    feedback,
    knowledge,
    links,
    listing,
    merging,
    order_deeds,
    orders,
    penalties,
    registering,
)

app_name = "complaints"
urlpatterns: list = [
    path("feedback/<str:token>/", feedback.public_form, name="public_form"),
    path("feedback/case/<str:token>/", feedback.public_status, name="public_status"),
    path("confirm/<str:token>/", confirming.public_confirm, name="public_confirm"),
    path("complaints/links/", links.link_list, name="link_list"),
    path("api/v1/cases/", api.api_cases, name="api_cases"),
    path("api/v1/cases/<str:number>/", api.api_case, name="api_case"),
    path("api/v1/cases/<str:number>/lines/", api.api_case_lines, name="api_case_lines"),
    path("books/", books.book_list, name="book_list"),
    path("books/entries/<int:pk>/", entries.entry, name="entry"),
    path("books/<slug:slug>/<str:form>/", books.book, name="book"),
    path("books/<slug:slug>/<str:form>/new/", books.entry_new, name="entry_new"),
    path("knowledge/", knowledge.article_list, name="article_list"),
    path("knowledge/new/", knowledge.article_new, name="article_new"),
    path("knowledge/<int:pk>/", knowledge.article, name="article"),
    path("complaints/<int:pk>/penalty/", penalties.case_penalty, name="case_penalty"),
    path("complaints/compensations/", compensations.compensation_list, name="compensation_list"),
    path("complaints/compensations/<int:pk>/<slug:deed>/", compensations.compensation_deed, name="compensation_deed"),
    path("complaints/", board.board, name="board"),
    path("complaints/list/", listing.case_list, name="case_list"),
    path("complaints/new/", registering.case_new, name="case_new"),
    path("complaints/<int:pk>/edit/", editing.case_edit, name="case_edit"),
    path("complaints/<int:pk>/merge/", merging.case_merge, name="case_merge"),
    path("complaints/<int:pk>/orders/new/", orders.order_new, name="order_new"),
    path("complaints/orders/", orders.order_list, name="order_list"),
    path("complaints/orders/<int:pk>/", orders.order, name="order"),
    path("complaints/orders/<int:pk>/print/", orders.order_print, name="order_print"),
    path("complaints/orders/<int:pk>/<slug:deed>/", order_deeds.order_deed, name="order_deed"),
    path("complaints/<int:pk>/files/<int:file>/", cases.case_file, name="case_file"),
    path("complaints/<int:pk>/", cases.case, name="case"),
    path("complaints/<int:pk>/<slug:deed>/", cases.case_deed, name="case_deed"),  # after all other words there
]
