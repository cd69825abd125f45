"""A sweep goes on past what fails, and says at its end that something did."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)


class Problems:
    """What failed in a sweep of many things.

    ``with problems.of("kind", 12):`` runs one thing; an error in it is logged by its type alone,
    for its words may hold personal data, and kept. ``raise_any()`` at the end fails the task, so
    that whoever watches the workers sees it. Errors: ``ExceptionGroup`` of what was kept.
    """

    def __init__(self, sweep: str) -> None:
        self.sweep = sweep
        self.found: list[Exception] = []

    @contextmanager
    def of(self, what: str, number: object = "") -> Iterator[None]:
        try:
            yield
        except Exception as problem:
            logger.exception(
                "sweep.failed sweep=%s of=%s number=%s problem=%s",
                self.sweep,
                what,
                number,
                type(problem).__name__,
            )
            self.found.append(problem)

    def raise_any(self) -> None:
        if self.found:
            raise ExceptionGroup(f"{self.sweep} failed in part", self.found)
