"""Pages of writing together: earlier texts, answers carried forward, signed in again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from core.paging import keyset_page
from core.transitions import TransitionNotAllowed

from .. import selectors, services
from ..clock import database_now
from ..fields import version_from
from ..models import Expression
from ..services.carrying import carry_forward
from .base import WritingView


class EarlierTexts(WritingView, TemplateView):
    """What the answers were before, who wrote it and when, to be put back."""

    template_name = "expressions/earlier.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.earlier_texts(self.target).select_related("question", "written_by")
        page = keyset_page(
            found,
            order=["-written_at", "-id"],
            cursor=self.request.GET.get("cursor"),
            size=20,
        )
        return super().get_context_data(
            expression=self.target,
            page=page,
            texts=selectors.shown_earlier(self.target, page.rows),
            is_editable=self.is_editable(),
            **kwargs,
        )


class Restore(WritingView):
    """Puts an earlier text back; what stands there becomes an earlier text in its turn."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = get_object_or_404(
            selectors.earlier_texts(self.target).select_related("question"),
            pk=self.kwargs["earlier"],
        )
        sent = row.value if isinstance(row.value, list) else [str(row.value)]
        given = services.Given(sent=sent, version=version_from(request.POST.get("version", "")))
        try:
            outcome = services.save_answers(
                obj=self.target, given={row.question_id: given}, by=request.user, now=database_now()
            )
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        say_restored(request, outcome, row.question_id)
        return redirect("expressions:earlier", self.target.pk)


def say_restored(request: HttpRequest, outcome: services.SaveOutcome, question_id: int) -> None:
    if question_id in outcome.saved:
        messages.success(request, _("The earlier text is the answer again."))
    elif question_id in outcome.conflicts:
        messages.error(
            request,
            _("Somebody changed this answer just now. Look at it below, then try again."),
        )
    else:
        messages.error(request, _("This text no longer fits the question."))


class CarryForward(WritingView, TemplateView):
    """Answers of an earlier call, to be chosen and taken over."""

    template_name = "expressions/carry.html"

    def earlier(self) -> list[Expression]:
        return selectors.earlier_expressions(self.target)

    def chosen(self, asked: str) -> Expression | None:
        """The earlier expression that was asked for, else the newest."""
        earlier = self.earlier()
        return next(
            (one for one in earlier if str(one.pk) == asked), earlier[0] if earlier else None
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.chosen(self.request.GET.get("from", ""))
        return super().get_context_data(
            expression=self.target,
            chosen=chosen,
            others=[one for one in self.earlier() if one != chosen],
            offers=selectors.carried_answers(self.target, chosen) if chosen else [],
            is_editable=self.is_editable(),
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        chosen = self.chosen(request.POST.get("from", ""))
        ids = {int(one) for one in request.POST.getlist("question") if is_number(one)}
        if chosen is None:
            return redirect(self.target)
        try:
            count = carry_forward(
                obj=self.target, earlier=chosen, question_ids=ids, by=request.user,
                now=database_now(),
            )  # fmt: skip
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        messages.success(request, carried_words(count))
        return redirect(self.target)


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def carried_words(count: int) -> str:
    return ngettext(
        "%(count)s answer is carried forward. Please check it.",
        "%(count)s answers are carried forward. Please check them.",
        count,
    ) % {"count": count}


class SignedInAgain(WritingView, TemplateView):
    """Where signing in in a second tab leads: back to the first."""

    template_name = "expressions/signed_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(expression=self.target, **kwargs)
