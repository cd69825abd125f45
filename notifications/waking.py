"""Telling a worker that there is something to do, without depending on the broker."""

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def wake_sender() -> None:
    """Wake the sending task. With the broker away nothing is lost: the sweep finds the row."""
    from .tasks import send_due_messages

    try:
        send_due_messages.delay()
    except (OperationalError, RedisError):
        logger.warning("broker.unreachable task=send_due_messages")
