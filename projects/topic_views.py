"""The staff's pages of topics, and the thread that everybody may read."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView, PortalView, PublicView
from core.exports import csv_response, xlsx_response
from core.transitions import ReasonRequired, TransitionNotAllowed, steps_open_to
from core.versions import ChangedMeanwhile, details_of, version_of

from . import topic_selectors as selectors
from . import topic_services as services
from .enums import Criterion, Score, TopicState
from .forms import StatusForm
from .models import Topic, TopicOrigin
from .thread import current_scores, thread_of
from .topic_filters import TopicFilter
from .topic_forms import OriginForm, ScoreForm, TopicForm
from .topic_history import history_of
from .topic_transitions import PLAIN_STEPS, TOPIC_FUNCTIONS

DETAILS = ["title", "description", "year"]


class TopicList(PortalView):
    """All topics, filtered."""

    permission = "projects.view_topics"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = TopicFilter(request.GET, Topic.objects.visible_to(request.user))
        context = {
            "filter": found,
            "page": selectors.topic_list(found.qs, request.GET.get("cursor")),
            "criteria": len(Criterion),
            "top_points": selectors.top_points(),
            "may_suggest": request.user.has_perm("projects.suggest_topic"),
        }
        return render(request, "projects/topics/list.html", context)


class TopicExport(PortalView):
    """The list as it is filtered, as CSV or Excel."""

    permission = "projects.view_topics"

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        found = TopicFilter(request.GET, Topic.objects.visible_to(request.user))
        header, rows = selectors.export_header(), selectors.export_rows(found.qs)
        if kind == "csv":
            return csv_response("topics.csv", header, rows)
        if kind == "xlsx":
            return xlsx_response("topics.xlsx", _("Topics"), header, rows)
        raise Http404


class TopicView(ObjectView):
    """The base of the staff's pages about one topic."""

    target: Topic

    def visible(self) -> models.QuerySet[Topic]:
        return Topic.objects.visible_to(self.request.user)


class TopicDetail(TopicView):
    """A topic with what raised it, its criteria and its gaps, for those who work on it."""

    permission = "projects.view_topics"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {
            "shown": selectors.topic_page(self.target, request.user),
            "topic": self.target,
            "top": max(Score.values),
            "may_change": request.user.has_perm("projects.change_topic", self.target),
        }
        return render(request, "projects/topics/detail.html", context)


class TopicHistory(TopicView):
    """Everything that happened to a topic, newest first."""

    permission = "projects.view_topics"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        events = history_of(self.target, selectors.HISTORY_WHOLE)
        context = {"topic": self.target, "events": events}
        return render(request, "projects/topics/history.html", context)


class TopicSuggest(PortalView, FormView):
    """A new topic, which begins as suggested."""

    permission = "projects.suggest_topic"
    template_name = "projects/topics/form.html"
    form_class = TopicForm

    def form_valid(self, form: TopicForm) -> HttpResponse:
        values = {**form.cleaned_data}
        values.pop("seen")
        topic = services.suggest_topic(by=self.request.user, now=timezone.now(), **values)
        messages.success(
            self.request, _("The topic is suggested. Say who raised it, then begin to assess it.")
        )
        return redirect(topic)


class TopicFormView(TopicView, FormView):
    """The base of the forms about one topic."""

    permission = "projects.change_topic"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(topic=self.target, **kwargs)


class TopicEdit(TopicFormView):
    """The facts of a topic."""

    template_name = "projects/topics/form.html"
    form_class = TopicForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.target}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(details_of(self.target, DETAILS))}

    def form_valid(self, form: TopicForm) -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in DETAILS}
        seen, user = form.cleaned_data["seen"], self.request.user
        try:
            services.change_topic(
                obj=self.target, values=values, seen=seen, by=user, now=timezone.now()
            )
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The topic is saved."))
        return redirect(self.target)


