"""Pages for staff who run the assessment of a call."""

import tempfile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, TemplateView, View

from accounts.models import User
from core.access import ObjectView
from core.exports import csv_response, write_xlsx
from core.paging import keyset_page
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile

from .. import score_exports, transitions
from ..enums import CallState, ConflictState
from ..forms import assessing as forms
from ..models import Call, Conflict, Expression, Moderation
from ..score_charts import progress_chart
from ..selectors import assessing, assigning, conflicts
from ..services import assessing as scoring_services
from ..services import assigning as services
from ..services import conflicts as conflict_services


class AssessmentView(ObjectView):
    """A page about the assessment of a call."""

    permission = "expressions.run_assessment"

    def visible(self) -> models.QuerySet:
        return Call.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(call=self.target, **kwargs)  # type: ignore[misc]

    def back(self, problem: Exception | None = None, page: str = "assessment") -> HttpResponse:
        """To ``page`` of the call, with the refusal where there is one."""
        if problem:
            messages.error(self.request, str(problem))
        return redirect(f"expressions:{page}", self.target.pk)


class Board(AssessmentView, TemplateView):
    """How each expression of a call stands."""

    template_name = "expressions/assessing/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = assigning.assessors(self.target, timezone.now())
        return super().get_context_data(
            chosen=forms.ChosenForm(people=people),
            may_begin=self.target.state == CallState.CLOSED,
            may_assign=self.target.state in services.ASSIGNING,
            **self.lines(),
            **kwargs,
        )

    def lines(self) -> dict[str, Any]:
        """The board as filtered, the form of the filters, and the address without its page."""
        initial = {"wide": assessing.WIDE_SPREAD}
        form = forms.BoardFilterForm(self.request.GET or None, initial=initial)
        query = self.request.GET.copy()
        query.pop("page", None)
        board = assessing.board(self.target, self.request.user, **form.choice)
        return {"form": form, "query": query.urlencode(), "board": board}


class Begin(AssessmentView, View):
    """Lets the assessors begin."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            transitions.start_assessing(obj=self.target, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            return self.back(problem)
        messages.success(request, _("The assessors can begin. Nobody has been told yet."))
        return self.back()


class Assessors(AssessmentView, FormView):
    """Who assesses a call, how far they are, and somebody more."""

    template_name = "expressions/assessing/assessors.html"
    form_class = forms.AssessorForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = assigning.assessor_rows(self.target, timezone.now())
        user = self.request.user
        return super().get_context_data(
            rows=rows,
            chart=progress_chart(rows) if any(row.assigned for row in rows) else None,
            may_invite=user.has_perm("accounts.invite_person"),
            **kwargs,
        )

    def form_valid(self, form: forms.AssessorForm) -> HttpResponse:
        services.add_assessor(
            call=self.target,
            person=form.person,
            ends_on=form.cleaned_data["ends_on"],
            by=self.request.user,
            now=timezone.now(),
        )
        words = _("%(name)s assesses this call now.") % {"name": form.person}
        messages.success(self.request, words)
        return self.back(page="assessors")


class RemoveAssessor(AssessmentView, TemplateView):
    """Takes somebody off a call; asks once."""

    template_name = "expressions/assessing/remove_assessor.html"

    @cached_property
    def row(self) -> assigning.AssessorRow:
        for row in assigning.assessor_rows(self.target, timezone.now()):
            if row.person == self.kwargs["person"]:
                return row
        raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = get_object_or_404(User, pk=self.row.person)
        freed = services.remove_assessor(
            call=self.target, person=person, by=request.user, now=timezone.now()
        )
        words = ngettext(
            "%(name)s no longer assesses this call. %(freed)s expression is free to be assigned.",
            "%(name)s no longer assesses this call. %(freed)s expressions are free to be assigned.",
            freed,
        )
        messages.success(request, words % {"name": person, "freed": freed})
        return self.back(page="assessors")


class AssignEvenly(AssessmentView, FormView):
    """What an even share would be, in numbers; and does it."""

    template_name = "expressions/assessing/assign.html"
    form_class = forms.PlanForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preview = assigning.preview(self.target, self.request.user, timezone.now())
        form = forms.PlanForm(initial={"mark": preview.mark})
        may_assign = self.target.state in services.ASSIGNING
        kwargs |= {"form": form, "preview": preview, "may_assign": may_assign}
        return super().get_context_data(**kwargs)

    def form_valid(self, form: forms.PlanForm) -> HttpResponse:
        try:
            plan = services.assign_balanced(
                call=self.target,
                seen=form.cleaned_data["mark"],
                by=self.request.user,
                now=timezone.now(),
            )
        except (ChangedMeanwhile, TransitionNotAllowed) as problem:
            return self.back(problem, "assign")
        words = _("%(count)s assessments are assigned.") % {"count": len(plan.pairs)}
        messages.success(
            self.request, words if plan.pairs else _("Everything is assigned already.")
        )
        return self.back()


class AssignChosen(AssessmentView, View):
    """Gives an assessor the expressions that were ticked on the board."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        people = assigning.assessors(self.target, timezone.now())
        form = forms.ChosenForm(request.POST, people=people)
        chosen = self.chosen()
        if not form.is_valid() or not chosen:
            return self.back(ValueError(_("Tick at least one expression, and choose an assessor.")))
        try:
            self.assign(form.cleaned_data["person"], chosen)
        except TransitionNotAllowed as problem:
            return self.back(problem)
        return self.back()

    def chosen(self) -> list[int]:
        ids = forms.chosen_ids(self.request.POST.getlist("chosen"))
        seen = Expression.objects.visible_to(self.request.user).filter(pk__in=ids)
        return list(seen.values_list("pk", flat=True))

    def assign(self, person: User, chosen: list[int]) -> None:
        given, refused = services.assign_chosen(
            call=self.target,
            person=person,
            expressions=chosen,
            by=self.request.user,
            now=timezone.now(),
        )
        words = _("%(name)s has %(count)s of these to score.")
        messages.success(self.request, words % {"name": person, "count": len(given)})
        for one, why in refused:
            what = {"organisation": one.organisation.name, "why": why}
            messages.warning(self.request, _("Not assigned: %(organisation)s, %(why)s.") % what)


