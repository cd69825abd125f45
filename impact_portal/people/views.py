"""Who is who, inviting people, and ending their roles."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.enums import RoleKind
from accounts.models import Invitation, Role
from accounts.selectors import last_day_news
from accounts.services import LastManager, set_last_day, withdraw_invitation
from core.access import PortalView
from core.paging import keyset_page
from impact_portal.invitations import invite

from . import selectors
from .filters import PersonFilter
from .forms import InviteForm, RoleEndForm, RoleForm


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


class Withdraw(PortalView, View):
    """Lets an invitation that waits run out at once."""

    permission = "accounts.invite_person"
    http_method_names = ["post"]

    def permission_object(self) -> None:
        self.invitation = get_object_or_404(Invitation, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        withdraw_invitation(obj=self.invitation, by=request.user, now=timezone.now())
        messages.success(request, _("The invitation is withdrawn. Its link works no more."))
        return redirect("people:list")


class RoleEnd(PortalView, FormView):
    """Until when somebody holds a role."""

    permission = "accounts.end_role"
    template_name = "impact_portal/people/role_end.html"
    form_class = RoleEndForm
    role: Role

    def permission_object(self) -> None:
        self.now = timezone.now()
        self.role = get_object_or_404(selectors.roles_to_end(self.now), pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        today = timezone.localdate(self.now)
        return super().get_form_kwargs() | {"today": today}

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate(self.now)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        led = selectors.projects_led(self.role.person)
        return super().get_context_data(role=self.role, led=led, **kwargs)

    def form_valid(self, form: RoleEndForm) -> HttpResponse:
        last_day = form.cleaned_data["ends_on"]
        try:
            set_last_day(role=self.role, ends_on=last_day, by=self.request.user, now=self.now)
        except LastManager as problem:
            form.add_error("ends_on", str(problem))
            return self.form_invalid(form)
        messages.success(self.request, last_day_news(self.role, last_day))
        return redirect("people:list")
