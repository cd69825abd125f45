"""What everybody may know of calls: the feed of open ones, and how one has changed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from ..models import Call, CallVersion

MOST_CALLS = 100


def feed(now: datetime) -> dict[str, Any]:
    """The calls that take expressions at ``now``, the next to close first. Two queries.

    Texts are Markdown as staff wrote them; moments are ISO 8601 with London's offset.
    """
    asked = Count(
        "sections__questions", filter=Q(sections__questions__is_retired=False), distinct=True
    )
    calls = (
        Call.objects.open_at(now)
        .annotate(asked=asked)
        .prefetch_related("topics")
        .order_by("closes_at", "id")
    )
    base = settings.PORTAL_BASE_URL
    return {
        "title": "Open calls of IMPACT",
        "home_page_url": f"{base}{reverse('expressions:calls')}",
        "calls": [_call(call, base) for call in calls[:MOST_CALLS]],
    }


def _call(call: Any, base: str) -> dict[str, Any]:
    return {
        "id": call.slug,
        "url": f"{base}{call.get_absolute_url()}",
        "title": call.title,
        "year": call.year,
        "summary": call.summary,
        "opens_at": timezone.localtime(call.opens_at).isoformat(),
        "closes_at": timezone.localtime(call.closes_at).isoformat(),
        "topics": [{"slug": topic.slug, "title": topic.title} for topic in call.topics.all()],
        "delivery_models": call.delivery_models,
        "nations": call.nations,
        "offer": call.offer,
        "ask": call.ask,
        "looking_for": call.looking_for,
        "questions": call.asked,
        "version": call.version,
        "is_example": call.is_example,
    }


def published_versions(call: Call) -> list[CallVersion]:
    """How the call has changed since it opened, the newest first. One query, or none."""
    if call.version == 1:
        return []
    found = CallVersion.objects.filter(call=call, number__gt=1).defer("form")
    return list(found.order_by("-number"))
