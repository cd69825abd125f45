"""Telling a worker that something waits for it, without depending on the broker."""

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def wake_scanner() -> None:
    """Wake the scanning task. With the broker away nothing is lost: beat wakes it each minute."""
    from .tasks import scan_files

    try:
        scan_files.delay()
    except (OperationalError, RedisError):
        logger.warning("broker.unreachable task=scan_files")


def wake_planner() -> None:
    """Wake the reckoning of plans. With the broker away beat wakes it each minute."""
    from .tasks import firm_up_plans

    try:
        firm_up_plans.delay()
    except (OperationalError, RedisError):
        logger.warning("broker.unreachable task=firm_up_plans")
