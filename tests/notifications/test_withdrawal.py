"""Messages whose facts have changed are withdrawn, and no others."""

import pytest
from django.contrib.contenttypes.models import ContentType

from notifications.enums import MessageState, Promise
from notifications.models import Message
from notifications.registry import Kind
from notifications.withdrawal import withdraw
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

KIND = Kind(name="accounts.test_kind", title="For a test", promise=Promise.AT_MOST_ONCE)


def message(about, now, **changes):
    values = {
        "dedupe_key": f"{Message.objects.count()}",
        "kind": KIND.name,
        "recipient": about,
        "content_type": ContentType.objects.get_for_model(about),
        "object_id": str(about.pk),
        "subject": "Subject",
        "body": "Body",
        "send_at": now,
    }
    return Message.objects.create(**values | changes)


def test_what_waits_about_the_object_is_dropped_with_its_reason(now):
    about, other = UserFactory(), UserFactory()
    waiting = message(about, now)
    message(other, now)
    message(about, now, kind="accounts.another_kind")
    message(about, now, state=MessageState.SENT, sent_at=now)
    assert withdraw(kind=KIND, about=about, problem="moved") == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (MessageState.DROPPED, "moved")
    assert Message.objects.filter(state=MessageState.DROPPED).count() == 1


def test_withdrawing_twice_changes_nothing_more(now):
    about = UserFactory()
    message(about, now)
    assert [withdraw(kind=KIND, about=about, problem="moved") for _time in range(2)] == [1, 0]
