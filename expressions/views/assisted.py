"""Assisted entry: for whom, how it reached us, then the same form as everybody's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import PortalView
from core.transitions import TransitionNotAllowed
from partners.models import Organisation

from .. import selectors
from ..clock import database_now
from ..forms import EnteredOrganisationForm, EntryForm, FindOrganisationForm
from ..services.assisted import AlreadyBegun, add_organisation, enter_expression


class FindOrganisation(PortalView):
    """Looks for the organisation for which something is entered."""

    permission = "expressions.enter_for_others"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = FindOrganisationForm(request.GET if "name" in request.GET else None)
        searched = form.is_bound and form.is_valid()
        name = form.cleaned_data["name"] if searched else ""
        found = selectors.organisations_to_enter_for(name) if searched else []
        context = {"form": form, "found": found, "searched": searched}
        return render(request, "expressions/enter_find.html", context)


class AddOrganisation(PortalView, FormView):
    """Adds an organisation that nobody has registered."""

    permission = "expressions.enter_for_others"
    template_name = "expressions/enter_organisation.html"
    form_class = EnteredOrganisationForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.request.GET.get("name", "").replace("\0", "")[:200]}

    def form_valid(self, form: EnteredOrganisationForm) -> HttpResponse:
        made = add_organisation(by=self.request.user, now=database_now(), **form.cleaned_data)
        return redirect("expressions:enter-for", made.pk)


class EnterFor(PortalView, FormView):
    """How and when it reached us; then its answers are typed in."""

    permission = "expressions.enter_for_others"
    template_name = "expressions/enter.html"
    form_class = EntryForm

    def organisation(self) -> Organisation:
        return get_object_or_404(Organisation, pk=self.kwargs["organisation"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organisation=self.organisation(), **kwargs)

    def form_valid(self, form: EntryForm) -> HttpResponse:
        details = {**form.cleaned_data, "organisation": self.organisation()}
        call, by = details.pop("call"), self.request.user
        try:
            expression = enter_expression(obj=call, by=by, now=database_now(), **details)
        except AlreadyBegun as problem:
            return self.begun_already(problem)
        except TransitionNotAllowed as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("Now type in the answers. They are saved as you type."))
        return redirect(expression)

    def begun_already(self, problem: AlreadyBegun) -> HttpResponse:
        messages.error(self.request, str(problem))
        found = problem.expression
        mine = self.request.user.has_perm("expressions.write_expression", found)
        return redirect("expressions:tasks" if mine else "expressions:staff-page", found.pk)
