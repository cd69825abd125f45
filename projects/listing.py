"""The staff list of projects as somebody asks for it: filters, columns and order in the address.

What stands there is also what a saved view keeps, what a file holds, and what a change of several
projects goes over.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .columns import COLUMNS, USUAL, chosen_columns
from .filters import ProjectFilter
from .models import Project, SavedView
from .selectors import LIST_ORDERS

ORDER_WORDS: dict[str, str | Promise] = {
    "changed": _("The latest change first"),
    "title": _("By title"),
    "newest": _("The newest first"),
}


# A box that is ticked or not says all in its label.
GIVEN_BY_LABEL = {"late"}


@dataclass(frozen=True)
class Chosen:
    """One thing that is filtered by, and the address without it."""

    label: str
    words: str
    url: str


@dataclass(frozen=True)
class Listing:
    """What ``data``, an address's query, asks ``user`` to be shown."""

    data: QueryDict
    user: Any

    @cached_property
    def filter(self) -> ProjectFilter:
        return ProjectFilter(self.data, Project.objects.visible_to(self.user))

    @cached_property
    def columns(self) -> list[str]:
        return chosen_columns(self.data.getlist("columns"))

    @property
    def order(self) -> str:
        asked = self.data.get("order", "")
        return asked if asked in LIST_ORDERS else next(iter(LIST_ORDERS))

    @property
    def query(self) -> str:
        """The address's query without what belongs to the moment, in a fixed order."""
        pairs = [
            (name, value)
            for name in ProjectFilter.base_filters
            for value in sorted(set(self.data.getlist(name)))
            if value
        ]
        if self.columns != list(USUAL):
            pairs += [("columns", name) for name in self.columns]
        if self.order != next(iter(LIST_ORDERS)):
            pairs.append(("order", self.order))
        return urlencode(pairs)

    @property
    def column_choices(self) -> list[tuple[str, str, bool]]:
        """Each column: its name, its label, and whether it is shown."""
        return [(name, str(one.label), name in self.columns) for name, one in COLUMNS.items()]

    @property
    def order_choices(self) -> list[tuple[str, str, bool]]:
        """Each order: its name, its words, and whether it is the one."""
        return [(name, str(words), name == self.order) for name, words in ORDER_WORDS.items()]

    @property
    def order_words(self) -> str:
        return str(ORDER_WORDS[self.order])

    @property
    def labels(self) -> list[str]:
        return [str(COLUMNS[name].label) for name in self.columns]

    @cached_property
    def chosen(self) -> list[Chosen]:
        """What is filtered by, one by one, with the address of the list without it."""
        if self.filter.is_blank:
            return []
        fields, pairs = self.filter.form.fields, self.filter_pairs
        found = []
        for place, (name, value) in enumerate(pairs):
            choices = dict(getattr(fields[name], "choices", []))
            words = str(choices.get(value, "" if name in GIVEN_BY_LABEL else value))
            rest = [pair for number, pair in enumerate(pairs) if number != place]
            query = urlencode([("all", "1"), *rest, *self.filter.kept])
            found.append(Chosen(str(fields[name].label), words, f"?{query}"))
        return found

    @property
    def gone(self) -> list[str]:
        """Filters that ask for something that is not there (any more), by their labels."""
        if self.filter.is_blank:
            return []
        form = self.filter.form
        return [str(form.fields[name].label) for name in form.errors if name in form.fields]

    @property
    def filter_pairs(self) -> list[tuple[str, str]]:
        """What is filtered by, as pairs for hidden fields."""
        return [
            (name, value)
            for name in ProjectFilter.base_filters
            for value in self.data.getlist(name)
            if value
        ]


def list_address(query: str = "", **more: Any) -> str:
    """The staff list with ``query``, whatever view the person lets it open with."""
    parts = [urlencode({"all": "1"}), query, urlencode(more)]
    return f"{reverse('projects:list')}?{'&'.join(part for part in parts if part)}"


def first_view_of(user: Any) -> SavedView | None:
    """The view with which ``user`` wants the list to open."""
    return SavedView.objects.filter(owner=user, opens_first=True).first()


def save_view(*, view: SavedView, values: dict[str, Any]) -> SavedView:
    """Keep ``view`` with ``values``; of a person's views only the last so marked opens first.

    Errors: ``IntegrityError`` when the person has another of that name.
    """
    for name, value in values.items():
        setattr(view, name, value)
    with transaction.atomic():
        if view.opens_first:
            others = SavedView.objects.filter(owner=view.owner, opens_first=True)
            others.exclude(pk=view.pk).update(opens_first=False)
        view.save()
    return view
