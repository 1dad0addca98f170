"""Services in containers, by a generated compose file and a project name of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffolder.errors import ServiceUnusable
from scaffolder.services import probing
from scaffolder.services.instance import START_S, TRIES, free_port
from scaffolder.services.models import HOST, Container, Service
from scaffolder.services.processes import Command, Processes

# An engine that hangs is no engine; images may have to be fetched over a slow line.
ASK_S = 5
UP_S = 900
STOP_S = 30
DOWN_S = 120
# From ready inside the container to ready on this machine.
ANSWER_S = 10
TAKEN = re.compile(r"already (allocated|in use)|ports are not available", re.IGNORECASE)


def engine_answers() -> bool:
    """Tell whether there is a Docker engine with compose that answers within a few seconds."""
    docker = shutil.which("docker")
    asked = (("info", "--format", "{{.ServerVersion}}"), ("compose", "version"))
    return docker is not None and all(_succeeds(docker, *words) for words in asked)


def _succeeds(*command: str) -> bool:
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASK_S,
        )
        # Without an engine some versions of `docker info` exit 0 and print nothing.
        return done.returncode == 0 and done.stdout.strip() != b""
    return False


class Compose:
    """A compose project with the containers of some services; whoever makes it calls `down`."""

    def __init__(
        self,
        services: Sequence[Service],
        folder: Path,
        processes: Processes,
        ports: Callable[[], int] = free_port,
    ) -> None:
        self._services = services
        self._folder = folder
        self._processes = processes
        self._free_port = ports
        self._ports: dict[str, int] = {}
        self._name = f"scaffolder-check-{secrets.token_hex(6)}"
        self._docker = shutil.which("docker") or "docker"

    def up(self) -> None:
        """Create and start the containers, and wait until they are ready.

        Raises:
            ServiceUnusable: when they do not come up, with the end of what compose said.
        """
        for _ in range(TRIES):
            self._write()
            if self._run("up", "--detach", "--wait", "--quiet-pull", patience_s=UP_S):
                break
            if not TAKEN.search(self._said()):
                raise self._failure("docker compose up failed")
            self.down()
        else:
            raise self._failure("docker compose up found no free port")
        for service in self._services:
            self.wait_for(service, ANSWER_S)

    def down(self) -> None:
        """Remove the containers with their data; it works after the end of the processes too."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                self._words("down", "--volumes", "--remove-orphans", "--timeout", "0"),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=DOWN_S,
            )

    def order(self, *words: str) -> None:
        """Give compose an order about a running container.

        Raises:
            ServiceUnusable: when it fails.
        """
        if not self._run(*words, patience_s=START_S):
            raise self._failure(f"docker compose {words[0]} failed")

    def wait_for(self, service: Service, patience_s: float) -> None:
        """Wait until a service answers on this machine, where a remote engine's would not.

        Raises:
            ServiceUnusable: when it does not.
        """
        port = self._ports[service.id]
        if not probing.wait_for(
            lambda: probing.answers(service.probe, HOST, port),
            patience_s,
            lambda: not self._processes.closed,
        ):
            raise ServiceUnusable(f"{service.title} runs in Docker, but not on this machine's port")

    def url(self, service: Service) -> str:
        """Return where the service answers."""
        return service.url.format(port=self._ports[service.id])

    def _write(self) -> None:
        # Ports that Docker chooses would change when a container is stopped and started.
        self._ports = {service.id: self._free_port() for service in self._services}
        services = {
            service.id: _described(service.container, self._ports[service.id])
            for service in self._services
            if service.container
        }
        # JSON is YAML. A dollar sign would begin a variable.
        text = json.dumps({"services": services}, indent=2).replace("$", "$$")
        self._file.write_text(text, "utf-8")

    def _run(self, *words: str, patience_s: float) -> bool:
        self._log.write_bytes(b"")
        command = Command(
            arguments=self._words(*words),
            environment=os.environ,
            folder=self._folder,
            log=self._log,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._processes.run(command, patience_s) == 0
        return False

    def _words(self, *words: str) -> tuple[str, ...]:
        return (self._docker, "compose", "-p", self._name, "-f", str(self._file), *words)

    @property
    def _file(self) -> Path:
        return self._folder / "compose.yaml"

    @property
    def _log(self) -> Path:
        return self._folder / "compose.log"

    def _said(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def _failure(self, what: str) -> ServiceUnusable:
        told = [line.strip() for line in self._said().split("\n") if line.strip()][-3:]
        return ServiceUnusable(what, why="; ".join(told))


class Contained:
    """A service of a compose project."""

    def __init__(self, service: Service, compose: Compose) -> None:
        self._service = service
        self._compose = compose

    source = "docker compose"

    @property
    def url(self) -> str:
        """Where it answers."""
        return self._compose.url(self._service)

    def start(self) -> None:
        """Start the container again, with its data and on its port."""
        self._compose.order("start", self._service.id)
        self._compose.wait_for(self._service, START_S)

    def stop(self) -> None:
        """Stop the container."""
        self._compose.order("stop", "--timeout", str(STOP_S), self._service.id)


def _described(container: Container, port: int) -> Mapping[str, Any]:
    described = {
        "image": container.image,
        "environment": dict(container.environment),
        "ports": [f"{HOST}:{port}:{container.port}"],
        "healthcheck": {
            "test": ["CMD", *container.health],
            "interval": "1s",
            "timeout": "10s",
            "retries": 120,
        },
    }
    return {**described, "command": list(container.command)} if container.command else described
