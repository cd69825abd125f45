"""Organisations that the centre works with, and the people who speak for them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel, StateModel

from .enums import JoinState, OrganisationKind, OrganisationSize
from .querysets import JoinRequestQuerySet, OrganisationQuerySet


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
        indexes = [
            models.Index(Lower("name"), "id", name="organisation_by_name"),
            models.Index(fields=["name", "id"], name="organisation_in_register"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:organisation", args=[self.pk])


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


class JoinRequest(StateModel):
    """Somebody's wish to speak for an organisation that is registered already."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="join_requests"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests"
    )
    job_title = models.CharField(_("your role there"), max_length=120, blank=True)
    message = models.TextField(_("a few words to them"), max_length=1_000, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=JoinState.choices, default=JoinState.ASKED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="join_requests_decided",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                name="join_asked_once_at_a_time",
                condition=models.Q(state=JoinState.ASKED),
            ),
            models.CheckConstraint(
                name="join_decided_has_time",
                condition=models.Q(state=JoinState.ASKED, decided_at__isnull=True)
                | (~models.Q(state=JoinState.ASKED) & models.Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("partners:join-request", args=[self.pk])
