"""Real processes: workers killed while they send, two sweeps at once, and a broker that is away."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from notifications.delivery import CLAIM_LIFE, send_due
from notifications.enums import MessageState
from notifications.models import Message
from tests.accounts.factories import UserFactory
from tests.notifications.example_room.apps import RECEIPT, REMINDER
from tests.notifications.factories import MessageFactory
from tests.support.mail import MailSink
from tests.support.services import REPOSITORY, Started, free_port, started, wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("example_room"),
]


class SlowSink(MailSink):
    """An SMTP sink that thinks a moment, so that a kill falls while it does."""

    async def handle_DATA(self, server, session, envelope) -> str:
        import asyncio

        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.004)
        return answer


@pytest.fixture
def sink() -> Iterator[MailSink]:
    sink = SlowSink()
    sink.start()
    yield sink
    sink.stop()


def environment(mail_port: int) -> dict[str, str]:
    database = settings.DATABASES["default"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.notifications.example_room.settings",
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
    }


def sender(mail_port: int):
    command = [sys.executable, "-m", "tests.notifications.sender", "send"]
    return started(command, REPOSITORY, environment(mail_port))


def kill(worker: Started) -> None:
    worker.process.send_signal(signal.SIGKILL)
    worker.process.wait(10)


def let_claims_grow_old() -> None:
    """As if the time had passed after which a claim is taken for broken."""
    past = timezone.now() - CLAIM_LIFE - timedelta(seconds=1)
    Message.objects.filter(state=MessageState.CLAIMED).update(claimed_at=past)


@pytest.mark.slow
def test_workers_killed_while_sending_lose_no_receipt_and_repeat_no_reminder(sink):
    """300 messages and 6 kills: each receipt arrives under one Message-ID, no reminder twice."""
    now = timezone.now()
    for _ in range(150):
        MessageFactory(send_at=now)
        MessageFactory(send_at=now, kind=REMINDER.name)
    for round_number in range(6):
        with sender(sink.port) as worker:
            worker.wait_for("ready")
            goal = (round_number + 1) * 35
            wait_until(lambda goal=goal: len(sink.received) >= goal, "some were sent", 20)
            kill(worker)
        let_claims_grow_old()
    with sender(sink.port) as worker:
        waiting = [MessageState.QUEUED, MessageState.CLAIMED]
        wait_until(lambda: not Message.objects.filter(state__in=waiting).exists(), "all gone", 30)
        kill(worker)
    arrived = Counter(message["Message-ID"].strip("<>") for _to, message in sink.received)

    def fates(kind: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row in Message.objects.filter(kind=kind):
            found.setdefault(row.state, []).append(arrived[f"{row.message_id}@example.org"])
        return found

    receipts, reminders = fates(RECEIPT.name), fates(REMINDER.name)
    assert set(receipts) == {MessageState.SENT}
    assert min(receipts[MessageState.SENT]) >= 1
    # A kill catches one e-mail on its way; a receipt comes at most once more for each kill.
    assert sum(receipts[MessageState.SENT]) <= 150 + 6
    assert set(reminders) <= {MessageState.SENT, MessageState.UNCERTAIN}
    assert set(reminders[MessageState.SENT]) == {1}
    assert max(reminders.get(MessageState.UNCERTAIN, [0])) <= 1
    assert len(reminders.get(MessageState.UNCERTAIN, [])) <= 6
    assert Message.objects.count() == 300
    assert len(arrived) >= 300 - len(reminders.get(MessageState.UNCERTAIN, []))


@pytest.mark.slow
def test_two_workers_at_once_send_each_message_once(sink):
    now = timezone.now()
    for _ in range(150):
        MessageFactory(send_at=now)
    person = UserFactory()
    for _ in range(30):
        MessageFactory(send_at=now, recipient=person, kind=REMINDER.name, in_digest=True)
    with sender(sink.port) as one, sender(sink.port) as other:
        wait_until(
            lambda: Message.objects.filter(state=MessageState.SENT).count() == 180, "all sent", 30
        )
        kill(one)
        kill(other)
    arrived = Counter(message["Message-ID"] for _to, message in sink.received)
    assert set(arrived.values()) == {1}
    assert [str(mail["Subject"]) for mail in sink.to(person.email)] == ["30 reminders"]


@pytest.mark.slow
def test_two_sweeps_at_once_queue_each_reminder_once():
    """Two beats have woken two workers at the same moment."""
    past = timezone.now() - timedelta(days=1)
    User.objects.bulk_create(
        User(email=f"due{n}@example.org", preferred_name="Due", date_joined=past)
        for n in range(300)
    )
    command = [sys.executable, "-m", "tests.notifications.sender", "remind"]
    sweeps = [
        subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=environment(free_port()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for sweep in sweeps:
        assert sweep.stdout.readline() == "ready\n"
    for sweep in sweeps:
        sweep.stdin.write("go\n")
        sweep.stdin.flush()
    said = [sweep.communicate(timeout=30)[0] for sweep in sweeps]
    assert said == ["done\n", "done\n"]
    assert Message.objects.count() == 300
    assert Message.objects.values("recipient").distinct().count() == 300


@pytest.mark.postgresql
def test_deeds_go_on_while_the_broker_is_away_and_the_sweep_sends_later():
    """Nobody listens where the broker should be: each deed stands, quickly, and its row waits."""
    for _ in range(20):
        UserFactory()
    away = {**environment(free_port()), "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    command = [sys.executable, "-m", "tests.notifications.sender", "deeds"]
    with started(command, REPOSITORY, away) as deeds:
        seconds = float(deeds.wait_for(r"done in ([0-9.]+)", 60)[1])
        deeds.process.wait(10)
    assert deeds.said.count("broker.unreachable task=send_due_messages") == 20
    assert seconds < 10
    assert Message.objects.filter(state=MessageState.QUEUED).count() == 20
    assert send_due(now=timezone.now()) == 20
