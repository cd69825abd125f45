"""Showing how far a run is while it is made, and that its worker lives."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from django.db import DatabaseError, connection

from .enums import RunState
from .models import ReportRun

logger = logging.getLogger(__name__)

INTERVAL = 1.0


class Pulse:
    """Writes progress and renews the claim once a second, on a connection of its own.

    So people see progress while the figures are read in one long transaction, a report with
    100,000 small steps costs no more writes than one with ten, and a worker that makes a long
    PDF is not taken for dead. ``clock`` gives the moment. Use it as a context manager.
    """

    def __init__(
        self, run: ReportRun, clock: Callable[[], datetime], interval: float = INTERVAL
    ) -> None:
        self._claim = {"pk": run.pk, "claim": run.claim, "state": RunState.BUILDING}
        self._clock = clock
        self._interval = interval
        self._far = (0, 0, "")
        self.now = clock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"report-{run.pk}", daemon=True)

    def __call__(self, done: int, total: int, words: str) -> None:
        """``done`` of ``total`` steps, and what is being done in a few ``words``."""
        total = max(int(total), 0)
        self._far = (min(max(int(done), 0), total), total, str(words)[:200])

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(self._interval):
                self._write()
        finally:
            connection.close()

    def _write(self) -> None:
        done, total, doing = self._far
        try:
            ReportRun.objects.filter(**self._claim).update(
                done=done, total=total, doing=doing, claimed_at=self._clock()
            )
        except DatabaseError as error:
            # The next beat tries again; the run itself fails or goes on by its own connection.
            connection.close()
            logger.warning("report.pulse_missed problem=%s", type(error).__name__)
