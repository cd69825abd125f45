"""Addresses of My work and the calendar."""

from django.urls import path

from . import views

app_name = "mywork"

urlpatterns = [
    path("", views.MyWork.as_view(), name="mine"),
    path("calendar/", views.CalendarPage.as_view(), name="calendar"),
    path("calendar/subscribe/", views.Subscribe.as_view(), name="subscribe"),
    path("calendar/subscribe/stop/", views.Unsubscribe.as_view(), name="stop"),
    path("calendar/<str:token>.ics", views.Feed.as_view(), name="feed"),
]
