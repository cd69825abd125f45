"""Telling a worker that a report waits, without depending on the broker."""

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def wake_builder() -> None:
    """Wake the building task. With the broker away nothing is lost: the sweep finds the run."""
    from .tasks import build_waiting_runs

    try:
        build_waiting_runs.delay()
    except (OperationalError, RedisError):
        logger.warning("broker.unreachable task=build_waiting_runs")
