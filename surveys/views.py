"""Pages: answering a survey, for anybody; its results, for staff and the Leadership Team."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from django.views.i18n import set_language

from core.access import ObjectView, PortalView, PublicView
from core.exports import csv_response
from core.paging import keyset_page
from core.transitions import (
    ReasonRequired,
    TransitionNotAllowed,
    steps_open_to,
)

from . import exports, selectors, services, tokens
from .filters import SurveyFilter
from .forms import Filled, SendForm, StepForm, answer_in_words, filled_pages, page_form
from .models import Survey
from .questionnaire import UNANSWERED, questionnaire, wording
from .transitions import STEPS, TABLE

COOKIE_SALT = "surveys.token"
COOKIE_SECONDS = services.DRAFT_DAYS * 24 * 60 * 60


class SurveyIndex(PublicView, TemplateView):
    """The surveys that anybody may answer, and those that are over."""

    public_because = "surveys ask everybody"
    template_name = "surveys/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        found = [
            {"survey": survey, "title": wording(survey, "title"), "open": survey.takes_answers(now)}
            for survey in Survey.objects.public(now)
        ]
        return super().get_context_data(
            open_surveys=[row for row in found if row["open"]],
            closed_surveys=[row for row in found if not row["open"]],
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class AnswerView(PublicView):
    """What the pages of an open survey share: the survey, the token, what was typed so far."""

    public_because = "anybody may answer an open survey, and nobody is asked who they are"
    survey: Survey

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        self.survey = get_object_or_404(Survey.objects.public(now), slug=kwargs["slug"])
        if not self.survey.takes_answers(now):
            return self.show("surveys/closed.html")
        return super().dispatch(request, *args, **kwargs)

    @property
    def cookie(self) -> str:
        return f"survey-{self.survey.pk}"

    @cached_property
    def token(self) -> str:
        return self.request.get_signed_cookie(
            self.cookie, default="", salt=COOKIE_SALT, max_age=COOKIE_SECONDS
        )

    @cached_property
    def draft(self) -> dict[str, list[str]] | None:
        return selectors.draft_of(self.survey, self.token)

    @cached_property
    def form(self) -> Any:
        return questionnaire(self.survey)

    @cached_property
    def pages(self) -> list[Filled]:
        return filled_pages(self.form, self.draft or {})[0]

    def show(self, template: str, **context: Any) -> HttpResponse:
        context |= {
            "survey": self.survey,
            "title": wording(self.survey, "title"),
            "introduction": wording(self.survey, "introduction"),
            "what_next": wording(self.survey, "what_next"),
        }
        return render(self.request, template, context)

    def to(self, name: str, *args: Any) -> HttpResponse:
        return redirect(f"surveys:{name}", self.survey.slug, *args)

    def remember(self, response: HttpResponse, token: str) -> HttpResponse:
        response.set_signed_cookie(
            self.cookie,
            token,
            salt=COOKIE_SALT,
            max_age=COOKIE_SECONDS,
            path=self.cookie_path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def forget(self, response: HttpResponse) -> HttpResponse:
        response.delete_cookie(self.cookie, path=self.cookie_path, samesite="Lax")
        return response

    @property
    def cookie_path(self) -> str:
        return reverse("surveys:start", args=[self.survey.slug])


class StartView(AnswerView):
    """What the survey is about; and the way in, or on."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(
            "surveys/start.html",
            has_draft=self.draft is not None,
            resume_at=next((page.number for page in self.pages if not self.is_seen(page)), None),
            cookies_off="cookies" in request.GET and not self.token,
        )

    def is_seen(self, page: Filled) -> bool:
        return any(name in (self.draft or {}) for name in page.form.fields)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if self.token:
            services.forget_draft(token=self.token)
        return self.remember(self.to("page", 1), tokens.new_token())