class TopicStep(TopicFormView):
    """The next state of a topic, with a reason."""

    permission = "projects.assess_topic"
    template_name = "projects/topics/step_form.html"
    form_class = StatusForm

    def get_form(self, form_class: Any = None) -> StatusForm:
        form = super().get_form(form_class)
        form.fields["reason"].required = False
        form.fields["reason"].help_text = _("A sentence or two, kept in the history of the topic.")
        return form

    def get_form_kwargs(self) -> dict[str, Any]:
        steps = steps_open_to(self.request.user, self.target, PLAIN_STEPS)
        named = [(step, self.target_words(step.target)) for step in steps]
        return {**super().get_form_kwargs(), "steps": named, "known": PLAIN_STEPS.values()}

    @staticmethod
    def target_words(state: str) -> str:
        return _("The topic will be “%(state)s”.") % {"state": TopicState(state).label}

    def form_valid(self, form: StatusForm) -> HttpResponse:
        take = TOPIC_FUNCTIONS[form.cleaned_data["step"]]
        reason, user = form.cleaned_data["reason"], self.request.user
        try:
            topic = take(obj=self.target, by=user, now=timezone.now(), reason=reason)
        except TransitionNotAllowed as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        except ReasonRequired as problem:
            form.add_error("reason", str(problem))
            return self.form_invalid(form)
        words = _("The topic is now “%(state)s”.") % {"state": topic.get_state_display()}
        messages.success(self.request, words)
        return redirect(topic)


class ScoreView(TopicFormView):
    """What was agreed on one criterion."""

    permission = "projects.assess_topic"
    template_name = "projects/topics/score_form.html"
    form_class = ScoreForm

    @property
    def criterion(self) -> Criterion:
        try:
            return Criterion(self.kwargs["criterion"])
        except ValueError as error:
            raise Http404 from error

    def get_initial(self) -> dict[str, Any]:
        row = current_scores(self.target.scores.filter(criterion=self.criterion)).get(
            self.criterion
        )
        return {"score": row.score, "reason": row.reason, "seen": row.pk} if row else {"seen": ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.target.scores.filter(criterion=self.criterion).select_related("by")
        return super().get_context_data(
            criterion=self.criterion, scores=own.order_by("-id")[:20], **kwargs
        )

    def form_valid(self, form: ScoreForm) -> HttpResponse:
        try:
            self.save({**form.cleaned_data})
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The score is saved."))
        return redirect(f"{self.target.get_absolute_url()}#criteria")

    def save(self, values: dict[str, Any]) -> None:
        seen = values.pop("seen")
        number = int(seen) if seen.isdecimal() and len(seen) < 19 else None
        services.score_topic(
            obj=self.target,
            criterion=self.criterion,
            seen=number,
            by=self.request.user,
            now=timezone.now(),
            **values,
        )


class OriginAdd(TopicFormView):
    """Who or what raised a topic."""

    template_name = "projects/topics/origin_form.html"
    form_class = OriginForm

    def form_valid(self, form: OriginForm) -> HttpResponse:
        values = {**form.cleaned_data}
        values.pop("seen")
        once_key, user = values.pop("once_key"), self.request.user
        services.add_origin(
            topic=self.target, values=values, once_key=once_key, by=user, now=timezone.now()
        )
        messages.success(self.request, _("It is saved who raised the topic."))
        return redirect(f"{self.target.get_absolute_url()}#origins")


class OriginRemove(ObjectView):
    """Takes away what raised a topic, once asked."""

    permission = "projects.change_topic"
    target: TopicOrigin

    def visible(self) -> models.QuerySet[TopicOrigin]:
        topics = Topic.objects.visible_to(self.request.user)
        found = TopicOrigin.objects.filter(topic__in=topics, topic=self.kwargs["topic"])
        return found.select_related("topic")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {"origin": self.target, "topic": self.target.topic}
        return render(request, "projects/topics/origin_remove.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        services.remove_origin(obj=self.target, by=request.user, now=timezone.now())
        messages.success(request, _("It is taken away. Its words stay in the history."))
        return redirect(f"{self.target.topic.get_absolute_url()}#origins")


class TopicThread(PublicView):
    """From who raised a topic to what came of it, on one page."""

    public_because = "tells everybody how a topic came into the programme and what it led to"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        topic = get_object_or_404(Topic.objects.visible_to(request.user), slug=slug)
        context = {
            "topic": topic,
            "thread": thread_of(topic, request.user),
            "may_work_on_it": request.user.has_perm("projects.view_topics"),
        }
        return render(request, "projects/topics/thread.html", context)
