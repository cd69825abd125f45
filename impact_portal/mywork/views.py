"""My work, the calendar, and its secret address."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.access import PortalView, PublicView
from impact_portal.models import CalendarLink

from . import calendar, services
from .feed import feed_of
from .forms import CalendarForm, month_of
from .selectors import AT_FIRST, my_work

GROUPS = ("due", "waits", "others")
# More often than this no calendar program asks.
FEEDS_AN_HOUR = 60


class MyWorkView(PortalView, TemplateView):
    """What is due, what waits for me, what I wait for."""

    permission = "accounts.use_own_account"
    template_name = "impact_portal/mywork/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work = my_work(self.request.user, timezone.now())
        whole = self.request.GET.get("all")
        most = {group: None if group == whole else AT_FIRST for group in GROUPS}
        return super().get_context_data(
            work=work,
            due=work.due[: most["due"]],
            waits=work.waits_for_me[: most["waits"]],
            others=work.i_wait_for[: most["others"]],
            **kwargs,
        )


class CalendarView(PortalView, TemplateView):
    """The calendar: a list from today, or a month as a table."""

    permission = "accounts.use_own_account"

    def get_template_names(self) -> list[str]:
        month = self.request.GET.get("view") == "month"
        if month:
            return ["impact_portal/mywork/month.html"]
        return ["impact_portal/mywork/agenda.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = CalendarForm(self.request.GET)
        kinds = set(form.cleaned_data["kind"]) if form.is_valid() else set()
        chosen = "".join(f"&kind={kind}" for kind in sorted(kinds))
        today = timezone.localdate()
        if self.request.GET.get("view") == "month":
            shown = _month(self.request, today, kinds)
        else:
            found = calendar.entries(self.request.user, today, today + calendar.AHEAD, kinds)
            shown = {"days": calendar.agenda(found, today)}
        return super().get_context_data(form=form, chosen=chosen, kinds=kinds, **shown, **kwargs)


def _month(request: HttpRequest, today: Any, kinds: set[str]) -> dict[str, Any]:
    month = month_of(request.GET.get("month", ""), today)
    # Seven days round a month belong to its first and last week.
    week = timedelta(days=7)
    found = calendar.entries(request.user, month - week, month + timedelta(days=31) + week, kinds)
    before, after = month - timedelta(days=1), month + timedelta(days=32)
    weeks = calendar.weeks_of(month, found, today)
    return {
        "month": month,
        "before": before.replace(day=1),
        "after": after.replace(day=1),
        "weeks": weeks,
        "days": [day for line in weeks for day in line if day.in_month and day.entries],
    }


class CalendarLinkView(PortalView, TemplateView):
    """What a private calendar link is; making one, and making it anew."""

    permission = "accounts.use_own_account"
    template_name = "impact_portal/mywork/link.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link = CalendarLink.objects.filter(person_id=self.request.user.pk).first()
        return super().get_context_data(link=link, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        token = services.make_link(person=user, by=user, now=timezone.now())
        address = settings.PORTAL_BASE_URL.rstrip("/") + reverse("mywork:feed", args=[token])
        context = {"address": address, "webcal": f"webcal:{address.split(':', 1)[1]}"}
        response = render(request, "impact_portal/mywork/link_made.html", context)
        response["Referrer-Policy"] = "no-referrer"
        return response


class CalendarLinkStop(PortalView):
    """Stops the private calendar link for ever."""

    permission = "accounts.use_own_account"

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if services.stop_link(person=user, by=user, now=timezone.now()):
            messages.success(
                request, _("Your calendar link has stopped. Nobody can read your calendar by it.")
            )
        return redirect("mywork:link")


class FeedView(PublicView):
    """The calendar of the person whose secret address this is; signed in or not."""

    public_because = "its address is a secret that stands for one person"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        person = services.person_of(token)
        if person is None:
            return _private(HttpResponse(b"Not found", status=404, content_type="text/plain"))
        if _asks_too_often(person.pk):
            return _private(HttpResponse(b"Too often", status=429, content_type="text/plain"))
        with translation.override(person.language):
            body, etag = feed_of(person, timezone.now())
        return _private(_calendar_file(request, body, etag))


def _calendar_file(request: HttpRequest, body: bytes, etag: str) -> HttpResponse:
    """The file, or that it is still the one that was fetched before."""
    same = etag in request.headers.get("If-None-Match", "")
    response = HttpResponse(
        b"" if same else body,
        status=304 if same else 200,
        content_type="text/calendar; charset=utf-8",
    )
    response["ETag"] = etag
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """No search engine, no shared cache, no other site learns of the address."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _asks_too_often(person: int) -> bool:
    key = f"calendar-feed:{person}"
    if cache.add(key, 1, timeout=3_600):
        return False
    try:
        return cache.incr(key) > FEEDS_AN_HOUR
    except ValueError:  # It ran out between the two.
        return False
