"""Pages for staff who plan the mix of a call."""

import tempfile
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from core.access import ObjectView
from core.exports import csv_response, write_xlsx
from core.transitions import TransitionNotAllowed, transitions_of
from core.versions import ChangedMeanwhile

from .. import plan_exports
from ..enums import PlanState
from ..forms import planning as forms
from ..models import Call, Plan
from ..selectors import planning as selectors
from ..services import plans as services
from ..transitions.plans import PLANNING, choose_plan

COMPARED = range(2, 5)


class CallPlanView(ObjectView):
    """A page about the plans of a call."""

    permission = "expressions.plan_mix"

    def visible(self) -> models.QuerySet:
        return Call.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_plan = self.target.state in PLANNING
        kwargs |= {"call": self.target, "may_plan": may_plan}
        return super().get_context_data(**kwargs)

    def refused(self, problem: Exception, *to: Any) -> HttpResponse:
        """To the page ``to``, or to the list, with the refusal."""
        messages.error(self.request, str(problem))
        return redirect(*to) if to else redirect("expressions:plans", self.target.pk)


class PlanView(CallPlanView):
    """A page about one plan."""

    @cached_property
    def plan(self) -> Plan:
        rows = Plan.objects.filter(call=self.target).select_related("call", "by")
        found: Plan = get_object_or_404(rows, pk=self.kwargs["plan"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # In place of the number in the address, which bears the same name.
        return super().get_context_data(**{**kwargs, "plan": self.plan})


class SaveMixin:
    """Saves a form by ``save``; what is refused is said beside the form, and all stays."""

    def form_valid(self, form: Any) -> HttpResponse:
        view: Any = self
        try:
            return redirect(view.save(form))
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
        except TransitionNotAllowed as problem:
            form.add_error(None, str(problem))
        return view.form_invalid(form)


class Plans(CallPlanView, TemplateView):
    """The plans of a call."""

    template_name = "expressions/planning/plans.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Plan.objects.filter(call=self.target).select_related("by")
        return super().get_context_data(plans=list(rows[:100]), **kwargs)


class PlanAdd(CallPlanView, SaveMixin, FormView):
    """A new plan, which begins with the mix that the call wants."""

    template_name = "expressions/planning/form.html"
    form_class = forms.PlanForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "call": self.target}

    def get_initial(self) -> dict[str, Any]:
        rows = self.target.targets.values_list("dimension", "value", "least", "most")
        return {"places": self.target.places, **forms.lines_as_initial(rows)}

    def save(self, form: forms.PlanForm) -> Plan:
        return services.make_plan(
            call=self.target,
            values=form.values(),
            once_key=form.cleaned_data["once_key"],
            by=self.request.user,
            now=timezone.now(),
        )


class PlanEdit(PlanView, SaveMixin, FormView):
    """Changes what a plan asks."""

    template_name = "expressions/planning/form.html"
    form_class = forms.PlanForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "call": self.target}

    def get_initial(self) -> dict[str, Any]:
        return forms.plan_initial(self.plan)

    def save(self, form: forms.PlanForm) -> Plan:
        seen, by, now = form.cleaned_data["seen"], self.request.user, timezone.now()
        return services.change_plan(obj=self.plan, values=form.values(), seen=seen, by=by, now=now)


class PlanPage(PlanView, TemplateView):
    """What a plan comes to."""

    template_name = "expressions/planning/plan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, plan = self.request.user, self.plan
        is_idea = plan.state == PlanState.IDEA
        return super().get_context_data(
            page=selectors.plan_page(plan, user),
            steps=list(transitions_of(plan)),
            is_idea=is_idea,
            may_choose=is_idea and user.has_perm("expressions.decide_call", self.target),
            once_key=uuid4(),
            **kwargs,
        )


class PlanAgain(PlanView, View):
    """Works a plan out from the scores of now."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            services.work_out_again(obj=self.plan, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            return self.refused(problem, self.plan)
        messages.success(request, _("The plan is worked out from the scores of now."))
        return redirect(self.plan)


class PlanCopy(PlanView, View):
    """A copy to change."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            key = UUID(request.POST.get("once_key", ""))
        except ValueError:
            key = uuid4()
        try:
            made = services.copy_plan(
                obj=self.plan, once_key=key, by=request.user, now=timezone.now()
            )
        except TransitionNotAllowed as problem:
            return self.refused(problem, self.plan)
        return redirect("expressions:plan-edit", self.target.pk, made.pk)


class PlanChoose(PlanView, SaveMixin, FormView):
    """Makes a plan the proposal."""

    permission = "expressions.choose_plan"
    template_name = "expressions/planning/choose.html"
    form_class = forms.ChooseForm

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.plan.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = selectors.plan_page(self.plan, self.request.user)
        standing = selectors.proposed_plan(self.target)
        is_idea = self.plan.state == PlanState.IDEA
        return super().get_context_data(page=page, standing=standing, is_idea=is_idea, **kwargs)

    def save(self, form: forms.ChooseForm) -> Plan:
        seen = form.cleaned_data["seen"]
        chosen = choose_plan(
            obj=self.plan,
            by=self.request.user,
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
            seen=int(seen) if seen.isascii() and seen.isdecimal() else 0,
        )
        messages.success(self.request, _("This plan is the proposal now."))
        return chosen


class PlanNamed(PlanView, SaveMixin, FormView):
    """Who must have a place, and who must not."""

    template_name = "expressions/planning/named.html"
    form_class = forms.NamedForm

    @property
    def find(self) -> str:
        return self.request.GET.get("find", "").replace("\0", "").strip()[:100]

    def get_form_kwargs(self) -> dict[str, Any]:
        shown = selectors.to_name(self.plan, self.request.user, self.find)
        return {**super().get_form_kwargs(), "shown": shown}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.plan.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(find=self.find, **kwargs)

    def save(self, form: forms.NamedForm) -> Plan:
        return services.name_candidates(
            obj=self.plan,
            choices=form.choices(),
            seen=form.cleaned_data["seen"],
            by=self.request.user,
            now=timezone.now(),
        )


class PlansCompare(CallPlanView, TemplateView):
    """Two to four plans side by side."""

    template_name = "expressions/planning/compare.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        texts = request.GET.getlist("plan")
        ids = {int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 18}
        found = selectors.compared(self.target, request.user, ids)
        if len(found.plans) not in COMPARED:
            return self.refused(ValueError(_("Tick two, three or four plans to compare.")))
        return self.render_to_response(self.get_context_data(compared=found))


class PlanExport(PlanView, View):
    """A plan as CSV or Excel."""

    def get(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponseBase:
        page = selectors.plan_page(self.plan, request.user)
        header, rows = plan_exports.header(), plan_exports.rows(page)
        if kind == "csv":
            return csv_response("plan.csv", header, rows)
        if kind != "xlsx":
            raise Http404
        book = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
        write_xlsx(book.name, [(_("Plan"), header, rows)])
        return FileResponse(book, as_attachment=True, filename="plan.xlsx")
