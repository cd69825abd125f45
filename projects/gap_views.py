"""Evidence gaps: opening, asking, closing, and the replies of those who are asked."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from core.access import ObjectView, PublicView
from core.transitions import ReasonRequired, TransitionNotAllowed

from . import topic_selectors as selectors
from . import topic_services as services
from .models import EvidenceGap, GapAsk, Topic
from .topic_forms import AskForm, CloseGapForm, GapForm, PublicReplyForm, ReplyForm
from .topic_forms import ReplyForOthersForm as OthersForm
from .topic_links import hash_of
from .topic_transitions import close_gap, open_gap
from .topic_views import TopicFormView


class GapOpen(TopicFormView):
    """Says that there is not enough evidence, and asks partners for it."""

    permission = "projects.assess_topic"
    template_name = "projects/topics/gap_form.html"
    form_class = GapForm

    def get_form_kwargs(self) -> dict[str, Any]:
        today = timezone.localdate()
        latest = today + timedelta(days=settings.GAP_LINK_DAYS)
        return {**super().get_form_kwargs(), "today": today, "latest": latest}

    def get_initial(self) -> dict[str, Any]:
        wanted = timezone.localdate() + timedelta(days=settings.GAP_REPLY_DAYS)
        return {"wanted_by": wanted}

    def form_valid(self, form: GapForm) -> HttpResponse:
        values, user, now = form.cleaned_data, self.request.user, timezone.now()
        try:
            open_gap(topic=self.target, by=user, now=now, **values)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(
            self.request, _("The gap is open, and we have written to those whom you chose.")
        )
        return redirect(f"{self.target.get_absolute_url()}#gaps")


class GapView(ObjectView, FormView):
    """The base of the staff's forms about one gap."""

    permission = "projects.assess_topic"
    target: EvidenceGap

    def visible(self) -> models.QuerySet[EvidenceGap]:
        topics = Topic.objects.visible_to(self.request.user)
        found = EvidenceGap.objects.filter(topic__in=topics, topic=self.kwargs["topic"])
        return found.select_related("topic")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(gap=self.target, topic=self.target.topic, **kwargs)

    def done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect(f"{self.target.topic.get_absolute_url()}#gaps")


class GapAskMore(GapView):
    """Asks further organisations about an open gap."""

    template_name = "projects/topics/ask_form.html"
    form_class = AskForm

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = self.target.asks.values("organisation_id")
        # Whom a first click has asked is still a known choice for the second.
        leave_out = asked if self.request.method == "GET" else ()
        return {**super().get_form_kwargs(), "leave_out": leave_out}

    def form_valid(self, form: AskForm) -> HttpResponse:
        chosen, user = form.cleaned_data["organisations"], self.request.user
        try:
            services.ask_more(obj=self.target, organisations=chosen, by=user, now=timezone.now())
        except services.ReplyNotTaken as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return self.done(_("We have written to those whom you chose."))


class GapClose(GapView):
    """Closes a gap with its outcome; the topic is under assessment again."""

    template_name = "projects/topics/gap_close.html"
    form_class = CloseGapForm

    def form_valid(self, form: CloseGapForm) -> HttpResponse:
        user, now = self.request.user, timezone.now()
        try:
            close_gap(obj=self.target, by=user, now=now, **form.cleaned_data)
        except TransitionNotAllowed as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return self.done(_("The gap is closed. The topic is under assessment again."))


class GapReplyForOthers(GapView):
    """Staff write down a reply that came another way."""

    template_name = "projects/topics/reply_for_others.html"
    form_class = OthersForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "asks": selectors.one_ask_for_each(self.target)}

    def form_valid(self, form: OthersForm) -> HttpResponse:
        values, user = form.cleaned_data, self.request.user
        try:
            services.reply_to_gap(now=timezone.now(), entered_by=user, **values)
        except services.ReplyNotTaken as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return self.done(_("The reply is written down."))


class ReplyPage(FormView):
    """What both ways to the reply form share: ``self.ask`` is the question that was asked."""

    ask: GapAsk
    template_name = "projects/topics/reply.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            ask=self.ask,
            gap=self.ask.gap,
            topic=self.ask.gap.topic,
            replies=selectors.replies_of(self.ask),
            is_open=self.ask.takes_replies_at(timezone.now()),
            **kwargs,
        )

    def form_valid(self, form: ReplyForm) -> HttpResponse:
        try:
            services.reply_to_gap(ask=self.ask, now=timezone.now(), **form.cleaned_data)
        except services.ReplyNotTaken as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("Thank you. We have your reply. You can send another until we close the question."),
        )
        return redirect(self.request.path)


@method_decorator(never_cache, name="dispatch")
class GapReplyByLink(PublicView, ReplyPage):
    """The reply form by the link in the message. A GET changes nothing: mail scanners may look."""

    public_because = "holding the link that was sent to one person is the right to reply"
    form_class = PublicReplyForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asks = GapAsk.objects.select_related("gap__topic", "organisation")
        ask = asks.filter(token_hash=hash_of(kwargs["token"])).first()
        works = ask and ask.takes_replies_at(timezone.now()) and services.speaks_still(ask)
        if ask is None or not works:
            context = {"is_closed": ask is not None and not ask.gap.is_open}
            return render(request, "projects/topics/reply_refused.html", context, status=410)
        self.ask = ask
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Whoever has the link may reply; what others wrote by it before is not shown again.
        return {**super().get_context_data(**kwargs), "replies": []}


class GapAsked(ObjectView, ReplyPage):
    """The same for somebody who is signed in and speaks for the organisation."""

    permission = "projects.answer_gap"
    form_class = ReplyForm
    target: GapAsk

    def visible(self) -> models.QuerySet[GapAsk]:
        asks = GapAsk.objects.visible_to(self.request.user)
        return asks.select_related("gap__topic", "organisation")

    def permission_object(self) -> models.Model | None:
        self.ask = super().permission_object()  # type: ignore[assignment]
        return self.ask
