"""The outbox for those who look after it, and people's own choices about their messages."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView, View

from accounts.models import User
from core.access import ObjectView, PortalView, PublicView
from core.paging import KeysetPage, keyset_page
from core.transitions import TransitionNotAllowed, steps_open_to, transitions_of

from . import selectors, services, transitions
from .filters import MessageFilter
from .forms import PreferenceForm
from .models import Message
from .registry import kinds
from .unsubscribing import KeyNotGood, read_key


def _page(request: HttpRequest, rows: models.QuerySet[Message]) -> KeysetPage:
    return keyset_page(rows, order=["-id"], cursor=request.GET.get("cursor"))


class Ledger(PortalView, TemplateView):
    """All messages, newest first."""

    permission = "notifications.view_ledger"
    template_name = "notifications/ledger.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = MessageFilter(self.request.GET, queryset=selectors.ledger(self.request.user))
        return super().get_context_data(
            filter=rows,
            page=_page(self.request, rows.qs),
            counts=selectors.settle_counts(),
            **kwargs,
        )


class ToSettle(PortalView, TemplateView):
    """Messages that may have been sent, and those that could not be."""

    permission = "notifications.view_ledger"
    template_name = "notifications/to_settle.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = _page(self.request, selectors.ledger(self.request.user).to_settle())
        return super().get_context_data(page=page, **kwargs)


class Coming(PortalView, TemplateView):
    """The reminders of the coming fortnight."""

    permission = "notifications.view_ledger"
    template_name = "notifications/coming.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        coming = selectors.coming_reminders(now=timezone.now())
        return super().get_context_data(coming=coming, **kwargs)


class MessageView(ObjectView, TemplateView):
    """One message: what it said, to whom, and what became of it."""

    permission = "notifications.view_ledger"
    template_name = "notifications/message.html"

    def visible(self) -> models.QuerySet[Message]:
        return Message.objects.visible_to(self.request.user).select_related("recipient")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message = self.target
        return super().get_context_data(
            message=message,
            steps=steps_open_to(self.request.user, message, transitions.TABLE),
            log=transitions_of(message),
            **kwargs,
        )


class MessageStep(ObjectView, View):
    """Sends a message again, or leaves it."""

    permission = "notifications.settle_message"
    steps = {"send-again": transitions.send_again, "leave": transitions.leave}

    def visible(self) -> models.QuerySet[Message]:
        return Message.objects.visible_to(self.request.user)

    def post(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        if step not in self.steps:
            raise Http404
        try:
            row = self.steps[step](message=self.target, by=request.user, now=timezone.now())
            messages.success(request, _("“%(subject)s”: done.") % {"subject": row.subject})
        except TransitionNotAllowed as problem:
            messages.error(request, str(problem))
        return redirect("notifications:to-settle")


class PreferencePage(PortalView, FormView):
    """How often my reminders come, and which."""

    permission = "notifications.choose_own_rhythm"
    template_name = "notifications/preferences.html"
    form_class = PreferenceForm
    success_url = reverse_lazy("notifications:preferences")

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen = selectors.preference_of(self.request.user)
        offered = selectors.reminder_choices(self.request.user, chosen.muted_kinds)
        self.offered = [name for name, _title in offered]
        wanted = [name for name in self.offered if name not in chosen.muted_kinds]
        initial = {"rhythm": chosen.rhythm, "wanted_kinds": wanted}
        return {**super().get_form_kwargs(), "kinds": offered, "initial": initial}

    def form_valid(self, form: PreferenceForm) -> HttpResponse:
        wanted = set(form.cleaned_data.get("wanted_kinds", []))
        services.save_preference(
            person=self.request.user,
            rhythm=form.cleaned_data["rhythm"],
            muted_kinds=[name for name in self.offered if name not in wanted],
        )
        messages.success(self.request, _("Your choices about messages are saved."))
        return super().form_valid(form)


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class Unsubscribe(PublicView):
    """Stops reminders by a key from an e-mail: shown by GET, done by POST.

    Mail programs send the POST by themselves, without a cookie; the key is what proves it.
    """

    public_because = "the signed key in the address names the person"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.key = read_key(kwargs["key"])
            self.person = User.objects.get(pk=self.key.person_id)
        except (KeyNotGood, User.DoesNotExist):
            return render(request, "notifications/unsubscribe_unknown.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.show(request, is_done=False)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        services.mute(person=self.person, kind_names=self.key.kind_names)
        return self.show(request, is_done=True)

    def show(self, request: HttpRequest, *, is_done: bool) -> HttpResponse:
        titles = [kinds.get(name).title for name in self.key.kind_names if name in kinds]
        context = {"titles": titles, "is_done": is_done}
        return render(request, "notifications/unsubscribe.html", context)
