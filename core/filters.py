"""The base of the lists' filters: what is not asked for costs nothing."""

import copy
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.core.cache import caches
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


class PortalFilterSet(django_filters.FilterSet):
    """Filters of a list, and the panel that shows them.

    An address without filters builds no form. ``panel_kept_for`` says for how many seconds the
    panel without a choice in it is kept: only where its options are the same for everybody. A
    panel in which something is chosen is always drawn anew, so a new option can be used at once.
    """

    panel_kept_for = 0
    # Of the address, what is no filter; of that, what stays in it when filters are chosen.
    beside: ClassVar[set[str]] = {"cursor"}
    keeps: ClassVar[tuple[str, ...]] = ()
    # What the address of the list without filters says, where it does not go without saying.
    clear_query = ""

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        # Django-filter copies every filter here; the copies wait until a form is asked for.
        shared, self.base_filters = self.base_filters, {}
        super().__init__(data, queryset, **kwargs)
        self.base_filters = shared
        del self.filters

    @cached_property
    def filters(self) -> dict[str, django_filters.Filter]:
        """The filters, as this set's own copies."""
        found = copy.deepcopy(self.base_filters)
        for one in found.values():
            one.model, one.parent = self.queryset.model, self
        return found

    @property
    def is_blank(self) -> bool:
        """Whether the address asks for no filter."""
        return not any(
            any(values)
            for name, values in MultiValueDict(self.data).lists()
            if name not in self.beside
        )

    @property
    def qs(self) -> QuerySet:
        return self.queryset.all() if self.is_blank else super().qs

    def panel(self, clear_url: str) -> SafeString:
        """The panel as HTML; ``clear_url`` is the list without filters."""
        if not (self.panel_kept_for and self.is_blank and not self.kept):
            return self._drawn(clear_url)
        kind = type(self)
        key = f"{kind.__module__}.{kind.__qualname__}:{get_language()}:{clear_url}"
        cache = caches["process"]
        kept: Any = cache.get(key)
        if kept is None:
            kept = str(self._drawn(clear_url))
            cache.set(key, kept, self.panel_kept_for)
        return mark_safe(kept)  # noqa: S308 (our own template, kept as it was drawn)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays in the address when other filters are chosen: names and values."""
        lists = dict(MultiValueDict(self.data).lists())
        return [(name, value) for name in self.keeps for value in lists.get(name, []) if value]

    def _drawn(self, clear_url: str) -> SafeString:
        query = "&".join(part for part in [self.clear_query, urlencode(self.kept)] if part)
        clear_url = f"{clear_url}?{query}" if query else clear_url
        context = {"form": self.form, "clear_url": clear_url, "kept": self.kept}
        return render_to_string("components/filter_panel.html", context)
