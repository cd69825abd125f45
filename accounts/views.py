"""A person's own pages, and the door that an invitation opens."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, UpdateView

from core.access import PortalView, PublicView

from . import selectors, services
from .forms import AcceptInvitationForm, AccessNeedsForm, PersonForm
from .models import User


class AccountView(PortalView, TemplateView):
    """What the portal knows of me, and where I change it."""

    permission = "accounts.use_own_account"
    template_name = "accounts/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**selectors.account_page(self.request.user), **kwargs)


class PersonEdit(PortalView, UpdateView):
    """My name, language and formats."""

    permission = "accounts.use_own_account"
    template_name = "accounts/details.html"
    form_class = PersonForm
    success_url = reverse_lazy("accounts:account")

    def get_object(self, queryset: Any = None) -> User:
        return User.objects.get(pk=self.request.user.pk)

    def form_valid(self, form: PersonForm) -> HttpResponse:
        messages.success(self.request, _("Your details are saved."))
        return super().form_valid(form)


class AccessNeedsEdit(PortalView, FormView):
    """What helps me take part."""

    permission = "accounts.use_own_account"
    template_name = "accounts/access_needs.html"
    form_class = AccessNeedsForm
    success_url = reverse_lazy("accounts:account")

    def get_initial(self) -> dict[str, Any]:
        needs = getattr(self.request.user, "access_needs", None)
        return {"needs": needs.needs, "payment": needs.payment} if needs else {}

    def form_valid(self, form: AccessNeedsForm) -> HttpResponse:
        user = self.request.user
        services.save_access_needs(person=user, by=user, now=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("What helps you take part is saved."))
        return super().form_valid(form)


class MyDataDownload(PortalView):
    """A copy of what the portal holds about me, as a file."""

    permission = "accounts.use_own_account"

    def get(self, request: HttpRequest) -> JsonResponse:
        response = JsonResponse(
            selectors.own_data(request.user),
            json_dumps_params={"indent": 2, "ensure_ascii": False},
        )
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response


@method_decorator(never_cache, name="dispatch")
class InvitationView(PublicView, FormView):
    """An invitation: shown by GET, used by POST alone, so that mail scanners do not use it up."""

    public_because = "holding the token is the right to open it"
    template_name = "accounts/invitation.html"
    form_class = AcceptInvitationForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.invitation = services.usable_invitation(token=kwargs["token"], now=timezone.now())
        except services.InvitationNotUsable as problem:
            return self.refuse(str(problem))
        return super().dispatch(request, *args, **kwargs)

    def has_account(self) -> bool:
        """Whether the address has an account of a person who has shown that it is theirs."""
        person = User.objects.filter(email__iexact=self.invitation.email).first()
        return person is not None and not services.is_unproved(person)

    def get_form_class(self) -> type:
        return Form if self.has_account() else AcceptInvitationForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            invitation=self.invitation, has_account=self.has_account(), **kwargs
        )

    def form_valid(self, form: Any) -> HttpResponse:
        request = self.request
        if not request.user.is_authenticated and self.has_account():
            return redirect_to_login(request.path)
        try:
            person = services.accept_invitation(
                token=self.kwargs["token"], by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.InvitationNotUsable as problem:
            return self.refuse(str(problem))
        messages.success(request, _("Welcome. Your invitation is accepted."))
        if request.user.is_authenticated:
            return redirect("home")
        return perform_login(request, person, redirect_url=reverse("home"))

    def refuse(self, problem: str) -> HttpResponse:
        return render(
            self.request, "accounts/invitation_refused.html", {"problem": problem}, status=410
        )
