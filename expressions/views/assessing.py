"""Pages of an assessor: the calls, conflicts of interest first, the queue, and scoring."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from accounts.enums import RoleKind
from accounts.rules import holds_in
from core.access import ObjectView, PortalView
from core.dates import nice_time
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile

from .. import rules, selectors, transitions
from ..enums import AssessmentState, CallState
from ..forms.assessing import ConflictReasonForm, DeclareForm, ScoreForm
from ..models import Assessment, Criterion, Expression
from ..selectors import assessing, conflicts
from ..services import assessing as scoring
from ..services import conflicts as conflict_services


class AssessedCalls(PortalView, TemplateView):
    """The calls that I assess, or assessed."""

    permission = "expressions.use_assessor_pages"
    template_name = "expressions/assessing/calls.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calls = assessing.assessed_calls(self.request.user).order_by("-closes_at", "-pk")
        return super().get_context_data(calls=calls[:50], **kwargs)


class AssessedCallView(ObjectView):
    """A page about a call, for those who assess it or did."""

    permission = "expressions.use_assessor_pages"
    lookup = "slug"

    def visible(self) -> models.QuerySet:
        return assessing.assessed_calls(self.request.user)

    @property
    def is_assessor(self) -> bool:
        """Whether the role is in force today."""
        return holds_in(self.request.user, {RoleKind.ASSESSOR}, self.target)


class AssessedCall(AssessedCallView, TemplateView):
    """What I have to score of a call, and how far I am."""

    def get_template_names(self) -> list[str]:
        if self.is_assessor:
            return ["expressions/assessing/queue.html"]
        return ["expressions/assessing/role_ended.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.work() if self.is_assessor else {}
        return super().get_context_data(call=self.target, **found, **kwargs)

    def work(self) -> dict[str, Any]:
        user, call = self.request.user, self.target
        rows = assessing.queue(user, call)
        done, total = assessing.totals(user, call)
        return {
            "to_score": [row for row in rows if row.state == AssessmentState.ASSIGNED],
            "scored": [row for row in rows if row.state == AssessmentState.DONE],
            "done": done,
            "total": total,
            "waiting": conflicts.declaring(call, user).waiting,
            "is_scored_now": call.state == CallState.ASSESSING,
        }


class Declare(AssessedCallView, FormView):
    """Whether I have a conflict with the organisations of a call: their names, and no more."""

    template_name = "expressions/assessing/declare.html"
    form_class = DeclareForm

    @cached_property
    def page(self) -> conflicts.Declaring:
        if not self.is_assessor:
            raise Http404
        return conflicts.declaring(self.target, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": self.page.pending}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(call=self.target, page=self.page, **kwargs)

    def form_valid(self, form: DeclareForm) -> HttpResponse:
        conflict_services.declare_conflicts(
            call=self.target,
            person=self.request.user,
            shown=form.shown_ids,
            conflicts=form.conflicts,
            now=timezone.now(),
        )
        messages.success(self.request, declared_words(self.page, form))
        left = conflicts.declaring(self.target, self.request.user).waiting
        return redirect(
            "expressions:declare" if left else "expressions:assessing-call", self.target.slug
        )


def declared_words(page: conflicts.Declaring, form: DeclareForm) -> str:
    """What was kept, and what came of the conflicts that were declared."""
    hidden = _("%(name)s is hidden from you, and somebody else scores it.")
    names = [name for pk, name in page.pending if pk in form.conflicts]
    words = [_("Thank you. What you said is kept."), *(hidden % {"name": name} for name in names)]
    return " ".join(words)


class ScoringView(ObjectView):
    """A page about one expression that I have to score, or have scored."""

    # Whether it is theirs to score, ``visible`` says.
    permission = "expressions.use_assessor_pages"
    assessment: Assessment

    def visible(self) -> models.QuerySet:
        found = Expression.objects.to_assess_by(self.request.user)
        return found.select_related("call", "organisation", "topic")

    def permission_object(self) -> models.Model | None:
        found = super().permission_object()
        self.assessment = get_object_or_404(
            Assessment.objects.prefetch_related("scores"),
            expression=self.target,
            assessor_id=self.request.user.pk,
        )
        return found

    @cached_property
    def has_declared(self) -> bool:
        return bool(rules.has_declared(self.request.user, self.target))

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(self.target.call.criteria.all())

    @property
    def is_open(self) -> bool:
        """Whether scores can be given now."""
        return self.target.call.state == CallState.ASSESSING


@method_decorator(never_cache, name="dispatch")
class ScorePage(ScoringView, FormView):
    """An expression's answers beside the criteria; the scores are saved, and finished."""

    template_name = "expressions/assessing/score.html"
    form_class = ScoreForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_declared:
            messages.info(request, _("Say first whether you have a conflict of interest."))
            return redirect("expressions:declare", self.target.call.slug)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        call = self.target.call
        return {
            **super().get_form_kwargs(),
            "criteria": self.criteria,
            "top_score": call.top_score,
            "initial": ScoreForm.initial_of(self.assessment),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_done = self.assessment.state == AssessmentState.DONE
        done, total = assessing.totals(self.request.user, self.target.call)
        return super().get_context_data(
            expression=self.target,
            parts=selectors.parts_of(self.target),
            is_done=is_done,
            is_open=self.is_open,
            last_saved=assessing.last_saved(self.assessment),
            others=self.others() if is_done else [],
            done=done,
            total=total,
            **kwargs,
        )

    def others(self) -> list[assessing.OthersScores]:
        user = self.request.user
        return assessing.finished_scores(self.target, self.criteria, but_of=user)

    def form_valid(self, form: ScoreForm) -> HttpResponse:
        finish = "finish" in self.request.POST
        try:
            self.assessment = self.save(form, finish=finish)
        except ChangedMeanwhile as problem:
            return self.changed_meanwhile(form, problem)
        except transitions.ScoresMissing:
            return self.missing(form)
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
            return redirect("expressions:score", self.target.pk)
        return self.saved()

    def save(self, form: ScoreForm, *, finish: bool) -> Assessment:
        return scoring.save_scores(
            obj=self.assessment,
            given=form.given,
            comment=form.cleaned_data["comment"],
            seen=form.seen_version,
            finish=finish,
            by=self.request.user,
            now=timezone.now(),
        )

    def changed_meanwhile(self, form: ScoreForm, problem: ChangedMeanwhile) -> HttpResponse:
        """The page with what was typed, and beside it what another window saved."""
        self.assessment = Assessment.objects.prefetch_related("scores").get(pk=self.assessment.pk)
        form.add_error(None, str(problem))
        form.see(problem.seen)
        standing = form.lines_of(self.assessment)
        context = self.get_context_data(form=form, standing=standing)
        return self.render_to_response(context, status=409)

    def missing(self, form: ScoreForm) -> HttpResponse:
        """The page with what is still to be given; of an unfinished one what was typed is kept."""
        self.assessment.refresh_from_db()
        form.see(self.assessment.version)
        form.say_what_is_missing()
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def saved(self) -> HttpResponse:
        """Says so; and on to the next where that was asked for."""
        is_done = self.assessment.state == AssessmentState.DONE
        words = _("Saved. You can come back to %(name)s later.")
        if is_done:
            words = _("Your scores for %(name)s are in.")
        messages.success(self.request, words % {"name": self.target.organisation.name})
        if self.request.POST.get("then") != "next":
            return redirect("expressions:score", self.target.pk)
        return self.on()

    def on(self) -> HttpResponse:
        call = self.target.call
        following = assessing.next_to_score(self.request.user, call, self.target.pk)
        if following is None:
            return redirect("expressions:assessing-call", call.slug)
        return redirect("expressions:score", following.pk)


class ScoreSave(ScorePage):
    """Saves the scores while an assessor goes on typing. Answers in JSON."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return JsonResponse({"words": _("Not saved: you are signed out.")}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: ScoreForm) -> HttpResponse:
        try:
            row = self.save(form, finish=False)
        except ChangedMeanwhile as problem:
            return JsonResponse({"words": str(problem)}, status=409)
        except transitions.ScoresMissing as problem:
            return JsonResponse({"words": str(problem)}, status=422)
        except TransitionNotAllowed as problem:
            return JsonResponse({"words": str(problem)}, status=410)
        words = _("Saved at %(time)s") % {"time": nice_time(row.updated_at)}
        return JsonResponse({"version": row.version, "words": words})

    def form_invalid(self, form: ScoreForm) -> HttpResponse:
        return JsonResponse({"words": _("Not saved yet: something has to change.")}, status=422)


class LateConflict(ScoringView, FormView):
    """I see only now that I am too close to this organisation."""

    template_name = "expressions/assessing/late_conflict.html"
    form_class = ConflictReasonForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(expression=self.target, **kwargs)

    def form_valid(self, form: ConflictReasonForm) -> HttpResponse:
        conflict_services.declare_conflict(
            obj=self.target,
            person=self.request.user,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(
            self.request,
            _("Thank you. %(name)s is no longer yours to score, and is hidden from you.")
            % {"name": self.target.organisation.name},
        )
        return redirect("expressions:assessing-call", self.target.call.slug)
