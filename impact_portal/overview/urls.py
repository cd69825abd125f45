"""Addresses of the programme overview."""

from django.urls import path

from . import views

app_name = "overview"
urlpatterns = [
    path("", views.OverviewView.as_view(), name="page"),
    path("tables/<slug:table>/<slug:kind>/", views.TableExport.as_view(), name="export"),
    path("rows/<slug:figure>/", views.RowsView.as_view(), name="rows"),
    path("rows/<slug:figure>/<slug:kind>/", views.RowsExport.as_view(), name="rows-export"),
]
