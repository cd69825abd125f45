"""The register of organisations as rows of a table."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from .models import Organisation


def header() -> list[str]:
    """The names of the columns."""
    return [
        _("Name"),
        _("Kind"),
        _("Nation"),
        _("Place"),
        _("Size"),
        _("New to this kind of project"),
        _("Website"),
        _("Example data"),
    ]


def rows(organisations: QuerySet[Organisation]) -> Iterator[list[str]]:
    """One row for each organisation, read in chunks."""
    for one in organisations.iterator(chunk_size=500):
        yield [
            one.name,
            str(one.get_kind_display()),
            str(one.get_nation_display()),
            one.place,
            str(one.get_size_display()),
            _("Yes") if one.is_first_timer else _("No"),
            one.website,
            _("Yes") if one.is_example else _("No"),
        ]
