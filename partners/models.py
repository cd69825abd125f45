"""Organisations that the centre works with, and the people who speak for them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel, StateModel

from .enums import (
    Channel,
    ImportState,
    JoinState,
    OrganisationKind,
    OrganisationSize,
    OutreachResult,
    Scheme,
)
from .names import name_key, website_domain
from .querysets import (
    ImportQuerySet,
    JoinRequestQuerySet,
    LiveOrganisations,
    OrganisationQuerySet,
    OutreachQuerySet,
)


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
    # What two spellings of one organisation share; kept by save(), to find the same one twice.
    name_key = models.CharField(max_length=200, editable=False, blank=True, default="")
    website_domain = models.CharField(max_length=200, editable=False, blank=True, default="")
    # The newest of its answers on whether we may get in touch, kept by the outreach services.
    no_contact_since = models.DateField(
        _("asked not to be contacted"), null=True, blank=True, editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )

    # Whoever lists or offers organisations means those that stand; a merged one is only an
    # address that leads on.
    objects = LiveOrganisations.from_queryset(OrganisationQuerySet)()
    with_merged = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name", "id"]
        indexes = [
            models.Index(Lower("name"), "id", name="organisation_by_name"),
            models.Index(fields=["name", "id"], name="organisation_in_register"),
            models.Index(fields=["name_key", "id"], name="organisation_by_name_key"),
            models.Index(fields=["website_domain", "id"], name="organisation_by_domain"),
        ]
        constraints = [
            models.CheckConstraint(
                name="organisation_not_merged_into_itself",
                condition=~models.Q(merged_into=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:organisation", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "name_key", "website_domain"}
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Work out what follows from name and website, for those who save in bulk."""
        self.name_key = name_key(self.name)
        self.website_domain = website_domain(self.website)


class OrganisationIdentifier(PortalModel):
    """A number that a public register gave to an organisation; one number, one organisation."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="identifiers"
    )
    scheme = models.CharField(_("register"), max_length=10, choices=Scheme.choices)
    # In the one form in which the scheme writes it (identifiers.normalise).
    value = models.CharField(_("number"), max_length=20)

    class Meta:
        verbose_name = _("number in a public register")
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="identifier_of_one"),
        ]
        indexes = [models.Index(fields=["value"], name="identifier_by_value")]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"


class OutreachContact(PortalModel):
    """One time that one of us got in touch with an organisation, and what came of it."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="outreach"
    )
    happened_on = models.DateField(_("date"))
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="outreach_contacts",
        verbose_name=_("who of us"),
    )
    about = models.CharField(_("what it was about"), max_length=300, blank=True)
    result = models.CharField(_("what came of it"), max_length=12, choices=OutreachResult.choices)
    follow_up_on = models.DateField(_("get in touch again on"), null=True, blank=True)
    followed_up_at = models.DateTimeField(_("followed up"), null=True, blank=True, editable=False)
    once_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("getting in touch")
        ordering = ["-happened_on", "-id"]
        indexes = [
            models.Index(
                fields=["organisation", "-happened_on", "-id"], name="outreach_of_organisation"
            ),
            models.Index(
                fields=["follow_up_on", "id"],
                name="outreach_to_follow_up",
                condition=models.Q(follow_up_on__isnull=False, followed_up_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="outreach_follow_up_not_before",
                condition=models.Q(follow_up_on__isnull=True)
                | models.Q(follow_up_on__gte=models.F("happened_on")),
            ),
            models.CheckConstraint(
                name="outreach_no_contact_no_follow_up",
                condition=~models.Q(result=OutreachResult.NO_CONTACT)
                | models.Q(follow_up_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_channel_display())

    def get_absolute_url(self) -> str:
        return reverse("partners:outreach-edit", args=[self.pk])


class OrganisationImport(StateModel):
    """A file of organisations: what each row says and what the check says of it.

    ``rows``: a list of ``{"line", "values", "numbers", "verdict", "problems", "match"}``, see
    ``importing.Row``. Nothing is saved from it before somebody confirms; it goes a week after.
    """

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organisation_imports"
    )
    rows = models.JSONField(default=list, blank=True)
    ignored_columns = models.JSONField(_("columns that we did not read"), default=list, blank=True)
    fill_blanks = models.BooleanField(_("fill in what is missing"), default=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.CHECKED
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    keep_until = models.DateTimeField(_("kept until"))
    once_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of organisations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="import_not_beyond_total", condition=models.Q(done__lte=models.F("total"))
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def get_absolute_url(self) -> str:
        return reverse("partners:import", args=[self.pk])


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
