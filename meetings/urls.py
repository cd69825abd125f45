"""Addresses of groups, meetings and their logs."""

from django.urls import path

from . import views

app_name = "meetings"

urlpatterns = [
    path("groups/<int:pk>/", views.GroupPage.as_view(), name="group"),
    path("groups/<int:pk>/members/add/", views.MemberAdd.as_view(), name="member-add"),
    path("groups/<int:pk>/reminders/", views.ReminderSetting.as_view(), name="reminders"),
    path("groups/<int:pk>/meetings/add/", views.MeetingAdd.as_view(), name="meeting-add"),
    path("members/<int:pk>/", views.MemberChange.as_view(), name="member"),
    path("members/<int:pk>/invite/", views.MemberInvite.as_view(), name="member-invite"),
    path("members/<int:pk>/leave/", views.MemberLeave.as_view(), name="member-leave"),
    path("actions/<int:pk>/", views.ActionUpdate.as_view(), name="action"),
    path("<int:pk>/", views.MeetingPage.as_view(), name="meeting"),
    path("<int:pk>/change/", views.MeetingChange.as_view(), name="meeting-change"),
    path("<int:pk>/invite/", views.MeetingInvite.as_view(), name="meeting-invite"),
    path("<int:pk>/cancel/", views.MeetingCancel.as_view(), name="meeting-cancel"),
    path("<int:pk>/reinstate/", views.MeetingReinstate.as_view(), name="meeting-reinstate"),
    path("<int:pk>/log/", views.LogPage.as_view(), name="log"),
    path("<int:pk>/log/who-came/", views.LogAttendance.as_view(), name="log-attendance"),
    path("<int:pk>/log/shared/", views.LogShared.as_view(), name="log-shared"),
    path("<int:pk>/log/check/", views.LogCheck.as_view(), name="log-check"),
    path("<int:pk>/log/answer/", views.LogAnswer.as_view(), name="log-answer"),
    path("<int:pk>/log/take-back/", views.LogTakeBack.as_view(), name="log-take-back"),
    path("<int:pk>/log/reopen/", views.LogReopen.as_view(), name="log-reopen"),
    path("<int:pk>/log/<slug:kind>/", views.ItemAdd.as_view(), name="log-items"),
    path("<int:pk>/log/<slug:kind>/<int:item>/", views.ItemChange.as_view(), name="log-item"),
    path(
        "<int:pk>/log/<slug:kind>/<int:item>/remove/",
        views.ItemRemove.as_view(),
        name="log-item-remove",
    ),
]
