"""My work, the calendar, and its address for a calendar program."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts import services
from core.access import PortalView, PublicView
from impact_portal import home

from . import calendar
from .awaited import awaited
from .feed import feed_of

# A calendar program asks a few times a day; in between its copy is good enough.
FEED_FRESH = 900


class OwnPage(PortalView):
    """A page about the person who opens it."""

    permission = "accounts.use_own_account"


class MyWork(OwnPage, TemplateView):
    """What is due, what waits for me, what I wait for."""

    template_name = "impact_portal/mywork/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = home.todos(self.request.user, timezone.now())
        return super().get_context_data(
            due=[todo for todo in found if todo.due],
            waiting=[todo for todo in found if not todo.due],
            awaited=awaited(self.request.user),
            **kwargs,
        )


class CalendarPage(OwnPage, TemplateView):
    """What concerns me, as a list of the coming weeks or as a month."""

    def get_template_names(self) -> list[str]:
        month, agenda = "impact_portal/mywork/month.html", "impact_portal/mywork/agenda.html"
        return [month if self.chosen_month() else agenda]

    def chosen_month(self) -> date | None:
        """The first day of the month that the address names, if it names a real one."""
        try:
            return date.fromisoformat(f"{self.request.GET.get('month', '')}-01")
        except ValueError:
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, first = timezone.localdate(), self.chosen_month()
        begin, end = span(first or today, is_month=bool(first))
        everything = calendar.occasions_of(self.request.user, begin, end)
        kinds, chosen = calendar.kinds_in(everything), self.request.GET.get("kind", "")
        shown = [one for one in everything if chosen in ("", one.kind)]
        return super().get_context_data(
            days=calendar.agenda(shown, today),
            month=calendar.month_of(first, shown, today) if first else None,
            this_month=today,
            kinds=kinds,
            kind=chosen,
            **kwargs,
        )


def span(day: date, *, is_month: bool) -> tuple[date, date]:
    """The days that a page of the calendar shows, from first to last."""
    if not is_month:
        return day, day + timedelta(days=calendar.WEEKS)
    return day, (day + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class Subscribe(OwnPage):
    """What the private address is; by POST, a new one, shown this once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        token = services.make_calendar_feed(person=request.user, now=timezone.now())
        path = reverse("mywork:feed", args=[token])
        response = self.page(request, address=f"{settings.PORTAL_BASE_URL}{path}")
        response["Cache-Control"] = "private, no-store"
        return response

    def page(self, request: HttpRequest, address: str = "") -> HttpResponse:
        feed = getattr(request.user, "calendar_feed", None)
        context = {"address": address, "made_at": feed.made_at if feed else None}
        return render(request, "impact_portal/mywork/subscribe.html", context)


class Unsubscribe(OwnPage):
    """Puts the private address out of use."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if services.revoke_calendar_feed(person=request.user, now=timezone.now()):
            messages.success(
                request, _("The private address works no longer. Your calendar program may say so.")
            )
        return redirect("mywork:subscribe")


class Feed(PublicView, View):
    """The calendar for whoever holds the private address."""

    public_because = "holding the secret of the address is the right to read it"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if (person := services.person_of_feed(token)) is None:
            raise Http404
        content = feed_of(person, timezone.now(), settings.PORTAL_BASE_URL)
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["ETag"] = etag
        response["Cache-Control"] = f"private, max-age={FEED_FRESH}"
        response["X-Robots-Tag"] = "noindex"
        return get_conditional_response(request, etag=etag, response=response) or response
