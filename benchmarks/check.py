"""``python -m benchmarks.check``: what a check adds to the suite that it runs.

Both judge one feature of the complete Task API on one server, in turns: `npm run acceptance` by
hand, and `scaffolder check`, which also compares the suite with the template, hashes the
repository, matches ids with tests and writes the records.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import ROUNDS, compare, seconds
from tests.support import node
from tests.support.postgres import private_postgres

FEATURE = "validation"
AIM_S = 2.0


def main() -> None:
    """Compare, and print by how many seconds they differ."""
    print(f"{ROUNDS} rounds after a warm-up; medians in seconds.")
    print(f"{platform.machine()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch, private_postgres() as url:
        folder = Path(scratch)
        environment = {**node.put_on_path(folder / "bin"), "ACCEPTANCE_DATABASE_URL": url}
        project = folder / "task-api"
        scaffolder = [sys.executable, "-m", "scaffolder"]
        new = [*scaffolder, "new", "task-api", str(project), "--defaults", "--start", "complete"]
        for command, place in (([*new, "--git", "none"], folder), (["npm", "ci"], project)):
            done = node.run(command, place, environment)
            if done.returncode:
                raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
        check = [*scaffolder, "check", "--feature", FEATURE]
        by_hand = ["npm", "run", "acceptance", "--", "--all", "--feature", FEATURE]
        result = compare(
            lambda _: seconds([check], project, environment),
            lambda _: seconds([by_hand], project, environment),
        )
    added = result.ours - result.theirs
    print(f"check {result.ours:.2f}, by hand {result.theirs:.2f}")
    print(f"added {added:.2f} s, {result.ratio - 1:.0%}; aim: at most {AIM_S:.0f} s or 10%")


if __name__ == "__main__":
    main()
