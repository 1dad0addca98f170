"""Two commands timed side by side, pair by pair."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

ROUNDS = 9
PATIENCE_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Medians in seconds, and the median of the ratios of the pairs."""

    ours: float
    theirs: float
    ratio: float
    lowest: float
    highest: float


def compare(ours: Callable[[int], float], theirs: Callable[[int], float]) -> Comparison:
    """Time both after a warm-up; each takes the number of a round and returns seconds.

    Who goes first changes with each round, and a ratio is taken within a round, so that what else
    the machine does weighs on both alike.
    """
    ours(0)
    theirs(0)
    pairs = []
    for number in range(1, ROUNDS + 1):
        if number % 2:
            first = ours(number)
            pairs.append((first, theirs(number)))
        else:
            second = theirs(number)
            pairs.append((ours(number), second))
    ratios = sorted(mine / other for mine, other in pairs)
    return Comparison(
        ours=median(mine for mine, _ in pairs),
        theirs=median(other for _, other in pairs),
        ratio=median(ratios),
        lowest=ratios[0],
        highest=ratios[-1],
    )


def seconds(
    commands: Sequence[Sequence[str]], folder: Path, environment: Mapping[str, str]
) -> float:
    """Run the commands one after the other, and return how long that took.

    Raises:
        RuntimeError: when one of them fails; a failure is no time.
    """
    begun = time.perf_counter()
    for command in commands:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")
    return time.perf_counter() - begun
