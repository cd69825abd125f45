"""One meeting: when, where, who is invited, and what came of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.forms import ReasonForm
from core.transitions import TransitionNotAllowed, transitions_of

from .. import selectors, services, transitions
from ..enums import MeetingState
from ..forms import MeetingForm
from .base import DetailsView, GroupView, MeetingView, PortalFormView


class MeetingPage(MeetingView, TemplateView):
    """What members need to know of a meeting, and what its coordinator has to do."""

    permission = "meetings.view_meeting"
    template_name = "meetings/meeting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, meeting = self.request.user, self.target
        may_run = user.has_perm("meetings.change_meeting", meeting)
        kwargs |= self.whats_on(timezone.now()) | self.record()
        return super().get_context_data(
            may_run=may_run,
            arrangements=selectors.arrangements_for(meeting.group) if may_run else None,
            actions=meeting.actions.select_related("owner"),
            changes=transitions_of(meeting) if may_run else [],
            **kwargs,
        )

    def whats_on(self, now: datetime) -> dict[str, bool]:
        """Whether the meeting is still to come, or has begun; a cancelled one is neither."""
        state, starts_at = self.target.state, self.target.starts_at
        return {
            "is_to_come": state == MeetingState.PLANNED and starts_at > now,
            "has_begun": state != MeetingState.CANCELLED and starts_at <= now,
        }

    def record(self) -> dict[str, Any]:
        """The log, and who came, for those who may read it."""
        log = selectors.log_of(self.target)
        sees_log = self.request.user.has_perm("meetings.view_log", log)
        attendance = selectors.attendance_by_perspective(self.target) if sees_log else []
        return {"log": log, "sees_log": sees_log, "attendance": attendance}


class MeetingAdd(GroupView, PortalFormView):
    """Plan a meeting of the group."""

    template_name = "meetings/meeting_add.html"
    form_class = MeetingForm

    def form_valid(self, form: MeetingForm) -> HttpResponse:
        meeting = services.plan_meeting(
            group=self.group, values=form.values(), by=self.request.user, now=timezone.now()
        )
        messages.success(self.request, _("The meeting is planned. You can invite people now."))
        return redirect("meetings:meeting", pk=meeting.pk)


class MeetingChange(MeetingView, DetailsView):
    """Change when or where a meeting is; those who knew of it are told."""

    template_name = "meetings/meeting_change.html"
    form_class = MeetingForm
    fields = services.MEETING_FIELDS

    def get_initial(self) -> dict[str, Any]:
        return {**MeetingForm.initial_of(self.target), "seen": self.seen()}

    def save(self, values: dict[str, Any], seen: str) -> None:
        services.change_meeting(
            meeting=self.target, values=values, seen=seen, by=self.request.user, now=timezone.now()
        )

    def done_words(self) -> str:
        return _("The meeting is changed. Those who were invited are told.")


class MeetingInvite(MeetingView, TemplateView):
    """Invite everybody in the group who has an account; asks once."""

    template_name = "meetings/meeting_invite.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            arrangements=selectors.arrangements_for(self.group), **kwargs
        )

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        services.invite(meeting=self.target, by=request.user, now=timezone.now())
        messages.success(request, _("The invitations are on their way."))
        return redirect(self.get_success_url())


class MeetingCancel(MeetingView, PortalFormView):
    """Cancel a meeting, saying why; those who knew of it are told."""

    template_name = "meetings/meeting_cancel.html"
    form_class = ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        help_text = _("The people who were invited will read this.")
        label = _("Why is it cancelled?")
        return super().get_form_kwargs() | {"label": label, "help_text": help_text}

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            transitions.cancel(
                meeting=self.target, by=self.request.user, now=timezone.now(), **form.cleaned_data
            )
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
        else:
            messages.success(self.request, _("The meeting is cancelled."))
        return self.done()


class MeetingReinstate(MeetingView):
    """Plan a cancelled meeting again."""

    http_method_names = ["post"]

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        try:
            transitions.reinstate(meeting=self.target, by=request.user, now=timezone.now())
            messages.success(request, _("The meeting is planned again."))
        except TransitionNotAllowed as problem:
            messages.error(request, str(problem))
        return redirect(self.get_success_url())
