"""What of organisations' people goes when its time is up."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import Role
from core.retention import Rule, rules

from .imports import purge_expired
from .models import Contact, JoinRequest, Organisation, OrganisationImport

CONTACTS_KEPT = timedelta(days=730)
REQUESTS_KEPT = timedelta(days=365)


def forget_contacts(*, now: datetime) -> int:
    """Two years after the person's last role in the organisation has ended."""
    past = timezone.localdate(now - CONTACTS_KEPT)
    roles = Role.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=past),
        person=OuterRef("person"),
        kind=RoleKind.PARTNER_CONTACT,
        scope_type=ContentType.objects.get_for_model(Organisation),
        scope_id=OuterRef("organisation"),
    )
    old = Contact.objects.filter(~Exists(roles), created_at__lt=now - CONTACTS_KEPT)
    return old.delete()[0]


def forget_requests(*, now: datetime) -> int:
    """A year after somebody was let in or was refused."""
    return JoinRequest.objects.filter(decided_at__lt=now - REQUESTS_KEPT).delete()[0]


CONTACTS = Rule(frozenset({Contact._meta.label}), forget_contacts)
REQUESTS = Rule(frozenset({JoinRequest._meta.label}), forget_requests)
IMPORTS = Rule(frozenset({OrganisationImport._meta.label}), purge_expired)


def register() -> None:
    rules.add("partners.contacts", CONTACTS)
    rules.add("partners.join_requests", REQUESTS)
    rules.add("partners.imports", IMPORTS)
