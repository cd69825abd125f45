"""What calls and expressions of interest add to the thread of a topic."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import sees_programme
from projects.models import Topic
from projects.thread import ThreadStage, ThreadStep

from .enums import CallState, ExpressionState
from .models import Call, Expression

# So many organisations are named on the page; the list has them all.
NAMED = 12
STILL_OPEN = {CallState.DRAFT, CallState.OPEN}


def thread_of(topic: Topic, user: Any) -> list[ThreadStep]:
    """The calls that offered ``topic``, and how many asked for it; two queries, three for staff.

    Staff see names, and nothing of what a conflict of interest hides from them. Everybody else
    sees a number once the call is closed: before, it would tell those who still write.
    """
    internal = bool(sees_programme(user))
    calls = list(Call.objects.visible_to(user).filter(topics=topic).order_by("opens_at", "id"))
    counts = _counts(topic, user, internal)
    steps = [_call(call) for call in calls]
    named = _names(topic, user) if internal else {}
    for call in calls:
        if counts.get(call.pk) and (internal or call.state not in STILL_OPEN):
            steps.append(
                _expressions(topic, call, counts[call.pk], named.get(call.pk, []), internal)
            )
    return steps


def _sent_in(topic: Topic, user: Any, internal: bool) -> Any:
    """The expressions on ``topic`` that were sent in, of those that ``user`` may know of."""
    found = Expression.objects.filter(topic=topic, submitted_at__isnull=False)
    # Which topic one chose is an answer: under the seal nobody learns of it from here.
    found = found.exclude(state=ExpressionState.WITHDRAWN).unsealed()
    return found.without_conflicts_of(user) if internal else found


def _counts(topic: Topic, user: Any, internal: bool) -> dict[int, int]:
    rows = _sent_in(topic, user, internal).order_by().values_list("call_id")
    return dict(rows.annotate(count=Count("id")))


def _names(topic: Topic, user: Any) -> dict[int, list[str]]:
    """The first organisations that asked for the topic, by call."""
    rows = _sent_in(topic, user, internal=True).order_by("organisation__name", "id")
    named: dict[int, list[str]] = {}
    for call, name in rows.values_list("call_id", "organisation__name")[:200]:
        named.setdefault(call, []).append(name)
    return named


def _call(call: Call) -> ThreadStep:
    return ThreadStep(
        ThreadStage.CALL,
        call.title,
        url=reverse("expressions:call", args=[call.slug]) if call.state != CallState.DRAFT else "",
        when=timezone.localdate(call.opens_at) if call.opens_at else None,
        note=str(call.get_state_display()),
        is_example=call.is_example,
    )


def _list_of(topic: Topic, call: Call) -> str:
    """The staff's list of the expressions on ``topic`` in ``call``."""
    return f"{reverse('expressions:staff-list')}?call={call.pk}&topic={topic.pk}"


def _expressions(
    topic: Topic, call: Call, count: int, names: Iterable[str], internal: bool
) -> ThreadStep:
    words = ngettext(
        "%(count)s expression of interest", "%(count)s expressions of interest", count
    ) % {"count": count}
    listed = list(names)
    detail = ", ".join(listed[:NAMED])
    if len(listed) > NAMED:
        detail = _("%(names)s and others") % {"names": detail}
    return ThreadStep(
        ThreadStage.EXPRESSIONS,
        words,
        detail=detail,
        url=_list_of(topic, call) if internal else "",
        note=call.title,
        is_example=call.is_example,
    )
