"""Addresses of a person's own pages, and of invitations."""

from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("", views.AccountView.as_view(), name="account"),
    path("details/", views.PersonEdit.as_view(), name="details"),
    path("access-needs/", views.AccessNeedsEdit.as_view(), name="access-needs"),
    path("my-data/", views.MyDataDownload.as_view(), name="my-data"),
    path("invitations/<str:token>/", views.InvitationView.as_view(), name="invitation"),
]
