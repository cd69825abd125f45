"""Addresses of the report pages. Runs lie outside of ``staff/``: an applicant has some too."""

from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("staff/reports/", views.ReportList.as_view(), name="list"),
    path("staff/reports/new/<str:kind>/", views.ReportAsk.as_view(), name="ask"),
    path("reports/<int:pk>/", views.RunPage.as_view(), name="run"),
    path("reports/<int:pk>/progress/", views.RunProgress.as_view(), name="run-progress"),
    path("reports/<int:pk>/files/<str:kind>/", views.RunDownload.as_view(), name="download"),
]
