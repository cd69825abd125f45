"""Writing an expression of interest, from the start page to the receipt."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from core.access import PortalView
from core.transitions import TransitionNotAllowed
from partners.models import Organisation
from partners.selectors import own_requests

from .. import selectors, services, transitions
from ..clock import database_now
from ..enums import ExpressionState
from ..forms import DeclarationForm, OrganisationChoiceForm
from ..models import Call
from ..selectors.lacking import incomplete
from .base import WritingView


class Start(PortalView, FormView):
    """The door from a call to its form: for which organisation?"""

    permission = "expressions.start_expression"
    template_name = "expressions/start.html"
    form_class = OrganisationChoiceForm

    def call(self) -> Call:
        return get_object_or_404(Call.objects.public(), slug=self.kwargs["slug"])

    def get_form_kwargs(self) -> dict[str, Any]:
        own = Organisation.objects.of_contact(self.request.user).order_by("name", "id")
        return {**super().get_form_kwargs(), "organisations": own}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, user = self.call(), self.request.user
        return super().get_context_data(
            call=call,
            is_open=call.is_open_at(timezone.now()),
            begun=selectors.own_expressions(user).filter(call=call),
            requests=own_requests(user),
            **kwargs,
        )

    def form_valid(self, form: OrganisationChoiceForm) -> HttpResponse:
        try:
            expression = services.start_expression(
                obj=self.call(),
                organisation=form.cleaned_data["organisation"],
                by=self.request.user,
                now=database_now(),
            )
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
            return redirect("expressions:call", self.kwargs["slug"])
        if selectors.offers_to_carry(expression):
            return redirect("expressions:carry", expression.pk)
        return redirect(expression)


class OwnExpressions(PortalView, TemplateView):
    """The expressions of my organisations, each with its next step."""

    permission = "expressions.view_own_expressions"
    template_name = "expressions/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(
            expressions=selectors.own_expressions(self.request.user)[:100],
            calls=selectors.open_calls(now),
            lacking={row.pk for row, _problems in incomplete(self.request.user, now)},
            now=now,
            **kwargs,
        )


class Tasks(WritingView, TemplateView):
    """The task list: sections with how far each is."""

    template_name = "expressions/tasks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = selectors.parts_of(self.target)
        here = selectors.others_here(self.target, self.request.user)
        return super().get_context_data(
            expression=self.target,
            tasks=selectors.tasks(self.target, parts, here),
            is_open=self.is_open(),
            may_carry=bool(selectors.earlier_expressions(self.target)),
            done=sum(part.is_done for part in parts),
            total=len(parts),
            problems=[line for part in parts for line in part.problems],
            is_editable=self.is_editable(),
            **kwargs,
        )


class Check(WritingView, TemplateView):
    """All answers on one page, before sending in and after."""

    template_name = "expressions/check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = selectors.parts_of(self.target)
        return super().get_context_data(
            expression=self.target,
            parts=parts,
            problems=[(part, line) for part in parts for line in part.problems],
            is_editable=self.is_editable(),
            is_draft=self.target.state == ExpressionState.DRAFT,
            **kwargs,
        )


class Send(WritingView, FormView):
    """The declaration, and sending in."""

    permission = "expressions.submit_expression"
    template_name = "expressions/send.html"
    form_class = DeclarationForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(expression=self.target, is_open=self.is_open(), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.target.state != ExpressionState.DRAFT:
            return redirect(self.target)
        if selectors.problems_of(self.target):
            return redirect("expressions:check", self.target.pk)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: DeclarationForm) -> HttpResponse:
        try:
            transitions.submit(
                obj=self.target,
                by=self.request.user,
                now=database_now(),
                declared_by=form.cleaned_data["declared_by"],
            )
        except transitions.NotComplete:
            return redirect("expressions:check", self.target.pk)
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        return redirect("expressions:sent", self.target.pk)


class Sent(WritingView, TemplateView):
    """What happened, and what comes next."""

    template_name = "expressions/sent.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.target.submitted_at is None:
            return redirect(self.target)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            expression=self.target, is_open=self.is_editable() and self.is_open(), **kwargs
        )


class Withdraw(WritingView, TemplateView):
    """Taking an expression back; asks once."""

    permission = "expressions.withdraw_expression"
    template_name = "expressions/withdraw.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            expression=self.target,
            is_open=self.target.call.is_open_at(timezone.now()),
            may_withdraw=self.target.told_at is None
            and self.target.state in transitions.STEPS["withdraw"].sources,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            transitions.withdraw(obj=self.target, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        messages.success(
            request, _("It is withdrawn. Nobody reads it any more; you can still see it.")
        )
        return redirect("expressions:mine")
