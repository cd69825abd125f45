"""One section of an expression: its page, autosave of one answer, and who else is there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from core.dates import nice_time
from core.transitions import TransitionNotAllowed

from .. import fields, presence, questions, selectors, services, stash
from ..clock import database_now
from ..services import history
from ..transitions import CallNotOpen
from . import uploads
from .base import WritingView

# The buttons within a section after which one goes on there.
STAYING = ("keep", "upload", "remove")


@method_decorator(never_cache, name="dispatch")
class SectionPage(WritingView, TemplateView):
    """One section: its questions, saved while typing, and by the button."""

    template_name = "expressions/section.html"

    total = 0

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        signed_out = request.method == "POST" and not request.user.is_authenticated
        if signed_out and stash.keep(request, self.kwargs["pk"]):
            messages.warning(
                request,
                _("You have been signed out. Sign in, and what you typed comes back."),
            )
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)

    def part(self) -> selectors.Part:
        parts = selectors.parts_of(self.target)
        self.total = len(parts)
        for part in parts:
            if part.section.order == self.kwargs["order"]:
                return part
        raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        part = self.part()
        typed = stash.found(request)
        shown = fields.shown_fields(part, sent=typed, strict=part.is_marked_finished)
        return self.page(part, shown)

    def page(
        self, part: selectors.Part, shown: list[fields.AnswerField], **more: Any
    ) -> HttpResponse:
        status = more.pop("status", 200)
        presence.note_presence(self.target.pk, self.request.user.pk, part.section.order)
        return self.render_to_response(
            self.get_context_data(part=part, fields=shown, **more), status=status
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = kwargs["fields"]
        return super().get_context_data(
            expression=self.target,
            wrong=[field for field in shown if field.error or field.conflict],
            put_back=any(field.is_unsaved for field in shown),
            has_files=any(field.is_file for field in shown),
            here=words_of_presence(self),
            writer=stash.writer_mark(self.request.user, self.target),
            is_editable=self.is_editable(),
            total=self.total,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        part, now = self.part(), database_now()
        given = fields.given_from(request.POST, [line.question.pk for line in part.lines])
        try:
            outcome = self.save(part, given, now)
        except CallNotOpen as problem:
            history.set_aside_late(obj=self.target, given=given, by=request.user, now=now)
            messages.error(request, str(problem))
            return redirect("expressions:earlier", self.target.pk)
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        stash.drop(request)
        return self.after_save(outcome)

    def save(self, part: selectors.Part, given: dict, now: Any) -> services.SaveOutcome:
        """Save the answers, then the files; say that the section is finished only at the end."""
        user = self.request.user
        outcome = services.save_answers(obj=self.target, given=given, by=user, now=now)
        outcome.refused |= uploads.take(self.request, self.target, part, now)
        if not self.stays:
            services.mark_section(
                obj=self.target,
                section=part.section,
                is_finished=self.is_finished,
                by=user,
                now=now,
            )
        return outcome

    @property
    def stays(self) -> bool:
        return any(name in self.request.POST for name in STAYING)

    @property
    def is_finished(self) -> bool:
        return self.request.POST.get("finished") == "yes" and not self.stays

    def after_save(self, outcome: services.SaveOutcome) -> HttpResponse:
        """On to the task list, or the page again with what has to change."""
        self.target.refresh_from_db()
        part = self.part()
        for question in outcome.retired.values():
            messages.warning(self.request, retired_words(question.text))
        if outcome.is_clean and not (self.is_finished and part.problems):
            messages.success(self.request, _("Your answers are saved."))
            return redirect(self.onward())
        shown = fields.shown_fields(part, outcome, self.request.POST, strict=self.is_finished)
        status = 409 if outcome.conflicts else 422
        finished = self.request.POST.get("finished") == "yes"
        return self.page(part, shown, finished_sent=finished, status=status)

    def onward(self) -> str:
        if not self.stays:
            return self.target.get_absolute_url()
        sent = self.request.POST
        number = sent.get("upload") or sent.get("remove", "").rpartition(":")[2]
        is_number = number.isascii() and number.isdigit()
        place = f"#q{number}-files" if is_number else ""
        order = self.kwargs["order"]
        return reverse("expressions:section", args=[self.target.pk, order]) + place


def words_of_presence(view: WritingView) -> str:
    here = selectors.others_here(view.target, view.request.user)
    return selectors.writing_now(here.get(view.kwargs["order"], []))


def retired_words(question: str) -> str:
    return _("“%(question)s” is no longer asked. What you wrote is kept under “Earlier texts”.") % {
        "question": question
    }


class SpokenTo(WritingView):
    """What the script of the section's page speaks to: answers in JSON, never by redirect."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return JsonResponse({"state": "signed_out"}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def left(self) -> JsonResponse:
        words = _(
            "You no longer speak for this organisation, so this could not be saved. "
            "Copy what you typed if you need it."
        )
        return JsonResponse({"state": "left", "words": words}, status=403)


class Here(SpokenTo):
    """Who else has the section open; asked for now and then while it is."""

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        presence.note_presence(self.target.pk, request.user.pk, self.kwargs["order"])
        words = words_of_presence(self)
        # Signing in anew makes a new token, which the page that stayed open needs to save.
        answer = {"words": words, "person": request.user.pk, "token": get_token(request)}
        return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})


class AnswerSave(SpokenTo):
    """Saves one answer while its writer goes on typing. Answers in JSON."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        pk, now = self.kwargs["question"], database_now()
        given = fields.given_from(request.POST, [pk])
        try:
            outcome = services.save_answers(obj=self.target, given=given, by=request.user, now=now)
        except CallNotOpen as problem:
            history.set_aside_late(obj=self.target, given=given, by=request.user, now=now)
            return self.closed(str(problem))
        except TransitionNotAllowed as problem:
            return self.closed(str(problem))
        return self.answer(outcome, pk)

    def closed(self, words: str) -> JsonResponse:
        return JsonResponse({"state": "closed", "words": words}, status=410)

    def answer(self, outcome: services.SaveOutcome, pk: int) -> JsonResponse:
        if pk in outcome.refused:
            return JsonResponse({"state": "refused", "words": outcome.refused[pk]}, status=422)
        if pk in outcome.retired:
            return self.closed(retired_words(outcome.retired[pk].text))
        if pk in outcome.conflicts:
            return self.conflict(fields.conflict_field(outcome.conflicts[pk]))
        return self.saved(outcome.saved.get(pk))

    def conflict(self, field: fields.AnswerField) -> JsonResponse:
        html = render_to_string(
            "expressions/partials/conflict.html", {"field": field}, request=self.request
        )
        return JsonResponse(
            {
                "state": "conflict",
                "version": field.version,
                "fingerprint": field.fingerprint,
                "theirs": field.conflict.theirs if field.conflict else "",
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
