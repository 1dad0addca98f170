"""A private, throw-away PostgreSQL from installed programs.

The server belongs to a keeper process, which waits for its standard input to close. That happens
on every way out of the tests, a kill included; then the server stops and its folder goes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "postgres"
PATIENCE_S = 60
TRIES = 3
# Whatever is lost when the machine stops is thrown away anyhow.
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, which may be stopped and started again where it was."""

    url: str
    _keeper: subprocess.Popen[str]

    def stop(self) -> None:
        """Stop it: connections are cut and nothing is lost."""
        self._tell("stop")

    def start(self) -> None:
        """Start it again, with its data and on its port."""
        self._tell("start")

    def _tell(self, command: str) -> None:
        assert self._keeper.stdin
        assert self._keeper.stdout
        self._keeper.stdin.write(f"{command}\n")
        self._keeper.stdin.flush()
        if self._keeper.stdout.readline().strip() != command:
            raise RuntimeError(f"PostgreSQL did not {command}")


@contextmanager
def private_postgres() -> Iterator[str]:
    """Run a server on a free port of the loopback interface, and give its URL."""
    with private_server() as server:
        yield server.url


@contextmanager
def private_server() -> Iterator[Server]:
    """Run a server on a free port of the loopback interface."""
    keeper = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # An interruption from the terminal goes to a whole group; the keeper has work to finish.
        start_new_session=True,
    )
    with keeper:
        assert keeper.stdin
        assert keeper.stdout
        url = keeper.stdout.readline().strip()
        try:
            if not url:
                raise RuntimeError("PostgreSQL did not start; `make services` installs it")
            yield Server(url, keeper)
        finally:
            keeper.stdin.close()
            keeper.wait(PATIENCE_S)


def new_database(url: str) -> str:
    """Make an empty database on the server of this URL, and return its URL."""
    name = f"d{uuid.uuid4().hex}"
    ask(url, f"create database {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def ask(url: str, statement: str) -> list[str]:
    """Run a statement and return the rows as text."""
    command = [str(programs() / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()


def programs() -> Path:
    """Return the folder with the newest PostgreSQL's programs.

    Raises:
        FileNotFoundError: with what to do.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    on_path = shutil.which("postgres")
    if not debian and not on_path:
        raise FileNotFoundError("PostgreSQL is not installed; `make services` installs it")
    return (debian[-1] if debian else Path(on_path or "").resolve()).parent


def keep() -> None:
    """Be the keeper: run a server until standard input closes, and do what is read there."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        _make(folder)
        server, port = _start_anywhere(folder)
        try:
            _say(f"postgres://{USER}@127.0.0.1:{port}/postgres")
            for line in sys.stdin:
                server = _obey(line.strip(), server, folder, port)
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _obey(
    command: str, server: subprocess.Popen[bytes], folder: Path, port: int
) -> subprocess.Popen[bytes]:
    # A crash would lose the last commits: for speed, they are not written through.
    _stop(server, signal.SIGINT)
    started = _start(folder, port) if command == "start" else server
    if started is None:
        raise RuntimeError((folder / "log").read_text())
    _say(command)
    return started


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _make(folder: Path) -> None:
    options = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
    initdb = _run(folder, "initdb", "-D", str(folder / "data"), "-U", USER, *options)
    if initdb.wait(PATIENCE_S):
        raise RuntimeError((folder / "log").read_text())


def _start_anywhere(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(TRIES):
        port = _free_port()
        # Somebody else may take the port in between.
        server = _start(folder, port)
        if server:
            return server, port
    raise RuntimeError((folder / "log").read_text())


def _start(folder: Path, port: int) -> subprocess.Popen[bytes] | None:
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    server = _run(folder, "postgres", "-D", str(folder / "data"), "-p", str(port), *settings)
    if _answers(server, folder / "data/postmaster.pid"):
        return server
    _stop(server)
    return None


def _run(folder: Path, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [str(programs() / program), *arguments]
    # PostgreSQL refuses to run as root, and a personal environment would reach every session.
    as_root = os.geteuid() == 0
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=USER if as_root else None,
            group=USER if as_root else None,
            extra_groups=[] if as_root else None,
        )


def _answers(server: subprocess.Popen[bytes], pid_file: Path) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            if pid_file.read_text().rstrip().endswith("ready"):
                return True
        time.sleep(0.02)
    return False


def _stop(server: subprocess.Popen[bytes], how: signal.Signals = signal.SIGQUIT) -> None:
    """Stop the server and, through it, all its processes, at once."""
    server.send_signal(how)
    try:
        server.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _version(program: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", str(program))]


if __name__ == "__main__":
    keep()
