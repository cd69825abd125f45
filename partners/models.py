"""Organisations that the centre works with, and the people who speak for them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel

from .enums import OrganisationKind, OrganisationSize
from .querysets import OrganisationQuerySet


class Organisation(PortalModel):
    """A partner, from a council to a user-led group of three people."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    # Empty for bodies that work across the United Kingdom or abroad.
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    size = models.CharField(_("size"), max_length=10, choices=OrganisationSize.choices, blank=True)
    website = models.URLField(_("website"), blank=True)
    is_first_timer = models.BooleanField(_("new to this kind of project"), default=False)
    seldom_heard_links = models.TextField(_("links with people who are seldom heard"), blank=True)
    about = models.TextField(_("about"), blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name", "id"]
        indexes = [models.Index(Lower("name"), "id", name="organisation_by_name")]

    def __str__(self) -> str:
        return self.name


class Contact(PortalModel):
    """A person of an organisation. What they may do follows from their role, not from this row."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="contacts"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organisation_contacts"
    )
    job_title = models.CharField(_("your role there"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="contact_once")
        ]

    def __str__(self) -> str:
        return str(self.person)
