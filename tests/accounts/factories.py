"""People for tests."""

from datetime import date
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from factory.django import DjangoModelFactory

from accounts.enums import RoleKind
from accounts.models import Role, User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    preferred_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(lambda: make_password(None))


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    person = factory.SubFactory(UserFactory)
    kind = RoleKind.PROGRAMME_STAFF
    starts_on = date(2022, 1, 1)


def person_with(kind: RoleKind, scope: Any = None, **person: Any) -> User:
    """A person who holds ``kind``, in ``scope`` where the kind asks for one."""
    user = UserFactory(**person)
    scope_type = ContentType.objects.get_for_model(scope) if scope else None
    RoleFactory(person=user, kind=kind, scope_type=scope_type, scope_id=scope and scope.pk)
    return user
