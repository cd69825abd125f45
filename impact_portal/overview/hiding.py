"""Which figures of people are not shown, for they are of too few, or give away one that is.

A count of few people is hidden, and so is one from which it could be worked out: by taking the
other nations, the other years or the other delivery models from the whole. The rules of what is
safe are the surveys' own (``surveys.suppression``), with the same threshold.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.conf import settings

from core.enums import Nation
from projects.years import FIRST_YEAR
from surveys.suppression import hidden_in_list, hidden_in_pair, is_small

from .scope import Scope

# What splits a figure into parts that add up to the whole. Members stay from year to year, and
# places that serve people may be in several nations: they add up to nothing.
SPLIT_BY: Mapping[str, frozenset[str]] = {
    "came": frozenset({"nation", "model", "year"}),
    "guests": frozenset({"nation", "model", "year"}),
    "members": frozenset({"nation", "model"}),
    "surveys": frozenset({"year"}),
    "feedback": frozenset({"nation", "year"}),
}

Asked = tuple[str, Scope]


def siblings(asked: Asked, last_year: int) -> set[Asked]:
    """The figures that decide with ``asked`` whether it is shown."""
    key, _scope = asked
    found: set[Scope] = set()
    for whole, parts in _splits(asked, last_year):
        found |= {whole, *parts}
    return {(key, scope) for scope in found}


def is_hidden(asked: Asked, amount_of: Callable[[Asked], int], last_year: int) -> bool:
    """Whether the figure ``asked`` is of too few people or gives such a figure away."""
    key, scope = asked
    threshold = settings.SMALL_CELL_THRESHOLD
    amount = amount_of(asked)
    if is_small(amount, threshold):
        return True
    for whole, parts in _splits(asked, last_year):
        total = amount_of((key, whole))
        if len(parts) == 1:
            hidden = hidden_in_pair(amount, total, threshold)
        else:
            counts = [amount_of((key, part)) for part in parts]
            places = hidden_in_list([*counts, total - sum(counts)], threshold)
            hidden = parts.index(scope) in places
        if hidden:
            return True
    return False


def _splits(asked: Asked, last_year: int) -> Iterable[tuple[Scope, list[Scope]]]:
    """Each way in which a whole is split into parts, of which the scope that was asked is one."""
    key, scope = asked
    ways = SPLIT_BY.get(key, frozenset())
    if scope.nation and "nation" in ways:
        parts = [replace(scope, nation=nation) for nation in Nation.values]
        yield replace(scope, nation=""), parts
    if scope.year is not None and "year" in ways:
        years = sorted({*range(FIRST_YEAR, last_year + 1), scope.year})
        yield scope.in_year(None), [scope.in_year(year) for year in years]
    if scope.model and "model" in ways:
        yield replace(scope, model=""), [scope]
