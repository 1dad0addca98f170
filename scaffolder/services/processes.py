"""The processes of a keeper: none starts after the end, and none outlives it."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GRACE_S = 10


class Closed(Exception):
    """The keeper is ending, and nothing may start any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run.

    Attributes:
        log: The file that its output is added to.
        account: Who runs it; "" for ourselves.
        end_signal: Ends it at once.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    account: str = ""
    end_signal: signal.Signals = signal.SIGKILL


class Processes:
    """Processes, each of which leads a group."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._running: dict[subprocess.Popen[bytes], signal.Signals] = {}

    @property
    def closed(self) -> bool:
        """Whether the end has begun."""
        return self._closed

    def start(self, command: Command) -> subprocess.Popen[bytes]:
        """Start a process.

        Raises:
            Closed: when the end has begun.
        """
        with self._lock, command.log.open("ab") as log:
            if self._closed:
                raise Closed
            process = subprocess.Popen(
                command.arguments,
                cwd=command.folder,
                env=command.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
                **_identity(command.account),
            )
            self._running[process] = command.end_signal
            return process

    def run(self, command: Command, patience_s: float) -> int:
        """Run a process to its end and return its exit code.

        Raises:
            subprocess.TimeoutExpired: when it took longer than `patience_s`; it is ended.
            Closed: when the end has begun.
        """
        process = self.start(command)
        try:
            code = process.wait(patience_s)
        finally:
            self.end(process)
        if self._closed:
            raise Closed
        return code

    def end(self, *processes: subprocess.Popen[bytes]) -> None:
        """End processes with their groups at once, whatever becomes of their data."""
        for process in processes:
            _signal(process, self._running.get(process, signal.SIGKILL))
        deadline = time.monotonic() + GRACE_S
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0))
            _signal(process, signal.SIGKILL)
            process.wait()
            self._running.pop(process, None)

    def close(self) -> None:
        """End all of them, and let none start any more."""
        with self._lock:
            self._closed = True
        self.end(*self._running)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # After the leader was waited for, its number may be somebody else's.
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def _identity(account: str) -> dict[str, Any]:
    if not account:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
