"""Logging a meeting in small steps, sending the log, answering a question about it."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.forms import ReasonForm
from core.transitions import TransitionNotAllowed
from core.versions import version_of

from .. import selectors, services, transitions
from ..enums import LogState
from ..forms import AttendanceForm, SeenForm, SharedForm
from ..log_pages import log_summary, log_tasks
from ..models import MeetingLog
from ..registry import review_page_of
from ..rules import is_reviewed
from .base import MeetingView, PortalFormView


class LogView(MeetingView):
    """A page of a meeting's log."""

    permission = "meetings.write_log"

    @property
    def log(self) -> MeetingLog:
        return selectors.log_of(self.target)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            log=self.log, log_url=reverse("meetings:log", args=[self.target.pk]), **kwargs
        )

    def get_success_url(self) -> str:
        return reverse("meetings:log", args=[self.target.pk])


class LogPage(LogView, TemplateView):
    """The steps of a log while it is written; the whole log once it is sent."""

    permission = "meetings.view_log"
    template_name = "meetings/log.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now, log = self.request.user, timezone.now(), self.log
        may_write = user.has_perm("meetings.write_log", self.target)
        tasks = log_tasks(log) if may_write and log.is_open else []
        sees_names = user.has_perm("meetings.view_members", self.target)
        return super().get_context_data(
            may_write=may_write,
            too_early=self.target.starts_at > now,
            tasks=tasks,
            talk=log.talk.select_related("by") if log.pk else [],
            summary=None if tasks else log_summary(log, sees_names),
            is_reviewed=is_reviewed(self.group),
            review_url=self.review_url(),
            **kwargs,
        )

    def review_url(self) -> str:
        """Where this person accepts or returns the log, if they may and it waits for that."""
        log = self.log
        waits = log.pk and log.state == LogState.SUBMITTED
        may_review = waits and self.request.user.has_perm("meetings.review_log", log)
        return review_page_of(log) if may_review else ""


class StepView(LogView, PortalFormView):
    """One step of a log, saved as one goes; words saved by another meanwhile are shown."""

    def saved_values(self) -> dict[str, str]:
        """What is saved now."""
        raise NotImplementedError

    def save(self, values: dict[str, Any], seen: str) -> None:
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        values = self.saved_values()
        return {**values, "seen": version_of(values)}

    def form_valid(self, form: SeenForm) -> HttpResponse:
        values = form.values()
        try:
            self.save(values, form.cleaned_data["seen"])
        except services.AnswersDiffer as clash:
            form.see(clash.seen)
            return self.render_to_response(self.get_context_data(form=form, clash=clash))
        except services.LogClosed as problem:
            messages.error(self.request, str(problem))
            return self.done()
        self.tell_saved(is_empty=not any(values.values()))
        return HttpResponseRedirect(
            self.get_success_url() if "later" in self.request.POST else self.next_url()
        )

    def tell_saved(self, *, is_empty: bool) -> None:
        """An empty step is not called saved: somebody may think that they have done it."""
        if is_empty:
            messages.info(self.request, _("Nothing is filled in there yet. Come back to it later."))
        else:
            messages.success(self.request, _("Saved."))

    def next_url(self) -> str:
        """The address of the step after this one."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        clash = context.setdefault("clash", None)
        form = context["form"]
        context["clash_rows"] = [
            (form[row.name].label, row.theirs, row.yours)
            for row in (clash.differences if clash else [])
            if row.name in form.fields
        ]
        return context


class LogAttendance(StepView):
    """Who came."""

    template_name = "meetings/log_attendance.html"
    form_class = AttendanceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        members = selectors.members_at(self.target)
        return super().get_form_kwargs() | {"members": members}

    def saved_values(self) -> dict[str, str]:
        return services.attendance_values(self.target)

    def save(self, values: dict[str, Any], seen: str) -> None:
        services.save_attendance(
            meeting=self.target, values=values, seen=seen, by=self.request.user, now=timezone.now()
        )

    def next_url(self) -> str:
        return reverse("meetings:log-shared", args=[self.target.pk])


class LogShared(StepView):
    """What people shared, and its themes."""

    template_name = "meetings/log_shared.html"
    form_class = SharedForm

    def saved_values(self) -> dict[str, str]:
        return services.shared_values(self.log)

    def save(self, values: dict[str, Any], seen: str) -> None:
        services.save_shared(
            meeting=self.target, values=values, seen=seen, by=self.request.user, now=timezone.now()
        )

    def next_url(self) -> str:
        return reverse("meetings:log-items", args=[self.target.pk, "suggestions"])


class LogCheck(LogView, TemplateView):
    """The whole log before it is sent, and the button that sends it."""

    template_name = "meetings/log_check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gaps = [
            (gap.text, reverse(f"meetings:log-{gap.step}", args=[self.target.pk]))
            for gap in selectors.log_gaps(self.log)
        ]
        return super().get_context_data(
            gaps=gaps,
            summary=log_summary(self.log, True),
            is_reviewed=is_reviewed(self.group),
            **kwargs,
        )

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        if not is_reviewed(self.group):
            return _try(self, transitions.finish, _("The log is finished. Thank you."))
        said = _("Your log is sent. Thank you. The networks team reads it next.")
        return _try(self, transitions.submit, said)


class LogAnswer(LogView, PortalFormView):
    """Answer the networks team's question, and send the log again."""

    permission = "meetings.submit_log"
    template_name = "meetings/log_answer.html"
    form_class = ReasonForm

    def permission_object(self) -> models.Model:
        super().permission_object()
        return self.log

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": _("Your answer")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        talk = self.log.talk.select_related("by") if self.log.pk else []
        return super().get_context_data(talk=talk, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        text = form.cleaned_data["reason"]
        said = _("Your answer is sent. Thank you. The networks team reads it next.")
        return _try(self, transitions.answer, said, text=text)


class LogTakeBack(LogView):
    """Take a log back that nobody has read yet."""

    http_method_names = ["post"]

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        return _try(self, transitions.take_back, _("You can change your log now."))


class LogReopen(LogView, PortalFormView):
    """Open a finished log again, saying why, in a group that has no return step."""

    template_name = "meetings/log_reopen.html"
    form_class = ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": _("What do you want to change, and why?")}

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        return _try(
            self, transitions.reopen, _("You can change your log now."), **form.cleaned_data
        )


def _try(view: LogView, step: Any, success: str, **words: str) -> HttpResponse:
    """Take a step on the view's log and say what happened."""
    log = view.log
    if log.pk is None:
        return redirect(view.get_success_url())
    try:
        step(log=log, by=view.request.user, now=timezone.now(), **words)
        messages.success(view.request, success)
    except TransitionNotAllowed as problem:
        messages.error(view.request, str(problem))
    return redirect(view.get_success_url())
