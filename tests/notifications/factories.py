"""Messages for tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

import factory
from django.contrib.contenttypes.models import ContentType
from factory.django import DjangoModelFactory

from notifications.models import Message
from tests.accounts.factories import UserFactory


class MessageFactory(DjangoModelFactory):
    """A receipt about its own recipient."""

    class Meta:
        model = Message

    dedupe_key = factory.Sequence(lambda n: f"key-{n}")
    kind = "example_room.receipt"
    recipient = factory.SubFactory(UserFactory)
    content_type = factory.LazyAttribute(
        lambda message: ContentType.objects.get_for_model(UserFactory._meta.model)
    )
    object_id = factory.LazyAttribute(
        lambda message: str(message.recipient.pk) if message.recipient else "0"
    )
    subject = factory.Sequence(lambda n: f"Message {n}")
    body = "Hello.\n"
    send_at = datetime(2022, 7, 26, 13, 0, tzinfo=ZoneInfo("Europe/London"))
