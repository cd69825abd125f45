"""What every part of the programme loader works with."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from accounts.enums import SCOPED_KINDS, RoleKind
from accounts.models import Role, User

DATA = Path(__file__).parent / "data"
M = TypeVar("M", bound=models.Model)

# One seed for everything that is generated: the example data is the same on every machine.
SEED = 2022


@dataclass
class Programme:
    """The loader's hands: reads data files, and makes what is missing without touching the rest.

    ``now`` is the moment of loading; what has no date of its own in the sources (the open call)
    is placed around it. ``password`` is given to sign-in accounts, or none when it is ``None``.
    """

    now: datetime
    password: str | None = None
    made: int = 0
    people: dict[str, User] = field(default_factory=dict)

    @cached_property
    def locked_password(self) -> str:
        """The password as it is kept; made once, for each making costs half a second by design."""
        return make_password(self.password)

    @staticmethod
    def data(name: str) -> Any:
        """The content of ``data/<name>.yaml``."""
        return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))

    def chance(self, name: str) -> random.Random:
        """A random source of its own for ``name``, so that parts do not disturb each other."""
        return random.Random(f"{SEED}:{name}")  # noqa: S311 - example data, not secrets

    def put(self, model: type[M], by: dict[str, Any], /, **fields: Any) -> M:
        """The ``model`` row with the values ``by``, made with ``fields`` if it is missing.

        A row that is there already is left as it is: people may have changed it since.
        """
        row, made = model._default_manager.get_or_create(**by, defaults=fields)
        self.made += made
        return row

    def person(self, key: str, name: str) -> User:
        """The sign-in account ``<key>@example.org``, named by its role and marked as example."""
        if key in self.people:
            return self.people[key]
        user = User.objects.filter(email=f"{key}@example.org").first()
        if user is None:
            user = User.objects.create(
                email=f"{key}@example.org",
                password=self.locked_password,
                preferred_name=name,
                is_example=True,
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            self.made += 1
        self.people[key] = user
        return user

    def role(self, person: User, kind: RoleKind, scope: models.Model | None = None) -> Role:
        """That ``person`` holds ``kind``, from the day of loading on."""
        if (kind in SCOPED_KINDS) != (scope is not None):
            raise ValueError(f"{kind} does not fit its scope")
        scope_type = ContentType.objects.get_for_model(scope) if scope else None
        return self.put(
            Role,
            {
                "person": person,
                "kind": kind,
                "scope_type": scope_type,
                "scope_id": scope.pk if scope else None,
            },
            starts_on=timezone.localdate(self.now),
            is_example=True,
        )
