"""What the pages of this room share."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import FormView

from core.access import ObjectView
from core.versions import ChangedMeanwhile, details_of, version_of

from ..forms import SeenForm
from ..models import Action, Group, Meeting, Member
from ..registry import home_of


class GroupView(ObjectView):
    """A page about one group."""

    permission = "meetings.manage_group"

    def visible(self) -> models.QuerySet:
        return Group.objects.visible_to(self.request.user)

    @property
    def group(self) -> Group:
        return self.target

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The group and the way back to its own page."""
        return super().get_context_data(  # type: ignore[misc]
            group=self.group, group_url=home_of(self.group), **kwargs
        )

    def get_success_url(self) -> str:
        return home_of(self.group)


class MemberView(GroupView):
    """A page about one member of a group."""

    permission = "meetings.change_member"

    def visible(self) -> models.QuerySet:
        members = Member.objects.visible_to(self.request.user).current()
        return members.select_related("group", "invitation", "person")

    @property
    def group(self) -> Group:
        return self.target.group


class MeetingView(GroupView):
    """A page about one meeting."""

    permission = "meetings.change_meeting"

    def visible(self) -> models.QuerySet:
        return Meeting.objects.visible_to(self.request.user).select_related("group", "log")

    @property
    def group(self) -> Group:
        return self.target.group

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(meeting=self.target, **kwargs)

    def get_success_url(self) -> str:
        return reverse("meetings:meeting", args=[self.target.pk])


class ActionView(GroupView):
    """A page about one action."""

    permission = "meetings.update_action"

    def visible(self) -> models.QuerySet:
        return Action.objects.visible_to(self.request.user).select_related(
            "group", "owner", "meeting"
        )

    @property
    def group(self) -> Group:
        return self.target.group


class PortalFormView(FormView):
    """A page with one form that ends in a redirect."""

    def done(self) -> HttpResponse:
        return HttpResponseRedirect(self.get_success_url())


class DetailsView(PortalFormView):
    """Changes the ``fields`` of the target; what another saved meanwhile is not overwritten."""

    fields: ClassVar[list[str]]
    target: Any

    def seen(self) -> str:
        """The version of what the form shows."""
        return version_of(details_of(self.target, self.fields))

    def save(self, values: dict[str, Any], seen: str) -> None:
        raise NotImplementedError

    def done_words(self) -> str:
        raise NotImplementedError

    def form_valid(self, form: SeenForm) -> HttpResponse:
        try:
            self.save(form.values(), form.cleaned_data["seen"])
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        messages.success(self.request, self.done_words())
        return self.done()
