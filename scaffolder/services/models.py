"""What a service is: data alone, since it crosses over to the process that keeps it."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A first exchange with a service, by which its readiness is known.

    Attributes:
        send: The bytes with which the protocol begins.
        expect: A regular expression for the beginning of what a ready service answers.
    """

    send: bytes
    expect: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A process that must run before a service and beside it.

    Attributes:
        command: As in `Private`.
        port: The name of the port on which it listens, one of `Private.ports`.
    """

    command: tuple[str, ...]
    port: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """How to run a throw-away instance from installed programs, on loopback alone.

    The first word of a command is one of `programs`. In other words of commands and in the
    environment ``{folder}`` stands for the instance's own folder, ``{port}`` for the port on
    which it must listen, ``{NAME}`` for a port of `ports`; other braces are doubled. Commands
    run in the folder, with only PATH, HOME (the folder), LC_ALL and `environment` set.

    Attributes:
        programs: Names of executables; all are required.
        places: Globs of folders where they are looked for before PATH; the newest version wins.
        account: Who runs the programs if we are root.
        ports: Names of further ports that it needs.
        files: Text by path inside the folder.
        make: Commands to run once, before the first start.
        helper: A process that runs beside it.
        start: The command of the service itself, which must stay in the foreground.
        stop_signal: Ends it so that nothing it acknowledged is lost.
        end_signal: Ends it at once, when its data is of no use any more.
    """

    programs: tuple[str, ...]
    start: tuple[str, ...]
    places: tuple[str, ...] = ()
    account: str = ""
    ports: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    make: tuple[tuple[str, ...], ...] = ()
    helper: Helper | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    end_signal: signal.Signals = signal.SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """How to run a throw-away instance in a container.

    Attributes:
        port: The port inside the container.
        command: Arguments for the image's entry point; none for its own.
        health: The command that exits 0 inside the container once the service is ready.
    """

    image: str
    port: int
    health: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that suites reach by a URL.

    Attributes:
        id: Its name in checklists, and for ``ACCEPTANCE_CONTROL``.
        title: Its name for people.
        variable: The environment variable in which suites find its URL.
        url: The URL of an instance that we start; ``{port}`` stands for its port.
        default_port: The port of a given URL that names none.
        probe: Tells whether it is ready.
        packages: What to install, by the command that installs it.
        private: How to run it from installed programs, where that is possible.
        container: How to run it in a container, where that is possible.
    """

    id: str
    title: str
    variable: str
    url: str
    default_port: int
    probe: Probe
    packages: Mapping[str, str] = field(default_factory=dict)
    private: Private | None = None
    container: Container | None = None
