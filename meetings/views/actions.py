"""What became of an action."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.transitions import TransitionNotAllowed, steps_open_to, transitions_of

from ..forms import OutcomeForm
from ..transitions import ACTION_STEPS, move_action
from .base import ActionView, PortalFormView


class ActionUpdate(ActionView, PortalFormView):
    """Say that an action is done, changed or dropped, or put it back on the list."""

    template_name = "meetings/action.html"
    form_class = OutcomeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        steps = steps_open_to(self.request.user, self.target, ACTION_STEPS)
        return super().get_form_kwargs() | {"steps": steps}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            action_target=self.target, changes=transitions_of(self.target), **kwargs
        )

    def form_valid(self, form: OutcomeForm) -> HttpResponse:
        try:
            move_action(
                action=self.target,
                step_name=form.cleaned_data["step"],
                by=self.request.user,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            messages.success(self.request, _("Saved. Thank you."))
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
        return self.done()

    def get_success_url(self) -> str:
        return reverse("meetings:action", args=[self.target.pk])
