"""A check that is interrupted at a random instant leaves no process and no half-written record."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.support.processes import interrupted_before_us, left_behind
from tests.support.standin import FILES, put_tools_on_path
from tests.support.templates import write_template

PATIENCE_S = 60


@pytest.fixture
def template(tmp_path):
    return write_template(tmp_path / "plugin" / "greeter", FILES)


@pytest.fixture
def start(plugin, work, tmp_path, identity):
    """Generate a project whose suite never ends, and start a check of it."""
    mark = tmp_path / "mark"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {
        **os.environ,
        **put_tools_on_path(tmp_path / "bin"),
        "PYTHONPATH": str(plugin),
        "TMPDIR": str(scratch),
    }
    command = [sys.executable, "-m", "scaffolder"]
    made = [*command, "new", "greeter", "--defaults"]
    subprocess.run(made, cwd=work, env=environment, check=True, capture_output=True)
    project = work / "greeter"
    (project / "node_modules").mkdir()
    (project / "node_modules/behave").write_text(f"hang {mark}")

    def start():
        mark.unlink(missing_ok=True)
        return subprocess.Popen(
            [*command, "check", str(project)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start, project, mark


def until_it_hangs(mark):
    """Wait until the suite has begun to hang, and return how long that took, in seconds."""
    started = time.monotonic()
    while not (mark.exists() and mark.read_text()):
        assert time.monotonic() - started < PATIENCE_S, "the suite was never started"
        time.sleep(0.02)
    return time.monotonic() - started


def test_an_interruption_at_any_instant_leaves_nothing_behind(start, tmp_path, effort):
    begin, project, mark = start
    before = (project / ".scaffolder/results.json").read_bytes()
    # The first one comes while the suite runs, and tells how long all of it takes here and now.
    usual = None
    for attempt in range(effort.of(4, 10, 50)):
        check = begin()
        if usual is None:
            usual = until_it_hangs(mark)
        else:
            time.sleep(random.uniform(0.0, 1.2 * usual))
        check.send_signal((signal.SIGINT, signal.SIGTERM)[attempt % 2])
        said = check.communicate(timeout=60)[0]
        if not interrupted_before_us(said):
            assert check.returncode in (130, -signal.SIGTERM, -signal.SIGINT), said
            assert "Traceback" not in said, said
        assert left_behind(tmp_path) == []
        assert (project / ".scaffolder/results.json").read_bytes() == before


def test_a_suite_that_is_killed_is_no_proof_and_leaves_nothing(start, tmp_path):
    begin, project, mark = start
    check = begin()
    until_it_hangs(mark)
    suite = int(mark.read_text().split()[0])
    os.kill(suite, signal.SIGKILL)
    said = check.communicate(timeout=60)[0]
    assert check.returncode == 4, said
    assert left_behind(tmp_path) == []
    assert json.loads((project / ".scaffolder/results.json").read_text())["features"] == {}
