"""Writes: what people tell us of their use of a guide."""

import uuid
from typing import Any

from django.db import transaction

from .models import Guide, UseFeedback


def give_feedback(*, guide: Guide, once_key: uuid.UUID, **answers: Any) -> UseFeedback:
    """Keep ``answers`` of somebody unnamed; the same form sent twice gives one row."""
    with transaction.atomic():
        feedback, _made = UseFeedback.objects.get_or_create(
            once_key=once_key, defaults={"guide": guide, **answers}
        )
    return feedback
