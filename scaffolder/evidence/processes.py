"""Programs of the project, run to their end with everything that they start."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffolder.errors import ToolUnusable
from scaffolder.evidence.interruptions import postponed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_KEPT_LINES = 200
_LONGEST_LINE = 4000
_GRACE_S = 10.0
_BLINK_S = 0.05
_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended.

    Attributes:
        code: Its exit code; negative for a signal.
        late: Whether it was ended because its time was up.
        output: The last lines that it printed, on either stream.
    """

    code: int
    late: bool
    output: tuple[str, ...]


def run(
    command: Sequence[str],
    *,
    root: Path,
    environment: Mapping[str, str],
    say: Callable[[str], None],
    limit_s: float,
) -> Ended:
    """Run `command` in `root`, say each line as it comes, and end its whole group on any way out.

    Raises:
        ToolUnusable: when the program is not there.
    """
    output: deque[str] = deque(maxlen=_KEPT_LINES)
    process = None
    try:
        # An interruption between its start and its name here would leave it to nobody.
        with postponed():
            process = _start(command, root, environment)
            reader = _Reader(process)
        late = _follow(process, reader, output, say, time.monotonic() + limit_s)
    finally:
        if process:
            _end(process)
    return Ended(code=process.returncode, late=late, output=tuple(output))


def _start(
    command: Sequence[str], root: Path, environment: Mapping[str, str]
) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            command,
            cwd=root,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ToolUnusable(f"{command[0]} cannot be run: {reason}") from error


class _Reader(threading.Thread):
    """Read what a program prints, to its end, and close the stream."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._stream = process.stdout
        self.start()

    def run(self) -> None:
        if self._stream is None:
            return
        with self._stream as stream:
            while line := stream.readline(_LONGEST_LINE):
                self.lines.put(line.rstrip("\n"))


def _follow(
    process: subprocess.Popen[str],
    reader: _Reader,
    output: deque[str],
    say: Callable[[str], None],
    deadline: float,
) -> bool:
    """Say the lines until the program ends; return whether it was too late."""
    while time.monotonic() < deadline:
        # Asked first: what it printed before its end is read after that.
        ended = process.poll() is not None
        if ended:
            # Not for long: whoever it started may hold the stream open, and go on printing.
            reader.join(_BLINK_S)
        _hear(reader.lines, output, say)
        if ended:
            return False
    return process.poll() is None


def _hear(lines: queue.SimpleQueue[str], output: deque[str], say: Callable[[str], None]) -> None:
    """Say what is there, and wait a moment where there is nothing."""
    try:
        # Short, so that a signal is noticed at once.
        line = lines.get(timeout=_BLINK_S)
        for _ in range(_AT_ONCE):
            output.append(line)
            say(line)
            line = lines.get_nowait()
    except queue.Empty:
        return
    output.append(line)
    say(line)


def _end(process: subprocess.Popen[str]) -> None:
    """Ask the group to end, and make it."""
    try:
        if process.poll() is None:
            _signal(process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE_S)
    finally:
        # Whoever is left of the group, be it after a second Ctrl-C.
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
