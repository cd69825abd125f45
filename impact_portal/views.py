"""Pages that compose what the rooms know."""

from typing import Any

from django.views.generic import TemplateView

from core.access import PublicView


class HomeView(PublicView, TemplateView):
    """What a visitor finds first; for somebody signed in, what they need to do today."""

    public_because = "the portal's front door"

    def get_template_names(self) -> list[str]:
        signed_in = self.request.user.is_authenticated
        return ["impact_portal/home.html" if signed_in else "impact_portal/welcome.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs)
