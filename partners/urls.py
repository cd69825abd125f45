"""Addresses of the pages about organisations."""

from django.urls import path

from . import import_views, outreach_views, register_views, views

app_name = "partners"

STAFF = "staff/organisations/"
ONE = f"{STAFF}<int:pk>/"
IMPORT = f"{STAFF}import/<int:pk>/"
ENTRY = "staff/outreach/<int:pk>/"

urlpatterns = [
    path("organisations/", views.OwnOrganisations.as_view(), name="mine"),
    path("organisations/add/", views.OrganisationAdd.as_view(), name="add"),
    path("organisations/requests/", views.JoinRequests.as_view(), name="join-requests"),
    path("organisations/requests/<int:pk>/", views.JoinRequestPage.as_view(), name="join-request"),
    path("organisations/<int:pk>/", views.OrganisationPage.as_view(), name="organisation"),
    path("organisations/<int:pk>/change/", views.OrganisationEdit.as_view(), name="change"),
    path("organisations/<int:pk>/join/", views.OrganisationJoin.as_view(), name="join"),
    path(
        "organisations/<int:pk>/numbers/add/", views.IdentifierAdd.as_view(), name="identifier-add"
    ),
    path(
        "organisations/<int:pk>/numbers/<int:identifier>/remove/",
        views.IdentifierRemove.as_view(),
        name="identifier-remove",
    ),
    path(STAFF, register_views.Register.as_view(), name="register"),
    path(f"{STAFF}export/", register_views.RegisterExport.as_view(), name="export"),
    path(f"{STAFF}excel/", register_views.TableExcel.as_view(), name="excel"),
    path(f"{STAFF}duplicates/", register_views.Duplicates.as_view(), name="duplicates"),
    path(f"{ONE}history/", register_views.OrganisationHistory.as_view(), name="history"),
    path(f"{ONE}merge/", register_views.MergeChoose.as_view(), name="merge-choose"),
    path(f"{ONE}merge/<int:other>/", register_views.Merge.as_view(), name="merge"),
    path(f"{ONE}outreach/add/", outreach_views.OutreachAdd.as_view(), name="outreach-add"),
    path(f"{STAFF}import/", import_views.Imports.as_view(), name="imports"),
    path(f"{STAFF}import/begin/", import_views.ImportTemplate.as_view(), name="import-template"),
    path(IMPORT, import_views.ImportPage.as_view(), name="import"),
    path(f"{IMPORT}report/", import_views.ImportReport.as_view(), name="import-report"),
    path(f"{IMPORT}cancel/", import_views.ImportCancel.as_view(), name="import-cancel"),
    path("staff/outreach/", outreach_views.FollowUps.as_view(), name="outreach"),
    path("staff/outreach/export/", outreach_views.FollowUpsExport.as_view(), name="outreach-csv"),
    path(
        "staff/outreach/excel/",
        register_views.TableExcel.as_view(table="outreach"),
        name="outreach-excel",
    ),
    path(ENTRY, outreach_views.OutreachEdit.as_view(), name="outreach-edit"),
    path(f"{ENTRY}remove/", outreach_views.OutreachRemove.as_view(), name="outreach-remove"),
    path(f"{ENTRY}done/", outreach_views.FollowUpDone.as_view(), name="outreach-done"),
]
