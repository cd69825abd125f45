"""The gallery: every component of the portal in every state, for staff who build pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import PortalView


class GalleryView(PortalView):
    """Shows the components; with ``?errors=1`` the form is shown as if it had been sent empty."""

    permission = "core.view_gallery"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "core/gallery.html")
