"""Addresses of the pages about people."""

from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("", views.PeopleList.as_view(), name="list"),
    path("invite/", views.InviteRole.as_view(), name="invite-role"),
    path("invitations/<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("roles/<int:pk>/end/", views.RoleEnd.as_view(), name="role-end"),
    path("invite/<str:kind>/", views.Invite.as_view(), name="invite"),
]
