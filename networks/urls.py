"""Addresses of networks and local networks."""

from django.urls import path

from . import views

app_name = "networks"

urlpatterns = [
    path("", views.NetworksHome.as_view(), name="home"),
    path("<int:pk>/", views.NetworkPage.as_view(), name="network"),
    path("<int:pk>/local-networks.csv", views.NetworkCsv.as_view(), name="network-csv"),
    path("local/<int:pk>/", views.LocalNetworkPage.as_view(), name="local"),
]
