"""Addresses of the staff list, its files, views that people keep, and changing several."""

from django.urls import path

from . import listing_views as views

listing_urlpatterns = [
    path("staff/projects/", views.ProjectList.as_view(), name="list"),
    path("staff/projects/export/<slug:kind>/", views.ProjectExport.as_view(), name="export"),
    path("staff/projects/several/", views.Several.as_view(), name="several"),
    path("staff/projects/views/", views.ViewList.as_view(), name="views"),
    path("staff/projects/views/add/", views.ViewAdd.as_view(), name="view-add"),
    path("staff/projects/views/<int:pk>/edit/", views.ViewEdit.as_view(), name="view-edit"),
    path("staff/projects/views/<int:pk>/remove/", views.ViewRemove.as_view(), name="view-remove"),
]
