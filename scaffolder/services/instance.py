"""A private instance of a service, from installed programs, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scaffolder.errors import ServiceUnusable
from scaffolder.services import probing, programs
from scaffolder.services.models import HOST, Private, Service
from scaffolder.services.processes import Command, Processes

START_S = 120
STOP_S = 60
TRIES = 3
# Below the ports that systems give to outgoing connections: one of those could take a port
# while its service is stopped.
PORTS = range(15000, 32000)
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses."""
    for _ in range(100):
        port = secrets.choice(PORTS)
        try:
            socket.create_server((HOST, port)).close()
        except OSError:
            continue
        return port
    raise ServiceUnusable(f"no free port between {PORTS.start} and {PORTS.stop} was found")


class Instance:
    """A private instance. Whoever owns `processes` ends it, and removes `folder`."""

    def __init__(
        self,
        service: Service,
        private: Private,
        folder: Path,
        processes: Processes,
        ports: Callable[[], int] = free_port,
    ) -> None:
        self._service = service
        self._private = private
        self._folder = folder
        self._processes = processes
        self._free_port = ports
        self._ports: Mapping[str, int] = {}
        self._programs = {name: path for name, path in programs.locate_all(private).items() if path}
        self._account = _account(private.account)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def source(self) -> str:
        """What it is, for people."""
        version = programs.version(self._programs[self._private.programs[0]])
        return f"private instance of {self._service.title} {version}".rstrip()

    @property
    def url(self) -> str:
        """Where it answers, once it was made."""
        return self._service.url.format_map(self._ports)

    def make(self) -> None:
        """Make it and start it.

        Raises:
            ServiceUnusable: when it does not come up, with the end of its log.
        """
        self._write_files()
        self._choose_ports()
        for command in self._private.make:
            if self._processes.run(self._command(command), START_S):
                raise self._failure("could not be made")
        for _ in range(TRIES):
            if self._come_up():
                return
            # Somebody else may have taken a port in between.
            self._choose_ports()
        raise self._failure("did not start")

    def start(self) -> None:
        """Start it again with its data and on its port; nothing happens when it runs.

        Raises:
            ServiceUnusable: when it does not come up, with the end of its log.
        """
        if self._server and self._server.poll() is None and self._answers():
            return
        self.stop()
        if not any(self._serve() for _ in range(TRIES)):
            raise self._failure("did not start again")

    def stop(self) -> None:
        """Stop it, so that nothing is lost; nothing happens when it does not run.

        Raises:
            ServiceUnusable: when it goes on.
        """
        if self._server is None:
            return
        self._server.send_signal(self._private.stop_signal)
        try:
            self._server.wait(STOP_S)
        except subprocess.TimeoutExpired:
            raise self._failure(f"did not stop within {STOP_S} s") from None
        self._processes.end(self._server)

    def _choose_ports(self) -> None:
        self._ports = {name: self._free_port() for name in ("port", *self._private.ports)}

    def _write_files(self) -> None:
        self._folder.mkdir(mode=0o700)
        for name, text in self._private.files.items():
            (self._folder / name).write_text(text, "utf-8")
        if self._account:
            for path in (self._folder, *self._folder.iterdir()):
                shutil.chown(path, self._account)

    def _come_up(self) -> bool:
        helper = self._private.helper
        if not helper:
            return self._serve()
        beside = self._processes.start(self._command(helper.command))
        port = self._ports[helper.port]
        if self._wait(beside, lambda: probing.listens(HOST, port)) and self._serve():
            return True
        self._processes.end(beside)
        return False

    def _serve(self) -> bool:
        server = self._processes.start(self._command(self._private.start))
        if self._wait(server, self._answers):
            self._server = server
            return True
        self._processes.end(server)
        return False

    def _answers(self) -> bool:
        return probing.answers(self._service.probe, HOST, self._ports["port"])

    def _wait(self, process: subprocess.Popen[bytes], true: Callable[[], bool]) -> bool:
        return probing.wait_for(true, START_S, lambda: process.poll() is None)

    def _command(self, words: tuple[str, ...]) -> Command:
        values = {"folder": self._folder, **self._ports}
        folders = dict.fromkeys(str(path.parent) for path in self._programs.values())
        return Command(
            arguments=(
                str(self._programs[words[0]]),
                *(word.format_map(values) for word in words[1:]),
            ),
            # A personal setting, such as PGOPTIONS, would change what is tested.
            environment={
                "PATH": os.pathsep.join([*folders, os.environ.get("PATH", os.defpath)]),
                "HOME": str(self._folder),
                "LC_ALL": LOCALE,
                **{
                    name: text.format_map(values)
                    for name, text in self._private.environment.items()
                },
            },
            folder=self._folder,
            log=self._log,
            account=self._account,
            end_signal=self._private.end_signal,
        )

    @property
    def _log(self) -> Path:
        return self._folder.with_name(f"{self._service.id}.log")

    def _failure(self, what: str) -> ServiceUnusable:
        lines = self._log.read_text("utf-8", "replace").split("\n") if self._log.exists() else []
        told = [line.strip() for line in lines if line.strip()][-5:]
        return ServiceUnusable(f"{self._service.title} {what}", why="; ".join(told))


def _account(name: str) -> str:
    """Return the account to change to: only root can, and some programs refuse to run as root."""
    if os.geteuid() != 0:
        return ""
    try:
        return pwd.getpwnam(name).pw_name if name else ""
    except KeyError:
        return ""
