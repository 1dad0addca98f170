"""A service of ours beside a bare one: how many requests each answers."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.pairs import ROUNDS, compare
from tests.support import node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# To be copied into the project, whose package.json makes a module of it.
LOAD = Path(__file__).parent / "node/load.ts"
REQUESTS, CONNECTIONS = 4000, 16
RATIO_AIM = 0.7


def introduce() -> None:
    """Print what the figures mean, and where they were taken."""
    print(
        f"{ROUNDS} rounds of {REQUESTS} requests over {CONNECTIONS} connections, after a warm-up;\n"
        "a ratio is the median of the ratios of throughput within a round.\n"
        f"{platform.machine()}, {os.cpu_count()} cores\n"
    )


def heading() -> None:
    """Print the heading of the rows that `beside` prints."""
    print(f"{'':20}{'ours/s':>9}{'bare/s':>9}{'ratio':>7}{'range':>12}{'aim':>7}")


def beside(name: str, ours: Callable[[int], float], theirs: Callable[[int], float]) -> None:
    """Compare the two, which return seconds for all requests, and print a row."""
    result = compare(ours, theirs)
    # Of the times, so upside down: the longer it takes, the less gets through.
    span = f"{1 / result.highest:.2f}-{1 / result.lowest:.2f}"
    rates = f"{REQUESTS / result.ours:9.0f}{REQUESTS / result.theirs:9.0f}"
    print(f"{name:20}{rates}{1 / result.ratio:7.2f}{span:>12}{f'>={RATIO_AIM}':>7}", flush=True)


def loader(
    project: Path,
    environment: Mapping[str, str],
    url: str,
    *headers: str,
    requests: int = REQUESTS,
) -> Callable[[int], float]:
    """Return how to send the requests; it returns the seconds from the first to the last."""
    command = ["node", LOAD.name, url, str(requests), str(CONNECTIONS), *headers]
    return lambda _: float(run(command, project, environment)) / 1000


def run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    """Run a command that has to succeed, and return what it printed."""
    done = node.run(command, folder, environment)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done.stdout
