"""Hold one program on a leash: when whoever started the leash goes, the program goes too.

usage: leash.py PIPE SECONDS COMMAND...

PIPE is the reading end of a pipe whose writing end only the starter holds: it reaches its end
when the starter dies, even by SIGKILL, on every kind of Unix. On Linux the kernel also ends the
program should the leash itself be killed. SIGTERM asks the program to end; one that does not
within SECONDS is killed with all that it started.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """In the new process: ask Linux for a SIGKILL when the leash dies."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Leash:
    """One program, and the reasons to end it."""

    def __init__(self, pipe: int, seconds_to_end: float, command: list[str]) -> None:
        self.pipe = pipe
        self.seconds_to_end = seconds_to_end
        self.orphaned = False
        self.told_to_end = False
        self.deadline: float | None = None
        self.wake, writing = os.pipe()
        os.set_blocking(writing, False)
        os.set_blocking(self.wake, False)
        signal.set_wakeup_fd(writing)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_sigterm)
        signal.signal(signal.SIGINT, lambda *_: None)
        # preexec_fn is safe here: the leash has one thread.
        self.program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,  # noqa: PLW1509
        )

    def _on_sigterm(self, *_: object) -> None:
        self.told_to_end = True

    def hold(self) -> int:
        """Wait until the program has ended; return its exit code."""
        while self.program.poll() is None:
            if (self.told_to_end or self.orphaned) and self.deadline is None:
                self.deadline = time.monotonic() + self.seconds_to_end
                self.program.terminate()
            if self.deadline is not None and time.monotonic() > self.deadline:
                self.program.kill()
            self._sleep()
        return self.program.returncode

    def _sleep(self) -> None:
        watched = [self.wake] if self.orphaned else [self.wake, self.pipe]
        seconds = None if self.deadline is None else max(0.1, self.deadline - time.monotonic())
        ready, _, _ = select.select(watched, [], [], seconds)
        if self.wake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self.wake, 4096)
        if self.pipe in ready and not os.read(self.pipe, 1):
            self.orphaned = True


def main() -> None:
    """Hold the program, then leave nothing of its process group behind."""
    leash = Leash(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
    code = leash.hold()
    if leash.orphaned:
        os.killpg(0, signal.SIGKILL)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
