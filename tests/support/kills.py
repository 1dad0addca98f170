"""Runs of ``scaffolder new`` that are killed at random instants, or that race each other.

Most of them are forked from this process, in which everything is imported: then a kill falls into
the generation itself, and a run takes a fifth of the time. The others start from nothing.
"""

from __future__ import annotations

import os
import random
import select
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scaffolder.staging import PREFIX
from tests.support.runs import contents, git

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator, Mapping
    from pathlib import Path

AT_ONCE = 2
ARGUMENTS = ["new", "greeter", "--defaults"]


@dataclass(kw_only=True)
class Run:
    """A process, and the pipe on which it says what it has to say until it ends."""

    pid: int
    pipe: int
    said: bytes = field(default=b"")

    def wait(self, until: float) -> bool:
        """Wait for the end, but no longer than `until`; tell whether it came."""
        while True:
            ready, _, _ = select.select([self.pipe], [], [], max(until - time.monotonic(), 0))
            if not ready:
                return False
            part = os.read(self.pipe, 65536)
            if not part:
                return True
            self.said += part

    def finish(self) -> tuple[int, str]:
        """Wait for the end and return the exit code, negative for a signal, and the words."""
        self.wait(time.monotonic() + 120)
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status), self.said.decode()


def start(plugin: Path, folder: Path, *, fresh: bool) -> Run:
    """Start a run in `folder`: with a new interpreter, or with all modules there already."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Run(pid=pid, pipe=reading)
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor, target in ((nowhere, 0), (nowhere, 1), (writing, 2)):
            os.dup2(descriptor, target)
        os.closerange(3, 1024)
        os.chdir(folder)
        if fresh:
            os.environ["PYTHONPATH"] = str(plugin)
            os.execv(sys.executable, [sys.executable, "-m", "scaffolder", *ARGUMENTS])  # noqa: S606
        sys.path.insert(0, str(plugin))
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1)  # noqa: SIM115
        from scaffolder.cli import run

        os._exit(run(ARGUMENTS))
    except KeyboardInterrupt:
        # Before `run` or after it; as __main__ does.
        os._exit(130)
    finally:
        os._exit(99)


@dataclass(frozen=True, kw_only=True)
class Generator:
    """How a project is generated here, how a whole one looks, and how long a run takes."""

    plugin: Path
    whole: Mapping[str, tuple[str, int, bytes]]
    durations: Mapping[bool, float]

    def start(self, folder: Path, *, fresh: bool = False) -> Run:
        return start(self.plugin, folder, fresh=fresh)

    def state(self, folder: Path) -> str:
        """Return ``whole``, ``none``, or what is wrong with the project in `folder`."""
        project = folder / "greeter"
        others = {entry.name for entry in folder.iterdir() if not entry.name.startswith(PREFIX)}
        if others - {"greeter"}:
            return f"strangers: {others}"
        if not project.exists():
            return "none"
        if contents(project) != self.whole:
            return "other files"
        if not (project / ".env").exists():
            return "no secrets"
        git(project, "fsck", "--strict")
        if git(project, "status", "--porcelain") or not git(project, "log", "--format=%H"):
            return "not clean"
        return "whole"


def measure(plugin: Path, folder: Path) -> Generator:
    """Generate `AT_ONCE` projects at a time, as the tests do, and take the time of the slower."""
    import copier  # noqa: F401 - forked runs find it loaded
    import git as gitpython  # noqa: F401

    durations = {}
    # The first of a kind fills caches.
    for i, fresh in enumerate((False, False, True)):
        folders = [folder / f"{i}-{at}" for at in range(AT_ONCE)]
        for each in folders:
            each.mkdir(parents=True)
        began = time.monotonic()
        for run in [start(plugin, each, fresh=fresh) for each in folders]:
            code, said = run.finish()
            assert code == 0, said
        durations[fresh] = time.monotonic() - began
    whole = contents(folder / "0-0" / "greeter")
    return Generator(plugin=plugin, whole=whole, durations=durations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """What became of one run: its folder, the instant of the kill, exit code, words, state."""

    folder: Path
    fresh: bool
    after: float
    code: int
    said: str
    state: str
    left: int


def kill(
    generator: Generator, name: signal.Signals, folder: Path, count: int, seed: int
) -> Iterator[Kill]:
    """Kill `count` runs, `AT_ONCE` at a time, at instants spread over the duration of a run."""
    dice = random.Random(f"{seed} {name}")
    for first in range(0, count, AT_ONCE):
        fresh = first % 10 == 0
        span = generator.durations[fresh] * 1.15
        instants = sorted(dice.uniform(0, span) for _ in range(AT_ONCE))
        folders = [folder / str(first + at) for at in range(AT_ONCE)]
        for each in folders:
            each.mkdir()
        began = time.monotonic()
        runs = [generator.start(each, fresh=fresh) for each in folders]
        for run, after in zip(runs, instants, strict=True):
            if not run.wait(began + after):
                os.kill(run.pid, name)
        for run, after, each in zip(runs, instants, folders, strict=True):
            code, said = run.finish()
            yield Kill(
                folder=each,
                fresh=fresh,
                after=after,
                code=code,
                said=said,
                state=generator.state(each),
                left=sum(entry.name.startswith(PREFIX) for entry in each.iterdir()),
            )