class Longlist(AssessmentView, TemplateView):
    """What would come on the long list, shown first; and does it."""

    template_name = "expressions/assessing/longlist.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        form = forms.LonglistForm(asked if "least" in asked else None)
        least = form.cleaned_data["least"] if form.is_valid() else None
        chosen = forms.chosen_ids(asked.getlist("chosen"))
        user = self.request.user
        lines = assessing.longlist_candidates(self.target, user, chosen=chosen, least=least)
        return super().get_context_data(form=form, lines=lines, chosen=chosen, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ids = forms.chosen_ids(request.POST.getlist("chosen"))
        rows = Expression.objects.visible_to(request.user).filter(call=self.target, pk__in=ids)
        put = 0
        for expression in rows.order_by("pk"):
            try:
                transitions.longlist(obj=expression, by=request.user, now=timezone.now())
                put += 1
            except TransitionNotAllowed as problem:
                messages.error(request, f"{expression}: {problem}")
        words = ngettext("%(n)s is on the long list.", "%(n)s are on the long list.", put)
        messages.success(request, words % {"n": put})
        return self.back()


class ConflictRegister(AssessmentView, FormView):
    """The conflicts of interest of a call, and one that somebody told staff about."""

    template_name = "expressions/assessing/conflicts.html"
    form_class = forms.RecordConflictForm

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = Expression.objects.visible_to(self.request.user).filter(
            call=self.target, state__in=assessing.ASSESSABLE
        )
        return {
            **super().get_form_kwargs(),
            "people": conflicts.who_may_have(self.target),
            "expressions": rows.select_related("organisation").order_by("organisation__name", "pk"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = conflicts.conflict_register(self.target, self.request.user)
        page = keyset_page(rows, order=["-id"], cursor=self.request.GET.get("cursor"))
        clears = self.request.user.has_perm("expressions.clear_declared_conflict")
        return super().get_context_data(page=page, may_clear_declared=clears, **kwargs)

    def form_valid(self, form: forms.RecordConflictForm) -> HttpResponse:
        conflict_services.declare_conflict(
            obj=form.cleaned_data["expression"],
            person=form.cleaned_data["person"],
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(self.request, _("The conflict is in the register."))
        return self.back(page="conflicts")


class ClearConflict(AssessmentView, FormView):
    """Says, with a reason, that there is no conflict after all."""

    template_name = "expressions/assessing/clear_conflict.html"
    form_class = forms.ClearForm

    @cached_property
    def conflict(self) -> Conflict:
        rows = conflicts.conflict_register(self.target, self.request.user)
        found: Conflict = get_object_or_404(rows, pk=self.kwargs["conflict"])
        return found

    def permission_object(self) -> models.Model | None:
        call = super().permission_object()
        user = self.request.user
        declared = self.conflict.state == ConflictState.DECLARED
        if declared and not user.has_perm("expressions.clear_declared_conflict"):
            raise PermissionDenied
        return call

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.conflict
        facts = [(_("State"), row.get_state_display()), (_("Reason"), row.reason)]
        return super().get_context_data(conflict=row, facts=facts, **kwargs)

    def form_valid(self, form: forms.ClearForm) -> HttpResponse:
        conflict_services.clear_conflict(
            obj=self.conflict,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(self.request, _("The conflict is cleared, and the reason is kept."))
        return self.back(page="conflicts")


class ExpressionInCallView(AssessmentView):
    """A page about one expression of a call, hidden from those with a conflict."""

    @cached_property
    def expression(self) -> Expression:
        rows = Expression.objects.visible_to(self.request.user).filter(
            call=self.target, state__in=assessing.ASSESSABLE
        )
        found: Expression = get_object_or_404(
            rows.select_related("call", "organisation"), pk=self.kwargs["expression"]
        )
        return found


class Moderate(ExpressionInCallView, FormView):
    """The assessors' scores and reasons side by side, and the score on which the panel agrees."""

    template_name = "expressions/assessing/moderate.html"
    form_class = forms.ModerationForm

    @cached_property
    def standing(self) -> Moderation | None:
        found = Moderation.objects.filter(expression=self.expression)
        return found.select_related("by").first()

    def get_initial(self) -> dict[str, Any]:
        row, seen = self.standing, scoring_services.moderation_version(self.standing)
        return {"seen": seen, **({"points": row.points, "note": row.note} if row else {})}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        criteria = self.target.criteria.all()
        scores = assessing.finished_scores(self.expression, criteria)
        line = assessing.board_line(self.target, self.request.user, self.expression)
        return super().get_context_data(
            expression=self.expression,
            line=line,
            scores=scores,
            rows=assessing.side_by_side(scores),
            standing=self.standing,
            may_moderate=self.target.state in scoring_services.MODERATING,
            may_finish=line.may_finish,
            **kwargs,
        )

    def form_valid(self, form: forms.ModerationForm) -> HttpResponse:
        by, now = self.request.user, timezone.now()
        try:
            scoring_services.moderate(obj=self.expression, by=by, now=now, **form.cleaned_data)
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        except TransitionNotAllowed as problem:
            return self.back(problem)
        messages.success(self.request, _("The agreed score stands from now on."))
        return redirect("expressions:moderate", self.target.pk, self.expression.pk)


class FinishEarly(ExpressionInCallView, View):
    """Goes on with fewer scores than were wanted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            transitions.finish_assessment(obj=self.expression, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            return self.back(problem)
        words = _("The assessment of %(name)s is finished.")
        messages.success(request, words % {"name": self.expression.organisation.name})
        return redirect("expressions:moderate", self.target.pk, self.expression.pk)


class ScoresExport(ObjectView, View):
    """All scores as CSV or Excel; without the assessors' names for those who only read."""

    permission = "expressions.export_expressions"

    def visible(self) -> models.QuerySet:
        return Call.objects.visible_to(self.request.user)

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        named = request.user.has_perm("expressions.run_assessment")
        header = score_exports.header(self.target)
        rows = score_exports.rows(self.target, request.user, named=named)
        if kind == "csv":
            return csv_response("scores.csv", header, rows)
        if kind != "xlsx":
            raise Http404
        book = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
        write_xlsx(book.name, [(_("Scores"), header, rows)])
        return FileResponse(book, as_attachment=True, filename="scores.xlsx")
