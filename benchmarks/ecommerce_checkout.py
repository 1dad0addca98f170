"""``python -m benchmarks.ecommerce_checkout``: checkouts of the E-commerce API, and their floor.

The floor is what the database alone takes: the very statements that the service sends for a
checkout are recorded, and run again by a bare driver over as many connections. The rest is what
the service does besides: HTTP, the session, validation, Prisma, logging. Nobody takes payments
here, as the time that Stripe takes is Stripe's.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.pairs import ROUNDS, compare
from benchmarks.throughput import run
from tests.support import node
from tests.support.postgres import private_postgres
from tests.support.service import Service, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NODE_PARTS = Path(__file__).parent / "ecommerce_checkout_node"
CHECKOUTS, BUYERS, LINES, POOL = 400, 16, 3, 10
SECRET = "k" * 43


def main() -> None:
    """Compare, and print how many checkouts there are in a second."""
    print(
        f"{ROUNDS} rounds of {CHECKOUTS} checkouts of {LINES} lines by {BUYERS} buyers, after a\n"
        "warm-up; the share is the median of the ratios of throughput within a round.\n"
        f"{platform.machine()}, {os.cpu_count()} cores\n"
    )
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch, private_postgres() as url:
        folder = Path(scratch)
        environment = {**node.put_on_path(folder / "bin"), "DATABASE_URL": url}
        compare_checkouts(_project(folder, environment), environment)


def compare_checkouts(project: Path, environment: Mapping[str, str]) -> None:
    """Time the checkouts of a project that is built, and their statements alone."""
    with _service(project, environment, "service") as service:
        command = ["node", "prepare.ts", service.url, str(BUYERS), str(LINES)]
        (project / "buyers.json").write_text(run(command, project, environment))
        statements = _record(project, environment)
        result = compare(
            _seconds(project, environment, "checkouts.ts", service.url, str(CHECKOUTS)),
            _seconds(project, environment, "floor.ts", str(CHECKOUTS), str(POOL)),
        )
    # Of the times, so upside down: the longer it takes, the less gets through.
    span = f"{1 / result.highest:.2f}-{1 / result.lowest:.2f}"
    rates = f"{CHECKOUTS / result.ours:12.0f}{CHECKOUTS / result.theirs:9.0f}"
    print(f"{'':12}{'checkouts/s':>12}{'floor/s':>9}{'share':>7}{'range':>12}{'statements':>12}")
    print(f"{'a checkout':12}{rates}{1 / result.ratio:7.2f}{span:>12}{statements:>12}", flush=True)


def _project(folder: Path, environment: Mapping[str, str]) -> Path:
    """Generate the complete project, install and build it, and migrate the database."""
    project = folder / "ecommerce-api"
    command = [sys.executable, "-m", "scaffolder", "new", "ecommerce-api", str(project)]
    run([*command, "--defaults", "--start", "complete", "--git", "none"], folder, environment)
    for part in NODE_PARTS.iterdir():
        shutil.copy(part, project / part.name)
    for script in (["npm", "ci"], ["npm", "run", "build"], ["npm", "run", "migrate"]):
        run(script, project, environment)
    return project


@contextmanager
def _service(
    project: Path, environment: Mapping[str, str], name: str, *options: str, **more: str
) -> Iterator[Service]:
    """Run it without an account at Stripe, hence not as production; jobs are done elsewhere."""
    settings = {"NODE_ENV": "development", "ROLE": "web", "LOG_LEVEL": "warn"}
    secrets = {"JWT_SECRET": SECRET, "DATABASE_POOL_SIZE": str(POOL)}
    variables = {**environment, **settings, **secrets, **more}
    command = ["node", *options, "dist/main.js"]
    with started(command, project, variables, project.parent / f"{name}.log") as service:
        service.wait_until_ready()
        yield service


def _record(project: Path, environment: Mapping[str, str]) -> str:
    """Write down what a checkout of each buyer sends to the database."""
    record = project / "statements.jsonl"
    options = ("--import", "./record.js")
    with _service(project, environment, "recorded", *options, RECORD=str(record)) as service:
        return run(["node", "sample.ts", service.url, str(record)], project, environment)


def _seconds(
    project: Path, environment: Mapping[str, str], *command: str
) -> Callable[[int], float]:
    return lambda _: float(run(["node", *command], project, environment)) / 1000


if __name__ == "__main__":
    main()
