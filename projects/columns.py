"""The columns of the staff list of projects: which there are, and what stands in them.

A column reads only what it shows: ``reads`` are the fields of the row, and ``many`` what hangs on a
project several times, read for a whole page at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import short_date
from core.labels import labels

from .enums import DeliveryModel
from .marks import going, status

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """``cell(row)`` is text or safe HTML for the page."""

    label: str | Promise
    reads: tuple[str, ...]
    cell: Callable[[Row], str]
    many: str = ""


def _where(row: Row) -> str:
    parts = [row["nations"], row["host__name"] or ""]
    return " · ".join(part for part in parts if part)


COLUMNS: dict[str, Column] = {
    "state": Column(gettext_lazy("Status"), ("state",), lambda row: status(row["state"])),
    "rag": Column(
        gettext_lazy("Going"), ("rag", "state"), lambda row: going(row["rag"], row["state"])
    ),
    "where": Column(gettext_lazy("Where"), ("host__name",), _where, "nations"),
    "lead": Column(
        gettext_lazy("Lead"),
        ("lead__preferred_name",),
        lambda row: row["lead__preferred_name"] or _("Nobody yet"),
    ),
    "topics": Column(gettext_lazy("Topics"), (), lambda row: row["topics"], "topics"),
    "tags": Column(gettext_lazy("Tags"), (), lambda row: row["tags"], "tags"),
    "phase": Column(gettext_lazy("Phase"), ("phase__name",), lambda row: row["phase__name"] or ""),
    "starts_on": Column(
        gettext_lazy("Starts on"), ("starts_on",), lambda row: short_date(row["starts_on"])
    ),
    "ends_on": Column(
        gettext_lazy("Ends on"), ("ends_on",), lambda row: short_date(row["ends_on"])
    ),
    "public": Column(
        gettext_lazy("Public page"),
        ("is_public",),
        lambda row: _("yes") if row["is_public"] else _("no"),
    ),
    "changed": Column(
        gettext_lazy("Last changed"), ("updated_at",), lambda row: short_date(row["updated_at"])
    ),
}
USUAL = ("state", "rag", "where", "lead")
ALWAYS_READ = ("id", "title", "model", "is_example", "updated_at")


def chosen_columns(names: Sequence[str]) -> list[str]:
    """Those of ``names`` that there are, in the order of the list; the usual ones for none."""
    known = [name for name in COLUMNS if name in set(names)]
    return known or list(USUAL)


def fields_of(names: Sequence[str]) -> list[str]:
    """The fields that a page with these columns reads, each once."""
    return list(dict.fromkeys([*ALWAYS_READ, *(f for name in names for f in COLUMNS[name].reads)]))


def model_words() -> dict[str, str]:
    """The delivery models in words."""
    return labels(DeliveryModel)
