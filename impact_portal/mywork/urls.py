"""Addresses of My work, the calendar and its feed."""

from django.urls import path

from . import views

app_name = "mywork"
urlpatterns = [
    path("my-work/", views.MyWorkView.as_view(), name="index"),
    path("my-work/calendar/", views.CalendarView.as_view(), name="calendar"),
    path("my-work/calendar/link/", views.CalendarLinkView.as_view(), name="link"),
    path("my-work/calendar/link/stop/", views.CalendarLinkStop.as_view(), name="link-stop"),
    path("calendar-feed/<str:token>.ics", views.FeedView.as_view(), name="feed"),
]
