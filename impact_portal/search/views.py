"""The page of the search."""

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from core.access import PortalView

from . import selectors
from .engine import CANDIDATES, LONGEST, forgives, words_of
from .kinds import search_kinds

LAST_PAGE = -(-CANDIDATES // selectors.A_PAGE)


class SearchView(PortalView, TemplateView):
    """Everything that a person may find by a few words, grouped by kind."""

    permission = "accounts.use_own_account"
    template_name = "impact_portal/search/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")
        groups = selectors.search(self.request.user, text)
        return super().get_context_data(groups=groups, **_asked(text), **kwargs)


class SearchKindView(PortalView, TemplateView):
    """All that was found of one kind, a page at a time."""

    permission = "accounts.use_own_account"
    template_name = "impact_portal/search/kind.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key, text = self.kwargs["kind"], self.request.GET.get("q", "")
        if key not in search_kinds:
            raise Http404
        number = page_number(self.request.GET.get("page", ""))
        group = selectors.search_kind(self.request.user, text, key, number)
        return super().get_context_data(group=group, number=number, **_asked(text), **kwargs)


def _asked(text: str) -> dict[str, Any]:
    """What was asked for, as it is shown again."""
    words = words_of(text)
    asked = {"words": " ".join(words), "asked": bool(words)}
    return asked | {"longest": LONGEST, "forgives": forgives()}


def page_number(text: str) -> int:
    """A page that there can be; the first for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return min(max(number, 1), LAST_PAGE)
