"""Start the portal's processes together, restart what falls, and stop them all together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from portal.words import say

LEASH = Path(__file__).with_name("leash.py")
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_END = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SECONDS_THAT_COUNT_AS_WELL = 60.0


@dataclass
class Program:
    """A program to keep running.

    `up_elsewhere` says whether somebody else already runs it: then it is left to them, and
    started here once they stop. `seconds_to_end`: how long it may take to stop when asked.
    """

    name: str
    command: list[str]
    folder: Path
    up_elsewhere: Callable[[], bool] = lambda: False
    seconds_to_end: float = SECONDS_TO_END
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)


class Supervisor:
    """Keeps programs running until it is told to stop, by `stop_asked` or a signal.

    environment: what every program finds in its environment.
    tell: where the programs' lines go, each with the program's name before it.
    """

    def __init__(self, environment: Mapping[str, str], tell: Callable[[str], None] = say) -> None:
        self.environment = dict(environment)
        self.tell = tell
        self.programs: list[Program] = []
        self.stop_asked = False
        self._readers: list[threading.Thread] = []
        # Every leash watches the reading end; only this process ever holds the writing end.
        self.pipe, self._held = os.pipe()

    def listen_to_signals(self) -> None:
        """Stop at Ctrl-C, SIGTERM or a closed terminal."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self.stop_asked = True

    def add(self, program: Program) -> None:
        """Start a program, unless it is up elsewhere, and look after it from now on."""
        self.programs.append(program)
        if program.up_elsewhere():
            self.tell(f"{program.name} is already up: using it")
        else:
            self.start(program)

    def start(self, program: Program) -> None:
        """Start a program on a leash."""
        program.started = time.monotonic()
        program.process = self.leashed(
            program.command, program.folder, program.seconds_to_end, subprocess.PIPE
        )
        lines = program.process.stdout
        assert lines is not None
        reader = threading.Thread(target=self._pass_on, args=(program.name, lines), daemon=True)
        reader.start()
        self._readers.append(reader)

    def leashed(
        self, command: list[str], folder: Path, seconds: float, output: int | None = None
    ) -> subprocess.Popen[str]:
        """A process that ends within `seconds` of this one; `output` as in Popen's stdout."""
        return subprocess.Popen(
            [sys.executable, str(LEASH), str(self.pipe), str(seconds), *command],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[self.pipe],
            start_new_session=True,
            text=True,
            errors="replace",
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
        )

    def run_once(self, command: list[str], folder: Path) -> int | None:
        """Run a command to its end; return its exit code, None if told to stop meanwhile."""
        process = self.leashed(command, folder, SECONDS_TO_END)
        while process.poll() is None:
            if self.stop_asked:
                process.terminate()
                process.wait()
                return None
            time.sleep(0.05)
        return process.returncode

    def _pass_on(self, name: str, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self.tell(f"{name:<7}| {line.rstrip()}")

    def look(self) -> None:
        """Look at every program once; start again what is down and due."""
        for program in self.programs:
            if program.process is None:
                self._start_when_gone(program)
            elif program.process.poll() is not None:
                self._after_fall(program, program.process)

    def _start_when_gone(self, program: Program) -> None:
        now = time.monotonic()
        if now < program.due or program.up_elsewhere():
            return
        self.start(program)

    def _after_fall(self, program: Program, process: subprocess.Popen[str]) -> None:
        _end_group(process)
        if time.monotonic() - program.started > SECONDS_THAT_COUNT_AS_WELL:
            program.pause = FIRST_PAUSE
        self.tell(
            f"{program.name} stopped (exit code {process.returncode}); "
            f"starting it again in {program.pause:.0f} s"
        )
        program.process = None
        program.due = time.monotonic() + program.pause
        program.pause = min(program.pause * 2, LONGEST_PAUSE)

    def look_after(self) -> None:
        """Look again and again until told to stop."""
        while not self.stop_asked:
            self.look()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def stop(self) -> None:
        """Stop every program, the last added first, the first added alone at the end.

        The first is the broker: the others say goodbye to it.
        """
        for group in (self.programs[1:][::-1], self.programs[:1]):
            running = [program.process for program in group if program.process is not None]
            for process in running:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
            for process in running:
                process.wait()
                _end_group(process)
        for reader in self._readers:
            reader.join(SECONDS_TO_END)


def _end_group(leash: subprocess.Popen[str]) -> None:
    """Kill what a leash that has ended may have left: it led a process group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leash.pid, signal.SIGKILL)
