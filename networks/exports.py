"""What this room gives as CSV: headers and rows."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .selectors import LocalRow


def returns_header() -> list[str]:
    return [
        _("Network"),
        _("Nation"),
        _("Meeting"),
        _("Met on"),
        _("Members who came"),
        _("Members marked"),
        _("State"),
        _("Sent on"),
        _("Example data"),
    ]


def returns_rows(logs: Iterable[Any]) -> Iterator[list[Any]]:
    """One row a return. Dates are those of Europe/London, as ISO text."""
    for log in logs:
        group = log.meeting.group
        local_network = getattr(group, "local_network", None)
        yield [
            str(local_network.network) if local_network else "",
            str(group.get_nation_display()),
            str(log.meeting),
            timezone.localtime(log.meeting.starts_at).date().isoformat(),
            log.came,
            log.noted,
            str(log.get_state_display()),
            timezone.localtime(log.submitted_at).date().isoformat(),
            _("yes") if log.is_example else _("no"),
        ]


def locals_header() -> list[str]:
    return [
        _("Local network"),
        _("Members"),
        _("Groups present, of 5"),
        _("Meetings held"),
        _("Meetings planned"),
        _("Returns accepted"),
        _("Returns waiting"),
        _("Returns returned"),
        _("Not logged yet"),
        _("Actions open"),
        _("Actions ended"),
    ]


def locals_rows(rows: Iterable[LocalRow]) -> Iterator[list[Any]]:
    """One row a local network."""
    for row in rows:
        yield [
            str(row.local_network),
            row.members,
            row.groups,
            row.held,
            row.planned,
            row.accepted,
            row.waiting,
            row.returned,
            row.not_logged,
            row.actions_open,
            row.actions_ended,
        ]
