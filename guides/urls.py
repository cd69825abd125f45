"""Addresses: guides, library and priorities for everybody; the staff's pages under /staff/."""

from django.urls import path

from . import views

app_name = "guides"

urlpatterns = [
    path("guides/", views.GuideIndex.as_view(), name="index"),
    path("guides/<slug:slug>/", views.GuidePage.as_view(), name="guide"),
    path("guides/<slug:slug>/feedback/", views.FeedbackPage.as_view(), name="give-feedback"),
    path("library/", views.Library.as_view(), name="library"),
    path("library.csv", views.LibraryDownload.as_view(), name="library-csv"),
    path("workforce-priorities/", views.Priorities.as_view(), name="priorities"),
    path("staff/guides/", views.GuideList.as_view(), name="list"),
    path("staff/guides/<slug:slug>/", views.FeedbackList.as_view(), name="feedback"),
    path(
        "staff/guides/<slug:slug>/feedback.csv",
        views.FeedbackDownload.as_view(),
        name="feedback-csv",
    ),
    path("staff/guides/<slug:slug>/steps/<slug:step>/", views.StepView.as_view(), name="step"),
]
