"""Pages that compose what the rooms know."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from core.access import PublicView

from . import home


class HomeView(PublicView, TemplateView):
    """What a visitor finds first; for somebody signed in, what they need to do today."""

    public_because = "the portal's front door"

    def get_template_names(self) -> list[str]:
        signed_in = self.request.user.is_authenticated
        return ["impact_portal/home.html" if signed_in else "impact_portal/welcome.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        if not user.is_authenticated:
            return super().get_context_data(doors=home.public_doors(), **kwargs)
        return super().get_context_data(**home.page(user, timezone.now()), **kwargs)
