"""Letters: their wording, sending one again, the record; and the organisation's own page."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from core.access import ObjectView
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile
from reports.selectors import latest_run, run_panel
from reports.services import ask_for_report

from .. import letters as words_of
from .. import transitions
from ..enums import CallState, ExpressionState, LetterKind
from ..forms import deciding as forms
from ..models import Call, Expression, Letter, LetterTemplate
from ..record import RECORD, parameters_of
from ..selectors import deciding as selectors
from ..selectors import releasing
from ..services import deciding as services
from ..services import offers
from .deciding import DecidingView, ExpressionInCall

# Once an offer is answered, nothing asks for an answer any more.
ANSWERED = frozenset(
    {ExpressionState.ACCEPTED, ExpressionState.TURNED_DOWN, ExpressionState.PROJECT}
)


class Wordings(DecidingView, TemplateView):
    """The four kinds of letter of a call."""

    template_name = "expressions/deciding/wordings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [
            (kind, selectors.wording_of(self.target, kind), selectors.may_word(self.target, kind))
            for kind in LetterKind
        ]
        return super().get_context_data(kinds=kinds, **kwargs)


class Wording(DecidingView, FormView):
    """The wording of one kind of letter, and how it reads for a real expression.

    "Preview" shows what is typed without keeping it.
    """

    template_name = "expressions/deciding/wording.html"
    form_class = forms.WordingForm

    def permission_object(self) -> models.Model | None:
        call = super().permission_object()
        if self.kwargs["outcome"] not in LetterKind.values:
            raise Http404
        return call

    @cached_property
    def wording(self) -> LetterTemplate:
        return selectors.wording_of(self.target, self.kwargs["outcome"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"kind": self.kwargs["outcome"]}

    def get_initial(self) -> dict[str, Any]:
        row = self.wording
        names = ("subject", "body", "subject_cy", "body_cy", "answer_by")
        initial = {name: getattr(row, name) for name in names}
        return {**initial, "seen": selectors.wording_version(row)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = self.kwargs["outcome"]
        fields = [
            (f"{{{name}}}", what)
            for name, what in words_of.FIELDS.items()
            if kind == LetterKind.OFFERED or name != words_of.ANSWER_BY
        ]
        return super().get_context_data(
            kind=LetterKind(kind),
            fields=fields,
            may_word=selectors.may_word(self.target, kind),
            **self.tried_out(),
            **kwargs,
        )

    def tried_out(self) -> dict[str, Any]:
        """The form that chooses an expression, and the letter with its values."""
        found = selectors.to_preview(self.target, self.request.user, self.kwargs["outcome"])
        # Sent along with the wording, so that choosing does not lose what was typed.
        sent = self.request.POST or self.request.GET or None
        chosen = forms.PreviewForm(sent, expressions=found)
        asked = chosen.cleaned_data["expression"] if chosen.is_valid() else None
        expression = asked or found.first()
        preview = selectors.preview_of(self.wording, expression) if expression else None
        return {"try_form": chosen, "preview": preview}

    def form_valid(self, form: forms.WordingForm) -> HttpResponse:
        if "preview" in self.request.POST:
            for name, value in form.values.items():
                setattr(self.wording, name, value)
            return self.render_to_response(self.get_context_data(form=form, is_tried=True))
        return self.keep(form)

    def keep(self, form: forms.WordingForm) -> HttpResponse:
        kind, seen = self.kwargs["outcome"], form.cleaned_data["seen"]
        save = partial(services.save_wording, call=self.target, kind=kind, seen=seen)
        try:
            save(values=form.values, by=self.request.user, now=timezone.now())
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        except TransitionNotAllowed as problem:
            return self.back(problem, "wordings")
        messages.success(self.request, _("The wording is kept."))
        return redirect("expressions:wording", self.target.pk, kind)


class Resend(ExpressionInCall, FormView):
    """Sends a letter once more, with a reason that is kept."""

    template_name = "expressions/deciding/resend.html"
    form_class = forms.ResendForm

    @cached_property
    def letter(self) -> Letter:
        found: Letter = get_object_or_404(
            releasing.letters_of(self.expression), pk=self.kwargs["letter"]
        )
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        is_late = self.letter.has_lapsed_at(timezone.now())
        kwargs = {"is_offer": self.letter.is_offer_open, "is_late": is_late}
        return super().get_form_kwargs() | kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(letter=self.letter, today=timezone.localdate(), **kwargs)

    def form_valid(self, form: forms.ResendForm) -> HttpResponse:
        by, now = self.request.user, timezone.now()
        try:
            row = offers.resend(obj=self.letter, by=by, now=now, **form.given)
        except TransitionNotAllowed as problem:
            return self.back(problem)
        words = _("The letter is on its way again. People written to: %(number)s.")
        if not row.sent_to:
            words = _("Nobody can get this letter: nobody speaks for the organisation. Tell them.")
        messages.success(self.request, words % {"number": row.sent_to})
        return redirect("expressions:decision", self.target.pk, self.expression.pk)


class Record(ObjectView, TemplateView):
    """Asks for the record of decisions by POST, and shows how far it is.

    Not for those with a conflict of interest in the call.
    """

    permission = "expressions.read_decision_record"
    template_name = "expressions/deciding/record.html"

    def visible(self) -> models.QuerySet:
        return Call.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, call = self.request.user, self.target
        run = latest_run(kind=RECORD, parameters=parameters_of(call), by=user)
        panel = run_panel(run) if run else None
        may_decide = user.has_perm("expressions.decide_call", call)
        return super().get_context_data(call=call, panel=panel, may_decide=may_decide, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ask_for_report(
            kind=RECORD,
            parameters=parameters_of(self.target),
            by=request.user,
            now=timezone.now(),
        )
        return redirect("expressions:decision-record", self.target.pk)


class OwnLetter(ObjectView, FormView):
    """The letters about an expression, for its own people, and the answer to an offer.

    Before the letter there is no such page.
    """

    permission = "expressions.read_letter"
    template_name = "expressions/deciding/letter.html"
    form_class = forms.AnswerForm

    def visible(self) -> models.QuerySet:
        own = Expression.objects.of_contact(self.request.user).filter(told_at__isnull=False)
        return own.select_related("call", "organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letters = list(releasing.letters_of(self.target))
        today = timezone.localdate()
        offer = next((one for one in letters if one.is_offer_open), None)
        return super().get_context_data(
            expression=self.target,
            letters=letters,
            offer=offer,
            today=today,
            is_in_time=bool(offer and offer.answer_by and offer.answer_by >= today),
            is_answered=self.target.state in ANSWERED,
            is_put_away=self.target.call.state == CallState.ARCHIVED,
            **kwargs,
        )

    def asks_again(self, form: forms.AnswerForm) -> HttpResponse:
        """The page that asks once more before a place is given away."""
        context = {"expression": self.target, "reason": form.cleaned_data["reason"]}
        return render(self.request, "expressions/deciding/turn_down.html", context)

    def form_valid(self, form: forms.AnswerForm) -> HttpResponse:
        accepts = form.cleaned_data["answer"] == form.ACCEPT
        if not accepts and "sure" not in self.request.POST:
            return self.asks_again(form)
        return self.answer(form, accepts=accepts)

    def answer(self, form: forms.AnswerForm, *, accepts: bool) -> HttpResponse:
        step = transitions.accept if accepts else transitions.turn_down
        reason = "" if accepts else form.cleaned_data["reason"]
        try:
            step(obj=self.target, by=self.request.user, now=timezone.now(), reason=reason)
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
        else:
            thanks = _("Thank you. We know that you accept, and will be in touch.")
            kept = _("Thank you for telling us. The place can go to somebody else.")
            messages.success(self.request, thanks if accepts else kept)
        return redirect("expressions:letter", self.target.pk)
