"""What a person's pages show."""

from typing import Any

from .models import User
from .sections import data_collectors


def own_data(person: User) -> dict[str, Any]:
    """Everything that the portal holds about ``person``, by room, as plain JSON data."""
    return {key: data_collectors.get(key)(person) for key in data_collectors.keys()}


def account_data(person: User) -> dict[str, Any]:
    """What this room itself holds about ``person``."""
    needs = getattr(person, "access_needs", None)
    return {
        "email": person.email,
        "preferred_name": person.preferred_name,
        "language": person.language,
        "preferred_formats": person.format_labels,
        "joined": person.date_joined.isoformat(),
        "last_sign_in": person.last_login.isoformat() if person.last_login else None,
        "roles": [
            {
                "role": str(role.get_kind_display()),
                "in": str(role.scope) if role.scope_id else None,
                "from": role.starts_on.isoformat(),
                "until": role.ends_on.isoformat() if role.ends_on else None,
            }
            for role in person.roles.prefetch_related("scope")
        ],
        "access_needs": needs and {"needs": needs.needs, "payment": needs.payment},
    }
