"""The last days of a person's roles, in their calendar."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.calendar import CalendarEntry
from core.enums import CalendarKind


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """When the roles end that ``user`` holds today. No query: they are known already."""
    return [
        CalendarEntry(
            kind=CalendarKind.ROLE,
            key=f"role-{role.pk}",
            title=_("Last day of your role: %(role)s") % {"role": role.get_kind_display()},
            start=role.ends_on,
            url=reverse("accounts:account"),
            changed_at=role.updated_at,
        )
        for role in user.current_roles
        if role.ends_on and first <= role.ends_on <= last
    ]
