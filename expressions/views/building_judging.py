"""Criteria, places and the mix of a call, until the reading begins."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core.transitions import TransitionNotAllowed
from core.versions import details_of, version_of

from ..forms import judging as line_forms
from ..forms.judging import NumbersForm, label_of
from ..models import Criterion, MixTarget
from ..services import building as services
from ..services import judging
from .building import BuilderFormView, CallView, Fields

CRITERION = ("title", "help", "weight")
TARGET = ("dimension", "value", "least", "most")


class Judging(Fields):
    """How expressions are scored, and which mix is wanted."""

    template_name = "expressions/building/judging.html"
    form_class = NumbersForm
    names = services.NUMBERS
    back = "build-judging"
    saved = gettext_lazy("The numbers are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: a form of a model writes on its instance what was typed.
        call = type(self.target).objects.get(pk=self.target.pk)
        return {**super().get_form_kwargs(), "instance": call}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        targets = [
            (line, label_of(self.target, line.dimension, line.value))
            for line in self.target.targets.all()
        ]
        return super().get_context_data(
            criteria=list(self.target.criteria.all()),
            targets=targets,
            may_change=self.target.state in services.BEFORE_JUDGING,
            **kwargs,
        )


class LineView(BuilderFormView):
    """A form about one criterion or one line of the mix."""

    back = "build-judging"

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except judging.TwiceInTheMix as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)


class CriterionAdd(LineView):
    """A new criterion."""

    form_class = line_forms.CriterionForm
    heading, saved = gettext_lazy("New criterion"), gettext_lazy("The criterion is added.")

    def save(self, form: Any) -> None:
        values = {name: form.cleaned_data[name] for name in CRITERION}
        by, now = self.request.user, timezone.now()
        judging.add_criterion(call=self.target, values=values, by=by, now=now)


class CriterionLine:
    """A page about one criterion of the call."""

    @cached_property
    def line(self) -> Criterion:
        view: Any = self
        return get_object_or_404(Criterion, call=view.target, pk=view.kwargs["line"])


class TargetLine:
    """A page about one line of the mix of the call."""

    @cached_property
    def line(self) -> MixTarget:
        view: Any = self
        return get_object_or_404(MixTarget, call=view.target, pk=view.kwargs["line"])


class CriterionChange(CriterionLine, LineView):
    """The words and the weight of a criterion."""

    form_class = line_forms.CriterionForm
    heading, saved = gettext_lazy("Change the criterion"), gettext_lazy("The criterion is saved.")

    def get_initial(self) -> dict[str, Any]:
        values = details_of(self.line, CRITERION)
        return {**values, "seen": version_of(values)}

    def standing(self) -> dict[str, Any]:
        self.line.refresh_from_db()
        return details_of(self.line, CRITERION)

    def save(self, form: Any) -> None:
        values = {name: form.cleaned_data[name] for name in CRITERION}
        seen, by, now = form.cleaned_data["seen"], self.request.user, timezone.now()
        judging.change_line(obj=self.line, values=values, seen=seen, by=by, now=now)


class TargetAdd(LineView):
    """A new line of the mix."""

    form_class = line_forms.TargetForm
    heading, saved = gettext_lazy("New line of the mix"), gettext_lazy("The line is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "call": self.target}

    def save(self, form: Any) -> None:
        by, now = self.request.user, timezone.now()
        judging.add_target(call=self.target, values=form.values(), by=by, now=now)


class TargetChange(TargetLine, TargetAdd):
    """A line of the mix."""

    heading, saved = gettext_lazy("Change a line of the mix"), gettext_lazy("The line is saved.")

    def get_initial(self) -> dict[str, Any]:
        values = details_of(self.line, TARGET)
        which = f"{self.line.dimension}:{self.line.value}"
        return {**values, "which": which, "seen": version_of(values)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "line": self.line}

    def save(self, form: Any) -> None:
        seen, by, now = form.cleaned_data["seen"], self.request.user, timezone.now()
        judging.change_line(obj=self.line, values=form.values(), seen=seen, by=by, now=now)


class LineRemove(CallView, TemplateView):
    """Asks once before a line is taken out."""

    template_name = "expressions/building/confirm.html"
    line: Any

    def what(self) -> str:
        return str(self.line)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back_url = reverse("expressions:build-judging", args=[self.target.slug])
        return super().get_context_data(
            what=self.what(), is_open=False, back_url=back_url, **kwargs
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            judging.remove_line(obj=self.line, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            return self.refused(problem, "build-judging")
        messages.success(request, _("It is taken out."))
        return self.to("build-judging")


class CriterionRemove(CriterionLine, LineRemove):
    """Takes a criterion out."""


class TargetRemove(TargetLine, LineRemove):
    """Takes a line of the mix out."""

    def what(self) -> str:
        return label_of(self.target, self.line.dimension, self.line.value)


class CriterionMove(CriterionLine, CallView):
    """Puts a criterion in another place."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("to", "")
        to = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
        try:
            judging.move_criterion(obj=self.line, to=to, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            return self.refused(problem, "build-judging")
        messages.success(request, _("It is moved."))
        return self.to("build-judging")
