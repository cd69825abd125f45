"""Real processes in tests: free ports, waiting for words and addresses, and who is left over."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], object], what: str, seconds: float = 15) -> None:
    """Wait until `ready()` is true; fail with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} seconds: {what}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_for_url(url: str, seconds: float = 30) -> None:
    """Wait until `url` answers 200."""
    wait_until(lambda: answers(url), f"{url} answers", seconds)


def processes_in(folder: Path) -> dict[int, str]:
    """The command of each live process whose working folder is in `folder`, by process id."""
    found = {}
    for pid, cwd in _working_folders():
        if Path(cwd).is_relative_to(folder.resolve()):
            shown = subprocess.run(
                ["ps", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True
            )
            if shown.stdout.strip():
                found[pid] = shown.stdout.strip()
    return found


def _working_folders() -> Iterator[tuple[int, str]]:
    if Path("/proc/self/cwd").exists():
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    yield int(entry.name), str((entry / "cwd").readlink())
                except OSError:  # it ended meanwhile, or is a zombie, or is another user's
                    continue
        return
    listed = subprocess.run(
        ["lsof", "-a", "-d", "cwd", "-Fpn"], check=False, capture_output=True, text=True
    )
    pid = 0
    for line in listed.stdout.splitlines():
        if line.startswith("p"):
            pid = int(line[1:])
        elif line.startswith("n"):
            yield pid, line[1:]


class Started:
    """A process that a test started, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def join(self) -> None:
        """Wait until everybody who can write to its output has ended."""
        self._reader.join(20)

    @property
    def said(self) -> str:
        """All of its output, standard error included."""
        return "\n".join(self.lines)

    def wait_for(self, pattern: str, seconds: float = 30) -> re.Match[str]:
        """Wait until its output matches `pattern`; fail, showing the output, if it ends first."""
        end = time.monotonic() + seconds
        while True:
            ended = self.process.poll() is not None
            if ended:
                self.join()
            match = re.search(pattern, self.said)
            if match:
                return match
            if ended or time.monotonic() > end:
                raise AssertionError(f"it never said {pattern!r}; it said:\n{self.said}")
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM, seconds: float = 30) -> int:
        """Send a signal, wait for the end, return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(seconds)
        self.join()
        return code


@contextmanager
def started(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Started]:
    """Run `command` in `folder` for as long as the block lasts; in this environment or another."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    one = Started(process)
    try:
        yield one
    finally:
        _end_group(one)


def _end_group(one: Started) -> None:
    """Kill what is left of a process and of its group, then read its last words."""
    with suppress(ProcessLookupError):
        os.killpg(one.process.pid, signal.SIGKILL)
    one.process.wait(10)
    one.join()
    assert one.process.stdout is not None
    one.process.stdout.close()
