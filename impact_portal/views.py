"""Pages that compose what the rooms know."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import TemplateView

from core.access import PortalView, PublicView

from . import changes, home


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


class ChangesView(PortalView):
    """What changed since this person was here last: a page, and a part of the home page."""

    permission = "accounts.use_own_account"

    def get(self, request: HttpRequest) -> HttpResponse:
        since, latest = changes.since_last_visit(request, timezone.now())
        found = changes.changes_for(request.user, since)
        shown = found[: changes.ON_HOME] if request.htmx else found
        context = {"since": since, "changes": shown, "more": len(found) - len(shown)}
        part, page = "impact_portal/partials/changes.html", "impact_portal/changes.html"
        response = render(request, part if request.htmx else page, context)
        changes.remember_visit(request, response, since, latest)
        return response
