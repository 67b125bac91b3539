"""The addresses of the reports app."""

from django.urls import path

from reports.views import (
    daily,
    figures,
    improvements,
    inspecting,
    inspections,
    my_figures,
    opinions,
    report_reviews,
    reviews,
    votes,
)

app_name = "reports"
urlpatterns = [
    path("daily-reports/", daily.daily_list, name="daily_list"),
    path("daily-reports/<int:pk>/", daily.daily_report, name="daily_report"),
    path("daily-reports/<int:pk>/submit/", daily.daily_submit, name="daily_submit"),
    path("daily-reports/<int:pk>/pass-on/", daily.daily_pass_on, name="daily_pass_on"),
    path("daily-reports/versions/<int:pk>/", daily.daily_version, name="daily_version"),
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/grid/", reviews.review_grid, name="review_grid"),
    path("reviews/approve/", reviews.review_approve, name="review_approve"),
    path("reviews/remind/", reviews.review_remind, name="review_remind"),
    path("reviews/ask/", reviews.review_ask, name="review_ask"),
    path("reviews/reports/<int:pk>/", report_reviews.report_review, name="report_review"),
    path("reviews/reports/<int:pk>/<slug:deed>/", report_reviews.report_review_deed, name="report_review_deed"),
    path("reviews/records/", opinions.opinion_list, name="opinion_list"),
    path("records/<int:pk>/opinions/", opinions.opinion, name="opinion"),
    path("me/", my_figures.my_figures, name="my_figures"),
    path("figures/", figures.figure_list, name="figure_list"),
    path("votes/", votes.vote_list, name="vote_list"),
    path("votes/cast/", votes.vote_cast, name="vote_cast"),
    path("votes/enter/", votes.vote_enter, name="vote_enter"),
    path("inspections/", inspections.inspection_list, name="inspection_list"),
    path("inspections/draw/", inspections.inspection_draw, name="inspection_draw"),
    path("inspections/doubts/", inspections.doubt_list, name="doubt_list"),
    path("inspections/records/<int:pk>/inspect/", inspections.record_inspect, name="record_inspect"),
    path("inspections/<int:pk>/", inspections.inspection, name="inspection"),
    path("inspections/<int:pk>/publish/", inspections.inspection_publish, name="inspection_publish"),
    path("inspections/items/<int:pk>/", inspecting.inspection_item, name="inspection_item"),
    path("inspections/items/<int:pk>/score/", inspecting.item_score, name="item_score"),
    path("inspections/items/<int:pk>/reply/", inspecting.item_reply, name="item_reply"),
    path("inspections/items/<int:pk>/decide/", inspecting.item_decide, name="item_decide"),
    path("inspections/items/<int:pk>/again/", inspecting.item_again, name="item_again"),
    path("improvements/", improvements.improvement_list, name="improvement_list"),
    path("improvements/new/", improvements.improvement_new, name="improvement_new"),
    path("improvements/<int:pk>/", improvements.improvement, name="improvement"),
    path("improvements/<int:pk>/<slug:deed>/", improvements.improvement_deed, name="improvement_deed"),
]
