"""Keyset paging: page 1,000 costs what page 1 costs, and counts stop at a cap.

OFFSET reads and throws away every row before the page; a keyset page starts at the last row that
was seen, by an index on the order's columns.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

COUNT_CAP = 1_000


@dataclass(frozen=True)
class KeysetPage:
    """One page of rows, the cursors of its neighbours, and how many rows there are in words."""

    rows: list[Any]
    next_cursor: str | None
    previous_cursor: str | None
    count: int
    count_label: str


def keyset_page(
    queryset: QuerySet,
    *,
    order: Sequence[str],
    cursor: str | None = None,
    size: int = 50,
    columns: Sequence[str] = (),
) -> KeysetPage:
    """The page of ``queryset`` that ``cursor`` points at; the first one without a cursor.

    ``order`` names non-null columns of the model, all in one direction (all with "-" or none),
    the last of them unique. Rows are instances or, with ``columns`` (those of ``order`` among
    them), dicts of these; the count then does without the joins that they need. A cursor that
    was tampered with gives the first page. Costs two queries: rows, and the capped count.
    """
    names = [name.lstrip("-") for name in order]
    descending = order[0].startswith("-")
    backwards, after = _decode(cursor, queryset, names)
    rows_query = queryset.order_by(*_direction(names, descending != backwards))
    if after is not None:
        rows_query = rows_query.filter(_beyond(names, after, less=descending != backwards))
    if columns:
        rows_query = rows_query.values(*columns)
    rows = list(rows_query[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (more or backwards)
    has_previous = bool(rows) and (after is not None if not backwards else more)
    count = capped_count(queryset)
    return KeysetPage(
        rows=rows,
        next_cursor=_encode(rows[-1], names, False) if has_next else None,
        previous_cursor=_encode(rows[0], names, True) if has_previous else None,
        count=count,
        count_label=count_label(count),
    )


def cursor_after(row: Any, order: Sequence[str]) -> str:
    """The cursor of the page that begins behind ``row`` (an instance or dict)."""
    return _encode(row, [name.lstrip("-") for name in order], False)


def capped_count(queryset: QuerySet, cap: int = COUNT_CAP) -> int:
    """How many rows, counting no further than ``cap + 1``."""
    query = queryset.query
    if not (query.distinct or query.combinator or query.group_by):
        # The columns that a page shows, and the joins that they need, say nothing of the count.
        queryset = queryset.values("pk")
    return queryset.order_by()[: cap + 1].count()


def count_label(count: int, cap: int = COUNT_CAP) -> str:
    """The count in words: “1 result”, “37 results”, “more than 1,000 results”."""
    if count > cap:
        return _("more than %(cap)s results") % {"cap": f"{cap:,}"}
    return ngettext("%(count)s result", "%(count)s results", count) % {"count": f"{count:,}"}


def _direction(names: Sequence[str], descending: bool) -> list[str]:
    return [f"-{name}" if descending else name for name in names]


def _beyond(names: Sequence[str], after: Sequence[Any], *, less: bool) -> Q:
    """Rows strictly beyond ``after``: (a, b) < (x, y), in a form that uses an index on (a, b)."""
    compare = "lt" if less else "gt"
    beyond = Q()
    for place, name in enumerate(names):
        same = {names[earlier]: after[earlier] for earlier in range(place)}
        beyond |= Q(**same, **{f"{name}__{compare}": after[place]})
    return Q(**{f"{names[0]}__{compare}e": after[0]}) & beyond


def _encode(row: Any, names: Sequence[str], backwards: bool) -> str:
    values = [row[name] if isinstance(row, dict) else getattr(row, name) for name in names]
    text = json.dumps([backwards, *values], default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _is_storable(value: Any) -> bool:
    """Whether a column can be compared with ``value`` as it came out of a cursor."""
    if isinstance(value, str):
        return "\0" not in value and value == value.encode("utf-8", "replace").decode()
    return isinstance(value, bool | int | float)


def _value_of(field: Any, text: Any) -> Any:
    """What a row's column would hold. Errors: ``ValueError`` for what no row of ours can hold."""
    value = getattr(field, "output_field", field).to_python(text)
    if isinstance(value, float) and not isfinite(value):
        raise ValueError
    # Moments are kept with their zone, and near the ends of time no zone can be reckoned.
    if isinstance(value, datetime) and (value.tzinfo is None or value.year in {MINYEAR, MAXYEAR}):
        raise ValueError
    return value


def _decode(
    cursor: str | None, queryset: QuerySet, names: Sequence[str]
) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        backwards, *texts = json.loads(base64.urlsafe_b64decode(padded))
        fields = [queryset.model._meta.get_field(name) for name in names]
        values = [_value_of(field, text) for field, text in zip(fields, texts, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return False, None
    if None in values or not all(_is_storable(text) for text in texts):
        return False, None
    return bool(backwards), values
