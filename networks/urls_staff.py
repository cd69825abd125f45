"""Addresses of the networks team's own pages."""

from django.urls import path

from . import views

app_name = "networks-staff"

urlpatterns = [
    path("returns/", views.Returns.as_view(), name="returns"),
    path("returns/returns.csv", views.ReturnsCsv.as_view(), name="returns-csv"),
    path("returns/<int:pk>/", views.ReturnPage.as_view(), name="return"),
    path("returns/<int:pk>/accept/", views.ReturnAccept.as_view(), name="return-accept"),
]
