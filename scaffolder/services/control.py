"""Stop and start a service under test: ``control.py SOCKET stop|start|restart NAME``.

The client is run as a file, by any environment and from any folder, so it imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

NAME = "socket"
VERBS = ("stop", "start", "restart")
# Longer than a service may take to stop and then to start.
PATIENCE_S = 300
USAGE = "usage: control.py SOCKET stop|start|restart NAME"


class Stoppable(Protocol):
    """What can be stopped and started."""

    def start(self) -> None:
        """Start it again; return once it answers."""

    def stop(self) -> None:
        """Stop it; return once it refuses connections."""


def command_line(address: str) -> str:
    """Return the words of a shell to which ``stop NAME`` is to be added."""
    # Isolated (-I): neither PYTHONPATH nor the folder of this file can change what is imported.
    return shlex.join([sys.executable, "-I", __file__, address])


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[socket.socket]:
    """Listen in a folder."""
    with socket.socket(socket.AF_UNIX) as listener:
        # The path of a socket may have about 100 characters, that of a temporary folder more.
        os.chdir(folder)
        listener.bind(NAME)
        listener.listen()
        yield listener


def serve(listener: socket.socket, services: Mapping[str, Stoppable]) -> None:
    """Obey for ever, one order at a time; the answer is "" or what went wrong."""
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError, ValueError):
            connection.settimeout(PATIENCE_S)
            with connection.makefile("rw", encoding="utf-8") as stream:
                verb, name = json.loads(stream.readline())
                stream.write(json.dumps(_obey(verb, name, services)) + "\n")


def _obey(verb: str, name: str, services: Mapping[str, Stoppable]) -> str:
    if verb not in VERBS:
        return USAGE
    if name not in services:
        return f"{name!r} was not started here; started: {', '.join(services) or 'nothing'}"
    try:
        if verb != "start":
            services[name].stop()
        if verb != "stop":
            services[name].start()
    except Exception as problem:  # noqa: BLE001 - the one who asked is told, whatever it is
        why = getattr(problem, "why", "")
        return f"{problem}: {why}" if why else str(problem) or repr(problem)
    return ""


def main(arguments: list[str]) -> int:
    """Give one order, and return the exit code."""
    try:
        address, verb, name = arguments
    except ValueError:
        return _complain(USAGE, 2)
    if verb not in VERBS:
        return _complain(USAGE, 2)
    try:
        answer = _ask(Path(address), [verb, name])
    except (OSError, ValueError) as problem:
        return _complain(f"the keeper of the services does not answer: {problem}", 1)
    return _complain(answer, 1) if answer else 0


def _ask(address: Path, order: list[str]) -> str:
    os.chdir(address.parent)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_S)
        connection.connect(address.name)
        with connection.makefile("rw", encoding="utf-8") as stream:
            stream.write(json.dumps(order) + "\n")
            stream.flush()
            answer: str = json.loads(stream.readline())
            return answer


def _complain(words: str, code: int) -> int:
    sys.stderr.write(f"{words}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
