"""Organisations for tests."""

import factory
from factory.django import DjangoModelFactory

from core.enums import Nation
from partners.enums import OrganisationKind
from partners.models import Organisation


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = OrganisationKind.COMMUNITY
    nation = Nation.ENGLAND
