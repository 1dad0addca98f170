"""``python -m benchmarks.task_api``: the Task API beside a handler that does nothing else.

Both answer the same question by the same SQL from one database, in turns. The complete project
also validates, logs, authenticates and checks the session; the question is what that costs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.throughput import LOAD, beside, heading, introduce, loader, run
from tests.support import node
from tests.support.postgres import private_postgres
from tests.support.service import Service, started

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NODE_PARTS = [*(Path(__file__).parent / "task_api_node").iterdir(), LOAD]
TASKS = 200
MANY, SAMPLES = 100_000, 10
GROWTH_AIM = 1.15
SECRET = "k" * 43


def main() -> None:
    """Compare, then watch the memory, and print each row as soon as it is known."""
    introduce()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch, private_postgres() as url:
        folder = Path(scratch)
        environment = {**node.put_on_path(folder / "bin"), "DATABASE_URL": url}
        project = _project(folder, environment)
        with _services(project, environment) as (ours, theirs):
            _throughput(project, environment, ours, theirs)
            _memory(project, environment, ours)


def _project(folder: Path, environment: Mapping[str, str]) -> Path:
    """Generate the complete project, install it, and migrate the database."""
    project = folder / "task-api"
    command = [sys.executable, "-m", "scaffolder", "new", "task-api", str(project)]
    run([*command, "--defaults", "--start", "complete", "--git", "none"], folder, environment)
    for part in NODE_PARTS:
        shutil.copy(part, project / part.name)
    for script in (["npm", "ci"], ["npm", "run", "migrate"]):
        run(script, project, environment)
    return project


@contextmanager
def _services(project: Path, environment: Mapping[str, str]) -> Iterator[tuple[Service, Service]]:
    """Run both, as production would."""
    # A nursery of one size: what V8 adds to it at some point is no leak, and looks like one.
    fixed = {"NODE_ENV": "production", "NODE_OPTIONS": "--max-semi-space-size=16"}
    theirs = {**environment, **fixed}
    ours = {**theirs, "HOST": "127.0.0.1", "JWT_SECRET": SECRET}
    logs = project.parent
    with (
        started(["node", "src/server.ts"], project, ours, logs / "ours.log") as first,
        started(["node", "bare.ts"], project, theirs, logs / "theirs.log") as second,
    ):
        first.wait_until_ready()
        second.wait_until_ready()
        yield first, second


def _throughput(
    project: Path, environment: Mapping[str, str], ours: Service, theirs: Service
) -> None:
    known = _prepare(project, environment, ours, TASKS)
    addresses = {
        "read one task": f"/v1/tasks/{known['task']}",
        "list 20 tasks": f"/v1/tasks?projectId={known['project']}&limit=20",
    }
    heading()
    for name, path in addresses.items():
        beside(
            name,
            loader(
                project, environment, ours.url + path, f"Authorization: Bearer {known['token']}"
            ),
            loader(project, environment, theirs.url + path, f"x-user: {known['user']}"),
        )


def _memory(project: Path, environment: Mapping[str, str], ours: Service) -> None:
    """Read again and again; what is kept of each request would add up."""
    known = _prepare(project, environment, ours, 1)
    path = f"/v1/tasks/{known['task']}"
    load = loader(
        project,
        environment,
        ours.url + path,
        f"Authorization: Bearer {known['token']}",
        requests=MANY // SAMPLES,
    )
    sizes = []
    for number in range(SAMPLES):
        load(number)
        sizes.append(_resident_mib(ours.process.pid))
    begun, ended = sizes[1], sizes[-1]
    print(
        f"\nmemory over {MANY} requests, in MiB: {' '.join(f'{size:.0f}' for size in sizes)}\n"
        f"from the second tenth to the last: {ended / begun:.2f}, aim <={GROWTH_AIM}"
    )


def _prepare(
    project: Path, environment: Mapping[str, str], service: Service, tasks: int
) -> dict[str, str]:
    command = ["node", "prepare.ts", service.url, str(tasks)]
    known: dict[str, str] = json.loads(run(command, project, environment))
    return known


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
