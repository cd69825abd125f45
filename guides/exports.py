"""Library and feedback as rows of CSV files."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.dates import short_date

from .models import Resource, UseFeedback


def feedback_header() -> list[str]:
    """The columns of the feedback file."""
    return [_("day"), _("how they used it"), _("did it help"), _("nation"), _("role")]


def feedback_rows(found: QuerySet[UseFeedback]) -> Iterator[list[Any]]:
    """One row a piece of feedback, newest first."""
    for row in found.order_by("-id").iterator(chunk_size=1000):
        yield [
            short_date(row.created_at),
            row.used_for,
            row.get_helped_display(),
            row.get_nation_display(),
            row.get_role_display(),
        ]


def resource_header() -> list[str]:
    """The columns of the library file."""
    return [
        _("title"),
        _("owner"),
        _("type"),
        _("date"),
        _("nation"),
        _("topic"),
        _("workforce priority"),
        _("status"),
        _("what it is"),
        _("where to find it"),
    ]


def resource_rows(found: QuerySet[Resource]) -> Iterator[list[Any]]:
    """One row a resource, by title."""
    for row in found.order_by("title", "id").iterator(chunk_size=1000):
        yield [
            row.title,
            row.owner or "",
            row.get_kind_display(),
            row.dated,
            row.get_nation_display(),
            row.topic or "",
            row.priority or "",
            row.get_status_display(),
            row.summary,
            row.url,
        ]
