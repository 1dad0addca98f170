"""The services that suites need: as they are given, from Docker, or from installed programs."""

from __future__ import annotations

import contextlib
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffolder.errors import ServiceUnusable
from scaffolder.services import control, given

if TYPE_CHECKING:
    from scaffolder.services.models import Service

CONTROL = "ACCEPTANCE_CONTROL"
SOON_S = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """Services that are ready.

    Attributes:
        variables: What suites read: the URL of each, and ``ACCEPTANCE_CONTROL`` where at least
            one was started here.
        sources: For people, by service id: the variable that gave it, or how it was started.
    """

    variables: Mapping[str, str]
    sources: Mapping[str, str]


@contextmanager
def supply(
    services: Sequence[Service], environ: Mapping[str, str], say: Callable[[str], None]
) -> Iterator[Supplied]:
    """Have services ready for the time of a ``with``.

    However that ends, a kill of this process included, what was started ends, and its data goes.

    Args:
        services: Those that are needed.
        environ: The environment in which they are looked for, and in which programs are run.
        say: Gets a line for what takes over a second.

    Raises:
        ServiceUnusable: when one is not to be had; those that are missing are named all at once.
    """
    here = [service for service in services if environ.get(service.variable)]
    urls = {service.variable: given.check(service, environ) for service in here}
    sources = {service.id: service.variable for service in here}
    wanted = [service for service in services if service not in here]
    if not wanted:
        yield Supplied(variables=urls, sources=sources)
        return
    with _keeper(wanted, environ, say) as kept:
        started = {service.variable: kept["urls"][service.id] for service in wanted}
        yield Supplied(
            variables={**urls, **started, CONTROL: control.command_line(kept["control"])},
            sources={**sources, **kept["sources"]},
        )


@contextmanager
def _keeper(
    services: Sequence[Service], environ: Mapping[str, str], say: Callable[[str], None]
) -> Iterator[Mapping[str, Any]]:
    keeper = subprocess.Popen(
        # The folder that we happen to be in (-P) is not where its modules come from.
        [sys.executable, "-P", "-m", "scaffolder.services.keeper"],
        env=dict(environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # An interruption from the terminal goes to a whole group; the keeper has work to finish.
        start_new_session=True,
    )
    try:
        yield _start(keeper, services, say)
    finally:
        _finish(keeper, say)


def _start(
    keeper: subprocess.Popen[bytes], services: Sequence[Service], say: Callable[[str], None]
) -> Mapping[str, Any]:
    assert keeper.stdin  # noqa: S101 - for mypy: both are pipes
    assert keeper.stdout  # noqa: S101
    with contextlib.suppress(BrokenPipeError):
        pickle.dump(list(services), keeper.stdin)
        keeper.stdin.flush()
    for line in keeper.stdout:
        message: Mapping[str, Any] = json.loads(line)
        if "say" in message:
            say(message["say"])
        elif "urls" in message:
            return message
        elif "missing" in message:
            raise _missing(services, message["missing"], message["why"])
        else:
            raise _failed(services, message["failed"])
    raise ServiceUnusable("the process that starts services ended before they were ready")


def _finish(keeper: subprocess.Popen[bytes], say: Callable[[str], None]) -> None:
    with keeper:
        if keeper.stdin:
            with contextlib.suppress(BrokenPipeError):
                keeper.stdin.close()
        try:
            keeper.wait(SOON_S)
        except subprocess.TimeoutExpired:
            say("stopping the services")
            keeper.wait()


def _missing(
    services: Sequence[Service], missing: Mapping[str, Sequence[str]], why: str
) -> ServiceUnusable:
    lacking = [service for service in services if service.id in missing]
    programs = ", ".join(name for names in missing.values() for name in names if name)
    packages: dict[str, list[str]] = {}
    for service in lacking:
        for command, package in service.packages.items():
            packages.setdefault(command, []).append(package)
    commands = [" ".join([command, *names]) for command, names in packages.items()]
    variables = " and ".join(service.variable for service in lacking)
    return ServiceUnusable(
        f"{' and '.join(service.title for service in lacking)} cannot be had",
        why="; ".join(part for part in (why, programs and f"not installed: {programs}") if part),
        mend=", or ".join([*commands, f"set {variables}"]),
    )


def _failed(services: Sequence[Service], failed: Mapping[str, str]) -> ServiceUnusable:
    those = [service for service in services if service.id in failed]
    return ServiceUnusable(
        f"{' and '.join(service.title for service in those) or 'a service'} could not be started",
        why="; ".join(failed.values()),
        mend=f"set {' and '.join(service.variable for service in those or services)}",
    )
