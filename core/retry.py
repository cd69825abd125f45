"""Trying again what another was quicker at."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

T = TypeVar("T")
TRIES = 5


def until_free(make: Callable[[], T]) -> T:
    """What ``make`` gives, tried again when somebody else took what it had found free, such as an
    address made of a title. Errors: ``IntegrityError`` when that happens ``TRIES`` times."""
    for _attempt in range(TRIES - 1):
        try:
            with transaction.atomic():
                return make()
        except IntegrityError:
            continue
    return make()
