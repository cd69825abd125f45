"""What the rooms above add to a person's account page and to the copy of their data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from core.registry import Registry


@dataclass(frozen=True)
class AccountLink:
    """A line of the account page: a title, what it is for, and the name of its address."""

    title: str | Promise
    description: str | Promise
    url_name: str


account_links: Registry[AccountLink] = Registry("account page links")

# Each gives what a room holds about one person, as plain data for the person's own copy.
data_collectors: Registry[Callable[[Any], dict[str, Any]]] = Registry("data about a person")

# Called with (invitation, person, now) inside the transaction in which an invitation is accepted.
acceptance_followers: Registry[Callable[[Any, Any, datetime], None]] = Registry(
    "what follows when an invitation is accepted"
)

# Called with (role, its last day before, who ends it, now) inside the transaction in which the last
# day of a role changes. A role that ends before it begins has been taken away.
role_followers: Registry[Callable[[Any, date | None, Any, datetime], None]] = Registry(
    "what follows when the last day of a role changes"
)

# Called with (role, who gives it, now) inside the transaction in which somebody gets a role.
grant_followers: Registry[Callable[[Any, Any, datetime], None]] = Registry(
    "what follows when somebody gets a role"
)
