"""Addresses of writing together."""

from django.urls import path

from ..views import section, together

urlpatterns = [
    path("expressions/<int:pk>/<int:order>/here/", section.Here.as_view(), name="here"),
    path("expressions/<int:pk>/earlier/", together.EarlierTexts.as_view(), name="earlier"),
    path(
        "expressions/<int:pk>/earlier/<int:earlier>/restore/",
        together.Restore.as_view(),
        name="restore",
    ),
    path("expressions/<int:pk>/carry/", together.CarryForward.as_view(), name="carry"),
    path("expressions/<int:pk>/signed-in/", together.SignedInAgain.as_view(), name="signed-in"),
]
