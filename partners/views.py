"""Pages about organisations: one's own, asking to join, one organisation and its numbers."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from core.access import ObjectView, PortalView
from core.transitions import ReasonRequired, TransitionNotAllowed, transitions_of
from core.versions import ChangedMeanwhile, details_of, version_of

from . import selectors, services, transitions
from .enums import JoinState
from .forms import (
    ChangeOrganisationForm,
    IdentifierForm,
    JoinDecisionForm,
    JoinForm,
    NewOrganisationForm,
    safe_next,
)
from .history import history_with_us
from .models import JoinRequest, Organisation, OrganisationIdentifier


class OwnOrganisations(PortalView, TemplateView):
    """The organisations that I speak for, and what I asked for."""

    permission = "partners.use_own_organisations"
    template_name = "partners/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            organisations=Organisation.objects.of_contact(user).order_by("name", "id"),
            own_requests=selectors.own_requests(user),
            waiting=selectors.requests_to_decide(user).count(),
            **kwargs,
        )


class OrganisationAdd(PortalView, FormView):
    """A new organisation, or the way to join the one that is there."""

    permission = "partners.add_organisation"
    template_name = "partners/add.html"
    form_class = NewOrganisationForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=safe_next(self.request.GET.get("next")), **kwargs)

    def form_valid(self, form: NewOrganisationForm) -> HttpResponse:
        organisation = services.create_organisation(
            by=self.request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(
            self.request,
            _("%(name)s is registered, and you speak for it.") % {"name": organisation.name},
        )
        onward = safe_next(self.request.GET.get("next"))
        return redirect(onward or organisation.get_absolute_url())


class OrganisationJoin(PortalView, FormView):
    """Asking to join an organisation, of which name, kind and place are shown and no people."""

    permission = "partners.ask_to_join"
    template_name = "partners/join.html"
    form_class = JoinForm

    def organisation(self) -> Organisation:
        return get_object_or_404(Organisation, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            organisation=self.organisation(),
            next=safe_next(self.request.GET.get("next")),
            **kwargs,
        )

    def form_valid(self, form: JoinForm) -> HttpResponse:
        request, organisation = self.request, self.organisation()
        try:
            services.ask_to_join(
                obj=organisation, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.AlreadyAContact:
            return redirect(organisation)
        except services.TooManyRequests as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(request, _("We have asked. You get an e-mail when they answer."))
        return redirect("partners:mine")


class OrganisationPage(ObjectView, TemplateView):
    """One organisation, for its contacts and for those who see the programme.

    The address of one that was merged leads on to the one that stands.
    """

    permission = "partners.view_organisation"
    template_name = "partners/organisation.html"

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def permission_object(self) -> models.Model | None:
        merged = Organisation.with_merged.filter(pk=self.kwargs["pk"])
        self.leads_to = merged.values_list("merged_into", flat=True).first()
        if self.leads_to:
            self.kwargs["pk"] = self.leads_to
        return super().permission_object()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.target) if self.leads_to else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, target = self.request.user, self.target
        sees_log = user.has_perm("partners.view_outreach")
        return super().get_context_data(
            organisation=target,
            contacts=selectors.contact_lines(target),
            identifiers=target.identifiers.all(),
            waiting=selectors.requests_to_decide(user).filter(organisation=target),
            history=history_with_us(target, user),
            outreach=selectors.outreach_of(target) if sees_log else [],
            may=selectors.may(user, target),
            **kwargs,
        )


class OrganisationEdit(ObjectView, FormView):
    """Changing what is known about an organisation."""

    permission = "partners.change_organisation"
    template_name = "partners/change.html"
    form_class = ChangeOrganisationForm

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy, since validation writes into the instance and the page shows the saved name.
        copy = Organisation.objects.get(pk=self.target.pk)
        return {**super().get_form_kwargs(), "instance": copy}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(details_of(self.target, self.form_class.Meta.fields))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organisation=self.target, **kwargs)

    def form_valid(self, form: ChangeOrganisationForm) -> HttpResponse:
        values, seen = form.values(), form.cleaned_data["seen"]
        user, now = self.request.user, timezone.now()
        try:
            services.change_organisation(
                obj=self.target, values=values, seen=seen, by=user, now=now
            )
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The organisation’s details are saved."))
        return redirect(self.target)


class JoinRequests(PortalView, TemplateView):
    """The requests to join that I may decide."""

    permission = "partners.use_own_organisations"
    template_name = "partners/join_requests.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = selectors.requests_to_decide(self.request.user)[:200]
        return super().get_context_data(waiting=waiting, **kwargs)


class JoinRequestPage(ObjectView, FormView):
    """One request to join: whoever may decide it decides; whoever asked sees where it stands."""

    permission = "partners.view_join_request"
    template_name = "partners/join_request.html"
    form_class = JoinDecisionForm

    def visible(self) -> models.QuerySet:
        requests = JoinRequest.objects.visible_to(self.request.user)
        return requests.select_related("organisation", "person", "decided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_decide = self.request.user.has_perm("partners.decide_join", self.target)
        return super().get_context_data(
            join=self.target,
            is_open=self.target.state == JoinState.ASKED,
            may_decide=may_decide,
            history=transitions_of(self.target),
            **kwargs,
        )

    def form_valid(self, form: JoinDecisionForm) -> HttpResponse:
        given = form.cleaned_data
        step = transitions.accept if given["decision"] == "accept" else transitions.refuse
        try:
            step(obj=self.target, by=self.request.user, now=timezone.now(), reason=given["reason"])
        except (TransitionNotAllowed, ReasonRequired) as problem:
            messages.error(self.request, str(problem))
            return redirect(self.target)
        messages.success(self.request, _("Your answer is saved, and we have told them by e-mail."))
        return redirect("partners:join-requests")


class IdentifierAdd(ObjectView, FormView):
    """A number of a public register; one that another organisation has leads to that one."""

    permission = "partners.change_organisation"
    template_name = "partners/identifier.html"
    form_class = IdentifierForm

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        may_merge = user.has_perm("partners.merge_organisations")
        return super().get_context_data(organisation=self.target, may_merge=may_merge, **kwargs)

    def form_valid(self, form: IdentifierForm) -> HttpResponse:
        given, user = form.cleaned_data, self.request.user
        try:
            services.add_identifier(obj=self.target, by=user, now=timezone.now(), **given)
        except services.NumberTaken as problem:
            form.add_error("value", _("Another organisation of the register has this number."))
            if user.has_perm("partners.view_organisation", problem.organisation):
                form.taken = problem.organisation
            return self.form_invalid(form)
        messages.success(self.request, _("The number is saved."))
        return redirect(self.target)


class IdentifierRemove(ObjectView):
    """Asks once, then takes a number away."""

    permission = "partners.change_organisation"
    lookup = "pk"

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def identifier(self) -> OrganisationIdentifier:
        return get_object_or_404(self.target.identifiers, pk=self.kwargs["identifier"])

    def get(self, request: HttpRequest, pk: int, identifier: int) -> HttpResponse:
        context = {"organisation": self.target, "identifier": self.identifier()}
        return render(request, "partners/identifier_remove.html", context)

    def post(self, request: HttpRequest, pk: int, identifier: int) -> HttpResponseBase:
        services.remove_identifier(obj=self.identifier(), by=request.user, now=timezone.now())
        messages.success(request, _("The number is removed."))
        return redirect(self.target)
