"""Organisations for tests."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import RoleKind
from accounts.models import User
from core.enums import Nation
from partners.enums import Channel, OrganisationKind, OutreachResult
from partners.models import Contact, Organisation, OutreachContact
from tests.accounts.factories import UserFactory, person_with


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = OrganisationKind.COMMUNITY
    nation = Nation.ENGLAND


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(UserFactory)


def contact_of(organisation: Organisation, **person: Any) -> User:
    """A person who speaks for ``organisation`` today."""
    user = person_with(RoleKind.PARTNER_CONTACT, organisation, **person)
    ContactFactory(organisation=organisation, person=user)
    return user


class OutreachFactory(DjangoModelFactory):
    class Meta:
        model = OutreachContact

    organisation = factory.SubFactory(OrganisationFactory)
    happened_on = date(2022, 7, 20)
    channel = Channel.EMAIL
    by = factory.SubFactory(UserFactory)
    result = OutreachResult.NO_ANSWER
