"""Addresses of files of answers."""

from django.urls import path

from ..views import files

urlpatterns = [
    path("expressions/files/<int:pk>/", files.FileDownload.as_view(), name="file"),
    path(
        "expressions/<int:pk>/files/<int:question>/",
        files.FileProgress.as_view(),
        name="file-progress",
    ),
]
