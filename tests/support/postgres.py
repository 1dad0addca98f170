"""A private, throw-away PostgreSQL from installed programs, which ends with the tests."""

from __future__ import annotations

import os
import subprocess
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scaffolder.services.postgresql import POSTGRESQL
from scaffolder.services.programs import locate
from scaffolder.services.supply import CONTROL, supply

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same on every machine: neither what its environment names nor a container.
PRIVATE = replace(POSTGRESQL, variable="PRIVATE_DATABASE_URL", container=None)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, which may be stopped and started again where it was."""

    url: str
    _control: str

    def stop(self) -> None:
        """Stop it: connections are cut and nothing is lost."""
        self._tell("stop")

    def start(self) -> None:
        """Start it again, with its data and on its port."""
        self._tell("start")

    def _tell(self, verb: str) -> None:
        command = f"{self._control} {verb} {PRIVATE.id}"
        subprocess.run(command, check=True, shell=True)  # noqa: S602 - it is made for a shell


@contextmanager
def private_postgres() -> Iterator[str]:
    """Run a server on a free port of the loopback interface, and give its URL."""
    with private_server() as server:
        yield server.url


@contextmanager
def private_server() -> Iterator[Server]:
    """Run a server on a free port of the loopback interface."""
    with supply([PRIVATE], os.environ, lambda _: None) as supplied:
        yield Server(supplied.variables[PRIVATE.variable], supplied.variables[CONTROL])


def new_database(url: str) -> str:
    """Make an empty database on the server of this URL, and return its URL."""
    name = f"d{uuid.uuid4().hex}"
    ask(url, f"create database {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def ask(url: str, statement: str) -> list[str]:
    """Run a statement and return the rows as text."""
    psql = locate("psql", PRIVATE.private.places if PRIVATE.private else ())
    command = [str(psql), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()
