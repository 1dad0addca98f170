"""The process that owns the started services, so that they end with the one who needs them.

It is told on standard input what to keep, says on standard output where that is, and ends all of
it when standard input closes: that happens on every way out of the other side, a kill included.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from scaffolder.errors import ServiceUnusable
from scaffolder.services import control, docker, programs
from scaffolder.services.instance import Instance
from scaffolder.services.processes import Closed, Processes

if TYPE_CHECKING:
    from scaffolder.services.models import Service

PREFIX = "scaffolder-check-"
SOON_S = 1


class Running(Protocol):
    """A service that was started, whichever way."""

    @property
    def url(self) -> str:
        """Where it answers."""

    @property
    def source(self) -> str:
        """What it is, for people."""

    def start(self) -> None:
        """Start it again."""

    def stop(self) -> None:
        """Stop it, so that nothing is lost."""


class Keeper:
    """Starts services in a folder, and ends them."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services
        self._processes = Processes()
        self._compose: docker.Compose | None = None
        self._running: dict[str, Running] = {}
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        if os.geteuid() == 0:
            # Other accounts must reach the folders of their own in it.
            self._folder.chmod(0o711)
        self._control = self._folder / "control"
        self._control.mkdir(mode=0o700)

    def work(self) -> None:
        """Start everything, report, and obey until the end."""
        with contextlib.suppress(Closed, BrokenPipeError):
            try:
                with control.listening(self._control) as listener:
                    report = self._start_all()
                    _tell({**report, "control": str(self._control / control.NAME)})
                    control.serve(listener, self._running)
            except Exception:  # noqa: BLE001 - the other side is told, whatever it is
                if not self._processes.closed:
                    _tell({"failed": {"": traceback.format_exc()}})

    def close(self) -> None:
        """End everything, and remove the folder."""
        self._processes.close()
        if self._compose:
            self._compose.down()
        while self._folder.exists():
            # What is just ending may still write.
            shutil.rmtree(self._folder, ignore_errors=True)

    def _start_all(self) -> Mapping[str, Any]:
        candidates = [service for service in self._services if service.container]
        engine = bool(candidates) and docker.engine_answers()
        why = "no Docker engine answers" if candidates and not engine else ""
        if missing := self._missing(candidates if engine else []):
            return {"missing": missing, "why": why}
        if engine:
            why = self._start_containers(candidates)
        if missing := self._missing([]):
            return {"missing": missing, "why": why}
        if why and engine:
            _tell({"say": f"{why}; using installed programs"})
        if failed := self._start_instances():
            return {"failed": failed}
        return {
            "urls": {name: running.url for name, running in self._running.items()},
            "sources": {name: running.source for name, running in self._running.items()},
        }

    def _missing(self, others: Sequence[Service]) -> Mapping[str, Sequence[str]]:
        """Return the missing programs of each service that is neither started nor in `others`."""
        kept = {*self._running, *(service.id for service in others)}
        left = [service for service in self._services if service.id not in kept]
        found = {
            service.id: programs.locate_all(service.private) if service.private else {"": None}
            for service in left
        }
        return {
            name: [program for program, path in paths.items() if path is None]
            for name, paths in found.items()
            if None in paths.values()
        }

    def _start_containers(self, services: Sequence[Service]) -> str:
        """Start what Docker can run; return why nothing of it came up, or ""."""
        compose = self._compose = docker.Compose(services, self._folder, self._processes)
        titles = _listed(service.title for service in services)
        try:
            with announced(f"starting {titles} with docker compose; images may have to be fetched"):
                compose.up()
        except ServiceUnusable as problem:
            compose.down()
            self._compose = None
            return _words(problem)
        self._running |= {service.id: docker.Contained(service, compose) for service in services}
        return ""

    def _start_instances(self) -> Mapping[str, str]:
        """Start what is not running yet; return why, for each that does not come up."""
        instances = {
            service.id: Instance(
                service, service.private, self._folder / service.id, self._processes
            )
            for service in self._services
            if service.private and service.id not in self._running
        }
        if not instances:
            return {}
        titles = _listed(service.title for service in self._services if service.id in instances)
        with announced(f"starting {titles}"), ThreadPoolExecutor(len(instances)) as pool:
            failed = dict(zip(instances, pool.map(_make, instances.values()), strict=True))
        self._running |= instances
        return {name: why for name, why in failed.items() if why}


def _make(instance: Instance) -> str:
    try:
        instance.make()
    except ServiceUnusable as problem:
        return _words(problem)
    except (OSError, LookupError, ValueError, subprocess.TimeoutExpired) as problem:
        return f"{instance.source}: {problem!r}"
    return ""


def _words(problem: ServiceUnusable) -> str:
    return f"{problem}: {problem.why}" if problem.why else str(problem)


@contextlib.contextmanager
def announced(what: str) -> Iterator[None]:
    """Say what is under way, once it takes over a second."""
    timer = threading.Timer(SOON_S, lambda: _tell({"say": what}))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _tell(message: Mapping[str, Any]) -> None:
    # One write a line, so that threads do not mix theirs.
    os.write(sys.stdout.fileno(), f"{json.dumps(message)}\n".encode())


def _listed(titles: Iterator[str]) -> str:
    *first, last = titles
    return f"{', '.join(first)} and {last}" if first else last


def main() -> NoReturn:
    """Keep services until standard input closes."""
    # Unlike an ignored signal, a handled one is not handed down to what is started here.
    signal.signal(signal.SIGINT, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    # It comes from our own parent, over a pipe that nobody else can write to.
    services: Sequence[Service] = pickle.load(sys.stdin.buffer)  # noqa: S301
    keeper = Keeper(services)
    try:
        threading.Thread(target=keeper.work, daemon=True).start()
        sys.stdin.buffer.read()
    finally:
        keeper.close()
        # Threads that wait for what has just ended need not be waited for.
        os._exit(0)


def _leave(*_: object) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    raise SystemExit


if __name__ == "__main__":
    main()
