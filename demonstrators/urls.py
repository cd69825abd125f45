"""Addresses of Demonstrators, their sites, plans and posts."""

from django.urls import path

from . import setting_views, views

app_name = "demonstrators"

urlpatterns = [
    path("", views.DemonstratorList.as_view(), name="list"),
    path("vacancies/", setting_views.Vacancies.as_view(), name="vacancies"),
    path("set-up/<slug:slug>/", setting_views.SetUp.as_view(), name="set-up"),
    path("<slug:slug>/", views.DemonstratorDetail.as_view(), name="detail"),
    path("<slug:slug>/edit/", setting_views.DemonstratorEdit.as_view(), name="edit"),
    path("<slug:slug>/record/", views.ChooseSite.as_view(), name="record"),
    path("<slug:slug>/changes/export/", views.MoveExport.as_view(), name="moves-export"),
    path("<slug:slug>/plan/", setting_views.Plan.as_view(), name="plan"),
    path(
        "<slug:slug>/plan/<int:pk>/remove/", setting_views.PlanRemove.as_view(), name="plan-remove"
    ),
    path("<slug:slug>/posts/add/", setting_views.PostAdd.as_view(), name="post-add"),
    path("<slug:slug>/posts/<int:pk>/edit/", setting_views.PostEdit.as_view(), name="post-edit"),
    path(
        "<slug:slug>/posts/<int:pk>/status/",
        setting_views.PostStatus.as_view(),
        name="post-status",
    ),
    path("<slug:slug>/sites/", views.SiteList.as_view(), name="sites"),
    path("<slug:slug>/sites/export/", views.SiteExport.as_view(), name="sites-export"),
    path("<slug:slug>/sites/add/", views.SiteAdd.as_view(), name="site-add"),
    path("<slug:slug>/sites/<int:pk>/", views.SiteDetail.as_view(), name="site"),
    path("<slug:slug>/sites/<int:pk>/edit/", views.SiteEdit.as_view(), name="site-edit"),
    path("<slug:slug>/sites/<int:pk>/record/", views.RecordMove.as_view(), name="site-record"),
    path("<slug:slug>/sites/<int:pk>/undo/<int:move>/", views.UndoMove.as_view(), name="site-undo"),
]
