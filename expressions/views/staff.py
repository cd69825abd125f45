"""Pages for staff: the list of expressions, one expression, whether it is eligible."""

from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from core.access import ObjectView, PortalView
from core.audit import entries_of
from core.enums import AuditAction
from core.exports import csv_response
from core.forms import ReasonForm
from core.transitions import TransitionNotAllowed, steps_open_to, transitions_of
from partners.selectors import contact_people
from projects.models import Project

from .. import exports, selectors, transitions
from ..enums import CallState, ExpressionState
from ..filters import ExpressionFilter
from ..models import CarriedOver, Expression, Resending, SealOpening
from ..selectors.deciding import LISTED
from ..selectors.releasing import letters_of


def filtered(request: HttpRequest) -> ExpressionFilter:
    """The expressions that this person may know of, filtered as the address says."""
    return ExpressionFilter(
        request.GET, Expression.objects.visible_to(request.user), request=request
    )


class ExpressionList(PortalView):
    """All expressions, with filters."""

    permission = "expressions.view_expression_list"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = filtered(request)
        page = selectors.expression_list(found.qs, request.GET.get("cursor"))
        may_enter = request.user.has_perm("expressions.enter_for_others")
        context = {"filter": found, "page": page, "may_enter": may_enter}
        return render(request, "expressions/staff_list.html", context)


class ExpressionExport(PortalView):
    """The list as filtered, as CSV."""

    permission = "expressions.export_expressions"

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        found = filtered(request).qs.order_by(*selectors.LIST_ORDER)
        return csv_response("expressions.csv", exports.header(), exports.rows(found))


class StaffExpressionView(ObjectView):
    """A page about one expression, for those who see the programme."""

    permission = "expressions.view_expression_list"

    def visible(self) -> models.QuerySet:
        found = Expression.objects.visible_to(self.request.user)
        return found.select_related("call", "organisation", "topic", "submitted_by", "entered_by")


class ExpressionPage(StaffExpressionView, TemplateView):
    """One expression: where it stands, its answers, what happened."""

    template_name = "expressions/staff_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, expression = self.request.user, self.target
        reads = user.has_perm("expressions.read_answers", expression)
        return super().get_context_data(
            expression=expression,
            reads=reads,
            **answers(expression, reads),
            **seal(user, expression, reads),
            **steps_to_take(user, expression),
            is_open=expression.call.is_open_at(timezone.now()),
            **writers(user, expression),
            history=history(expression),
            **self.leads_on(),
            **kwargs,
        )

    def leads_on(self) -> dict[str, Any]:
        """The further pages about it that there are for this person."""
        return {
            "sees_scores": self.sees_scores(),
            "sees_decision": self.sees_decision(),
            "project": carried_into(self.target, self.request.user),
        }

    def sees_scores(self) -> bool:
        """Whether there is a page of its scores for this person."""
        runs = self.request.user.has_perm("expressions.run_assessment")
        return runs and self.target.state in selectors.ASSESSABLE

    def sees_decision(self) -> bool:
        """Whether there is a page of its decision for this person."""
        decides = self.request.user.has_perm("expressions.decide_expression", self.target)
        begun = {CallState.DECIDING, CallState.DECIDED, CallState.ARCHIVED}
        return decides and self.target.call.state in begun and self.target.state in LISTED


def answers(expression: Expression, reads: bool) -> dict[str, Any]:
    """The answers for whoever ``reads`` them, and which of them are not right."""
    parts = selectors.parts_of(expression) if reads else []
    return {"parts": parts, "problems": [line for part in parts for line in part.problems]}


def carried_into(expression: Expression, user: Any) -> Project | None:
    """The project that it became, if ``user`` may open that."""
    if expression.state != ExpressionState.PROJECT:
        return None
    row = CarriedOver.objects.filter(expression=expression).select_related("project").first()
    sees = row is not None and user.has_perm("projects.view_project", row.project)
    return row.project if row and sees else None


