"""Addresses of the outbox, and of people's own choices about messages."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("staff/messages/", views.Ledger.as_view(), name="ledger"),
    path("staff/messages/to-settle/", views.ToSettle.as_view(), name="to-settle"),
    path("staff/messages/coming/", views.Coming.as_view(), name="coming"),
    path("staff/messages/<int:pk>/", views.MessageView.as_view(), name="message"),
    path("staff/messages/<int:pk>/<str:step>/", views.MessageStep.as_view(), name="step"),
    path("you/messages/", views.PreferencePage.as_view(), name="preferences"),
    path("messages/stop/<str:key>/", views.Unsubscribe.as_view(), name="unsubscribe"),
]
