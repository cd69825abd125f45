"""The plain public pages that every visitor may need."""

from django.urls import path
from django.views.generic import TemplateView

from core.access import PublicView

app_name = "pages"


class StaticPage(PublicView, TemplateView):
    """A page of words alone."""

    public_because = "tells visitors how the portal treats them"


urlpatterns = [
    path(
        f"{name}/",
        StaticPage.as_view(template_name=f"impact_portal/pages/{name}.html"),
        name=name,
    )
    for name in ["accessibility", "privacy", "complaints", "cookies"]
]
