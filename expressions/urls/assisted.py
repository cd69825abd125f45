"""Addresses of assisted entry."""

from django.urls import path

from ..views import assisted

urlpatterns = [
    path("staff/expressions/enter/", assisted.FindOrganisation.as_view(), name="enter"),
    path("staff/expressions/enter/new/", assisted.AddOrganisation.as_view(), name="enter-new"),
    path(
        "staff/expressions/enter/<int:organisation>/",
        assisted.EnterFor.as_view(),
        name="enter-for",
    ),
]
