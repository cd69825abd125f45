"""Reads about conflicts of interest: what the portal suspects, what was declared."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import STAFF_KINDS, RoleKind
from accounts.models import Role, User
from partners.models import Contact, Organisation

from ..enums import HIDING, ConflictState
from ..mail_domains import working_domain
from ..models import Call, Conflict, Expression
from .assessing import ASSESSABLE

# How many names the form for declaring shows at once.
DECLARED_AT_ONCE = 100


@dataclass(frozen=True)
class Ties:
    """What ties people to organisations: by organisation the contacts' ids and mail domains; by
    person the plain names of the organisations that they are contact of."""

    contacts: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    domains: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    names_of: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def plain_name(name: str) -> str:
    """A name without regard to capitals and spaces."""
    return " ".join(name.split()).casefold()


def suspected(call: Call, people: Iterable[User]) -> dict[tuple[int, int], str]:
    """(expression id, person id) → why the portal suspects a conflict.

    Somebody is suspected who is contact of the organisation, who has a working mail domain in
    common with one of its contacts, or who is contact of an organisation of the same name.
    Four queries, however many people and expressions.
    """
    asked = {person.pk: person for person in people}
    rows = list(
        Expression.objects.filter(call=call, state__in=ASSESSABLE).values_list(
            "pk", "organisation_id", "organisation__name"
        )
    )
    if not (asked and rows):
        return {}
    ties = _ties({organisation for _pk, organisation, _name in rows}, set(asked))
    found = {}
    for pk, organisation, name in rows:
        for person in asked.values():
            if why := _why(person, organisation, name, ties):
                found[pk, person.pk] = why
    return found


def _why(person: User, organisation: int, name: str, ties: Ties) -> str:
    if person.pk in ties.contacts[organisation]:
        return _("They are a contact of this organisation.")
    domain = working_domain(person.email)
    if domain and domain in ties.domains[organisation]:
        return _("Their e-mail address ends like that of a contact: %(domain)s.") % {
            "domain": domain
        }
    if plain_name(name) in ties.names_of[person.pk]:
        return _("They are a contact of an organisation of the same name.")
    return ""


def _ties(organisations: set[int], people: set[int]) -> Ties:
    ties = Ties()
    contacts = Contact.objects.filter(organisation__in=organisations)
    kind = ContentType.objects.get_for_model(Organisation)
    roles = Role.objects.active_on(timezone.localdate()).filter(
        kind=RoleKind.PARTNER_CONTACT, scope_type=kind
    )
    pairs = list(contacts.values_list("organisation_id", "person_id", "person__email"))
    of_organisations = roles.filter(scope_id__in=organisations)
    pairs += of_organisations.values_list("scope_id", "person_id", "person__email")
    for organisation, person, email in pairs:
        ties.contacts[organisation].add(person)
        ties.domains[organisation].add(working_domain(email))
    own = Contact.objects.filter(person__in=people)
    for person, name in own.values_list("person_id", "organisation__name"):
        ties.names_of[person].add(plain_name(name))
    return ties


@dataclass(frozen=True)
class Declaring:
    """What an assessor's page of conflicts shows: names of organisations alone.

    ``pending``: those that still wait for a word, as (expression id, name), at most a hundred;
    ``waiting``: how many wait in all. ``conflicts``: those that are hidden from the person.
    ``cleared``: with how many they have none.
    """

    pending: list[tuple[int, str]]
    waiting: int
    conflicts: list[Conflict]
    cleared: int


def undeclared(call: Call, person: Any) -> QuerySet[Expression]:
    """The expressions of ``call`` about which nothing is known of ``person``, by name."""
    known = Conflict.objects.filter(expression=OuterRef("pk"), person_id=person.pk)
    found = Expression.objects.filter(~Exists(known), call=call, state__in=ASSESSABLE)
    return found.order_by("organisation__name", "pk")


def declaring(call: Call, person: Any) -> Declaring:
    """The page of conflicts of ``person`` in ``call``. Six queries at most."""
    suspects = suspected(call, [person])
    rows = [
        row
        for row in undeclared(call, person).values_list("pk", "organisation__name")
        if (row[0], person.pk) not in suspects
    ]
    own = Conflict.objects.filter(expression__call=call, person_id=person.pk)
    hiding = own.filter(state__in=HIDING).select_related("expression__organisation")
    return Declaring(
        pending=rows[:DECLARED_AT_ONCE],
        waiting=len(rows),
        conflicts=list(hiding.order_by("expression__organisation__name", "pk")),
        cleared=own.filter(state=ConflictState.CLEARED).count(),
    )


def conflict_register(call: Call, user: Any) -> QuerySet[Conflict]:
    """The conflicts of a call for staff, less those about what is hidden from ``user``."""
    seen = Expression.objects.visible_to(user).filter(call=call)
    return (
        Conflict.objects.filter(expression__in=seen)
        .exclude(state=ConflictState.CLEARED, reason="")
        .select_related("expression__organisation", "person")
    )


def who_may_have(call: Call) -> QuerySet[User]:
    """The people about whom a conflict in ``call`` can be recorded: its assessors, and staff."""
    today = timezone.localdate()
    current = Role.objects.active_on(today)
    of_call = current.filter(
        kind=RoleKind.ASSESSOR,
        scope_type=ContentType.objects.get_for_model(Call),
        scope_id=call.pk,
    )
    staff = current.filter(kind__in=[*STAFF_KINDS, RoleKind.LEADERSHIP])
    people = User.objects.filter(pk__in=(of_call | staff).values("person_id"), is_active=True)
    return people.order_by("preferred_name", "pk")
