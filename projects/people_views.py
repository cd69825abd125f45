"""The people of a project: who has which role in it, and from when to when."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.models import Role
from accounts.selectors import last_day_news
from accounts.services import set_last_day
from core.paging import keyset_page

from . import people_services
from .enums import DeliveryModel
from .views import ProjectView
from .work_forms import LastDayForm, RoleInProjectForm


class People(ProjectView):
    """Who has, had or will have a role in the project."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        roles = people_services.roles_in(self.target).select_related("person")
        may_give = request.user.has_perm("projects.give_role", self.target)
        context = {
            "project": self.target,
            "page": keyset_page(
                roles, order=["-starts_on", "-id"], cursor=request.GET.get("cursor")
            ),
            "today": timezone.localdate(),
            "may_give": may_give,
            "may_add": may_give and self.target.is_open and self.kinds(),
        }
        return render(request, "projects/work/people.html", context)

    def kinds(self) -> list[Any]:
        return people_services.ROLES.get(DeliveryModel(self.target.model), [])


class RoleAdd(ProjectView, FormView):
    """Gives somebody who has an account a role in the project."""

    permission = "projects.give_role"
    template_name = "projects/work/role_form.html"
    form_class = RoleInProjectForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"project": self.target}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(project=self.target, **kwargs)

    def form_valid(self, form: RoleInProjectForm) -> HttpResponse:
        given = {"by": self.request.user, "now": timezone.now(), **form.cleaned_data}
        try:
            role = people_services.give_role(project=self.target, **given)
        except people_services.ProjectOver as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("%(person)s has the role.") % {"person": role.person})
        return redirect("projects:people", self.target.pk)


class RoleEnd(ProjectView, FormView):
    """Until when somebody has a role."""

    permission = "projects.give_role"
    template_name = "projects/work/role_end.html"
    form_class = LastDayForm
    role: Role

    def permission_object(self) -> models.Model | None:
        found = super().permission_object()
        # One that is over stays over: whoever is needed again is given a role anew.
        roles = people_services.roles_in(self.target).exclude(ends_on__lt=timezone.localdate())
        self.role = get_object_or_404(roles.select_related("person"), pk=self.kwargs["role"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"role": self.role}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(project=self.target, role=self.role, **kwargs)

    def form_valid(self, form: LastDayForm) -> HttpResponse:
        last_day = form.cleaned_data["ends_on"]
        set_last_day(role=self.role, ends_on=last_day, by=self.request.user, now=timezone.now())
        messages.success(self.request, last_day_news(self.role, last_day))
        return redirect("projects:people", self.target.pk)
