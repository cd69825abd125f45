"""Writing an expression of interest, from the start page to the receipt."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from core.access import ObjectView, PortalView
from core.dates import nice_time
from core.transitions import TransitionNotAllowed
from partners.models import Organisation
from partners.selectors import own_requests

from .. import fields, questions, selectors, services, transitions
from ..clock import database_now
from ..enums import ExpressionState
from ..forms import DeclarationForm, OrganisationChoiceForm
from ..models import Call, Expression


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
            now=now,
            **kwargs,
        )


class WritingView(ObjectView):
    """A page about one expression, for the people of its organisation."""

    permission = "expressions.write_expression"

    def visible(self) -> models.QuerySet:
        own = Expression.objects.of_contact(self.request.user)
        return own.select_related("call", "organisation")

    def is_editable(self) -> bool:
        """Whether the answers may be changed now."""
        return self.target.is_editable and self.target.call.is_open_at(timezone.now())

    def refused(self, problem: Exception) -> HttpResponse:
        messages.error(self.request, str(problem))
        return redirect(self.target)


class Tasks(WritingView, TemplateView):
    """The task list: sections with how far each is."""

    template_name = "expressions/tasks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = selectors.parts_of(self.target)
        return super().get_context_data(
            expression=self.target,
            tasks=selectors.tasks(self.target, parts),
            done=sum(part.is_done for part in parts),
            total=len(parts),
            problems=[line for part in parts for line in part.problems],
            is_editable=self.is_editable(),
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class SectionPage(WritingView, TemplateView):
    """One section: its questions, saved while typing, and by the button."""

    template_name = "expressions/section.html"

    total = 0

    def part(self) -> selectors.Part:
        parts = selectors.parts_of(self.target)
        self.total = len(parts)
        for part in parts:
            if part.section.order == self.kwargs["order"]:
                return part
        raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        part = kwargs.pop("part", None) or self.part()
        shown = kwargs.pop("fields", None) or fields.shown_fields(
            part, strict=part.is_marked_finished
        )
        return super().get_context_data(
            expression=self.target,
            part=part,
            fields=shown,
            wrong=[field for field in shown if field.error or field.conflict],
            is_editable=self.is_editable(),
            total=self.total,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        part, now, by = self.part(), database_now(), request.user
        given = fields.given_from(request.POST, [line.question.pk for line in part.lines])
        is_finished = request.POST.get("finished") == "yes"
        try:
            outcome = services.save_answers(obj=self.target, given=given, by=by, now=now)
            services.mark_section(
                obj=self.target, section=part.section, is_finished=is_finished, by=by, now=now
            )
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        return self.after_save(outcome, is_finished)

    def after_save(self, outcome: services.SaveOutcome, is_finished: bool) -> HttpResponse:
        """On to the task list, or the page again with what has to change."""
        self.target.refresh_from_db()
        part = self.part()
        if outcome.is_clean and not (is_finished and part.problems):
            messages.success(self.request, _("Your answers are saved."))
            return redirect(self.target)
        shown = fields.shown_fields(part, outcome, self.request.POST, strict=is_finished)
        return self.render_to_response(
            self.get_context_data(part=part, fields=shown, finished_sent=is_finished),
            status=409 if outcome.conflicts else 422,
        )


class AnswerSave(WritingView):
    """Saves one answer while its writer goes on typing. Answers in JSON."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return JsonResponse({"state": "signed_out"}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        pk, now = self.kwargs["question"], database_now()
        given = fields.given_from(request.POST, [pk])
        try:
            outcome = services.save_answers(obj=self.target, given=given, by=request.user, now=now)
        except TransitionNotAllowed as problem:
            return JsonResponse({"state": "closed", "words": str(problem)}, status=410)
        if pk in outcome.refused:
            return JsonResponse({"state": "refused", "words": outcome.refused[pk]}, status=422)
        if pk in outcome.conflicts:
            return self.conflict(fields.conflict_field(outcome.conflicts[pk]))
        return self.saved(outcome.saved.get(pk))

    def conflict(self, field: fields.AnswerField) -> JsonResponse:
        html = render_to_string(
            "expressions/partials/conflict.html", {"field": field}, request=self.request
        )
        theirs = field.conflict.theirs if field.conflict else ""
        return JsonResponse(
            {
                "state": "conflict",
                "version": field.version,
                "fingerprint": field.fingerprint,
                "theirs": theirs,
                "html": html,
            },
            status=409,
        )

    def saved(self, answer: Any) -> JsonResponse:
        if answer is None:
            return JsonResponse({"state": "unchanged"})
        return JsonResponse(
            {
                "state": "saved",
                "version": answer.version,
                "fingerprint": questions.fingerprint(answer.value),
                "words": _("Saved at %(time)s") % {"time": nice_time(answer.saved_at)},
            }
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
        return super().get_context_data(expression=self.target, **kwargs)

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
            expression=self.target, is_editable=self.is_editable(), **kwargs
        )


class Withdraw(WritingView, TemplateView):
    """Taking an expression back; asks once."""

    permission = "expressions.withdraw_expression"
    template_name = "expressions/withdraw.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            expression=self.target,
            is_open=self.target.call.is_open_at(timezone.now()),
            may_withdraw=self.target.state in transitions.STEPS["withdraw"].sources,
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
