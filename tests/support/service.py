"""A generated service as a running process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A build may come first, on a machine with other work to do.
PATIENCE_S = 180


@dataclass(frozen=True, slots=True)
class Service:
    """A service in a process group of its own."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def output(self) -> str:
        """Return what it printed so far."""
        return self.log.read_text("utf-8", "replace")

    def status(self, path: str) -> int | None:
        """Return the status that a GET of `path` gets; None when nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310
                status: int = answer.status
                return status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return None

    def wait_until_ready(self) -> None:
        """Wait for readiness; fail at once when the process has ended."""
        deadline = time.monotonic() + PATIENCE_S
        while self.status("/health/ready") != 200:
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.05)

    def group(self) -> list[int]:
        """Return the processes of its group that live, children of children too."""
        return [pid for pid in _processes() if _group_of(pid) == self.process.pid]

    def wait_until_gone(self) -> int:
        """Wait until the whole group has ended; return the exit code of its first process."""
        code = self.process.wait(PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while self.group():
            assert time.monotonic() < deadline, f"still there: {self.group()}\n{self.output()}"
            time.sleep(0.02)
        return code

    def kill(self) -> None:
        """Kill the whole group, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_S)


@contextmanager
def started(
    command: list[str], folder: Path, environment: Mapping[str, str], log: Path
) -> Iterator[Service]:
    """Start a service on a free port; its whole group is gone at the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    service = Service(process, f"http://127.0.0.1:{port}", log)
    try:
        yield service
    finally:
        service.kill()


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _group_of(pid: int) -> int | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else int(fields[2])
