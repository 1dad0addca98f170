"""``python -m benchmarks.ecommerce_api``: the E-commerce API beside a bare handler.

Both answer with one product from one Redis, in turns, with the same framework. The complete
project also looks whether what it found is still true and whole, validates, logs, and knows who
has it already; the question is what that costs.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.throughput import LOAD, beside, heading, introduce, loader, run
from tests.support import node
from tests.support.postgres import private_postgres
from tests.support.redis import private_redis
from tests.support.service import Service, started

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NODE_PARTS = [*(Path(__file__).parent / "ecommerce_api_node").iterdir(), LOAD]
SECRET = "k" * 43


def main() -> None:
    """Compare, and print each row as soon as it is known."""
    introduce()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as scratch,
        private_postgres() as database,
        private_redis() as redis,
    ):
        folder = Path(scratch)
        servers = {"DATABASE_URL": database, "REDIS_URL": redis}
        environment = {**node.put_on_path(folder / "bin"), **servers}
        project = _project(folder, environment)
        with _services(project, environment) as (ours, theirs):
            heading()
            _cached_product(project, environment, ours, theirs)


def _project(folder: Path, environment: Mapping[str, str]) -> Path:
    """Generate the complete project, install and build it, and migrate the database."""
    project = folder / "ecommerce-api"
    command = [sys.executable, "-m", "scaffolder", "new", "ecommerce-api", str(project)]
    run([*command, "--defaults", "--start", "complete", "--git", "none"], folder, environment)
    for part in NODE_PARTS:
        shutil.copy(part, project / part.name)
    for script in (["npm", "ci"], ["npm", "run", "build"], ["npm", "run", "migrate"]):
        run(script, project, environment)
    return project


@contextmanager
def _services(project: Path, environment: Mapping[str, str]) -> Iterator[tuple[Service, Service]]:
    """Run both, as production would: jobs are done elsewhere."""
    theirs = {**environment, "NODE_ENV": "production"}
    secrets = {
        "JWT_SECRET": SECRET,
        "STRIPE_SECRET_KEY": f"sk_{SECRET}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{SECRET}",
    }
    settings = {"HOST": "127.0.0.1", "ROLE": "web", "CACHE_SECONDS": "86400"}
    logs = project.parent
    with (
        started(
            ["node", "dist/main.js"],
            project,
            {**theirs, **secrets, **settings},
            logs / "ours.log",
        ) as first,
        started(["node", "bare.js"], project, theirs, logs / "theirs.log") as second,
    ):
        first.wait_until_ready()
        second.wait_until_ready()
        yield first, second


def _cached_product(
    project: Path, environment: Mapping[str, str], ours: Service, theirs: Service
) -> None:
    path = f"/v1/products/{run(['node', 'prepare.ts', ours.url], project, environment)}"
    beside(
        "a cached product",
        loader(project, environment, ours.url + path),
        loader(project, environment, theirs.url + path),
    )


if __name__ == "__main__":
    main()
