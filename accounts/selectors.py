"""What a person's pages show, and who holds a role."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import nice_date

from .enums import RoleKind
from .models import Role, User
from .sections import account_links, data_collectors


def holders(
    kinds: Collection[RoleKind],
    *,
    on: date,
    scope: type[models.Model] | None = None,
    ids: Collection[int] = (),
) -> models.QuerySet[User]:
    """The people with an account who hold one of ``kinds`` on the day ``on``, each once, by id.

    With ``scope``, a model, only those who hold it in one of its objects ``ids``.
    """
    roles = Role.objects.active_on(on).filter(kind__in=kinds)
    if scope is not None:
        content_type = ContentType.objects.get_for_model(scope)
        roles = roles.filter(scope_type=content_type, scope_id__in=ids)
    return User.objects.filter(is_active=True, pk__in=roles.values("person_id")).order_by("pk")


def holders_of_each(
    kinds: Collection[RoleKind], *, on: date, scope: type[models.Model], ids: Collection[int]
) -> dict[int, list[User]]:
    """For each of the objects ``ids`` of ``scope``, the people of :func:`holders`: one query."""
    roles = (
        Role.objects.active_on(on)
        .filter(
            kind__in=kinds,
            scope_type=ContentType.objects.get_for_model(scope),
            scope_id__in=ids,
            person__is_active=True,
        )
        .select_related("person")
        .order_by("person_id")
    )
    found: dict[int, dict[int, User]] = {}
    for role in roles:
        found.setdefault(role.scope_id or 0, {}).setdefault(role.person_id, role.person)
    return {pk: list(people.values()) for pk, people in found.items()}


def own_data(person: User) -> dict[str, Any]:
    """Everything that the portal holds about ``person``, by room, as plain JSON data."""
    return {room: collect(person) for room, collect in data_collectors.items()}


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


def account_page(person: User) -> dict[str, Any]:
    """What the account page of ``person`` shows: rows of details, roles in force, links."""
    needs = getattr(person, "access_needs", None)
    change_details = (reverse("accounts:details"), _("Change"))
    change_needs = (reverse("accounts:access-needs"), _("Change"))
    return {
        "details": [
            (_("The name you like to be called"), person.preferred_name, *change_details),
            (_("E-mail address"), person.email, reverse("account_email"), _("Change")),
            (_("Language"), person.get_language_display(), *change_details),
            (_("Formats you would like"), ", ".join(person.format_labels), *change_details),
        ],
        "access_needs": [
            (_("What helps"), needs.needs if needs else "", *change_needs),
            (
                _("Payment for your time"),
                needs.get_payment_display() if needs else "",
                *change_needs,
            ),
        ],
        "roles": person.roles.active_on(timezone.localdate()).prefetch_related("scope"),
        "links": [
            {"title": link.title, "description": link.description, "url": reverse(link.url_name)}
            for link in account_links
        ],
    }


def last_day_news(role: Role, ends_on: date) -> str:
    """What to say once the last day of ``role`` is saved: whose role, which, and until when."""
    words = _("The role “%(role)s” of %(person)s ends with %(day)s.")
    if ends_on < role.starts_on:
        words = _("The role “%(role)s” is taken away from %(person)s.")
    return words % {
        "role": role.get_kind_display(),
        "person": role.person,
        "day": nice_date(ends_on),
    }
