"""A group, its members, and when it reminds people."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.versions import details_of

from .. import selectors, services
from ..forms import InviteForm, MemberChangeForm, MemberForm, ReminderForm
from .base import DetailsView, GroupView, MemberView, PortalFormView


class GroupPage(GroupView, TemplateView):
    """A group that has no page of its own elsewhere: members, meetings, actions."""

    permission = "meetings.view_group"
    template_name = "meetings/group.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, group = self.request.user, self.group
        sees_members = user.has_perm("meetings.view_members", group)
        return super().get_context_data(
            may_run=user.has_perm("meetings.manage_group", group),
            sees_members=sees_members,
            perspectives=selectors.members_by_perspective(group) if sees_members else [],
            meetings=selectors.meetings_with_logs(group),
            actions=selectors.open_actions(group),
            **kwargs,
        )


class MemberAdd(GroupView, PortalFormView):
    """Add somebody to the group."""

    template_name = "meetings/member_add.html"
    form_class = MemberForm

    def form_valid(self, form: MemberForm) -> HttpResponse:
        member = services.add_member(
            group=self.group, by=self.request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(self.request, _("%(name)s is a member now.") % {"name": member.name})
        return self.done()


class MemberChange(MemberView, DetailsView):
    """Change a member's name or group, invite them, or let them leave."""

    template_name = "meetings/member.html"
    form_class = MemberChangeForm
    fields = services.MEMBER_FIELDS

    def get_initial(self) -> dict[str, Any]:
        return {**details_of(self.target, self.fields), "seen": self.seen()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.target, **kwargs)

    def save(self, values: dict[str, Any], seen: str) -> None:
        self.saved = services.change_member(
            member=self.target, values=values, seen=seen, by=self.request.user, now=timezone.now()
        )

    def done_words(self) -> str:
        return _("The details of %(name)s are saved.") % {"name": self.saved.name}


class MemberInvite(MemberView, PortalFormView):
    """Invite a member who has no account yet, or whose invitation ran out."""

    template_name = "meetings/member_invite.html"
    form_class = InviteForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.target, **kwargs)

    def form_valid(self, form: InviteForm) -> HttpResponse:
        member = self.target
        if member.person_id:
            messages.info(self.request, _("%(name)s has an account already.") % {"name": member})
            return self.done()
        services.invite_member(
            member=member,
            email=form.cleaned_data["email"],
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(
            self.request, _("An invitation is on its way to %(name)s.") % {"name": member}
        )
        return self.done()


class MemberLeave(MemberView, TemplateView):
    """Let somebody leave the group; asks once."""

    template_name = "meetings/member_leave.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.target, **kwargs)

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        services.end_membership(member=self.target, by=request.user, now=timezone.now())
        messages.success(request, _("%(name)s has left the group.") % {"name": self.target})
        return redirect(self.get_success_url())


class ReminderSetting(GroupView, DetailsView):
    """How many days ahead of its meetings the group is reminded."""

    template_name = "meetings/reminders.html"
    form_class = ReminderForm
    fields: ClassVar[list[str]] = ["remind_days_ahead"]

    def get_initial(self) -> dict[str, Any]:
        return {"days": self.group.remind_days_ahead, "seen": self.seen()}

    def save(self, values: dict[str, Any], seen: str) -> None:
        services.set_reminder(
            group=self.group, **values, seen=seen, by=self.request.user, now=timezone.now()
        )

    def done_words(self) -> str:
        return _("Saved. Reminders go out that many days ahead.")
