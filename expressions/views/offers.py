"""What staff do about one offer after the letters: give it again, or keep what they were told."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile

from ..enums import ExpressionState
from ..forms.deciding import OfferForm
from ..models import Letter
from ..selectors import offers as selectors
from ..services import offers as services
from .deciding import ExpressionInCall


class Offer(ExpressionInCall, FormView):
    """An offer that was made: give it again, keep that it was accepted, or let the place go."""

    template_name = "expressions/deciding/offer.html"
    form_class = OfferForm

    @cached_property
    def letter(self) -> Letter | None:
        return selectors.offer_letters().filter(expression=self.expression).first()

    def choices(self) -> list[str]:
        """What can be done about it today."""
        found = []
        today = timezone.localdate()
        if selectors.may_offer_again(self.expression, self.letter, today):
            found.append(OfferForm.AGAIN)
        if selectors.may_be_answered_for(self.expression, self.letter):
            found.append(OfferForm.ACCEPTED)
            if self.expression.state == ExpressionState.OFFERED:
                found.append(OfferForm.LET_GO)
        return found

    @cached_property
    def free(self) -> int:
        return selectors.free_places(self.target, timezone.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"choices": self.choices()}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": str(self.free)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {"letter": self.letter, "free": self.free, "choices": self.choices()}
        return super().get_context_data(
            takes_again=OfferForm.AGAIN in kwargs["choices"], today=timezone.localdate(), **kwargs
        )

    def form_valid(self, form: OfferForm) -> HttpResponse:
        try:
            words = self.take(form.cleaned_data)
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            return self.back(problem)
        messages.success(self.request, words)
        return redirect("expressions:decision", self.target.pk, self.expression.pk)

    def take(self, given: dict[str, Any]) -> str:
        """Do what was chosen; returns what happened, in words."""
        who = {"obj": self.expression, "by": self.request.user, "now": timezone.now()}
        if given["what"] == OfferForm.AGAIN:
            names = ("answer_by", "reason", "seen", "once_key")
            services.offer_again(**who, **{name: given[name] for name in names})
            return _("The offer is given again, and its letter is on its way.")
        if given["what"] == OfferForm.LET_GO:
            services.let_go(**who, reason=given["reason"])
            return _("The place is free. You can call up a reserve.")
        words = {"how": str(OfferForm.HOW[given["how"]]), "who": given["who"]}
        services.record_acceptance(**who, **words, note=given["reason"], seen=given["seen"])
        return _("It is kept that the offer is accepted. You can make it a project now.")