def steps_to_take(user: Any, expression: Expression) -> dict[str, bool]:
    """Whether ``user`` may say now that it fits the call, or that it does not."""
    steps = {step.name for step in steps_open_to(user, expression, transitions.STEPS)}
    return {
        "may_mark_eligible": "mark_eligible" in steps and expression.told_at is None,
        "may_mark_ineligible": "mark_ineligible" in steps,
    }


def seal(user: Any, expression: Expression, reads: bool) -> dict[str, bool]:
    """Whether the seal keeps the answers from ``user``, and whether they may open it."""
    return {
        "is_sealed": expression.call.is_sealed_now and not reads,
        "may_open_seal": user.has_perm("expressions.break_seal", expression),
    }


def writers(user: Any, expression: Expression) -> dict[str, bool]:
    """Whether ``user`` may type in answers, and whether anybody speaks for the organisation."""
    return {
        "may_enter": user.has_perm("expressions.write_expression", expression),
        "has_contacts": contact_people(expression.organisation).exists(),
    }


def history(expression: Expression) -> list[dict[str, Any]]:
    """What happened to an expression, as lines of a timeline."""
    steps = [
        {
            "at": step.at,
            "text": ExpressionState(step.target).label,
            "who": step.by or "",
            "reason": step.reason,
        }
        for step in transitions_of(expression)
    ]
    openings = [
        {
            "at": opening.at,
            "text": _("Seal opened before the call closed"),
            "who": opening.by or "",
            "reason": opening.reason,
        }
        for opening in SealOpening.objects.filter(expression=expression).select_related("by")
    ]
    lines = [*entered(expression), *steps, *openings, *letters_sent(expression)]
    return sorted(lines, key=itemgetter("at"))


def letters_sent(expression: Expression) -> list[dict[str, Any]]:
    """The letters about its decision, and each time that one was sent again."""
    if expression.told_at is None:
        return []
    sent = [
        {
            "at": letter.at,
            "text": _("Letter sent: %(kind)s") % {"kind": letter.get_outcome_display()},
            "who": letter.by or "",
            "reason": letter.words.subject,
        }
        for letter in letters_of(expression)
    ]
    again = Resending.objects.filter(letter__expression=expression).select_related("by", "letter")
    return sent + [
        {
            "at": row.at,
            "text": _("Letter sent again: %(kind)s") % {"kind": row.letter.get_outcome_display()},
            "who": row.by or "",
            "reason": row.reason,
        }
        for row in again
    ]


def entered(expression: Expression) -> list[dict[str, Any]]:
    """That staff began to type it in, and why so late where the call had closed."""
    if not expression.is_entered_by_staff:
        return []
    return [
        {
            "at": entry.at,
            "text": _("Typed in by staff: %(source)s") % {"source": entry.changes["source"][1]},
            "who": entry.by or "",
            "reason": entry.changes.get("entered_after_closing_because", ["", ""])[1],
        }
        for entry in entries_of(expression).filter(action=AuditAction.CREATED)
    ]


class MarkEligible(StaffExpressionView):
    """Says that an expression fits the call."""

    permission = "expressions.decide_eligibility"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            transitions.mark_eligible(obj=self.target, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            messages.error(request, str(problem))
        else:
            messages.success(
                request,
                _("%(reference)s is marked as eligible. The organisation has not been told.")
                % {"reference": self.target.reference},
            )
        return redirect("expressions:staff-page", self.target.pk)


class MarkIneligible(StaffExpressionView, FormView):
    """Says that an expression does not fit the call, and why."""

    permission = "expressions.decide_eligibility"
    template_name = "expressions/ineligible.html"
    form_class = ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        help_text = _("One or two sentences. The reason is kept with the expression.")
        label = _("Why does it not fit the call?")
        return super().get_form_kwargs() | {"label": label, "help_text": help_text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(expression=self.target, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            transitions.mark_ineligible(
                obj=self.target, by=self.request.user, now=timezone.now(), **form.cleaned_data
            )
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
        else:
            messages.success(
                self.request,
                _("%(reference)s is marked as not eligible. The organisation has not been told.")
                % {"reference": self.target.reference},
            )
        return redirect("expressions:staff-page", self.target.pk)
