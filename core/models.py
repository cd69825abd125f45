"""What every room's models are made of, and the two logs: transitions and audit."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import AuditAction


class PortalModel(models.Model):
    """A row that knows when it was made and changed, and whether it is example data."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True, editable=False)
    is_example = models.BooleanField(_("example data"), default=False, editable=False)

    class Meta:
        abstract = True


class OnceModel(models.Model):
    """A row made from a form: the form's key makes a second click find the first one's row."""

    once_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class StateModel(PortalModel):
    """A row with a state that only :func:`core.transitions.transition` may change.

    A subclass declares ``state`` with its own choices and names its table of steps in its
    room's ``transitions.py``.
    """

    state: models.CharField
    state_changed_at = models.DateTimeField(_("state changed"), null=True, editable=False)

    class Meta:
        abstract = True


class LogRow(models.Model):
    """What both logs share: which object, who, when. Rows are only ever added."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=36)
    subject = GenericForeignKey("content_type", "object_id")
    # settings.AUTH_USER_MODEL is Django's own seam: the one edge that core may have upwards.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Transition(LogRow):
    """One change of state: from where, to where, by whom, and why."""

    step = models.CharField(max_length=60)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id", "at"], name="transition_of")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class AuditEntry(LogRow):
    """One thing done to, or seen of, an object, with what changed (field → [old, new])."""

    action = models.CharField(max_length=20, choices=AuditAction.choices)
    changes = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id", "at"], name="audit_of")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.content_type_id}:{self.object_id}"
