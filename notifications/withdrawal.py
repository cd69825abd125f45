"""Taking back messages that have not been sent yet.

The state is set by UPDATE and not by ``core.transitions``, as in ``delivery``: nobody takes this
step, it is on many rows at once, and the row itself is its log.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from .enums import MessageState
from .models import Message
from .registry import Kind


def withdraw(*, kind: Kind, about: models.Model, problem: str) -> int:
    """Drop what waits of ``kind`` about an object whose facts have changed; returns how many.

    What has been sent, or is being sent, stays as it is. ``problem`` is a short code.
    """
    waiting = Message.objects.filter(
        kind=kind.name,
        content_type=ContentType.objects.get_for_model(about),
        object_id=str(about.pk),
        state=MessageState.QUEUED,
    )
    return waiting.update(state=MessageState.DROPPED, problem=problem[:60])
