"""Pages for those who decide on a call: the board, one decision, the plan, release, the reserve."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, TemplateView

from core.access import ObjectView
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile
from projects.enums import DeliveryModel

from ..clock import database_now
from ..enums import CallState, ExpressionState, LetterKind
from ..forms import deciding as forms
from ..models import Call, Decision, Expression
from ..selectors import assessing, releasing
from ..selectors import deciding as selectors
from ..selectors.offers import free_places, may_be_answered_for
from ..selectors.planning import proposed_plan
from ..services import converting, offers
from ..services import deciding as services


class DecidingView(ObjectView):
    """A page about the decisions of a call."""

    permission = "expressions.decide_call"

    def visible(self) -> models.QuerySet:
        return Call.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_deciding = self.target.state == CallState.DECIDING
        return super().get_context_data(  # type: ignore[misc]
            call=self.target, is_deciding=is_deciding, **kwargs
        )

    def back(self, problem: Exception | None = None, page: str = "deciding") -> HttpResponse:
        """To ``page`` of the call, with the refusal where there is one."""
        if problem:
            messages.error(self.request, str(problem))
        return redirect(f"expressions:{page}", self.target.pk)


class Board(DecidingView, TemplateView):
    """All expressions of a call with their scores and what is decided about them."""

    template_name = "expressions/deciding/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        form = forms.DecisionFilterForm(self.request.GET or None)
        query = self.request.GET.copy()
        query.pop("page", None)
        board = selectors.decision_board(self.target, user, **form.choice)
        return super().get_context_data(
            form=form,
            query=query.urlencode(),
            board=board,
            unsent=releasing.unsent(self.target, user),
            reads_record=user.has_perm("expressions.read_decision_record", self.target),
            **kwargs,
        )


class ExpressionInCall(DecidingView):
    """A page about one expression of a call; hidden from those with a conflict of interest."""

    def permission_object(self) -> models.Model | None:
        call = super().permission_object()
        self.expression = get_object_or_404(
            Expression.objects.visible_to(self.request.user)
            .filter(call=self.target, state__in=selectors.LISTED)
            .select_related("call", "organisation", "topic"),
            pk=self.kwargs["expression"],
        )
        return call

    @cached_property
    def standing(self) -> Decision | None:
        return Decision.objects.filter(expression=self.expression).select_related("by").first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The address has an argument of the same name, its key alone.
        return super().get_context_data(**{**kwargs, "expression": self.expression})


class DecisionPage(ExpressionInCall, FormView):
    """What is decided about one expression, why, and its feedback."""

    template_name = "expressions/deciding/decision.html"
    form_class = forms.DecisionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"state": self.expression.state}

    def get_initial(self) -> dict[str, Any]:
        row, state = self.standing, self.expression.state
        return {
            "outcome": "" if state in selectors.UNDECIDED else state,
            "reason": row.reason if row else "",
            "feedback": row.feedback if row else "",
            "seen": selectors.decision_version(self.expression, row),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letters = list(releasing.letters_of(self.expression))
        return super().get_context_data(
            line=selectors.decision_line(self.expression, self.standing),
            standing=self.standing,
            may_decide=self.may_decide(),
            has_scores=self.expression.state in assessing.ASSESSABLE,
            letters=letters,
            today=timezone.localdate(),
            has_offer=may_be_answered_for(self.expression, letters[0] if letters else None),
            **kwargs,
        )

    def may_decide(self) -> bool:
        """Whether something about it can be decided, or written to its organisation, now."""
        states = selectors.DECIDABLE | {ExpressionState.INELIGIBLE}
        is_held = self.expression.state in states and self.expression.told_at is None
        return is_held and self.target.state == CallState.DECIDING

    def form_valid(self, form: forms.DecisionForm) -> HttpResponse:
        by, now = self.request.user, timezone.now()
        try:
            kept = services.decide(obj=self.expression, by=by, now=now, **form.decided)
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            return self.back(problem)
        words = _("Kept: %(name)s, %(outcome)s. The organisation is not told before the release.")
        given = {"name": self.expression.organisation.name, "outcome": kept.get_state_display()}
        messages.success(self.request, words % given)
        return self.back()


class Proposal(DecidingView, FormView):
    """What the plan of the mix would change, shown first; and does it."""

    template_name = "expressions/deciding/proposal.html"
    form_class = forms.ProposalForm

    def get_form_kwargs(self) -> dict[str, Any]:
        label = _("Why do we decide as the plan proposes?")
        return super().get_form_kwargs() | {"label": label}

    @cached_property
    def changes(self) -> list[selectors.Change]:
        proposal = services.proposal_of(self.target)
        return selectors.changes_by(self.target, proposal, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {"seen": selectors.mark_of(self.changes)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ids = services.not_weighed(self.target)
        found = selectors.unweighed(self.target, ids, self.request.user)
        return super().get_context_data(
            changes=self.changes, unweighed=found, plan=proposed_plan(self.target), **kwargs
        )

    def form_valid(self, form: forms.ProposalForm) -> HttpResponse:
        by, now = self.request.user, timezone.now()
        try:
            changed = services.apply_plan(call=self.target, by=by, now=now, **form.cleaned_data)
        except (ChangedMeanwhile, TransitionNotAllowed, ReasonRequired) as problem:
            return self.back(problem, "proposal")
        words = ngettext("%(n)s decision is changed.", "%(n)s decisions are changed.", changed)
        messages.success(self.request, words % {"n": changed})
        return self.back()


class Release(DecidingView, FormView):
    """What is lacking, how many letters go to whom, and the button that sends them all."""

    template_name = "expressions/deciding/release.html"
    form_class = forms.ReleaseForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check = releasing.release_check(self.target, self.request.user, timezone.now())
        return super().get_context_data(check=check, **kwargs)

    def form_valid(self, form: forms.ReleaseForm) -> HttpResponse:
        by, now = self.request.user, database_now()
        try:
            services.release(call=self.target, by=by, now=now, **form.cleaned_data)
        except services.NotReadyToRelease as problem:
            form.add_error("without_feedback", str(problem))
            return self.form_invalid(form)
        except TransitionNotAllowed as problem:
            return self.back(problem, "release")
        messages.success(self.request, releasing.release_words(self.target, by))
        return self.back()


class Reserve(DecidingView, FormView):
    """Those in reserve; the one that is chosen is offered the place that became free."""

    template_name = "expressions/deciding/reserve.html"
    form_class = forms.ReserveForm

    @cached_property
    def lines(self) -> list[selectors.DecisionLine]:
        return releasing.reserve(self.target, self.request.user, timezone.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"lines": self.lines}

    @cached_property
    def free(self) -> int:
        return free_places(self.target, timezone.now())

    def get_initial(self) -> dict[str, Any]:
        return {"seen": str(self.free)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_decided = self.target.state == CallState.DECIDED
        given = {"lines": self.lines, "free": self.free, "is_decided": is_decided}
        return super().get_context_data(**{"preview": None, **given, **kwargs})

    def call_up(self, form: forms.ReserveForm) -> None:
        given = {name: value for name, value in form.cleaned_data.items() if name != "expression"}
        offers.call_up(obj=form.chosen, by=self.request.user, now=timezone.now(), **given)

    def letter(self, form: forms.ReserveForm) -> selectors.Preview:
        """The letter as it would go out."""
        wording = selectors.wording_of(self.target, LetterKind.OFFERED)
        given = {name: form.cleaned_data[name] for name in ("feedback", "answer_by")}
        return selectors.preview_of(wording, form.chosen, **given)

    def form_valid(self, form: forms.ReserveForm) -> HttpResponse:
        if "preview" in self.request.POST:
            context = self.get_context_data(form=form, preview=self.letter(form))
            return self.render_to_response(context)
        try:
            self.call_up(form)
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            return self.back(problem, "reserve")
        words = _("%(name)s is offered the place, and the letter is on its way.")
        messages.success(self.request, words % {"name": form.chosen.organisation.name})
        return self.back()


class MakeProject(ExpressionInCall, FormView):
    """Makes a project of an accepted offer; asks once, and for the delivery model if need be."""

    template_name = "expressions/deciding/make_project.html"
    form_class = forms.ProjectForm

    @cached_property
    def model(self) -> tuple[str, str]:
        return converting.model_of(self.expression)

    def get_form_kwargs(self) -> dict[str, Any]:
        is_open = self.expression.state == ExpressionState.ACCEPTED and not self.model[0]
        models = converting.models_to_choose(self.expression) if is_open else []
        return super().get_form_kwargs() | {"models": models}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_accepted = self.expression.state == ExpressionState.ACCEPTED
        model, source = self.model
        label = str(DeliveryModel(model).label) if model else ""
        return super().get_context_data(
            is_accepted=is_accepted, model=label, source=source, **kwargs
        )

    def form_valid(self, form: forms.ProjectForm) -> HttpResponse:
        given, by = form.cleaned_data, self.request.user
        try:
            project = converting.make_project(
                obj=self.expression, by=by, now=timezone.now(), **given
            )
        except TransitionNotAllowed as problem:
            return self.back(problem)
        words = _("This is the project. The answers came along, further down.")
        messages.success(self.request, words)
        return redirect(project)
