"""Addresses of the histories."""

from django.urls import path

from . import views

app_name = "history"
urlpatterns = [path("<slug:kind>/<int:pk>/", views.HistoryPage.as_view(), name="page")]
