"""The outbox: what is to be sent to whom, once."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import PortalModel, StateModel

from .enums import MessageState, Rhythm
from .querysets import MessageQuerySet
from .registry import kinds


class Message(StateModel):
    """One message to one person. It is written in the transaction of the deed it tells of.

    Its words are fixed when it is queued, in the language of the person. Its e-mail Message-ID
    is fixed too, so that a second delivery after a crash is seen as the same message.
    """

    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
    )
    address = models.EmailField(_("address of somebody without an account"), blank=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=36)
    about = GenericForeignKey("content_type", "object_id")
    subject = models.CharField(_("subject"), max_length=250)
    # Blank once a message that holds a key has been sent.
    body = models.TextField(_("text"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=MessageState.choices, default=MessageState.QUEUED
    )
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    send_at = models.DateTimeField(_("to be sent at"))
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # Goes together with the person's other reminders, as one e-mail.
    in_digest = models.BooleanField(default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("what went wrong"), max_length=60, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="message_to_person_or_address",
                condition=models.Q(recipient__isnull=False, address="")
                | (models.Q(recipient__isnull=True) & ~models.Q(address="")),
            ),
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=~models.Q(state=MessageState.SENT) | models.Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_claimed_has_claim",
                condition=~models.Q(state=MessageState.CLAIMED)
                | models.Q(claim__isnull=False, claimed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"],
                name="message_waiting",
                condition=models.Q(state__in=[MessageState.QUEUED, MessageState.CLAIMED]),
            ),
            models.Index(fields=["content_type", "object_id"], name="message_about"),
            models.Index(fields=["state", "-id"], name="message_by_state"),
            models.Index(fields=["kind", "-id"], name="message_by_kind"),
            models.Index(fields=["recipient", "-sent_at"], name="message_of_person"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("notifications:message", args=[self.pk])

    @property
    def kind_title(self) -> str:
        return str(kinds.get(self.kind).title) if self.kind in kinds else self.kind

    @property
    def is_secret(self) -> bool:
        """Whether its text is shown to nobody; so too when its kind is no longer known."""
        return self.kind not in kinds or kinds.get(self.kind).secret


class Preference(PortalModel):
    """How a person wants their reminders. Receipts and decisions always come at once."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_preference"
    )
    rhythm = models.CharField(
        _("reminders"), max_length=10, choices=Rhythm.choices, default=Rhythm.AT_ONCE
    )
    muted_kinds = models.JSONField(_("reminders you do not want"), default=list, blank=True)

    def __str__(self) -> str:
        return str(self.get_rhythm_display())
