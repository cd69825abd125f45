"""Expressions of interest as rows of a table."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .models import Expression


def header() -> list[str]:
    """The names of the columns."""
    return [
        _("Reference"),
        _("Organisation"),
        _("Kind"),
        _("Nation"),
        _("Place"),
        _("New to this kind of project"),
        _("Call"),
        _("Topic"),
        _("Delivery model"),
        _("State"),
        _("Sent in"),
        _("Source"),
        _("Entered by"),
        _("Reached us"),
        _("Example data"),
    ]


def rows(expressions: QuerySet[Expression]) -> Iterator[list[str]]:
    """One row for each expression, read in chunks. Answers are not among them.

    Topic, model, and whether this is new to them, which are answers, are left empty while their
    call is sealed.
    """
    found = expressions.select_related("organisation", "call", "topic", "entered_by")
    for one in found.iterator(chunk_size=500):
        organisation, sealed = one.organisation, one.call.is_sealed_now
        yield [
            one.reference,
            organisation.name,
            str(organisation.get_kind_display()),
            str(organisation.get_nation_display()),
            organisation.place,
            "" if sealed else _("Yes") if one.is_first_timer else _("No"),
            one.call.title,
            one.topic.title if one.topic and not sealed else "",
            "" if sealed else str(one.get_delivery_model_display()),
            str(one.get_state_display()),
            localtime(one.submitted_at).strftime("%Y-%m-%d %H:%M") if one.submitted_at else "",
            str(one.get_source_display()),
            one.entered_by.preferred_name if one.entered_by else "",
            localtime(one.received_at).strftime("%Y-%m-%d %H:%M") if one.received_at else "",
            _("Yes") if one.is_example else _("No"),
        ]
