"""The page that says who saw and changed what."""

from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.views.generic import TemplateView

from core.access import ObjectView
from core.history import Event, events_of

from .kinds import KINDS, HistoryKind

MOST = 200


class HistoryPage(ObjectView, TemplateView):
    """What happened to one object, in words, the newest first."""

    permission = "impact_portal.view_history"
    template_name = "impact_portal/history/page.html"
    kind: HistoryKind

    def visible(self) -> QuerySet:
        if self.kwargs["kind"] not in KINDS:
            raise Http404
        self.kind = KINDS[self.kwargs["kind"]]
        return self.kind.visible(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            events=history(self.kind, self.target, self.request.user),
            thing=self.target,
            url=self.kind.url(self.target),
            **kwargs,
        )


def history(kind: HistoryKind, obj: Any, user: Any) -> list[Event]:
    """The newest events of ``obj`` and of what is told with it."""
    objects = [obj, *kind.others(obj, user)]
    events = chain.from_iterable(events_of(one, MOST, reads=kind.reads) for one in objects)
    return sorted(events, key=lambda event: event.at, reverse=True)[:MOST]
