"""Sign-in accounts, named by role and never after a person in the sources."""

from accounts.enums import RoleKind

from .frame import Programme


def load(programme: Programme) -> None:
    """Make the accounts whose roles have no scope; the rooms' parts give the others theirs."""
    for entry in programme.data("people"):
        person = programme.person(entry["key"], entry["name"])
        if "role" in entry:
            programme.role(person, RoleKind(entry["role"]))
