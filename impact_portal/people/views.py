"""Who is who, and inviting people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.enums import RoleKind
from core.access import PortalView
from core.paging import keyset_page
from impact_portal.invitations import invite

from . import selectors
from .filters import PersonFilter
from .forms import InviteForm, RoleForm


class PeopleList(PortalView, TemplateView):
    """Everybody with an account, and who has been invited."""

    permission = "impact_portal.view_people"
    template_name = "impact_portal/people/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        found = PersonFilter(self.request.GET, queryset=selectors.people(now))
        page = keyset_page(
            found.qs, order=["preferred_name", "id"], cursor=self.request.GET.get("cursor")
        )
        invitations = selectors.open_invitations(now)
        return super().get_context_data(filter=found, page=page, invitations=invitations, **kwargs)


class InviteRole(PortalView, FormView):
    """First page of an invitation: the role."""

    permission = "accounts.invite_person"
    template_name = "impact_portal/people/invite_role.html"
    form_class = RoleForm

    def form_valid(self, form: RoleForm) -> HttpResponse:
        return redirect("people:invite", kind=form.cleaned_data["kind"])


class Invite(PortalView, FormView):
    """Second page: who, and in what."""

    permission = "accounts.invite_person"
    template_name = "impact_portal/people/invite.html"
    form_class = InviteForm

    def permission_object(self) -> None:
        if self.kwargs["kind"] not in RoleKind.values:
            raise Http404
        self.kind = RoleKind(self.kwargs["kind"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(role=self.kind.label, **kwargs)

    def form_valid(self, form: InviteForm) -> HttpResponse:
        invite(
            email=form.cleaned_data["email"],
            kind=self.kind,
            scope=form.cleaned_data.get("scope"),
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(
            self.request, _("The invitation is on its way. It works for a week, and once.")
        )
        return redirect("people:list")
