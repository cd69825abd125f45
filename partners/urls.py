"""Addresses of the pages about organisations."""

from django.urls import path

from . import views

app_name = "partners"

urlpatterns = [
    path("organisations/", views.OwnOrganisations.as_view(), name="mine"),
    path("organisations/add/", views.OrganisationAdd.as_view(), name="add"),
    path("organisations/requests/", views.JoinRequests.as_view(), name="join-requests"),
    path("organisations/requests/<int:pk>/", views.JoinRequestPage.as_view(), name="join-request"),
    path("organisations/<int:pk>/", views.OrganisationPage.as_view(), name="organisation"),
    path("organisations/<int:pk>/change/", views.OrganisationEdit.as_view(), name="change"),
    path("organisations/<int:pk>/join/", views.OrganisationJoin.as_view(), name="join"),
    path("staff/organisations/", views.Register.as_view(), name="register"),
    path("staff/organisations/export/", views.RegisterExport.as_view(), name="export"),
]