class PageView(AnswerView):
    """One page of questions."""

    def page(self, number: int) -> Filled:
        found = next((page for page in self.pages if page.number == number), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        if not self.token:
            return redirect(f"{self.cookie_path}?cookies=off")
        page = self.page(number)
        form = page_form(
            self.form,
            page.items,
            self.draft,
            bound="check" in request.GET and not page.form.is_valid(),
        )
        return self.ask(page, form)

    def post(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        if not self.token:
            return redirect(f"{self.cookie_path}?cookies=off")
        page = self.page(number)
        form = page_form(self.form, page.items, dict(request.POST.lists()), bound=True)
        typed = form.typed()
        services.save_draft(survey=self.survey, token=self.token, typed=typed, now=timezone.now())
        if "language" in request.POST:
            return set_language(request)
        if "later" in request.POST:
            return self.to("saved")
        return self.onward(number, typed) if form.is_valid() else self.ask(page, form)

    def onward(self, number: int, typed: dict[str, list[str]]) -> HttpResponse:
        after = filled_pages(self.form, {**(self.draft or {}), **typed})[0]
        if "check" in self.request.GET or number >= len(after):
            return self.to("check")
        return self.to("page", number + 1)

    def ask(self, page: Filled, form: Any) -> HttpResponse:
        back = (
            reverse("surveys:page", args=[self.survey.slug, page.number - 1])
            if page.number > 1
            else self.cookie_path
        )
        return self.show(
            "surveys/page.html",
            page=page,
            form=form,
            pages=len(self.pages),
            back=back,
            answers_form="survey-answers",
        )


class SavedView(AnswerView):
    """How to come back."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show("surveys/saved.html", days=services.DRAFT_DAYS)


class CheckView(AnswerView):
    """All answers on one page, and the button that sends them, once."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if self.draft is None:
            return self.to("start")
        form = SendForm(initial={"submission": tokens.submission_token(self.token)})
        return self.check(form)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = SendForm(request.POST)
        if not form.is_valid():
            return self.check(form)
        submission = form.cleaned_data["submission"]
        if selectors.is_taken(self.survey, submission):
            return self.forget(self.to("thanks"))
        if self.draft is None or submission != tokens.submission_token(self.token):
            return self.to("check")
        pages, answers = filled_pages(self.form, self.draft)
        if not all(page.form.is_valid() for page in pages) or not answers.keys() - {UNANSWERED}:
            return self.check(form)
        services.finish(survey=self.survey, token=self.token, answers=answers, now=timezone.now())
        return self.forget(self.to("thanks"))

    def check(self, form: SendForm) -> HttpResponse:
        pages, answers = filled_pages(self.form, self.draft or {})
        given = [
            (page, [(item, answer_in_words(item, answers)) for item in page.items])
            for page in pages
        ]
        return self.show(
            "surveys/check.html",
            form=form,
            given=given,
            wrong=[page for page in pages if not page.form.is_valid()],
            is_empty=not answers.keys() - {UNANSWERED},
            pages=len(pages),
        )


class ThanksView(AnswerView):
    """Thanks, and what happens next; also when the survey has closed in the meantime."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.survey = get_object_or_404(Survey.objects.public(timezone.now()), slug=kwargs["slug"])
        return self.show("surveys/thanks.html", open=self.survey.takes_answers(timezone.now()))


class SurveyList(PortalView, TemplateView):
    """All surveys, the newest first."""

    permission = "surveys.view_results"
    template_name = "surveys/staff_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Survey.objects.visible_to(self.request.user)
        found = SurveyFilter(self.request.GET, queryset=visible)
        page = keyset_page(
            found.qs, order=["-opens_on", "-id"], cursor=self.request.GET.get("cursor")
        )
        totals = selectors.responses_of(page.rows)
        rows = [(survey, totals.get(survey.pk, 0)) for survey in page.rows]
        return super().get_context_data(filter=found, page=page, rows=rows, **kwargs)


class SurveyStaffView(ObjectView):
    """A page about one survey, for those who see results."""

    permission = "surveys.view_results"
    lookup = "slug"

    def visible(self) -> Any:
        return Survey.objects.visible_to(self.request.user)


class ResultsView(SurveyStaffView):
    """The results: all questions with their bases."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return render(request, "surveys/results.html", self.context())

    def context(self) -> dict[str, Any]:
        return {
            "survey": self.target,
            "results": selectors.results_page(self.target),
            "steps": steps_open_to(self.request.user, self.target, TABLE),
            "history": selectors.history_of(self.target),
            "takes_answers": self.target.takes_answers(timezone.now()),
        }


class QuestionView(SurveyStaffView):
    """One question by nation and by role, and what people wrote."""

    def get(self, request: HttpRequest, slug: str, code: str) -> HttpResponse:
        shown = selectors.question_page(self.target, code, request.GET.get("cursor"))
        if shown is None:
            raise Http404
        return render(request, "surveys/question.html", {"survey": self.target, "shown": shown})


class TablesDownload(SurveyStaffView):
    """Every table as CSV, with the same numbers hidden as on the pages."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        results = selectors.all_results(self.target)
        return csv_response(
            f"{slug}-results.csv", exports.table_header(), exports.table_rows(results)
        )


class CodebookDownload(SurveyStaffView):
    """Questions and codes as CSV."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        return csv_response(
            f"{slug}-codebook.csv", exports.codebook_header(), exports.codebook_rows(self.target)
        )


class StepView(SurveyStaffView):
    """Opening, closing and opening again; asks once, and for the reason where one is needed."""

    def get(self, request: HttpRequest, slug: str, step: str) -> HttpResponse:
        return self.ask(step, StepForm())

    def post(self, request: HttpRequest, slug: str, step: str) -> HttpResponse:
        form = StepForm(request.POST)
        if step not in STEPS or not form.is_valid():
            return self.ask(step, form)
        reason = form.cleaned_data["reason"]
        try:
            STEPS[step](obj=self.target, by=request.user, now=timezone.now(), reason=reason)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            form.add_error("reason", str(problem))
            return self.ask(step, form)
        messages.success(request, _("Done: %(step)s.") % {"step": TABLE[step].label})
        return redirect("surveys:results", slug)

    def ask(self, name: str, form: StepForm) -> HttpResponse:
        if name not in STEPS:
            raise Http404
        step = TABLE[name]
        if not self.request.user.has_perm(step.permission, self.target):
            raise PermissionDenied
        form.fields["reason"].required = step.needs_reason
        context = {"survey": self.target, "step": step, "form": form}
        return render(self.request, "surveys/step.html", context)
