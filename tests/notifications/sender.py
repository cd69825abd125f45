"""The tasks of the outbox over and over, as a worker does them; killed by the tests.

``python -m tests.notifications.sender send``, ``remind``, or ``deeds``: a receipt for everybody.
"""

import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from notifications.delivery import send_due  # noqa: E402
from notifications.reminders import queue_due_reminders  # noqa: E402
from notifications.services import queue  # noqa: E402
from tests.notifications.example_room.apps import RECEIPT  # noqa: E402

print("ready", flush=True)  # noqa: T201
if sys.argv[1] == "remind":
    sys.stdin.readline()
    for _ in range(3):
        queue_due_reminders(now=timezone.now())
    print("done", flush=True)  # noqa: T201
while sys.argv[1] == "send":
    send_due(now=timezone.now(), clock=timezone.now)
if sys.argv[1] == "deeds":
    before = time.monotonic()
    for person in User.objects.all():
        queue(kind=RECEIPT, to=person, about=person, now=timezone.now(), context={"path": "/"})
    print(f"done in {time.monotonic() - before:.2f}", flush=True)  # noqa: T201
