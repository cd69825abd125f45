"""Addresses of the search."""

from django.urls import path

from . import views

app_name = "search"
urlpatterns = [
    path("", views.SearchView.as_view(), name="results"),
    path("<slug:kind>/", views.SearchKindView.as_view(), name="kind"),
]
