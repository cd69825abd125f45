"""What several models of the room are made of."""

import uuid

from django.db import models


class OnceModel(models.Model):
    """A row made from a form: the form's key makes a second click find the first one's row."""

    once_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
